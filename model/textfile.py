"""Reading small text files that strangers may have written: everything is checked before it is read."""

import codecs
import os
import stat
from pathlib import Path

from model.errors import InputError, shorten

SIZE_LIMIT = 1_000_000  # bytes
# The mark of UTF-32 begins like that of UTF-16, so it is looked for first.
FOREIGN_MARKS = (
    ("UTF-32", codecs.BOM_UTF32_LE),
    ("UTF-32", codecs.BOM_UTF32_BE),
    ("UTF-16", codecs.BOM_UTF16_LE),
    ("UTF-16", codecs.BOM_UTF16_BE),
)


def read_text(path, suffix, wording):
    """Return the text of a regular UTF-8 file of at most 1 MB; nothing else is opened.

    Parameters
    ----------
    path : where the file is.
    suffix : how its name must end, such as ".toml".
    wording : what to say when the name ends otherwise.
    """
    path = Path(path)
    if path.suffix.lower() != suffix and not is_folder(path):
        raise InputError(wording, file=shown(path), given=path.name)
    size = regular_size(path)
    if size > SIZE_LIMIT:
        raise too_large(path, f"{size:,} bytes")
    content = read_bytes(path)
    if len(content) > SIZE_LIMIT:
        raise too_large(path, "a file that grows while it is read")
    return decode(content, path)


def shown(path):
    """Return a path for a message; escaped if it holds characters that could disturb a terminal."""
    text = str(path)
    return text if text.isprintable() else shorten(text, 400)


def is_folder(path):
    """Say whether the path is a folder; a path that cannot be looked at is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def regular_size(path):
    """Return the size in bytes of a regular file, or raise InputError saying what stands there instead."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        raise InputError("file not found" + link_target(path), file=shown(path)) from None
    except PermissionError:
        raise InputError(f"no permission to read '{shown(path)}'", file=shown(path)) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read ({reason(error)})", file=shown(path)) from None
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"'{shown(path)}' is a directory, a file is expected", file=shown(path))
    if not stat.S_ISREG(found.st_mode):
        raise InputError("is not a regular file", file=shown(path))
    return found.st_size


def link_target(path):
    """Return where a dangling link points to, in words, or nothing if the path is no link."""
    return f"; it is a link to '{shorten(os.readlink(path))}'" if path.is_symlink() else ""


def read_bytes(path):
    """Return at most one byte more than the limit, so that the caller notices a file that grew."""
    try:
        with open(path, "rb") as file:
            return file.read(SIZE_LIMIT + 1)
    except PermissionError:
        raise InputError(f"no permission to read '{shown(path)}'", file=shown(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read ({reason(error)})", file=shown(path)) from None


def decode(content, path):
    """Return UTF-8 bytes as text; a UTF-8 byte-order mark is dropped, other encodings are refused."""
    for encoding, mark in FOREIGN_MARKS:
        if content.startswith(mark):
            raise InputError(f"must be UTF-8 ({encoding} byte-order mark found)", file=shown(path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 text: byte offset {error.start} cannot be decoded",
            file=shown(path),
            given=f"byte 0x{content[error.start]:02x}",
            allowed="text saved as UTF-8",
        ) from None


def too_large(path, size):
    """Return the error about a file over the limit."""
    return InputError("file larger than 1 MB", file=shown(path), given=size, allowed=f"{SIZE_LIMIT:,} bytes")


def reason(error):
    """Return the system's own words about a failed access."""
    return getattr(error, "strerror", None) or str(error)
