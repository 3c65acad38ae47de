"""The exception for everything that a person has to correct, and error messages in one line."""

import os
from pathlib import PurePath


class ArchiveError(Exception):
    """An error in content, settings or input: file, line, reason, and how to correct it.

    Raised where the error is detected, caught once in each command. `str(error)` is one
    line: ``content/days/2023/2023-06-02.md:14: two entries have the anchor t1329``.
    `path` is "" and `line` is 0 where they are not known.
    """

    def __init__(self, reason: str, *, path: str | PurePath = "", line: int = 0) -> None:
        self.reason, self.path, self.line = reason, str(path), line
        super().__init__(reason)

    def at(self, path: str | PurePath) -> "ArchiveError":
        """Return the same error with its file, for callers of functions that see only text."""
        return self if self.path else ArchiveError(self.reason, path=path, line=self.line)

    def __str__(self) -> str:
        position = ":".join(part for part in (self.path, str(self.line or "")) if part)
        return printable(f"{position}: {self.reason}" if position else self.reason)


def error_message(error: Exception) -> str:
    """Describe an error in one line that names the file, if there is one."""
    if isinstance(error, OSError) and error.filename:
        error = ArchiveError(error.strerror or type(error).__name__, path=os.fsdecode(error.filename))
    return str(error)


def printable(text: str) -> str:
    """Return text that is safe for a terminal: one line, unprintable characters as escapes."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
