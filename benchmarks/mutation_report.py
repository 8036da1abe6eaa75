"""Tables of the mutation check, in Markdown."""

import tomllib
from collections import Counter

ORDER = ("value", "law", "golden", "timeout", "equivalent", "survived")
MARK = "<!-- below this line: written by python -m benchmarks.mutation --document -->"


def write_report(path, mutants, outcomes, reasons_file):
    """Write the report and print it; return the percentage killed of the mutants that can be told from the original."""
    reasons = load_reasons(reasons_file)
    tested = [(mutant, outcomes[mutant.name]["outcome"]) for mutant in mutants if mutant.name in outcomes]
    kinds = {mutant.name: judge(mutant, outcome, reasons) for mutant, outcome in tested}
    counts = Counter(kinds.values())
    killed = sum(counts[kind] for kind in ORDER[:4])
    share = 100.0 * killed / max(1, killed + counts["survived"])
    raw = 100.0 * killed / max(1, len(tested))
    lines = [
        "# Mutation check",
        "",
        f"{len(tested)} mutants tested, {killed} killed: **{share:.1f} %** of those that can be told from the original, "
        f"{raw:.1f} % of all.",
        "",
        "Columns: killed by value tests; not by these but by laws; only by the frozen run; endless or crashed; no test",
        "could tell it from the original, for the reason given below; survived.",
        "",
        *table("file", tested, kinds, lambda mutant: mutant.file),
        "",
        *table("operator", tested, kinds, lambda mutant: mutant.operator),
        "",
        "## Survivors",
        "",
        *survivors(tested, kinds, reasons),
        *stale(tested, mutants, reasons),
    ]
    path.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    print(f"\nwritten to {path}")
    return share


def write_document(path, report):
    """Put the report below the mark of a document, in the place of what stood there; its title is left out."""
    above, mark, _old = path.read_text().partition(MARK)
    if not mark:
        raise ValueError(f"no mark in {path}: {MARK}")
    path.write_text(above + mark + "\n" + report.read_text().split("\n", 1)[1])


def load_reasons(path):
    """Return the annotated survivors by (file, function, statement before, statement after)."""
    if not path.exists():
        return {}
    content = tomllib.loads(path.read_text())
    reasons = content.get("reasons", {})
    found = {}
    for entry in content.get("survivor", []):
        entry["reason"] = reasons.get(entry["reason"], entry["reason"])
        found[entry["file"], entry["function"], entry["was"], entry["now"]] = entry
    return found


def key(mutant):
    """Return what a mutant is annotated by."""
    return mutant.file, mutant.function, mutant.was, mutant.now


def judge(mutant, outcome, reasons):
    """Return the column of a mutant: its outcome, or "equivalent" if it survived and this was reasoned."""
    if outcome == "survived" and reasons.get(key(mutant), {}).get("kind") == "equivalent":
        return "equivalent"
    return outcome


def table(title, tested, kinds, group_of):
    """Return the lines of a table of outcomes by group."""
    groups = {}
    for mutant, _outcome in tested:
        groups.setdefault(group_of(mutant), Counter())[kinds[mutant.name]] += 1
    groups["**all**"] = sum(groups.values(), Counter())
    lines = [f"| {title} | mutants | {' | '.join(ORDER)} | killed % |", "|---" * (len(ORDER) + 3) + "|"]
    for group, counts in groups.items():
        killed = sum(counts[kind] for kind in ORDER[:4])
        share = 100.0 * killed / max(1, killed + counts["survived"])
        numbers = " | ".join(str(counts[kind]) for kind in ORDER)
        lines.append(f"| {group} | {counts.total()} | {numbers} | {share:.1f} |")
    return lines


def survivors(tested, kinds, reasons):
    """Return the lines of the list of survivors, equivalent ones included."""
    lines = ["| where | operator | was | now | kind | reason |", "|---|---|---|---|---|---|"]
    for mutant, _outcome in tested:
        if kinds[mutant.name] in ("survived", "equivalent"):
            entry = reasons.get(key(mutant), {})
            where = f"{mutant.file}:{mutant.line} {mutant.function}"
            kind, reason = entry.get("kind", "**open**"), entry.get("reason", "")
            was, now = mutant.was.replace("|", "\\|"), mutant.now.replace("|", "\\|")
            lines.append(f"| {where} | {mutant.operator} | `{was}` | `{now}` | {kind} | {reason} |")
    return lines


def stale(tested, mutants, reasons):
    """Return a warning for every annotation whose mutant was killed, or no longer exists in a file that was looked at."""
    killed = {key(mutant) for mutant, outcome in tested if outcome != "survived"}
    known, files = {key(mutant) for mutant in mutants}, {mutant.file for mutant in mutants}
    lines = [f"- annotated but killed: {entry}" for entry in reasons if entry in killed]
    if len(tested) == len(mutants):
        lines += [f"- annotated but not found: {entry}" for entry in reasons if entry[0] in files and entry not in known]
    return ["", "## Annotations to remove", "", *lines] if lines else []
