"""How the generic cases of bad_inputs.tsv meet the real keys: placeholders, file makers, expected words."""

import csv
import os
import re
import zipfile
from pathlib import Path

from model.registry import load_registry

ROOT = Path(__file__).parent.parent
MINIMAL = {
    "schema": "1",
    "kind": '"case"',
    "name": '"minimal"',
    "start": '"2010-01"',
    "months": "12",
    "provinces": '"small_provinces.csv"',
}
SEED_LIMIT = 2**32 - 1


def share_name():
    """Return a parameter with the range 0..1."""
    return next(p.name for p in load_registry().values() if (p.low, p.high, p.type) == (0.0, 1.0, "number"))


def rate_name():
    """Return a parameter whose range starts above 0."""
    return next(p.name for p in load_registry().values() if p.low > 0.0 and p.type == "number")


PLACEHOLDERS = {
    "population": "citizens_per_office",
    "ticks": "months",
    "replicates": "replicates",
    "seed": "seed",
    "parameters": "parameters",
    "share": share_name(),
    "rate": rate_name(),
    "choice": "kind",
    "bool": "mechanisms.corruption",
    "title": "title",
    "name": "name",
    "outputs": "headline",
    "policies": "overlays",
    "start": "start",
    "end": "end",
    "schema": "schema",
}
RATE = load_registry()[rate_name()]
PEOPLE = "integer 8..65535"
SHARE_KEY = f"parameters.{share_name()}"

NOT_APPLICABLE = {
    "COMB01": "no warm-up: month 0 is the initial state",
    "COMB02": "no two parameters must sum to at most 1",
    "COMB08": "no table of shares",
    "CLI12": "no --resume: the result folder itself is continued",
    "CLI13": "no --resume: the result folder itself is continued",
}

# What the message must contain besides the file's name.
EXPECTED = {
    "SYNT04": ["TOML error in line 1, column 6"],
    "SYNT05": ["TOML error in line 1, column", "unclosed list"],
    "SYNT06": ["TOML error in line 1, column", "key = value", "colon is YAML"],
    "SYNT07": ["TOML error in line 2, column", "one document expected"],
    "SYNT10": ["TOML error in line 1, column 1", "scenario files are TOML"],
    "SYNT12": ["key 'extends'", "base scenario 'nope' not found", "did you mean"],
    "SYNT13": ["key '1'", "'true'", "known keys"],
    "SYNT18": ["TOML error in line 1, column", "inline table"],
    "SYNT19": ["TOML error in line 1, column", "LF or CRLF"],
    "DUPL04": ["TOML error in line 2, column", "table 'parameters' declared twice (dotted key and header)"],
    "DUPL05": ["TOML error in line 2", "duplicate key 'citizens_per_office'", "quoted and bare form"],
    "DUPL06": ["TOML error in line 2", "'overlays' is both an array of tables and a table"],
    "TOML05": ["key 'months'", "integer 1..1200", "12:30:00", "time of day"],
    "TOML06": ["TOML error in line", "text must be quoted", "case, policy, shock"],
    "TOML07": ["TOML error in line", "true or false in lower case"],
    "TOML10": ["TOML error in line", "comma is not a decimal point"],
    "TOML11": ["TOML error in line", "column"],
    "TOML12": ["TOML error in line", "ASCII digits", "U+FF11"],
    "TOML13": ["TOML error in line", "write 0.5"],
    "TYPE01": ["key 'citizens_per_office'", PEOPLE, "true"],
    "TYPE02": ["key 'citizens_per_office'", PEOPLE, "not quoted text"],
    "TYPE03": ["key 'citizens_per_office'", PEOPLE, "not a decimal number"],
    "TYPE08": ["key 'parameters'", "a table of parameter names and numbers"],
    "TYPE09": ["key 'parameters'", "a table of parameter names and numbers"],
    "TYPE14": ["key 'headline[1]'", "text"],
    "TYPE15": ["key 'title'", "text"],
    "TYPE16": ["key 'mechanisms.corruption'", "true or false"],
    "RANG01": ["key 'citizens_per_office'", PEOPLE, "0"],
    "RANG02": ["key 'citizens_per_office'", PEOPLE, "-5"],
    "RANG03": ["key 'citizens_per_office'", PEOPLE, "64.0 TB of memory"],
    "RANG08": [f"key '{SHARE_KEY}'", "number 0..1", "1.0000001"],
    "RANG09": [f"key 'parameters.{RATE.name}'", RATE.allowed, "0.0"],
    "SPEC01": [f"key '{SHARE_KEY}'", "finite number 0..1", "nan"],
    "SPEC02": [f"key '{SHARE_KEY}'", "finite number 0..1", "inf"],
    "SPEC03": [f"key '{SHARE_KEY}'", "finite number 0..1", "-inf"],
    "SPEC08": ["key 'citizens_per_office'", PEOPLE],
    "SPEC09": ["key 'citizens_per_office'", PEOPLE, "9223372036854775808"],
    "UNKN01": ["key 'ictizens_per_office'", "known keys", "did you mean 'citizens_per_office'?"],
    "UNKN02": [
        "key 'Citizens_per_office'",
        "known keys",
        "did you mean 'citizens_per_office'?",
        "case matters",
    ],
    "UNKN03": [f"key 'parameters.{share_name()[0]}{share_name()}'", f"did you mean '{share_name()}'?"],
    "UNKN08": ["key 'headline[1]'", "known observables", "did you mean 'use_share'?"],
    "UNKN09": ["key 'schema'", "1..1", "newer version"],
    "UNKN14": [f"key '{SHARE_KEY}'", "number 0..1", "not a number", "a table"],
    "COMB03": ["key 'overlays[0].end'", "> start (50)"],
    "COMB09": ["circular 'extends': a -> b -> a"],
    "SEED04": ["key 'seed'", "integer 0..4294967295", "not quoted text"],
    "SEED05": ["key 'seed'", "integer 0..4294967295", "4294967296"],
    "SEED06": ["key 'seed'", "integer 0..4294967295", "a list"],
    "NAME21": ["TOML error in line", "U+0000"],
    "MECH01": ["key 'mechanisms.coruption'", "known mechanisms", "did you mean 'corruption'?"],
    "MECH02": ["key 'mechanisms.corruption'", "true or false", "0"],
    "MECH03": ["key 'mechanisms.corruption'", "true or false", "off"],
    "MECH04": ["key 'mechanisms'", "a table of mechanisms, each true or false"],
    "MECH05": ["key 'mechanisms'", "a table of mechanisms, each true or false"],
    "MECH06": ["key 'mechanisms.Corruption'", "did you mean 'corruption'?", "case matters"],
    "MECH07": ["key 'mechanism'", "did you mean 'mechanisms'?"],
    "MECH08": ["key 'mechanisms.corruption'", "true or false"],
    "MECH09": ["TOML error in line", "duplicate key 'corruption'"],
    "MECH10": ["key 'mechanisms'", "a table of mechanisms, each true or false"],
    "HOST05": ["nesting deeper than 32"],
    "HOST06": ["file larger than 1 MB"],
    "HOST07": ["is a directory, a file is expected"],
    "HOST10": ["file not found", "nowhere.toml"],
    "HOST11": ["no permission to read"],
    "HOST12": ["not UTF-8 text", "byte offset 1 "],
    "HOST13": ["must be UTF-8 (UTF-16 byte-order mark found)"],
    "HOST18": ["no rows; at least 1 needed"],
    "HOST19": ["column 'population' is missing", "columns found: province, island_group"],
    "HOST24": ["scenario files are TOML"],
    "HOST25": ["scenario files are TOML"],
}
NAME_CASES = (
    "NAME01",
    "NAME02",
    "NAME03",
    "NAME08",
    "NAME09",
    "NAME14",
    "NAME15",
    "NAME16",
    "NAME17",
    "NAME20",
)
EXPECTED.update({case: ["key 'name'", "[a-z0-9][a-z0-9_-]{0,63}"] for case in NAME_CASES})

# Pieces of text that a case describes instead of spelling out.
GENERATED = {
    "f repeated 20000 times": "f" * 20000,
    "x repeated 300 times": "x" * 300,
    "64 allowed characters": "a" * 64,
    "MAX + 1 in digits": str(SEED_LIMIT + 1),
    "[ repeated 3000 times then ] repeated 3000 times": "[" * 3000 + "]" * 3000,
    "<population> with two neighbouring letters swapped": "ictizens_per_office",
    "<population> with a capital first letter": "Citizens_per_office",
    "<share> with one letter doubled": share_name()[0] + share_name(),
}


def read_cases():
    """Return all cases of the list as dictionaries."""
    with open(Path(__file__).with_name("bad_inputs.tsv"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def fragment(case):
    """Return the TOML text of a case with real keys, or None if it describes a whole file."""
    text = re.sub(r"\s*«note:[^»]*»", "", case["input"])
    for words, piece in GENERATED.items():
        text = text.replace(f"«{words}»", piece)
    if "«" in text:
        return None
    text = expand(text).replace('"known2"', '"wait_days"')
    if case["kind"] in ("unknown_key", "type"):
        text = text.replace('"known"', '"use_share"').replace('"knwon"', '"use_shrae"')
    for name, key in PLACEHOLDERS.items():
        text = text.replace(f"<{name}>", key)
    if case["id"] == "COMB03":
        text += f'\nparameter = "{share_name()}"\nvalue = 0.5'
    return text


def expand(text):
    """Replace the escapes of the list by what they stand for."""
    plain = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}
    pattern = r"\\(?:u([0-9A-Fa-f]{4})|([nrt\\]))"
    return re.sub(pattern, lambda m: chr(int(m[1], 16)) if m[1] else plain[m[2]], text)


def scenario_text(piece="", alone=False):
    """Return the minimal scenario with a fragment laid over it, or the fragment alone."""
    if alone:
        return piece
    first = re.sub(r'^"|"$', "", piece.split("=")[0].strip())
    given = {first.split(".")[0], *re.findall(r"^(\w+)\s*=", piece.split("\n[")[0], re.MULTILINE)}
    lines = [f"{key} = {value}" for key, value in MINIMAL.items() if key not in given]
    return "\n".join([*lines, piece, ""])


def write_case(case, folder):
    """Make the file of a case in a folder that holds the small provinces; return its path."""
    path = folder / "case.toml"
    text = fragment(case)
    if text is None:
        return MAKERS[case["id"]](folder, path) or path
    alone = case["kind"] in ("syntax", "duplicate_key")
    path.write_bytes(scenario_text(text, alone).encode("utf-8"))
    return path


def circle(folder, path):
    """Two scenarios that extend each other."""
    for name, base in (("a", "b"), ("b", "a")):
        (folder / f"{name}.toml").write_text(scenario_text(f'name = "{name}"\nextends = "{base}"'))
    return folder / "a.toml"


def huge(folder, path):
    """A sparse file of 2 GB."""
    with open(path, "wb") as file:
        file.truncate(2_000_000_000)


def table(folder, lines):
    """A valid scenario beside a table of provinces cut down by `lines`."""
    source = folder / "small_provinces.csv"
    source.write_text("\n".join(lines(source.read_text().splitlines())) + "\n")
    (folder / "case.toml").write_text(scenario_text())


def without_population(lines):
    """Drop the fifth column."""
    return [",".join(field for place, field in enumerate(line.split(",")) if place != 4) for line in lines]


def archive(folder, path):
    """A zip file with the scenario in it."""
    with zipfile.ZipFile(folder / "scenario.zip", "w") as file:
        file.writestr("case.toml", scenario_text())
    return folder / "scenario.zip"


def yaml(folder, path):
    """A scenario under a foreign suffix."""
    (folder / "case.yaml").write_text(scenario_text())
    return folder / "case.yaml"


def unreadable(folder, path):
    """A scenario that nobody may read."""
    path.write_text(scenario_text())
    os.chmod(path, 0)


MAKERS = {
    "COMB09": circle,
    "HOST06": huge,
    "HOST07": lambda folder, path: path.mkdir(),
    "HOST10": lambda folder, path: path.symlink_to("nowhere.toml"),
    "HOST11": unreadable,
    "HOST12": lambda folder, path: path.write_bytes(b"a\xff" + bytes(range(256)) * 16) and None,
    "HOST13": lambda folder, path: path.write_bytes(scenario_text().encode("utf-16")) and None,
    "HOST18": lambda folder, path: table(folder, lambda lines: lines[:1]),
    "HOST19": lambda folder, path: table(folder, without_population),
    "HOST24": archive,
    "HOST25": yaml,
}
