"""The one exception of the archive: a fact about a file that a person has to settle."""

import os
from pathlib import PurePath


def error_message(error: Exception) -> str:
    """Say in one line what went wrong, and with which file."""
    if isinstance(error, OSError) and error.filename:
        error = ArchiveError(error.strerror or type(error).__name__, path=os.fsdecode(error.filename))
    return str(error)


def printable(text: str) -> str:
    """Write text for a terminal: on one line, and what would not be seen there as its number."""
    shown = (char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
    return text if text.isprintable() else "".join(shown)


class ArchiveError(Exception):
    """Say which file and line is wrong, why, and what to do about it.

    Raised where the fact is known, caught once in each command. `str(error)` is one
    line: ``content/days/2023/2023-06-02.md:14: two entries have the anchor t1329``.
    """

    def __init__(self, reason: str, *, path: str | PurePath = "", line: int = 0) -> None:
        self.reason, self.path, self.line = reason, str(path), line
        super().__init__(reason)

    def at(self, path: str | PurePath) -> "ArchiveError":
        """Return the same error with the file named, for callers that know only text."""
        return self if self.path else ArchiveError(self.reason, path=path, line=self.line)

    def __str__(self) -> str:
        place = ":".join(part for part in (self.path, str(self.line or "")) if part)
        return printable(f"{place}: {self.reason}" if place else self.reason)
