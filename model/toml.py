"""Reading TOML without trust: long numbers and deep nesting are refused before the parser sees them."""

import re
import tomllib
from pathlib import Path

from model.errors import InputError, shorten
from model.textfile import read_text, shown
from model.toml_hints import explain_fault

DEPTH_LIMIT = 32
DIGIT_LIMIT = 24  # Python writes a float with at most 22, an exponent and its sign counted

STRING_OR_COMMENT = re.compile(r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL)
NUMBER = re.compile(r"(?<![\w.+-])[+-]?([0-9][0-9A-Za-z_.]*)")
POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")


def read_toml(path, allowed=None):
    """Return the content of a TOML file as plain dictionaries, lists and scalars.

    Parameters
    ----------
    path : where the file is; must end in .toml.
    allowed : function from a dotted key to a text saying what the key accepts, or None; for better messages.

    Raises InputError for everything that can be wrong with a file, syntax errors with line and column.
    """
    path = Path(path)
    allowed = allowed or (lambda key: None)
    text = read_text(path, ".toml", "scenario files are TOML (.toml)").replace("\r\n", "\n")
    bare = STRING_OR_COMMENT.sub(blank, text)
    refuse_deep_nesting(bare, path)
    refuse_long_numbers(text, bare, path, allowed)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise syntax_error(str(error), text, path, allowed) from None


def blank(match):
    """Return a stand-in of equal length for a string or comment, so that positions stay the same."""
    return "".join("\n" if character == "\n" else '"' for character in match.group())


def refuse_deep_nesting(bare, path):
    """Raise if brackets nest or dotted keys reach deeper than the limit; the parser would recurse."""
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", bare):
        depth = depth + 1 if bracket.group() in "[{" else max(depth - 1, 0)
        if depth > DEPTH_LIMIT:
            raise too_deep(path)
    if any(part.count(".") >= DEPTH_LIMIT for part in re.split(r"[=,{}\[\]\n]", bare)):
        raise too_deep(path)


def too_deep(path):
    """Return the error about nesting."""
    return InputError(f"nesting deeper than {DEPTH_LIMIT}", file=shown(path))


def refuse_long_numbers(text, bare, path, allowed):
    """Raise if a number has more digits than any key could want; parsing it could take long."""
    for match in NUMBER.finditer(bare):
        token = match.group(1)
        digits = sum(character not in "._" for character in token) - 2 * token.startswith(("0x", "0o", "0b"))
        if digits > DIGIT_LIMIT:
            key = key_before(text, match.start())
            raise InputError(
                f"number of {digits} digits",
                file=shown(path),
                key=shorten(key) if key else None,
                given=match.group(),
                allowed=allowed(key) or f"numbers of at most {DIGIT_LIMIT} digits",
            )


def key_before(text, position):
    """Return the dotted key that the value at `position` belongs to, read off the text; empty if unclear."""
    before = text[:position]
    key = re.search(r"""([\w."'-]+)[ \t]*=[^=\n]*\Z""", before[-2000:])
    header = re.findall(r"^[ \t]*\[([^\[\]\n]+)\]", before, re.MULTILINE)
    parts = [header[-1].strip()] if header else []
    return ".".join([*parts, key.group(1)] if key else parts)


def syntax_error(message, text, path, allowed):
    """Return the InputError for a message of tomllib, with position, the line and a hint."""
    found = POSITION.search(message)
    lines = text.split("\n")
    if found and found.group(1):
        line, column = int(found.group(1)), int(found.group(2))
    else:
        line, column = len(lines), len(lines[-1]) + 1
    words = POSITION.sub("", message)
    problem, hint = explain_fault(words, lines, line, column, allowed)
    return InputError(
        f"TOML error in line {line}, column {column}: {problem}",
        file=shown(path),
        given=lines[line - 1].strip() or None,
        allowed=hint,
    )
