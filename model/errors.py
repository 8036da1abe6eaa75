"""What can go wrong, one class for each exit code of the command line."""


class LoketError(Exception):
    """Parent of every error this project raises on purpose."""

    exit_code = 1


class InputError(LoketError):
    """Something the user gave cannot be used; nothing was written.

    Parameters
    ----------
    problem : what is wrong, in words.
    file, key : where it stands; `key` is the full dotted path.
    given, allowed : what was found and what would be accepted.
    nearest : the closest valid name, if the fault looks like a misspelling.
    """

    exit_code = 2

    def __init__(self, problem, *, file=None, key=None, given=None, allowed=None, nearest=None):
        self.problem, self.file, self.key = problem, file, key
        self.given, self.allowed, self.nearest = given, allowed, nearest
        super().__init__(self._message())

    def _message(self):
        place = ": ".join(part for part in (str(self.file or ""), f"key '{self.key}'" if self.key else "") if part)
        lines = [f"{place}: {self.problem}" if place else self.problem]
        if self.given is not None:
            lines.append(f"  given:   {shorten(self.given)}")
        if self.allowed is not None:
            lines.append(f"  allowed: {self.allowed}")
        if self.nearest is not None:
            lines.append(f"  did you mean '{self.nearest}'?")
        return "\n".join(lines)


class RunFailure(LoketError):
    """Some runs failed; the others are kept."""

    exit_code = 3


class StorageError(LoketError):
    """The disk or the environment refused; earlier results are intact."""

    exit_code = 4


def shorten(value, limit=80):
    """Return `value` as printable ASCII of at most `limit` characters, control characters escaped."""
    text = value if isinstance(value, str) else repr(value)
    text = text.encode("unicode_escape").decode("ascii")
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)} characters)"
