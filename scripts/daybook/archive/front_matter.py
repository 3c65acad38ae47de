"""Read and write front matter: the ``key: value`` lines between two ``---`` lines at the top of a file.

    ---
    title: "A text in double quotes is a JSON string"
    date: 2023-06-02
    aliases:
      - "Kiev"
      - {"key": "s1", "printed_day": 465}
    ---

A value is plain text or one JSON value. The items of a list follow its key, indented by two spaces.

This is a small part of YAML, so that code hosting sites show it as a table. A YAML parser is not used because YAML
guesses types from the text: ``no`` is false and ``12:30`` is 750. Here, text without quotes is always text.
"""

import re
from typing import Any

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.text import dump_json, load_json

_FENCE = "---"
_KEY = re.compile(r"([a-z][a-z_]*):(?: +(.*))?")

# The markers of an unresolved merge conflict in git, in their order.
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>")
_CONFLICT_MARKER = re.compile(r"(?:<{7}|>{7}) .+|={7}")
_EDIT_CONFLICT = "keep one version and delete the markers"


class FrontMatter(Struct, frozen=True):
    """The fields of a file with their line numbers, and the text below them with the number of its first line."""

    fields: dict[str, Any]
    lines: dict[str, int]
    body: str
    body_line: int

    def text(self, key: str, default: str = "") -> str:
        """Return a text field; raise an ArchiveError if it is a list or an object."""
        value = self.fields.get(key) or default
        if not isinstance(value, str):
            raise ArchiveError(f"`{key}` must be text; put it in double quotes", line=self.lines.get(key, 1))
        return value

    def items(self, key: str) -> list[Any]:
        """Return a list field, [] if it is absent; raise an ArchiveError if it is not a list."""
        value = self.fields.get(key, [])
        if not isinstance(value, list):
            raise ArchiveError(f"`{key}` must be a list; write each item on a line after `  - `", line=self.lines[key])
        return value


def load_front_matter(text: str, allowed: frozenset[str], conflict_cure: str = _EDIT_CONFLICT) -> FrontMatter:
    """Split the text of a file, with or without a byte order mark, into front matter and body.

    `conflict_cure` tells how to resolve a merge conflict of git in a file of this kind.

    Raises:
        ArchiveError: The front matter is missing or has no end, a key is repeated or not `allowed`, a line is neither
            a field nor an item of a list, or the file contains an unresolved merge conflict.
    """
    rows = text.removeprefix("\ufeff").split("\n")
    if _CONFLICT[0] in text:
        _check_merge_conflict(rows, conflict_cure)
    if rows[0].rstrip() != _FENCE:
        raise ArchiveError("the file must start with front matter; begin it with a line ---", line=1)
    fields: dict[str, Any] = {}
    lines: dict[str, int] = {}
    key = ""
    for number, row in enumerate(map(str.rstrip, rows[1:]), start=2):
        if row == _FENCE:
            return FrontMatter(fields, lines, "\n".join(rows[number:]), number + 1)
        if row.startswith("  - ") and isinstance(fields.get(key), list):
            fields[key].append(_load_value(row[4:].strip(), number))
        elif match := _KEY.fullmatch(row):
            key = match[1]
            if key not in allowed:
                raise ArchiveError(f"unknown key `{key}`; known: {', '.join(sorted(allowed))}", line=number)
            if key in fields:
                raise ArchiveError(f"the key `{key}` is already on line {lines[key]}; delete one", line=number)
            fields[key] = _load_value(match[2].strip(), number) if match[2] else []
            lines[key] = number
        elif row:
            raise ArchiveError(f"invalid line in front matter: {row[:60]!r}; write `key: value`", line=number)
    raise ArchiveError("the front matter is not closed; add a line --- after it", line=1)


def _check_merge_conflict(rows: list[str], cure: str) -> None:
    """Raise an ArchiveError if git left a merge conflict in the file: the site would publish both versions."""
    marks = [(number, row[:7]) for number, row in enumerate(rows, start=1) if _CONFLICT_MARKER.fullmatch(row)]
    for (number, *first), (_, *second), (_, *third) in zip(marks, marks[1:], marks[2:], strict=False):
        if (*first, *second, *third) == _CONFLICT:
            raise ArchiveError(f"unresolved merge conflict; {cure}", line=number)


def _load_value(text: str, line: int) -> Any:
    if text[:1] not in ('"', "[", "{"):
        return text
    try:
        return load_json(text)
    except ArchiveError as error:
        raise ArchiveError(error.reason, line=line) from None


def dump_front_matter(fields: dict[str, Any]) -> str:
    """Write fields as front matter, with both ``---`` lines; quote text except `date`, write one list item per line."""
    rows = [_FENCE]
    for key, value in fields.items():
        if isinstance(value, list):
            rows += [f"{key}:", *(f"  - {dump_json(item)}" for item in value)]
        else:
            rows.append(f"{key}: {value if key == 'date' else dump_json(value)}")
    return "\n".join([*rows, _FENCE, ""])
