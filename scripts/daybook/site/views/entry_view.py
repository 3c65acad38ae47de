"""Entries for display: Markdown rendered, sources looked up, versions compared word by word."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape
from msgspec import Struct

from daybook.archive.credits import CaptureOrder, correction_times
from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.core.hashing import entry_fingerprint
from daybook.core.markdown import plain_text, render_markdown
from daybook.core.model import (
    Day,
    DaySource,
    Entry,
    Wording,
    carrying_sources,
    convert_source,
    day_number,
    entry_instant,
    parse_entry_key,
    without_uncertain_credits,
)
from daybook.core.text import parse_instant
from daybook.site.views.urls import entry_page_url, entry_url
from daybook.site.views.view_models import (
    DayName,
    EntryLink,
    EntryView,
    LocalClock,
    RevisionView,
    SourceView,
    TopicName,
    day_name,
)

_DERIVED_HEADLINE_LENGTH = 80  # characters
# A word diff takes time proportional to this product; longer texts are shown as replaced.
_MAX_WORD_PAIRS = 4_000_000
_SENTENCE_LENGTH, _OPENING_LENGTH = 220, 420  # characters
# A full stop after a single letter or between digits ends no sentence.
_SENTENCE_END = re.compile(r"(?<![ .(]\w)(?<!^\w)[.!?…。！？؟]{1,9}[”’\"')»]{0,9}(?=\s|$)")
_PARAGRAPH_BREAK = "\n\n"
_DIFF_TOKEN = re.compile(r"\n\n|\S+")
_DIFF_HTML = {"equal": "{}", "delete": "<del>{}</del>", "insert": "<ins>{}</ins>"}


class EntryContext(Struct, frozen=True, kw_only=True):
    """What the entries of one day have in common."""

    day: Day
    day_name: DayName
    config: Config

    def source(self, key: str) -> SourceView:
        """Look up a source of the day by its key."""
        return next(source_view(source, self.config) for source in self.day.sources if source.key == key)


def entry_view(entry: Entry, text: str, topics: tuple[TopicName, ...], context: EntryContext) -> EntryView:
    """Return an entry for display; `text` is its plain text."""
    day, config, entry = context.day, context.config, without_uncertain_credits(entry)
    at = entry_instant(day.date, entry, config.zone)
    current = Wording(headline=entry.headline, body=entry.body)
    # The text of a wording that a person edited is not stored.
    former = tuple(wording for wording in entry.revisions if wording.headline or wording.body)

    def sources(keys: Iterable[str]) -> tuple[SourceView, ...]:
        return tuple(context.source(key) for key in keys)

    def changes(old: Wording, new: Wording, source_keys: tuple[str, ...]) -> RevisionView:
        return RevisionView(
            headline=diff_line_html(old.headline, new.headline),
            html=diff_html(plain_text(old.body), plain_text(new.body)),
            source=context.source(source_keys[0]) if source_keys else None,
        )

    return EntryView(
        anchor=entry.anchor,
        path=f"{context.day_name.path}#{entry.anchor}",
        page=entry_page_url(day.date, entry.anchor) if has_page(entry.key, config) else "",
        day=context.day_name,
        time=entry.time,
        instant=format_utc(at) if at else "",
        clocks=tuple(_local_clock(place, zone, at, day.date) for place, zone in config.places) if at else (),
        headline=entry.headline or headline_from_text(text),
        derived=not entry.headline,
        html=Markup(render_markdown(entry.body)),
        text=text,
        topics=topics,
        sources=sources(entry.sources),
        carriers=sources(carrying_sources(entry)),
        key=entry.key,
        lang=entry.lang or day.lang,
        by_hand=entry.ingested != entry_fingerprint(entry),
        updated=format_utc(dt.datetime.fromisoformat(entry.updated)) if entry.updated else "",
        authors=entry.authors,
        revisions=tuple(changes(old, new, old.sources) for old, new in pairwise((*former, current))),
        conflicts=tuple(changes(current, conflict, conflict.sources) for conflict in entry.conflicts),
        missing_from=sources(entry.missing_from),
        corrected=tuple(map(capture_time_utc, correction_times(entry, CaptureOrder(day.sources)))),
        perhaps=_perhaps(entry.perhaps, config) if entry.perhaps else None,
    )


def has_page(key: bool, config: Config) -> bool:
    """Tell whether an entry, which may be a key entry, has a page of its own."""
    return config.entry_pages == "all" or (key and config.entry_pages == "key")


def _perhaps(name: str, config: Config) -> EntryLink:
    date, anchor = parse_entry_key(name)
    time = dt.time(int(anchor[1:3]), int(anchor[3:5])) if anchor.startswith("t") else None
    return EntryLink(path=entry_url(date, anchor), day=day_name(date, config), time=time)


def _local_clock(place: str, zone: ZoneInfo, at: dt.datetime, date: dt.date) -> LocalClock:
    local = at.astimezone(zone)
    minute = local.time().replace(second=0, microsecond=0)
    return LocalClock(place=place, time=minute, shift=(local.date() - date).days)


def source_view(source: DaySource, config: Config) -> SourceView:
    """Return a source with the day number of the page and that of the archive."""
    our_number = day_number(source.date, config.first_day) if source.date else None
    counts_differently = None not in (source.printed_day, source.date) and source.printed_day != our_number
    return convert_source(source, SourceView, our_number=our_number, counts_differently=counts_differently)


def headline_from_text(text: str) -> str:
    """Return the start of the first paragraph as a headline, cut between words after 80 characters.

    >>> headline_from_text("Rain fell on the harbour all morning, and the ferries stayed where they were.")
    'Rain fell on the harbour all morning, and the ferries stayed where they were.'
    """
    first = text.split("\n\n", 1)[0]
    if len(first) <= _DERIVED_HEADLINE_LENGTH:
        return first
    return first[:_DERIVED_HEADLINE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def first_sentence(text: str) -> str:
    """Return the first sentence of a plain text, or its first words if that is long.

    >>> first_sentence("The gauge stood at 8.29 metres. It still rises.")
    'The gauge stood at 8.29 metres.'
    """
    paragraph = text.split("\n\n", 1)[0]
    end = _SENTENCE_END.search(paragraph)
    sentence = paragraph[: end.end()].rstrip() if end else paragraph
    return _cut(sentence, _SENTENCE_LENGTH)


def opening(text: str) -> str:
    """Return the first paragraph of a plain text, cut between words if it is long."""
    return _cut(text.split("\n\n", 1)[0], _OPENING_LENGTH)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def format_utc(at: dt.datetime) -> str:
    """Format an instant as RFC 3339 in UTC: ``2023-06-02T13:29:00Z``."""
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def capture_time_utc(captured: str) -> str:
    """Format the capture time of a page as RFC 3339 in UTC.

    Returns "" if there is none, or if a person typed one that is not an instant.
    """
    try:
        return format_utc(parse_instant(captured)) if captured else ""
    except ArchiveError:
        return ""


def shown_instant(instant: str, zone: dt.tzinfo) -> dt.datetime | None:
    """Return an RFC 3339 instant in a time zone; None for other text, which a person may have typed."""
    try:
        return parse_instant(instant).astimezone(zone)
    except (ArchiveError, OverflowError):
        return None


def diff_html(old: str, new: str) -> Markup:
    """Return the word diff of two plain texts as HTML paragraphs.

    >>> str(diff_html("Two people were hurt.", "Three people were hurt."))
    '<p><del>Two</del> <ins>Three</ins> people were hurt.</p>'
    """
    return Markup("<p>{}</p>").format(diff_line_html(old, new))


def diff_line_html(old: str, new: str) -> Markup:
    """Return the word diff of two plain texts as HTML without an enclosing paragraph, for headlines."""
    parts: list[Markup] = []
    for tag, tokens in groupby(_diff_tokens(_DIFF_TOKEN.findall(old), _DIFF_TOKEN.findall(new)), lambda step: step[0]):
        for is_break, group in groupby((token for _, token in tokens), lambda token: token == _PARAGRAPH_BREAK):
            text = Markup(" ").join(escape(token) for token in group)
            parts.append(Markup("</p>\n<p>") if is_break else Markup(_DIFF_HTML[tag]).format(text))
    return Markup(" ").join(parts)


def _diff_tokens(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Yield tokens, each with "equal", "delete" or "insert"."""
    if len(old) * len(new) > _MAX_WORD_PAIRS:
        steps = [("replace", 0, len(old), 0, len(new))]
    else:
        steps = list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    for tag, old_from, old_to, new_from, new_to in steps:
        if tag == "equal":
            yield from (("equal", token) for token in old[old_from:old_to])
        else:
            yield from (("delete", token) for token in old[old_from:old_to])
            yield from (("insert", token) for token in new[new_from:new_to])
