"""Day ⇄ Markdown file: the grammar of the archive, both directions.

    ---
    title: "Live blog of 2 June 2023"
    date: 2023-06-02
    collected: "00:00-13:29"
    sources:
      - {"key": "s1", "date": "2023-06-02", "printed_day": 465}
    ---

    The lede, before the first entry.

    ## 13:29 A headline

    [anchor]: # "t1329"
    [source]: # "s1"
    [ingested]: # "3fa9c2d1e0b45a77"

    The entry's text, plain CommonMark.

A line that begins with ``## `` opens an entry, wherever it stands; without a time the
entry is untimed. The bracketed lines are CommonMark link definitions: no viewer shows
them. A person who adds an entry types a heading and a paragraph and nothing else.
"""

import datetime as dt
import re
from typing import Any, NamedTuple, TypeVar

import msgspec

from daybook.archive.front_matter import dump_front_matter, load_front_matter
from daybook.core.errors import ArchiveError
from daybook.core.markdown import check_body, dump_headline, load_headline
from daybook.core.model import (
    ANCHOR_PATTERN,
    AnchorAllocator,
    DateBasis,
    Day,
    DayCaption,
    DaySource,
    Entry,
    Wording,
    format_minutes,
    parse_entry_key,
    sort_entries,
)
from daybook.core.text import check_date, check_slug, check_url, dump_json, load_json, parse_instant

T = TypeVar("T", DaySource, DayCaption)


_FRONT_KEYS = frozenset({"title", "date", "lang", "collected", "ingested", "sources", "captions"})


_HEADING = re.compile(r"##(?:[ \t].*)?")


_STAMP = re.compile(r"(\d\d):(\d\d)(?:[ \t]+|$)", re.ASCII)


_NEARLY_A_STAMP = re.compile(r"\d{1,2}[:.;]\d\d(?!\d)")


_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)


def load_day(text: str) -> Day:
    """Read the text of a day file.

    Raises:
        ArchiveError: The text has a mistake; the error has its line.
    """
    return load_day_with_lines(text)[0]


def load_day_with_lines(text: str) -> tuple[Day, dict[str, int]]:
    """Read the text of a day file, and return the line of each entry's heading, too, by anchor.

    Raises:
        ArchiveError: The text has a mistake; the error has its line.
    """
    front = load_front_matter(text, _FRONT_KEYS)
    lede, sections = _sections(front.body, front.body_line)
    body, line = lede
    entries = _entries(sections)
    lines = {entry.anchor: line for (line, _), entry in zip(sections, entries, strict=True)}
    day = Day(
        date=_date(front.text("date"), front.lines.get("date", 1)),
        title=front.text("title").strip(),
        lang=front.text("lang"),
        lede=check_body(body, line),
        collected=_spans(front.text("collected"), front.lines.get("collected", 1)),
        ingested=front.text("ingested"),
        sources=_sources(front.items("sources"), front.lines.get("sources", 1)),
        captions=tuple(_struct(item, DayCaption, front.lines["captions"]) for item in front.items("captions")),
        entries=sort_entries(entries),
    )
    return day, lines


def dump_day(day: Day) -> str:
    """Write a day as the text of its file, and refuse to if it would read back otherwise."""
    fields: dict[str, Any] = {"title": day.title, "date": day.date.isoformat()}
    spans = ", ".join(f"{format_minutes(start)}-{format_minutes(end)}" for start, end in day.collected)
    fields |= {"lang": day.lang, "collected": spans, "ingested": day.ingested}
    fields |= {"sources": [*msgspec.to_builtins(day.sources)], "captions": [*msgspec.to_builtins(day.captions)]}
    parts = [dump_front_matter({key: value for key, value in fields.items() if value or key == "title"})]
    parts += [f"{day.lede}\n"] if day.lede else []
    text = "\n".join(parts + [_dump_entry(entry) for entry in day.entries])
    if load_day(text) != day:
        raise ArchiveError(f"{day.date}: this day cannot be written so that it reads back the same")
    return text


def _dump_entry(entry: Entry) -> str:
    headline = dump_headline(entry.headline)
    if entry.time is None:
        # A headline that begins like a stamp must not become one.
        stamp, headline = "", re.sub(r"^(\d{1,2})([:.;])", r"\1\\\2", headline)
    else:
        stamp = entry.time.strftime("%H:%M")
    heading = " ".join(part for part in ("##", stamp, headline) if part)
    return "\n".join([heading, "", *dump_attributes(entry), *(["", entry.body] if entry.body else []), ""])


def _sections(body: str, first_line: int) -> tuple[tuple[str, int], list[tuple[int, list[str]]]]:
    """Cut a body at its headings: the lede with its line, then (line, rows) for each entry."""
    sections: list[tuple[int, list[str]]] = []
    rows: list[str] = []
    lede = rows
    for number, row in enumerate(body.split("\n"), start=first_line):
        if _HEADING.fullmatch(row):
            rows = []
            sections.append((number, rows))
        rows.append(row)
    start, text = _block(lede, first_line)
    return (text, start), sections


def _block(rows: list[str], line: int) -> tuple[int, str]:
    """Strip blank rows at both ends; give the line of the first that is left, and the text."""
    filled = [index for index, row in enumerate(rows) if row.strip()]
    if not filled:
        return line, ""
    text = "\n".join(rows[filled[0] : filled[-1] + 1])
    return line + filled[0], text.rstrip()


def _entries(sections: list[tuple[int, list[str]]]) -> tuple[Entry, ...]:
    drafts = [_load_entry(line, rows) for line, rows in sections]
    taken: dict[str, int] = {}
    for (line, _), entry in zip(sections, drafts, strict=True):
        if entry.anchor in taken:
            reason = f"two entries have the anchor {entry.anchor} (the other: line {taken[entry.anchor]})"
            raise ArchiveError(f"{reason}; delete the [anchor] line of the newer one", line=line)
        if entry.anchor:
            taken[entry.anchor] = line
    anchors = AnchorAllocator(taken)
    return tuple(msgspec.structs.replace(entry, anchor=entry.anchor or anchors.take(entry.time)) for entry in drafts)


def _load_entry(line: int, rows: list[str]) -> Entry:
    heading = re.sub(r"[ \t]+#+[ \t]*$", "", rows[0])[2:].strip(" \t")
    time, headline = _stamp(heading, line)
    index = 1
    while index < len(rows) and not rows[index].strip():
        index += 1
    found: list[EntryAttribute] = []
    while index < len(rows) and (attribute := load_attribute(rows[index], line + index)):
        found.append(attribute)
        index += 1
    start, body = _block(rows[index:], line + index)
    fields = entry_fields(found)
    return Entry(time=time, headline=load_headline(headline, line), body=check_body(body, start), **fields)


def _stamp(heading: str, line: int) -> tuple[dt.time | None, str]:
    if match := _STAMP.match(heading):
        hour, minute = int(match[1]), int(match[2])
        if hour > 23 or minute > 59:
            raise ArchiveError(f"impossible time {hour:02}:{minute:02}; a day has 00:00 to 23:59", line=line)
        return dt.time(hour, minute), heading[match.end() :]
    if match := _NEARLY_A_STAMP.match(heading):
        cure = "write it as HH:MM and a space, or put a backslash before its mark if it is no time"
        raise ArchiveError(f"malformed time {match[0]!r} in a heading; {cure}", line=line)
    return None, heading


def _date(text: str, line: int) -> dt.date:
    try:
        return check_date(dt.datetime.strptime(text, "%Y-%m-%d").date(), line)
    except ValueError:
        raise ArchiveError(f"impossible date {text!r}; write `date: 2023-06-02`", line=line) from None


def _spans(text: str, line: int) -> tuple[tuple[int, int], ...]:
    spans = []
    for part in text.split(", ") if text else ():
        match = _SPAN.fullmatch(part)
        start, end = (60 * int(match[1]) + int(match[2]), 60 * int(match[3]) + int(match[4])) if match else (1, 0)
        if not start <= end <= 24 * 60:
            raise ArchiveError(f"`collected` {part!r} is not a span such as 00:00-13:29", line=line)
        spans.append((start, end))
    return tuple(spans)


def _struct(item: Any, kind: type[T], line: int) -> T:
    try:
        return msgspec.convert(item, kind)
    except msgspec.ValidationError as error:
        raise ArchiveError(f"not a {kind.__name__.removeprefix('Day').lower()}: {error}", line=line) from None


def _sources(items: list[Any], line: int) -> tuple[DaySource, ...]:
    sources: dict[str, DaySource] = {}
    for source in (_struct(item, DaySource, line) for item in items):
        if source.key in sources:
            raise ArchiveError(f"two sources have the key {source.key!r}; give one another", line=line)
        check_url(source.url, line)
        sources[source.key] = source
    return tuple(sources.values())


_ROW = re.compile(r"""\[([a-z]+)\]: # (?:("(?:[^"\\]|\\.)*")|'(\{[^']*\})')[ \t]*""")


_LOOKS_LIKE_ONE = re.compile(r"\[[A-Za-z]+\]: *#")


_NAMES = (
    *("anchor", "at", "source", "ingested", "found", "id", "updated", "author", "key", "lang", "topics"),
    *("absent", "carried", "former", "beside", "withdrawn", "moved"),
)


_WORDINGS = ("former", "beside")

# Fields of Entry whose name in the file differs.
_FIELDS = {"source": "sources", "absent": "missing_from", "former": "revisions", "beside": "conflicts"}


class EntryAttribute(NamedTuple):
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


def load_attribute(row: str, line: int) -> EntryAttribute | None:
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
        return EntryAttribute(match[1], match[3] or load_json(match[2]), line)
    except ArchiveError as error:
        raise ArchiveError(f"broken text in [{match[1]}]: {error.reason}", line=line) from None


def entry_fields(found: list[EntryAttribute]) -> dict[str, Any]:
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
        ("found", entry.date_basis.value if entry.date_basis else ""),
        ("id", entry.id),
        ("updated", entry.updated),
        *(("author", author) for author in entry.authors),
        ("key", "yes" if entry.key else ""),
        ("lang", entry.lang),
        ("topics", " ".join(entry.topics)),
        ("absent", " ".join(entry.missing_from)),
        ("carried", " ".join(entry.carried)),
        ("withdrawn", entry.withdrawn),
        ("moved", entry.moved),
    ]
    rows = [f"[{name}]: # {dump_json(value)}" for name, value in values if value]
    rows += [f"[former]: # '{_dump_wording(wording)}'" for wording in entry.revisions]
    return rows + [f"[beside]: # '{_dump_wording(wording)}'" for wording in entry.conflicts]


def _dump_wording(wording: Wording) -> str:
    # An apostrophe would end the title; in JSON it may be written as its number.
    return dump_json(msgspec.to_builtins(wording)).replace("'", "\\u0027")


def _set(fields: dict[str, Any], attribute: EntryAttribute) -> None:
    name, value, _ = attribute
    match name:
        case "anchor":
            if not ANCHOR_PATTERN.fullmatch(value):
                raise ArchiveError(f"impossible anchor {value!r}; delete the line and a new one is made")
            fields["anchor"] = value
        case "source" | "absent" | "carried":
            fields[_FIELDS.get(name, name)] = tuple(value.split())
        case "former" | "beside":
            field = _FIELDS[name]
            fields[field] = (*fields.get(field, ()), attribute.wording)
        case "topics":
            fields["topics"] = tuple(_signed_slug(part) for part in value.split())
        case "author":
            fields["authors"] = (*fields.get("authors", ()), value)
        case "key":
            if value != "yes":
                raise ArchiveError(f'[key] is "yes" or absent, not {value!r}')
            fields["key"] = True
        case "found":
            if value not in {found.value for found in DateBasis}:
                raise ArchiveError(f"[found] is explicit, inferred or hand, not {value!r}")
            fields["date_basis"] = DateBasis(value)
        case "at" | "updated" | "moved":
            parse_entry_key(value) if name == "moved" else parse_instant(value)
            fields[name] = value
        case _:
            fields[name] = value


def _signed_slug(text: str) -> str:
    if text[:1] not in ("+", "-"):
        raise ArchiveError(f'write +{text} to add the topic or -{text} to take it away, not "{text}"')
    check_slug(text[1:])
    return text
