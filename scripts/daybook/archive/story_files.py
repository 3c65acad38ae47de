"""The files about stories in the content folder: corrections by hand, and the addresses of published story pages.

``stories.toml`` is written by a person. Each table is about the story that an entry belongs to:

    [[story]]
    first = "2023-06-02#t1005"       # an entry of the story, best its first one
    title = "Who may sit at the table"
    remove = ["2023-06-03#t1200"]    # entries that never belong to it
    key = ["2023-06-02#t1323"]       # chapters that are marked as turning points
    hide = false                     # true: neither a page nor links

``stories.jsonl`` is written by `make publish`, a line for each published story page, oldest first.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from daybook.archive.day_file import STORY_VALUES, check_story
from daybook.core.errors import ArchiveError
from daybook.core.files import read_text_file
from daybook.core.toml import convert_toml

STORY_RULES = "stories.toml"
STORY_ADDRESSES = "stories.jsonl"
_STRING = re.compile(r"""(["'])(.*?)\1""")


class StoryRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of ``stories.toml``; `line` is where it names its first entry."""

    first: str
    title: str = ""
    remove: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    hide: bool = False
    line: int = 0


class StoryAddress(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published story page.

    `founder` was its first entry at its first publication, `chapters` its first chapters, by which the story is found
    again if the founder is withdrawn. `published` is the newest day of the archive at that time.
    """

    address: Annotated[str, Meta(pattern=r"^/stories/\S+/$")]
    founder: str
    published: str
    chapters: tuple[str, ...] = ()


class _Rules(Struct, frozen=True, forbid_unknown_fields=True):
    story: tuple[StoryRule, ...] = ()


def load_story_rules(content: Path) -> tuple[StoryRule, ...]:
    """Read ``stories.toml``, which need not exist; an ArchiveError if it has a mistake."""
    path = content / STORY_RULES
    if not path.exists():
        return ()
    rules = convert_toml(path, _Rules, "see docs/stories.md for its form").story
    lines = _lines_of_strings(read_text_file(path))
    return tuple(_checked(rule, lines, path) for rule in rules)


def _checked(rule: StoryRule, lines: Mapping[str, int], path: Path) -> StoryRule:
    names = {}
    for name in (rule.first, *rule.remove, *rule.key):
        try:
            names[name] = check_story(name)
        except ArchiveError:
            names[name] = STORY_VALUES[0]
        if names[name] in STORY_VALUES:
            reason = f"{name!r} does not name an entry; write its day and anchor: 2023-06-02#t1329"
            raise ArchiveError(reason, path=path, line=lines.get(name, 0))
    return msgspec.structs.replace(
        rule,
        first=names[rule.first],
        remove=tuple(names[name] for name in rule.remove),
        key=tuple(names[name] for name in rule.key),
        line=lines.get(rule.first, 0),
    )


def line_of(name: str, text: str) -> int:
    """Return the line of a text of TOML that contains a string, 0 if none does."""
    return _lines_of_strings(text).get(name, 0)


def _lines_of_strings(text: str) -> dict[str, int]:
    """Return the first line of each string of a text of TOML."""
    lines: dict[str, int] = {}
    for number, row in enumerate(text.split("\n"), start=1):
        for match in _STRING.finditer(row):
            lines.setdefault(match[2], number)
    return lines


def load_story_addresses(content: Path) -> tuple[StoryAddress, ...]:
    """Read ``stories.jsonl``, which need not exist, in its order; an ArchiveError if a line has a mistake."""
    path = content / STORY_ADDRESSES
    rows = read_text_file(path).split("\n") if path.exists() else []
    found: list[StoryAddress] = []
    for number, row in enumerate(rows, start=1):
        if row.strip():
            try:
                found.append(msgspec.json.decode(row, type=StoryAddress))
            except msgspec.DecodeError as error:
                cure = "restore this line from git: make publish writes this file"
                raise ArchiveError(f"{error}; {cure}", path=path, line=number) from None
    return tuple(found)


def dump_story_addresses(addresses: Iterable[StoryAddress]) -> bytes:
    """Return the text of ``stories.jsonl``."""
    return b"".join(msgspec.json.encode(address) + b"\n" for address in addresses)
