"""The documents: tables of the ODD and its companions, made from the registry, the fields and the docstrings.

`python -m experiments.documents` writes every block between `<!-- generated: NAME -->` and `<!-- end -->` anew; a test
fails when one is stale.
"""

import ast
import csv
import re
from collections import Counter

from experiments.command_line import describing
from experiments.storage.provenance import ROOT

DOCUMENTS = (ROOT / "model" / "ODD.md", ROOT / "docs" / "TRACE.md", ROOT / "docs" / "founding_paper.md")
INDEX = ROOT / "docs" / "rules.tsv"
BLOCK = re.compile(r"(<!-- generated: ([a-z_]+) -->\n).*?(<!-- end -->)", re.DOTALL)
STATUS_WORDS = {
    "measured": "taken from a cited number that measures the same thing",
    "estimated": "derived from a cited number; shape, mapping or size in part assumed",
    "calibrated": "set by us so that the model reproduces a cited number",
    "assumed": "no literature value claimed for the size; a source, if named, gives the direction only",
}


def fresh(text):
    """Return a document with every generated block made anew."""

    def block(found):
        return f"{found[1]}\n{TABLES[found[2]]()}\n\n{found[3]}"

    return BLOCK.sub(block, text)


def written_by_hand(text):
    """Return a document without its generated blocks."""
    return BLOCK.sub("", text)


def schedule():
    """Return the phases of a month as they stand in `month.py`."""
    text = ast.get_docstring(ast.parse((ROOT / "model" / "month.py").read_text(encoding="utf-8")))
    phases = re.findall(r"^(\d+) (\w+) +(.+)$", text, re.MULTILINE)
    return describing.markdown_table([{"phase": number, "who": who, "what": what} for number, who, what in phases])


def fields():
    """Return one table of state variables for each kind of agent."""
    from model import world

    parts = []
    for title, declared in (
        ("Province", world.REGION_FIELDS),
        ("Office", world.OFFICE_FIELDS),
        ("Leader", world.LEADER_FIELDS),
        ("Civil servant", world.SERVANT_FIELDS),
        ("Citizen", world.CITIZEN_FIELDS),
    ):
        rows = [
            {"variable": f"`{name}`", "type": kind, "unit": unit, "meaning": meaning}
            for name, kind, unit, meaning in declared
        ]
        parts.append(f"**{title}** ({len(rows)} variables)\n\n{describing.markdown_table(rows)}")
    return "\n\n".join(parts)


def streams():
    """Return the streams of random draws with their numbers; those that nothing draws from are marked."""
    from model.randomness import Stream

    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "model").rglob("*.py")))
    rows = []
    for stream in Stream:
        used = re.search(rf"Stream\.{stream.name}\b", code)
        rows.append({"stream": f"`{stream.name}`", "number": int(stream), "in use": "yes" if used else "no, reserved"})
    return describing.markdown_table(rows)


def parameters():
    """Return one table of parameters for each file of the registry."""
    groups = {}
    for entry in describing.parameters():
        row = {"parameter": f"`{entry['name']}`", "default": entry["default"], "unit": entry["unit"]}
        row["range"] = f"{entry['low']:g} to {entry['high']:g}"
        row.update({key: entry[key] for key in ("role", "status", "rules", "meaning", "source")})
        groups.setdefault(entry["group"], []).append(row)
    tables = (f"**{group}**\n\n{describing.markdown_table(rows)}" for group, rows in groups.items())
    return "\n\n".join(tables)


def observables():
    """Return the table of observables."""
    keys = ("unit", "direction", "meaning", "concept")
    rows = [{"observable": f"`{e['name']}`", **{key: e[key] for key in keys}} for e in describing.observables()]
    return describing.markdown_table(rows)


def rules():
    """Return the table of rule functions, from their docstrings."""
    rows = []
    for entry in describing.rules():
        row = {"function": f"`{entry['file']}.{entry['rule']}`", "inputs": entry["inputs"]}
        rows.append({**row, "says": entry["says"], "source": entry["source"]})
    return describing.markdown_table(rows)


def mechanisms():
    """Return the table of what can be switched off, and by which parameter values."""
    rows = []
    for entry in describing.mechanisms():
        off = "; ".join(f"`{part}`" for part in entry["off"].split(", "))
        row = {"mechanism": f"`{entry['name']}`", "rules": entry["rules"], "switched off by": off}
        rows.append({**row, "what is then absent": entry["meaning"]})
    return describing.markdown_table(rows)


def rule_index():
    """Return every rule id with the functions, parameters and switches that belong to it."""
    entries = read_index()
    rows = []
    for entry in entries:
        functions = ", ".join(f"`{name}`" for name in entry["functions"].split()) or "output only"
        if entry["note"]:
            functions = f"{functions} ({entry['note']})"
        names = {entry["rule"], registry_id(entry["rule"], {other["rule"] for other in entries})}
        row = {"rule": entry["rule"], "mechanism": entry["mechanism"], "functions": functions}
        row["parameters"] = belonging(describing.parameters(), names)
        row["switch"] = belonging(describing.mechanisms(), names)
        rows.append(row)
    return describing.markdown_table(rows)


def read_index():
    """Return the committed list of rule ids: id, mechanism, functions, note."""
    with INDEX.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def registry_id(rule, known):
    """Return the id under which the registry files a part of a rule: R20a and R20b stand there as R20."""
    return rule[:-1] if rule[-1].isalpha() and rule[:-1] not in known else rule


def belonging(entries, names):
    """Return the names of the entries that name one of these rules."""
    return ", ".join(f"`{entry['name']}`" for entry in entries if names & set(entry["rules"].split(", ")))


def status():
    """Return how many parameters have each status, by role and by file of the registry."""
    entries = describing.parameters()
    counts = Counter((entry["status"], entry["role"]) for entry in entries)
    rows = []
    for name, words in STATUS_WORDS.items():
        row = {"status": name, "meaning": words}
        row.update({role: counts[name, role] for role in ("lever", "uncertainty", "constant")})
        rows.append({**row, "all": sum(counts[name, role] for role in ("lever", "uncertainty", "constant"))})
    groups = Counter((entry["group"], entry["status"]) for entry in entries)
    files = []
    for group in dict.fromkeys(entry["group"] for entry in entries):
        files.append({"file": f"`{group}.toml`", **{name: groups[group, name] for name in STATUS_WORDS}})
    assumed = sum(entry["status"] == "assumed" for entry in entries)
    total = f"{assumed} of {len(entries)} parameters are assumptions."
    return f"{total}\n\n{describing.markdown_table(rows)}\n\n{describing.markdown_table(files)}"


def data_use():
    """Return one row for every parameter that rests on data: which, and what the data were used for."""
    use = {"measured": "specification", "estimated": "specification, in part", "calibrated": "calibration"}
    rows = []
    for entry in describing.parameters():
        if entry["status"] in use:
            row = {"parameter": f"`{entry['name']}`", "value": entry["default"], "use": use[entry["status"]]}
            rows.append({**row, "data": entry["source"]})
    return describing.markdown_table(rows)


def sizes():
    """Return how many parameters, observables, rules and mechanisms there are."""
    from model.version import MODEL_VERSION

    numbers = {
        "MODEL_VERSION": MODEL_VERSION,
        "parameters": len(describing.parameters()),
        "observables": len(describing.observables()),
        "rule functions": len(describing.rules()),
        "mechanisms with a switch": len(describing.mechanisms()),
    }
    return describing.markdown_table([{"what": name, "number": number} for name, number in numbers.items()])


TABLES = {
    table.__name__: table
    for table in (schedule, fields, streams, parameters, observables, rules, mechanisms, rule_index, status, data_use, sizes)
}


def main():
    """Write every document anew."""
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        path.write_text(fresh(text), encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {len(BLOCK.findall(text))} tables written")


if __name__ == "__main__":
    main()
