"""Front matter: the few ``key: value`` lines between two ``---`` at the top of a file.

A strict part of YAML, so that forges show it as a table and no value changes its type by
how it looks (in YAML ``no`` is false and ``12:30`` is 750):

    ---
    title: "A text in double quotes is a JSON string"
    date: 2023-06-02
    aliases:
      - "Kiev"
      - {"key": "s1", "printed_day": 465}
    ---

A value is plain text or one JSON value; a list stands below its key, two spaces in.
"""

import re
from typing import Any

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.text import dump_json, load_json

_MARKS = ("<<<<<<<", "=======", ">>>>>>>")


_MARK = re.compile(r"(?:<{7}|>{7}) .+|={7}")


_KEY = re.compile(r"([a-z][a-z_]*):(?: +(.*))?")


class FrontMatter(Struct, frozen=True):
    """The fields of a file with the lines they stand on, and the text below them."""

    fields: dict[str, Any]
    lines: dict[str, int]
    body: str
    body_line: int

    def text(self, key: str, default: str = "") -> str:
        """Return a field that must be text."""
        value = self.fields.get(key) or default
        if not isinstance(value, str):
            raise ArchiveError(f"`{key}` must be text", line=self.lines.get(key, 1))
        return value

    def items(self, key: str) -> list[Any]:
        """Return a field that must be a list; empty where it is absent."""
        value = self.fields.get(key, [])
        if not isinstance(value, list):
            raise ArchiveError(f"`{key}` must be a list", line=self.lines[key])
        return value


def load_front_matter(text: str, allowed: frozenset[str]) -> FrontMatter:
    """Split a file's text; unknown or repeated keys and any other line are errors."""
    rows = text.removeprefix("\ufeff").split("\n")
    if _MARKS[0] in text:
        _refuse_conflict(rows)
    if rows[0].rstrip() != "---":
        raise ArchiveError("the file must begin with front matter: a line of three hyphens", line=1)
    fields: dict[str, Any] = {}
    lines: dict[str, int] = {}
    key = ""
    for number, row in enumerate(map(str.rstrip, rows[1:]), start=2):
        if row == "---":
            return FrontMatter(fields, lines, "\n".join(rows[number:]), number + 1)
        if row.startswith("  - ") and isinstance(fields.get(key), list):
            fields[key].append(_value(row[4:].strip(), number))
        elif match := _KEY.fullmatch(row):
            key = match[1]
            if key not in allowed:
                raise ArchiveError(f"unknown key `{key}`; known: {', '.join(sorted(allowed))}", line=number)
            if key in fields:
                raise ArchiveError(f"the key `{key}` stands here a second time", line=number)
            fields[key] = _value(match[2].strip(), number) if match[2] else []
            lines[key] = number
        elif row:
            raise ArchiveError(f"not front matter: {row[:60]!r}; write `key: value`", line=number)
    raise ArchiveError("the front matter has no end: a second line of three hyphens is missing", line=1)


def _refuse_conflict(rows: list[str]) -> None:
    """Refuse the marks that git leaves where two edits met: readers would be shown both sides."""
    marks = [(number, row[:7]) for number, row in enumerate(rows, start=1) if _MARK.fullmatch(row)]
    for (number, *first), (_, *second), (_, *third) in zip(marks, marks[1:], marks[2:], strict=False):
        if (*first, *second, *third) == _MARKS:
            raise ArchiveError("git left a conflict here; keep what holds and delete the marks", line=number)


def dump_front_matter(fields: dict[str, Any]) -> str:
    """Write fields, the two fences included; text is quoted, a list stands one item a line."""
    rows = ["---"]
    for key, value in fields.items():
        if isinstance(value, list):
            rows += [f"{key}:", *(f"  - {dump_json(item)}" for item in value)]
        else:
            rows.append(f"{key}: {value if key == 'date' else dump_json(value)}")
    return "\n".join([*rows, "---", ""])


def _value(text: str, line: int) -> Any:
    if text[:1] not in ('"', "[", "{"):
        return text
    try:
        return load_json(text)
    except ArchiveError as error:
        raise ArchiveError(error.reason, line=line) from None
