"""What an entry carries besides its text: ``[name]: # "value"`` lines below its heading.

Each is a CommonMark link definition with a JSON string for a title: no viewer shows it,
and JSON's escapes are Markdown's. Wordings are JSON objects between apostrophes. `author`,
`former` and `beside` may stand several times, the others once.
"""

import datetime as dt
import re
from typing import Any, NamedTuple

import msgspec

from .errors import ArchiveError
from .frontmatter import dump_json, load_json
from .model import Entry, EntryKey, Found, Wording
from .records import check_slug, instant

_ROW = re.compile(r"""\[([a-z]+)\]: # (?:("(?:[^"\\]|\\.)*")|'(\{[^']*\})')[ \t]*""")
_LOOKS_LIKE_ONE = re.compile(r"\[[A-Za-z]+\]: *#")
_ANCHOR = re.compile(r"(?:t\d{4}|n\d{1,5})(?:-\d{1,5})?", re.ASCII)
_NAMES = (
    *("anchor", "at", "source", "ingested", "found", "id", "updated", "author", "key", "lang", "topics"),
    *("absent", "carried", "former", "beside", "withdrawn", "moved"),
)
_WORDINGS = ("former", "beside")


class Attribute(NamedTuple):
    """One bracketed line of an entry."""

    name: str
    value: str
    line: int

    @property
    def wording(self) -> Wording:
        """The value of `former` and `beside`."""
        try:
            return msgspec.convert(load_json(self.value), Wording)
        except msgspec.ValidationError as error:
            raise ArchiveError(f"not a wording: {error}") from None


def load_attribute(row: str, line: int) -> Attribute | None:
    """Read one row; None where it is none, an error where it nearly is one."""
    match = _ROW.fullmatch(row)
    if not match:
        if _LOOKS_LIKE_ONE.match(row):
            raise ArchiveError(f'malformed attribute {row[:60]!r}; write [topics]: # "+nato -turkey"', line=line)
        return None
    if match[1] not in _NAMES:
        raise ArchiveError(f"unknown attribute [{match[1]}]; known: {', '.join(_NAMES)}", line=line)
    if (match[1] in _WORDINGS) != bool(match[3]):
        raise ArchiveError(f"[{match[1]}] holds {'an object' if match[1] in _WORDINGS else 'text'}", line=line)
    try:
        return Attribute(match[1], match[3] or load_json(match[2]), line)
    except ArchiveError as error:
        raise ArchiveError(f"broken text in [{match[1]}]: {error.reason}", line=line) from None


def entry_fields(found: list[Attribute]) -> dict[str, Any]:
    """Turn an entry's attributes into the fields of Entry; `anchor` is "" where none is stored."""
    fields: dict[str, Any] = {"anchor": ""}
    seen: set[str] = set()
    for attribute in found:
        if attribute.name in seen and attribute.name not in ("author", *_WORDINGS):
            raise ArchiveError(f"[{attribute.name}] stands here a second time", line=attribute.line)
        seen.add(attribute.name)
        try:
            _set(fields, attribute)
        except ArchiveError as error:
            raise ArchiveError(error.reason, line=attribute.line) from None
    return fields


def dump_attributes(entry: Entry) -> list[str]:
    """Write an entry's attributes, one row each, in their order."""
    values = [
        ("anchor", entry.anchor),
        ("at", entry.at),
        ("source", " ".join(entry.sources)),
        ("ingested", entry.ingested),
        ("found", entry.found.value if entry.found else ""),
        ("id", entry.id),
        ("updated", entry.updated),
        *(("author", author) for author in entry.authors),
        ("key", "yes" if entry.key else ""),
        ("lang", entry.lang),
        ("topics", " ".join(entry.topics)),
        ("absent", " ".join(entry.absent)),
        ("carried", " ".join(entry.carried)),
        ("withdrawn", entry.withdrawn),
        ("moved", entry.moved),
    ]
    rows = [f"[{name}]: # {dump_json(value)}" for name, value in values if value]
    rows += [f"[former]: # '{_dump_wording(wording)}'" for wording in entry.former]
    return rows + [f"[beside]: # '{_dump_wording(wording)}'" for wording in entry.beside]


def _dump_wording(wording: Wording) -> str:
    # An apostrophe would end the title; in JSON it may be written as its number.
    return dump_json(msgspec.to_builtins(wording)).replace("'", "\\u0027")


def _set(fields: dict[str, Any], attribute: Attribute) -> None:
    name, value, _ = attribute
    match name:
        case "anchor":
            if not _ANCHOR.fullmatch(value):
                raise ArchiveError(f"impossible anchor {value!r}; delete the line and a new one is made")
            fields["anchor"] = value
        case "source" | "absent" | "carried":
            fields["sources" if name == "source" else name] = tuple(value.split())
        case "former" | "beside":
            fields[name] = (*fields.get(name, ()), attribute.wording)
        case "topics":
            fields["topics"] = tuple(_signed_slug(part) for part in value.split())
        case "author":
            fields["authors"] = (*fields.get("authors", ()), value)
        case "key":
            if value != "yes":
                raise ArchiveError(f'[key] is "yes" or absent, not {value!r}')
            fields["key"] = True
        case "found":
            if value not in {found.value for found in Found}:
                raise ArchiveError(f"[found] is explicit, inferred or hand, not {value!r}")
            fields["found"] = Found(value)
        case "at" | "updated" | "moved":
            load_key(value) if name == "moved" else instant(value)
            fields[name] = value
        case _:
            fields[name] = value


def load_key(name: str) -> EntryKey:
    """Read the name of an entry: ``2023-06-02#t1329``."""
    date, _, anchor = name.partition("#")
    try:
        if _ANCHOR.fullmatch(anchor):
            return dt.datetime.strptime(date, "%Y-%m-%d").date(), anchor
    except ValueError:
        pass
    raise ArchiveError(f"{name!r} does not name an entry; write its day and anchor: 2023-06-02#t1329")


def _signed_slug(text: str) -> str:
    if text[:1] not in ("+", "-"):
        raise ArchiveError(f'write +{text} to add the topic or -{text} to take it away, not "{text}"')
    check_slug(text[1:])
    return text
