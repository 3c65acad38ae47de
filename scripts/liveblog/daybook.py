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
from typing import Any, TypeVar

import msgspec

from . import attributes
from .attributes import Attribute
from .errors import ArchiveError
from .frontmatter import dump_front_matter, load_front_matter
from .markup import check_body, dump_headline, load_headline
from .model import Anchors, Caption, Day, Entry, Source, in_order
from .records import check_address, check_date

T = TypeVar("T", Source, Caption)

_FRONT_KEYS = frozenset({"title", "date", "lang", "collected", "ingested", "sources", "captions"})
_HEADING = re.compile(r"##(?:[ \t].*)?")
_STAMP = re.compile(r"(\d\d):(\d\d)(?:[ \t]+|$)", re.ASCII)
_NEARLY_A_STAMP = re.compile(r"\d{1,2}[:.;]\d\d(?!\d)")
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)


def load_day(text: str) -> Day:
    """Read a day file's text; any mistake is an ArchiveError with its line."""
    front = load_front_matter(text, _FRONT_KEYS)
    lede, sections = _sections(front.body, front.body_line)
    body, line = lede
    return Day(
        date=_date(front.text("date"), front.lines.get("date", 1)),
        title=front.text("title").strip(),
        lang=front.text("lang"),
        lede=check_body(body, line),
        collected=_spans(front.text("collected"), front.lines.get("collected", 1)),
        ingested=front.text("ingested"),
        sources=_sources(front.items("sources"), front.lines.get("sources", 1)),
        captions=tuple(_struct(item, Caption, front.lines["captions"]) for item in front.items("captions")),
        entries=in_order(_entries(sections)),
    )


def dump_day(day: Day) -> str:
    """Write a day as the text of its file, and refuse to if it would read back otherwise."""
    fields: dict[str, Any] = {"title": day.title, "date": day.date.isoformat()}
    spans = ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in day.collected)
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
    return "\n".join([heading, "", *attributes.dump_attributes(entry), *(["", entry.body] if entry.body else []), ""])


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
    anchors = Anchors(taken)
    return tuple(msgspec.structs.replace(entry, anchor=entry.anchor or anchors.take(entry.time)) for entry in drafts)


def _load_entry(line: int, rows: list[str]) -> Entry:
    heading = re.sub(r"[ \t]+#+[ \t]*$", "", rows[0])[2:].strip(" \t")
    time, headline = _stamp(heading, line)
    index = 1
    while index < len(rows) and not rows[index].strip():
        index += 1
    found: list[Attribute] = []
    while index < len(rows) and (attribute := attributes.load_attribute(rows[index], line + index)):
        found.append(attribute)
        index += 1
    start, body = _block(rows[index:], line + index)
    fields = attributes.entry_fields(found)
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


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _struct(item: Any, kind: type[T], line: int) -> T:
    try:
        return msgspec.convert(item, kind)
    except msgspec.ValidationError as error:
        raise ArchiveError(f"not a {kind.__name__.lower()}: {error}", line=line) from None


def _sources(items: list[Any], line: int) -> tuple[Source, ...]:
    sources: dict[str, Source] = {}
    for source in (_struct(item, Source, line) for item in items):
        if source.key in sources:
            raise ArchiveError(f"two sources have the key {source.key!r}; give one another", line=line)
        check_address(source.url, line)
        sources[source.key] = source
    return tuple(sources.values())
