"""Read and write day files: the Markdown format of the archive.

    ---
    title: "Live blog of 2 June 2023"
    date: 2023-06-02
    zone: "Europe/Kyiv"
    collected: "00:00-13:29"
    sources:
      - {"key": "9d0c41f7", "date": "2023-06-02", "printed_day": 465}
    ---

    The lede, before the first entry.

    ## 13:29 A headline

    [anchor]: # "t1329" [source]: # "9d0c41f7" [ingested]: # "3fa9c2d1e0b45a77"

    The entry's text: CommonMark with tables and strikethrough.

Every line that begins with ``## `` is the heading of an entry; an entry whose heading has no time is untimed. The
bracketed lines below it are its attributes. They are link definitions in CommonMark, so Markdown viewers do not show
them. A person who adds an entry needs to type only a heading and a paragraph.
"""

import datetime as dt
import re
from itertools import pairwise
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from msgspec import ValidationError, convert, to_builtins
from msgspec.structs import replace

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
    carrying_sources,
    format_entry_key,
    format_minutes,
    named_sources,
    parse_entry_key,
    sort_day,
)
from daybook.core.text import check_date, check_slug, check_url, dump_json, load_json, parse_instant

_KEYS = frozenset({"title", "date", "zone", "lang", "collected", "ingested", "sources", "captions"})
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
_HEADING = re.compile(r"##(?:[ \t].*)?")
_TIME = re.compile(r"(\d\d):(\d\d)(?:[ \t]+|$)", re.ASCII)
_MALFORMED_TIME = re.compile(r"\d{1,2}[:.;]\d\d(?!\d)")
_ATTRIBUTE = re.compile(r"""\[([a-z]+)\]: # (?:("(?:[^"\\]|\\.)*")|'(\{[^']*\})')[ \t]*""")
_LIKE_ATTRIBUTE = re.compile(r"\[([A-Za-z]+)\]: *#")
_ATTRIBUTE_NAMES = (
    *("anchor", "at", "source", "ingested", "found", "id", "updated", "author", "key", "lang", "topics"),
    *("absent", "carried", "perhaps", "story", "former", "beside", "withdrawn", "moved"),
)
# The fields of Entry whose attribute has another name.
_FIELDS = {"source": "sources", "found": "date_basis", "author": "authors", "absent": "missing_from"}
_FIELDS |= {"former": "revisions", "beside": "conflicts"}
STORY_VALUES = ("none", "new")  # of the attribute [story], beside the key of an entry
_WORDINGS = ("former", "beside")
_REPEATABLE = ("author", *_WORDINGS)
_SOURCE_ORDER = (
    *(
        "key",
        "title",
        "first_title",
        "outlet",
        "url",
        "date",
        "printed_day",
        "standfirst",
        "lede",
        "captured",
        "sha256",
    ),
)
# In an entry, two lines of front matter together, one of them the date or the list of sources, or one after a --- line,
# show that git or a person put two copies of a file together.
_FRONT_MATTER_ROW = re.compile(rf"(?:{'|'.join(sorted(_KEYS))}):(?: .*)?")
_TELLING_ROW = re.compile(r"date: \d{4}-\d{2}-\d{2}|sources:", re.ASCII)
_JOIN_CONFLICT = "two branches changed this day: run make merge, which joins them; do not edit the markers"
T = TypeVar("T", DaySource, DayCaption, Wording)


def load_day(text: str) -> Day:
    """Read the text of a day file as `load_day_with_lines` does, and return only the day."""
    return load_day_with_lines(text)[0]


def load_day_with_lines(text: str) -> tuple[Day, dict[str, int]]:
    """Read the text of a day file; return the day, and the line of each entry's heading by anchor.

    Entries without a stored anchor get the first free one. Entries are sorted by time. A mistake is an ArchiveError
    with its line.
    """
    front = load_front_matter(text, _KEYS, _JOIN_CONFLICT)
    (lede_line, lede), sections = _split_sections(front.body, front.body_line)
    date, date_line = front.text("date"), front.lines.get("date", 1)
    try:
        checked_date = check_date(dt.datetime.strptime(date, "%Y-%m-%d").date(), date_line)
    except ValueError:
        missing = "the front matter has no `date`; add a line such as `date: 2023-06-02`"
        reason = f"invalid date {date!r}; write it as 2023-06-02" if date else missing
        raise ArchiveError(reason, line=date_line) from None
    day = Day(
        date=checked_date,
        title=front.text("title").strip(),
        zone=_check_zone(front.text("zone"), front.lines.get("zone", 1)),
        lang=front.text("lang"),
        lede=check_body(lede, lede_line),
        collected=_load_spans(front.text("collected"), front.lines.get("collected", 1)),
        ingested=front.text("ingested"),
        sources=_load_sources(front.items("sources"), front.lines.get("sources", 1)),
        captions=tuple(_convert(item, DayCaption, front.lines["captions"]) for item in front.items("captions")),
    )
    entries = _load_entries(sections)
    lines = {entry.anchor: line for (line, _), entry in zip(sections, entries, strict=True)}
    day = sort_day(replace(day, entries=entries))
    _check_sources(day, lines, front.lines.get("sources", 1))
    return day, lines


def _check_zone(name: str, line: int) -> str:
    try:
        return ZoneInfo(name).key if name else ""
    except (KeyError, ValueError, OSError):
        raise ArchiveError(f"`zone`: unknown time zone {name!r}; write one such as Europe/Kyiv", line=line) from None


def _check_sources(day: Day, lines: dict[str, int], line: int) -> None:
    """Raise an ArchiveError if an entry or a caption names a source that the day lacks, or none names a source."""
    listed = {source.key for source in day.sources}
    of_captions = {caption.source for caption in day.captions} - {""}
    if unknown := sorted(of_captions - listed):
        raise ArchiveError(f"a caption refers to {_unknown_source(unknown[0], day)}", line=line)
    for entry in day.entries:
        if unknown := sorted({*carrying_sources(entry), *entry.missing_from} - listed):
            reason = f"entry {entry.anchor} refers to {_unknown_source(unknown[0], day)}"
            raise ArchiveError(reason, line=lines[entry.anchor])
    # Version 0.1, which stored no zone, wrote such sources itself.
    if day.zone and (unused := sorted(listed - named_sources(day))):
        reason = f"no entry and no caption names the source {unused[0]!r}; delete its line from `sources`"
        raise ArchiveError(f"{reason}, or restore the entries that it printed", line=line)


def _unknown_source(key: str, day: Day) -> str:
    known = ", ".join(source.key for source in day.sources) or "none"
    return f"source {key!r}, which is not in `sources` ({known}); correct the key or add the source"


def load_sources(text: str) -> tuple[DaySource, ...]:
    """Read only the sources of a day file, which takes a small part of the time; a mistake is an ArchiveError."""
    front = load_front_matter(text, _KEYS)
    return _load_sources(front.items("sources"), front.lines.get("sources", 1))


def dump_day(day: Day) -> str:
    """Write a day as the text of its file; raise an ArchiveError if reading it would not give the same day."""
    fields: dict[str, Any] = {"title": day.title, "date": day.date.isoformat()}
    spans = ", ".join(f"{format_minutes(start)}-{format_minutes(end)}" for start, end in day.collected)
    fields |= {"zone": day.zone, "lang": day.lang, "collected": spans, "ingested": day.ingested}
    sources = [{name: source[name] for name in _SOURCE_ORDER if name in source} for source in to_builtins(day.sources)]
    fields |= {"sources": sources, "captions": [*to_builtins(day.captions)]}
    parts = [dump_front_matter({key: value for key, value in fields.items() if value or key == "title"})]
    parts += [f"{day.lede}\n"] if day.lede else []
    text = "\n".join(parts + [_dump_entry(entry) for entry in day.entries])
    if load_day(text) != day:
        raise ArchiveError(f"{day.date} cannot be stored as Markdown without changing it; simplify it, or report a bug")
    return text


def _load_spans(text: str, line: int) -> tuple[tuple[int, int], ...]:
    spans = []
    for part in text.split(", ") if text else ():
        match = _SPAN.fullmatch(part)
        start, end = (60 * int(match[1]) + int(match[2]), 60 * int(match[3]) + int(match[4])) if match else (1, 0)
        if not start <= end <= 24 * 60:
            raise ArchiveError(f"`collected`: {part!r} is not a time range; write one such as 00:00-13:29", line=line)
        spans.append((start, end))
    return tuple(spans)


def _load_sources(items: list[Any], line: int) -> tuple[DaySource, ...]:
    sources: dict[str, DaySource] = {}
    for source in (_convert(item, DaySource, line) for item in items):
        if source.key in sources:
            raise ArchiveError(f"two sources have the key {source.key!r}; give one of them another key", line=line)
        check_url(source.url, line)
        sources[source.key] = source
    return tuple(sources.values())


def _convert(item: Any, kind: type[T], line: int = 0) -> T:
    try:
        return convert(item, kind)
    except ValidationError as error:
        name, cure = kind.__name__.removeprefix("Day").lower(), "see the day-file section of docs/architecture.md"
        raise ArchiveError(f"invalid {name}: {error}; {cure}", line=line) from None


def _split_sections(body: str, first_line: int) -> tuple[tuple[int, str], list[tuple[int, list[str]]]]:
    """Split a body at its headings; return (line, text) of the lede and (line, rows) of each entry."""
    _check_second_front_matter(body.split("\n"), first_line)
    lede: list[str] = []
    sections: list[tuple[int, list[str]]] = []
    rows = lede
    for number, row in enumerate(body.split("\n"), start=first_line):
        if _HEADING.fullmatch(row):
            rows = []
            sections.append((number, rows))
        rows.append(row)
    return _strip_blank_rows(lede, first_line), sections


def _check_second_front_matter(rows: list[str], first_line: int) -> None:
    """Raise an ArchiveError if a second copy of a file follows: its entries would get the sources of the first one."""
    for number, (before, row) in enumerate(pairwise(rows), start=first_line + 1):
        if _FRONT_MATTER_ROW.fullmatch(row) and (
            before.rstrip() == "---"
            or (_FRONT_MATTER_ROW.fullmatch(before) and (_TELLING_ROW.fullmatch(row) or _TELLING_ROW.fullmatch(before)))
        ):
            reason = "front matter inside the text: this file has two copies of a day file"
            raise ArchiveError(f"{reason}; restore it from git, or delete the second copy", line=number)


def _strip_blank_rows(rows: list[str], line: int) -> tuple[int, str]:
    """Return the line of the first row that is not blank, and the text from there to the last such row."""
    filled = [index for index, row in enumerate(rows) if row.strip()]
    if not filled:
        return line, ""
    text = "\n".join(rows[filled[0] : filled[-1] + 1])
    return line + filled[0], text.rstrip()


def _load_entries(sections: list[tuple[int, list[str]]]) -> tuple[Entry, ...]:
    entries = [_load_entry(line, rows) for line, rows in sections]
    lines: dict[str, int] = {}
    for (line, _), entry in zip(sections, entries, strict=True):
        if entry.anchor in lines:
            reason = f"two entries have the anchor {entry.anchor} (the other: line {lines[entry.anchor]})"
            raise ArchiveError(f"{reason}; delete the [anchor] line of the newer one", line=line)
        if entry.anchor:
            lines[entry.anchor] = line
    anchors = AnchorAllocator(lines)
    return tuple(replace(entry, anchor=entry.anchor or anchors.take(entry.time)) for entry in entries)


def _load_entry(line: int, rows: list[str]) -> Entry:
    """Read an entry from its rows, the first of which is the heading; without a stored anchor its anchor is ""."""
    heading = re.sub(r"[ \t]+#+[ \t]*$", "", rows[0])[2:].strip(" \t")
    time, headline = _split_heading(heading, line)
    index = 1
    while index < len(rows) and not rows[index].strip():
        index += 1
    fields: dict[str, Any] = {}
    try:
        while index < len(rows) and (attribute := _load_attribute(rows[index])):
            _set_field(fields, *attribute)
            index += 1
    except ArchiveError as error:
        raise ArchiveError(error.reason, line=line + index) from None
    body_line, body = _strip_blank_rows(rows[index:], line + index)
    fields = {"anchor": "", "headline": load_headline(headline, line), "body": check_body(body, body_line), **fields}
    return Entry(time=time, **fields)


def _dump_entry(entry: Entry) -> str:
    headline = dump_headline(entry.headline)
    if entry.time is None:
        # Escape what looks like a time at the start of the headline of an untimed entry.
        time, headline = "", re.sub(r"^(\d{1,2})([:.;])", r"\1\\\2", headline)
    else:
        time = entry.time.strftime("%H:%M")
    heading = " ".join(filter(None, ("##", time, headline)))
    return "\n".join([heading, "", *_dump_attributes(entry), *(["", entry.body] if entry.body else []), ""])


def _split_heading(heading: str, line: int) -> tuple[dt.time | None, str]:
    """Split a heading into its time, None if it has none, and its headline in Markdown."""
    if match := _TIME.match(heading):
        hour, minute = int(match[1]), int(match[2])
        if hour > 23 or minute > 59:
            raise ArchiveError(f"invalid time {hour:02}:{minute:02}; write 00:00 to 23:59", line=line)
        return dt.time(hour, minute), heading[match.end() :]
    if _MALFORMED_TIME.match(heading):
        cure = "write HH:MM and a space; if it is not a time, escape the colon or full stop, as in 09\\:10"
        raise ArchiveError(f"invalid time {heading.split(maxsplit=1)[0][:60]!r} in a heading; {cure}", line=line)
    return None, heading


def _load_attribute(row: str) -> tuple[str, str] | None:
    """Read the name and value of an attribute line; return None for any other line."""
    match = _ATTRIBUTE.fullmatch(row)
    if not match:
        if like := _LIKE_ATTRIBUTE.match(row):
            name = like[1].lower()
            form = "'{…}'" if name in _WORDINGS else '"value"'
            raise ArchiveError(f"invalid attribute line {row[:60]!r}; write [{name}]: # {form}")
        return None
    name, text, wording = match.groups()
    if name not in _ATTRIBUTE_NAMES:
        raise ArchiveError(f"unknown attribute [{name}]; known: {', '.join(_ATTRIBUTE_NAMES)}")
    if (name in _WORDINGS) != bool(wording):
        form = "text in double quotes" if wording else "a JSON object in single quotes"
        raise ArchiveError(f"the value of [{name}] must be {form}")
    try:
        return name, wording or load_json(text)
    except ArchiveError as error:
        raise ArchiveError(f"invalid value of [{name}]: {error.reason}") from None


def _set_field(fields: dict[str, Any], name: str, value: str) -> None:
    """Check the value of an attribute and set its field of Entry."""
    field = _FIELDS.get(name, name)
    if field in fields and name not in _REPEATABLE:
        raise ArchiveError(f"this entry has a second [{name}]; delete one of them")
    match name:
        case "source" | "absent" | "carried":
            fields[field] = tuple(value.split())
        case "former" | "beside":
            fields[field] = (*fields.get(field, ()), _load_wording(load_json(value)))
        case "author":
            fields[field] = (*fields.get(field, ()), value)
        case "topics":
            fields[field] = tuple(_check_signed_slug(slug) for slug in value.split())
        case "key":
            if value != "yes":
                raise ArchiveError(f'[key] must be "yes", not {value!r}; delete the line if this is not a key entry')
            fields[field] = True
        case "found":
            if value not in {basis.value for basis in DateBasis}:
                raise ArchiveError(f"[found] must be explicit, inferred or hand, not {value!r}")
            fields[field] = DateBasis(value)
        case "anchor" if not ANCHOR_PATTERN.fullmatch(value):
            raise ArchiveError(f"invalid anchor {value!r}; delete the line to get a new one")
        case "at" | "updated" | "moved" | "perhaps":
            is_entry = name in ("moved", "perhaps")
            fields[field] = format_entry_key(parse_entry_key(value)) if is_entry else _check_instant(value)
        case _:
            fields[field] = check_story(value) if name == "story" else value


def _check_instant(value: str) -> str:
    parse_instant(value)
    return value


def check_story(value: str) -> str:
    """Return the value of [story] in its normal form; raise an ArchiveError if it names no entry.

    >>> check_story("2023-06-02/t1005"), check_story("none")
    ('2023-06-02#t1005', 'none')
    """
    if value in STORY_VALUES:
        return value
    try:
        return format_entry_key(parse_entry_key(value.replace("/", "#", 1)))
    except ArchiveError:
        cure = 'write an entry of the story ("2023-06-02#t1005"), "none" or "new"'
        raise ArchiveError(f"[story] {value!r} does not name an entry; {cure}") from None


def _load_wording(value: Any) -> Wording:
    # "10:04", the form of headings, is not a time of RFC 3339, which msgspec reads.
    if isinstance(value, dict) and isinstance(time := value.get("time"), str):
        value = {**value, "time": f"{time}:00"}
    wording = _convert(value, Wording)
    for instant in filter(None, (wording.at, wording.updated)):
        parse_instant(instant)
    return wording


def _dump_wording(wording: Wording) -> str:
    value = to_builtins(wording)
    if value.get("time"):
        value["time"] = value["time"][:5]
    # An apostrophe would end the value. JSON allows writing it as an escape.
    return dump_json(value).replace("'", "\\u0027")


def _check_signed_slug(slug: str) -> str:
    if slug[0] not in "+-":
        raise ArchiveError(f"invalid topic {slug!r}; write +{slug} to add it or -{slug} to remove it")
    check_slug(slug[1:])
    return slug


def _dump_attributes(entry: Entry) -> list[str]:
    """Return the attribute lines of an entry, in a fixed order."""
    rows: list[str] = []
    other_wordings: list[str] = []
    for name in _ATTRIBUTE_NAMES:
        if not (value := getattr(entry, _FIELDS.get(name, name))):
            continue
        match name:
            case "former" | "beside":
                other_wordings += [f"[{name}]: # '{_dump_wording(wording)}'" for wording in value]
            case "author":
                rows += [f"[author]: # {dump_json(author)}" for author in value if author]
            case "found":
                rows.append(f"[found]: # {dump_json(value.value)}")
            case "key":
                rows.append('[key]: # "yes"')
            case _:
                rows.append(f"[{name}]: # {dump_json(value if isinstance(value, str) else ' '.join(value))}")
    return rows + other_wordings
