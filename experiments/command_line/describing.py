"""What the model knows, as tables: read from the registry, the rules' own words and the policy files."""

import ast
import json
import sys
from dataclasses import asdict

from experiments.storage.provenance import ROOT
from model.errors import InputError

RULES = ROOT / "model" / "rules"


def describe(what, markdown, as_json):
    """Print a table on the terminal, as Markdown or as JSON."""
    kinds = {
        "parameters": parameters,
        "observables": observables,
        "rules": rules,
        "policies": policies,
        "mechanisms": mechanisms,
    }
    if what not in kinds:
        from model.checks import nearest_name

        allowed = ", ".join(kinds)
        raise InputError("nothing to describe", given=what, allowed=allowed, nearest=nearest_name(what, kinds))
    if markdown and as_json:
        raise InputError("two formats asked for", allowed="--markdown or --json")
    rows = kinds[what]()
    if as_json:
        print(json.dumps(rows, indent=1))
    elif markdown:
        print(markdown_table(rows))
    else:
        print_table(rows, what)


def parameters():
    """Return the registry of parameters as rows."""
    from model import load_registry

    keys = (
        "name",
        "group",
        "label",
        "default",
        "unit",
        "low",
        "high",
        "role",
        "status",
        "rules",
        "meaning",
        "source",
    )
    return [{key: plain(asdict(entry)[key]) for key in keys} for entry in load_registry().values()]


def observables():
    """Return the observables as rows."""
    from model import load_observables

    return [asdict(entry) for entry in load_observables().values()]


def rules():
    """Return every rule as a row: its file, its name, what it returns and its source, from its docstring."""
    rows = []
    for file in sorted(RULES.glob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                text = ast.get_docstring(node) or ""
                source = text.partition("Source:")[2]
                inputs = ", ".join(argument.arg for argument in node.args.args)
                row = {
                    "file": file.stem,
                    "rule": node.name,
                    "inputs": inputs,
                    "says": first_paragraph(text.partition("Source:")[0]),
                }
                rows.append({**row, "source": " ".join(source.split())})
    return rows


def policies():
    """Return every policy of the policy folder as a row."""
    from experiments.command_line.commands import load_policies

    rows = []
    for policy in load_policies(None):
        levers = ", ".join(dict.fromkeys(overlay.parameter for overlay in policy.overlays))
        rows.append({"name": policy.name, "title": policy.title, "levers": levers, "question": policy.question})
    return rows


def mechanisms():
    """Return everything that can be switched off as rows, with the parameter values that do it."""
    from model.registry import load_mechanisms

    rows = []
    for entry in load_mechanisms().values():
        off = ", ".join(f"{name} = {cell(value)}" for name, value in entry.off.items())
        row = {"name": entry.name, "label": entry.label, "rules": plain(entry.rules), "off": off}
        rows.append({**row, "meaning": entry.meaning})
    return rows


def first_paragraph(text):
    """Return the first paragraph of a docstring in one line."""
    return " ".join(text.split("\n\n")[0].split())


def plain(value):
    """Return a tuple as text."""
    return ", ".join(value) if isinstance(value, tuple) else value


def cell(value):
    """Return a value as it is shown: numbers short, truth values in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def markdown_table(rows):
    """Return rows as a Markdown table."""
    if not rows:
        return ""
    lines = [
        list(rows[0]),
        ["---"] * len(rows[0]),
        *([cell(v).replace("|", "\\|") for v in row.values()] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def print_table(rows, title):
    """Print rows as a table, or as tab-separated lines when the output is not a terminal."""
    if not sys.stdout.isatty():
        for line in [list(rows[0]) if rows else [], *(row.values() for row in rows)]:
            print("\t".join(cell(value) for value in line))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"{len(rows)} {title}")
    for name in rows[0] if rows else ():
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell(value)) for value in row.values()))
    Console().print(table)
