"""What people get wrong in TOML, and what to tell them."""

import re

from model.errors import shorten

LOOK_AT = 500  # characters of a line; patterns on longer ones could take long
KEY = r"""[\w."'-]+"""


def explain_fault(words, lines, line, column, allowed):
    """Return (problem, hint) for a syntax error.

    Parameters
    ----------
    words : what the parser says, without the position.
    lines, line, column : the text and the position, counted from 1.
    allowed : function from a dotted key to what it accepts, or None.
    """
    content = lines[line - 1]
    odd = odd_character(content, column)
    if odd:
        return odd
    content = content[:LOOK_AT]
    if words.startswith(("Cannot declare", "Cannot overwrite", "Cannot mutate")):
        return repeated(words, lines, line)
    if "".join(lines).lstrip().startswith(("{", '["', "[{")):
        return words, "scenario files are TOML; this looks like JSON"
    if re.match(r"\s*(---|\.\.\.)\s*$", content):
        return words, "one document expected; '---' is YAML"
    if re.match(rf"\s*{KEY}\s*:", content):
        return words, "key = value (the colon is YAML)"
    if words.startswith("Unclosed array"):
        return "unclosed list", "a list ends with ']'"
    return words, value_hint(words, content, allowed)


def odd_character(content, column):
    """Return (problem, hint) if an unusual character stands at the position, else None."""
    character = content[column - 1 : column]
    if character == "\r" or "\r" in content:
        return "carriage return without line feed", "a line end must be LF or CRLF"
    if character and not character.isprintable() and character != "\t":
        return f"control character U+{ord(character):04X}", "printable characters, tabulators and line ends"
    if character and ord(character) > 127:
        hint = "keys and values outside quotes use ASCII digits and letters only"
        return f"character U+{ord(character):04X}", hint
    return None


def repeated(words, lines, line):
    """Return (problem, hint) about something declared twice."""
    content, earlier = lines[line - 1], lines[: line - 1]
    header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]", content)
    if header:
        return repeated_table(header.group(1), content, earlier)
    key = re.match(rf"\s*({KEY})", content)
    name = key.group(1) if key else ""
    quoted = any(re.match(rf"""\s*["']{re.escape(bare(name))}["']\s*=""", text) for text in lines)
    note = " (quoted and bare form are the same key)" if quoted else ""
    return f"duplicate key '{shorten(bare(name))}'{note}", "each key once"


def repeated_table(name, content, earlier):
    """Return (problem, hint) about a table header that repeats something."""
    name = bare(name)
    pattern = re.escape(name)
    label = shorten(name)
    array_before = any(re.match(rf"\s*\[\[\s*{pattern}\s*\]\]", text) for text in earlier)
    table_before = any(re.match(rf"\s*\[\s*{pattern}\s*\]", text) for text in earlier)
    if array_before or (table_before and content.lstrip().startswith("[[")):
        return f"'{label}' is both an array of tables and a table", f"either [[{label}]] or [{label}]"
    if any(re.match(rf"\s*{pattern}\s*\.", text) for text in earlier):
        return f"table '{label}' declared twice (dotted key and header)", "either dotted keys or a header"
    return f"table '{label}' declared twice", "each table once"


def bare(name):
    """Return a key without its quotes."""
    return name.strip("\"'")


def value_hint(words, content, allowed):
    """Return a hint about the value of the line, or None."""
    assignment = re.match(rf"\s*({KEY})\s*=\s*(.*?)\s*(?:#.*)?$", content)
    if not assignment:
        return "key = value" if words.startswith(("Expected '='", "Invalid statement")) else None
    key, value = assignment.groups()
    if value.lower() in ("true", "false"):
        return "write true or false in lower case"
    if re.fullmatch(r"[+-]?\d+,\d+", value):
        return f"a comma is not a decimal point; write {value.replace(',', '.')}"
    if re.fullmatch(r"[+-]?\.\d+", value):
        return f"write {value.replace('.', '0.')}"
    if re.search(r",\s*\}", value):
        return "no comma after the last entry of an inline table"
    if re.fullmatch(r"[A-Za-z][\w -]*", value):
        known = allowed(key)
        return f'text must be quoted: "{shorten(value)}"' + (f"; {known}" if known else "")
    return None
