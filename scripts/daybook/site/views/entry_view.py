"""Entry → EntryView: text rendered, clocks read, sources looked up, other wordings compared."""

import datetime as dt
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape
from msgspec import Struct

from daybook.archive.merge import carrying_sources, without_uncertain_credits
from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.core.hashing import entry_fingerprint
from daybook.core.markdown import plain_text, render_markdown
from daybook.core.model import Day, DaySource, Entry, Wording, day_number, entry_instant
from daybook.core.text import parse_instant
from daybook.site.views.view_models import DayName, EntryView, LocalClock, RevisionView, SourceView, TopicName

_MADE_LENGTH = 80  # characters of text that stand for a headline that nobody gave


class EntryContext(Struct, frozen=True, kw_only=True):
    """What entries of one day have in common."""

    day: Day
    day_name: DayName
    settings: Config

    def source(self, entry: Entry, key: str) -> SourceView:
        """Look up a source of the day; an unknown key is an ArchiveError."""
        for source in self.day.sources:
            if source.key == key:
                return source_view(source, self.settings)
        known = ", ".join(source.key for source in self.day.sources) or "none"
        reason = f"the entry {entry.anchor} names the source {key!r}; the day has {known}"
        raise ArchiveError(f"{self.day.date}: {reason}")


def entry_view(entry: Entry, text: str, topics: tuple[TopicName, ...], scene: EntryContext) -> EntryView:
    """Give an entry, whose plain text is `text`, as pages show it; an unknown source key is an ArchiveError."""
    day, settings, entry = scene.day, scene.settings, without_uncertain_credits(entry)
    at = entry_instant(day.date, entry, settings.zone)
    return EntryView(
        anchor=entry.anchor,
        path=f"{scene.day_name.path}#{entry.anchor}",
        day=scene.day_name,
        time=entry.time,
        instant=format_utc(at) if at else "",
        clocks=tuple(_clock(place, zone, at, day.date) for place, zone in settings.places) if at else (),
        headline=entry.headline or headline_from_text(text),
        derived=not entry.headline,
        html=Markup(render_markdown(entry.body)),
        text=text,
        topics=topics,
        sources=tuple(scene.source(entry, key) for key in entry.sources),
        carriers=tuple(scene.source(entry, key) for key in carrying_sources(entry)),
        key=entry.key,
        lang=entry.lang or day.lang,
        by_hand=entry.ingested != entry_fingerprint(entry),
        updated=format_utc(dt.datetime.fromisoformat(entry.updated)) if entry.updated else "",
        authors=entry.authors,
        revisions=_former(entry, scene),
        conflicts=tuple(_revision(entry, _wording(entry), said, said, scene) for said in entry.conflicts),
        missing_from=tuple(scene.source(entry, key) for key in entry.missing_from),
    )


def _former(entry: Entry, scene: EntryContext) -> tuple[RevisionView, ...]:
    wordings = (*entry.revisions, _wording(entry))
    return tuple(_revision(entry, old, new, old, scene) for old, new in pairwise(wordings))


def _revision(entry: Entry, old: Wording, new: Wording, hidden: Wording, scene: EntryContext) -> RevisionView:
    """Compare a wording with the one after it; the source is the first page that printed the `hidden` one."""
    return RevisionView(
        headline=diff_line_html(old.headline, new.headline),
        html=diff_html(plain_text(old.body), plain_text(new.body)),
        source=scene.source(entry, hidden.sources[0]) if hidden.sources else None,
    )


def _wording(entry: Entry) -> Wording:
    return Wording(headline=entry.headline, body=entry.body)


def source_view(source: DaySource, settings: Config) -> SourceView:
    """Give a source with our number beside the one its page printed."""
    ours = day_number(source.date, settings.first_day) if source.date else None
    return SourceView(
        title=source.title,
        outlet=source.outlet,
        url=source.url,
        date=source.date,
        printed_day=source.printed_day,
        our_number=ours,
        standfirst=source.standfirst,
        captured=source.captured,
        sha256=source.sha256,
        counts_differently=None not in (source.printed_day, source.date) and source.printed_day != ours,
    )


def headline_from_text(text: str) -> str:
    """Make a display title of a text's beginning, cut between words.

    >>> made_headline("Rain fell on the harbour all morning, and the ferries stayed where they were.")
    'Rain fell on the harbour all morning, and the ferries stayed where they were.'
    """
    first = text.split("\n\n", 1)[0]
    if len(first) <= _MADE_LENGTH:
        return first
    return first[:_MADE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def format_utc(at: dt.datetime) -> str:
    """Write an instant in UTC as RFC 3339: ``2023-06-02T13:29:00Z``."""
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def capture_time_utc(captured: str) -> str:
    """Write a page's capture time in UTC; "" where it has none, or one that a person typed in another form."""
    try:
        return format_utc(parse_instant(captured)) if captured else ""
    except ArchiveError:
        return ""


def _clock(place: str, zone: ZoneInfo, at: dt.datetime, date: dt.date) -> LocalClock:
    there = at.astimezone(zone)
    minute = there.time().replace(second=0, microsecond=0)
    return LocalClock(place=place, time=minute, shift=(there.date() - date).days)


_WORD = re.compile(r"\n\n|\S+")


_BREAK = "\n\n"


# Above this many pairs of words a comparison costs more than it tells.
_MOST_PAIRS = 4_000_000


def diff_html(old: str, new: str) -> Markup:
    """Give the way from one plain text to the next, paragraph by paragraph.

    >>> str(changed("Two people were hurt.", "Three people were hurt."))
    '<p><del>Two</del> <ins>Three</ins> people were hurt.</p>'
    """
    return Markup("<p>{}</p>").format(diff_line_html(old, new))


def diff_line_html(old: str, new: str) -> Markup:
    """Give the same without the paragraph around it, for a headline."""
    parts: list[Markup] = []
    for tag, words in groupby(_steps(_WORD.findall(old), _WORD.findall(new)), lambda step: step[0]):
        for is_break, group in groupby((word for _, word in words), lambda word: word == _BREAK):
            text = Markup(" ").join(escape(word) for word in group)
            parts.append(Markup("</p>\n<p>") if is_break else Markup(_FRAMES[tag]).format(text))
    return Markup(" ").join(parts)


_FRAMES = {"equal": "{}", "delete": "<del>{}</del>", "insert": "<ins>{}</ins>"}


def _steps(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    if len(old) * len(new) > _MOST_PAIRS:
        yield from (("delete", word) for word in old)
        yield from (("insert", word) for word in new)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield from (("equal", word) for word in old[old_from:old_to])
        else:
            yield from (("delete", word) for word in old[old_from:old_to])
            yield from (("insert", word) for word in new[new_from:new_to])
