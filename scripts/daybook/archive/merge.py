"""Merge the entries of one page into a day. No stored entry is lost, and no edit by hand is overwritten.

A *stored* entry is in the day file, an *incoming* one is on the page. An entry is recognised by its `id`, or by its
fingerprint: the same minute, headline and text. If both fail and the day has another capture of the same live blog,
the incoming entry is a correction of a stored one in the same minute that the page does not repeat and that has the
same headline or a similar text. An incoming entry that may be a reworded version of a withdrawn entry needs review:
the withdrawn text was deleted, so the two cannot be compared.

A *wording* is a headline with a body. A page is a source of a wording if it has it. Entries keep the
fingerprint of the page's wording in `ingested`: if it differs from that of the entry, a person has edited the entry.
A page that repeats a known wording then changes nothing. Any other wording is stored as a conflict.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from enum import Enum
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from daybook.archive.from_record import IncomingEntry
from daybook.archive.similarity import ShingleIndex, shingles
from daybook.core.hashing import entry_fingerprint, text_fingerprint
from daybook.core.markdown import markdown_from_text
from daybook.core.model import (
    AnchorAllocator,
    Day,
    DayCaption,
    DaySource,
    Entry,
    Source,
    Wording,
    carrying_sources,
    convert_source,
    minute_of_day,
    sort_entries,
    with_carrying_sources,
    without_uncertain_credits,
)
from daybook.core.record import PageSource

_Span = tuple[int, int]  # minutes after midnight, both included

# Returns the keys of the pages with a wording, with the incoming page's key added.
_AddSource = Callable[[tuple[str, ...]], tuple[str, ...]]


class Outcome(Enum):
    """The result of merging one incoming entry."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    NEEDS_REVIEW = "needs review"


class ReviewItem(Struct, frozen=True):
    """Something on a page that a person must decide on: about the entry `anchor`, or about the ``lede``."""

    anchor: str
    reason: str


class MergeResult(Struct, frozen=True):
    """The day after a merge, the outcome of each incoming entry, and what needs review."""

    day: Day
    outcomes: tuple[Outcome, ...]
    review_items: tuple[ReviewItem, ...]


def merge_day(day: Day, incoming: Sequence[IncomingEntry], accepted: frozenset[str] = frozenset()) -> MergeResult:
    """Merge the entries of one page that belong to a day, oldest first, into the stored day.

    `accepted` are anchors of stored entries (or ``lede``) that the page's version replaces, whatever a person wrote.
    """
    merge = _Merge(day, incoming, accepted)
    outcomes = tuple(merge.add(each.entry) for each in incoming)
    merge.mark_missing()
    entries = sort_entries(tuple(merge.entries))
    return MergeResult(replace(merge.day, entries=entries), outcomes, tuple(merge.review_items))


class _Merge:
    """The state of a merge. Entries are referred to by their positions in `entries`, which do not change."""

    def __init__(self, day: Day, incoming: Sequence[IncomingEntry], accepted: frozenset[str]) -> None:
        self.day, self.accepted = day, accepted
        self.entries = list(day.entries)  # new ones are appended
        self.review_items: list[ReviewItem] = []
        self.present: set[int] = set()  # the entries that the page contains
        self._anchors = AnchorAllocator(entry.anchor for entry in day.entries)
        self._by_id: dict[str, int] = {}
        self._by_fingerprint: dict[str, int] = {}
        self._by_minute: dict[dt.time | None, list[int]] = {}
        for position, entry in enumerate(self.entries):
            self._index(position)
            self._by_minute.setdefault(entry.time, []).append(position)
        self._candidates = cache(self._find_candidates)  # once a minute: thousands of entries may share it
        fingerprints = {entry_fingerprint(each.entry) for each in incoming}
        # The entries that the page contains word for word.
        self.repeated = {position for text, position in self._by_fingerprint.items() if text in fingerprints}

        # The page as a source of the day, if the records name one, and the other captures of its live blog.
        page = incoming[0].source if incoming else None
        self.covered = incoming[0].covered if incoming else None
        wanted = convert_source(page, Source) if page else None
        self.source = next((source for source in day.sources if convert_source(source, Source) == wanted), None)
        self.is_new_source = bool(page) and self.source is None
        if page and self.source is None:
            self.source = convert_source(page, DaySource, key=next_source_key(day.sources))
            collected = union_spans(day.collected, self.covered) if self.covered else day.collected
            self.day = replace(day, sources=(*day.sources, self.source), collected=collected)
            self.day, reason = _add_header(self.day, page, self.source.key, replace_lede="lede" in accepted)
            if reason:
                self.review_items.append(ReviewItem("lede", reason))
        others = [source for source in day.sources if self.source and source != self.source]
        self.captures = {other.key: other for other in others if self.source and _is_same_live_blog(other, self.source)}

    def add(self, incoming: Entry) -> Outcome:
        """Merge one entry."""
        position = self._find(incoming)
        if position is not None:
            outcome = self._update(position, incoming)
        else:
            outcome, position, anchor = Outcome.NEW, len(self.entries), self._anchors.take(incoming.time)
            fingerprint = entry_fingerprint(incoming)
            self.entries.append(replace(incoming, anchor=anchor, sources=self._add_source(()), ingested=fingerprint))
        self._index(position)
        self.present.add(position)
        return outcome

    def mark_missing(self) -> None:
        """Mark the entries of earlier captures that the page does not contain although it covers their minute."""
        if self.source is None or not self.is_new_source or self.covered is None:
            return
        first, last = self.covered
        earlier = {key for key, source in self.captures.items() if not _is_known_earlier(self.source, source)}
        for position, entry in enumerate(self.entries):
            if position in self.present or entry.time is None or not earlier.intersection(carrying_sources(entry)):
                continue
            if first <= minute_of_day(entry.time) <= last:
                self.entries[position] = replace(entry, missing_from=(*entry.missing_from, self.source.key))

    def _index(self, position: int) -> None:
        entry = self.entries[position]
        if entry.id:
            self._by_id[entry.id] = position
        for fingerprint in (entry.ingested, entry_fingerprint(entry), *(old.digest for old in entry.revisions)):
            if fingerprint:
                self._by_fingerprint.setdefault(fingerprint, position)

    def _find(self, incoming: Entry) -> int | None:
        """Return the position of the entry that an incoming one repeats or corrects; None if it is new."""
        fingerprint = entry_fingerprint(incoming)
        position = self._by_id.get(incoming.id) if incoming.id else None
        if position is None:
            position = self._by_fingerprint.get(fingerprint)
        if position is None:
            candidates, tombstones = self._candidates(incoming.time, bool(incoming.id))
            position = candidates.find(incoming, self.present)
            if position is None:
                position = next((tombstone for tombstone in tombstones if tombstone not in self.present), None)
            return position
        stored = self.entries[position]
        if stored.is_tombstone and stored.anchor in self.accepted and fingerprint != stored.ingested:
            others = tuple(wording for wording in stored.revisions if wording.digest != fingerprint)
            if others != stored.revisions:
                # The tombstone was not certainly that of the incoming entry, and a person has said that it is not.
                self.entries[position] = replace(stored, revisions=others)
                return None
        return position

    def _find_candidates(self, time: dt.time | None, has_id: bool) -> tuple["_CandidateIndex", list[int]]:
        """Return the entries of a minute that an incoming one may correct, and the tombstones that may be its own."""
        entries = [
            (position, entry)
            for position in (self._by_minute.get(time, ()) if self.captures else ())
            # Entries with different ids are different entries.
            if not ((entry := self.entries[position]).id and has_id) and position not in self.repeated
            if not (entry.is_tombstone and (entry.anchor in self.accepted or time is None))
        ]
        tombstones = [position for position, entry in entries if entry.is_tombstone]
        return _CandidateIndex(pair for pair in entries if self._captures_of(pair[1])), tombstones

    def _update(self, position: int, incoming: Entry) -> Outcome:
        """Merge an entry into the stored one."""
        if self.entries[position].is_tombstone:
            return self._compare_with_tombstone(position, incoming)
        stored = without_uncertain_credits(self.entries[position])
        fingerprint = entry_fingerprint(incoming)
        known = carrying_sources(stored)
        carriers = self._add_source(known)
        updated, outcome = stored if carriers == known else _with_topics(stored, incoming), Outcome.SAME
        if stored.anchor in self.accepted and entry_fingerprint(stored) != fingerprint:
            updated, outcome = _with_correction(updated, incoming, self._add_source), Outcome.CHANGED
        elif fingerprint in (stored.ingested, entry_fingerprint(stored)) or self._is_old_wording(stored, fingerprint):
            updated = _with_added_source(updated, incoming, self._add_source)
        elif _is_hand_edited(stored):
            updated, outcome = _with_conflict(updated, incoming, self._add_source), Outcome.NEEDS_REVIEW
            reason = "the page differs from a manual edit; both are stored. To use the page's version"
            self._need_review(stored.anchor, reason)
        elif any(_is_known_earlier(self.source, other) for other in self._captures_of(stored)):
            updated, outcome = _with_older_revision(updated, incoming, self._add_source), Outcome.CHANGED
        else:
            updated, outcome = _with_correction(updated, incoming, self._add_source), Outcome.CHANGED
        self.entries[position] = with_carrying_sources(updated, carriers)
        return outcome

    def _compare_with_tombstone(self, position: int, incoming: Entry) -> Outcome:
        """Return SAME if the tombstone is the incoming entry's; else report it once and store its fingerprint."""
        stored, fingerprint = self.entries[position], entry_fingerprint(incoming)
        has_same_id = bool(incoming.id and incoming.id == stored.id)
        if has_same_id or fingerprint in (stored.ingested, *(wording.digest for wording in stored.revisions)):
            return Outcome.SAME
        self.entries[position] = replace(stored, revisions=(*stored.revisions, Wording(digest=fingerprint)))
        reason = "an entry of this minute was withdrawn or moved; this may be a new version of it. To add it"
        self._need_review(stored.anchor, reason)
        return Outcome.NEEDS_REVIEW

    def _need_review(self, anchor: str, reason: str) -> None:
        self.review_items.append(ReviewItem(anchor, f"{reason}, run again with FORCE={self.day.date}#{anchor}"))

    def _is_old_wording(self, stored: Entry, fingerprint: str) -> bool:
        """Return whether a correction has replaced this wording, and the newest capture does not return to it."""
        others = self._captures_of(stored)
        newest = self.is_new_source and bool(others) and all(_is_known_earlier(other, self.source) for other in others)
        return not newest and any(wording.digest == fingerprint for wording in stored.revisions)

    def _captures_of(self, entry: Entry) -> list[DaySource]:
        return [self.captures[key] for key in carrying_sources(entry) if key in self.captures]

    def _add_source(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Add the page's key to the keys of pages, before the first of them that was captured later."""
        if self.source is None or self.source.key in keys:
            return keys
        later = {other.key for other in self.day.sources if other.key in keys and _is_known_earlier(self.source, other)}
        index = next((index for index, key in enumerate(keys) if key in later), len(keys))
        return (*keys[:index], self.source.key, *keys[index:])


class _CandidateIndex:
    """The entries of a minute that an incoming one may correct, by position."""

    def __init__(self, entries: Iterable[tuple[int, Entry]]) -> None:
        self._by_headline: dict[str, list[int]] = defaultdict(list)
        self._texts = ShingleIndex[int]()
        for position, entry in entries:
            self._by_headline[entry.headline].append(position)
            self._texts.add(position, shingles(entry.body))

    def find(self, incoming: Entry, exclude: Container[int]) -> int | None:
        """Return the first position with the same headline or a similar text; None if there is none."""
        same_headline = self._by_headline.get(incoming.headline, ()) if incoming.headline else ()
        first = next((position for position in same_headline if position not in exclude), None)
        similar = self._texts.find_similar(shingles(incoming.body), exclude) if self._texts.holders else []
        return min([*similar, *([] if first is None else [first])], default=None)


def _with_added_source(stored: Entry, incoming: Entry, add_source: _AddSource) -> Entry:
    """Add the page to the sources of the stored wording, current or former, that it repeats."""
    fingerprint = entry_fingerprint(incoming)
    if fingerprint not in (stored.ingested, entry_fingerprint(stored)):
        return replace(stored, revisions=_add_to_wording(stored.revisions, fingerprint, add_source))
    # The sources of an edited entry have the wording before the edit. A page with the person's is not one of them.
    if fingerprint == stored.ingested or not (stored.ingested or stored.sources):
        return replace(stored, sources=add_source(stored.sources))
    return stored


def _with_correction(stored: Entry, incoming: Entry, add_source: _AddSource) -> Entry:
    """Make the page's wording the current one, and the former one a revision with its sources.

    Pages that are known to have had the new wording before remain its sources.
    """
    fingerprint = entry_fingerprint(incoming)
    # What a person wrote has no source.
    former = replace(_wording(stored), sources=() if _is_hand_edited(stored) else stored.sources)
    credited = [*(stored.sources if stored.ingested == fingerprint else ())]
    credited += (key for wording in stored.conflicts if wording.digest == fingerprint for key in wording.sources)
    sources, revisions = add_source(tuple(dict.fromkeys(credited))), (*stored.revisions, former)
    new = {field: getattr(incoming, field) for field in ("time", "at", "headline", "body", "updated")}
    return replace(stored, **new, sources=sources, ingested=fingerprint, revisions=revisions, conflicts=())


def _with_older_revision(stored: Entry, incoming: Entry, add_source: _AddSource) -> Entry:
    """Add the wording of an older capture to the revisions, after those that are older still."""
    key = add_source(())
    older = (index for index, wording in enumerate(stored.revisions, start=1) if add_source(wording.sources)[:1] != key)
    index = max(older, default=0)
    revision = replace(_wording(incoming), sources=key)
    return replace(stored, revisions=(*stored.revisions[:index], revision, *stored.revisions[index:]))


def _with_conflict(stored: Entry, incoming: Entry, add_source: _AddSource) -> Entry:
    """Store the page's wording as a conflict with an edit by hand; if it is stored, add the page to its sources."""
    conflicts, fingerprint = stored.conflicts, entry_fingerprint(incoming)
    if any(wording.digest == fingerprint for wording in conflicts):
        return replace(stored, conflicts=_add_to_wording(conflicts, fingerprint, add_source))
    return replace(stored, conflicts=(*conflicts, replace(_wording(incoming), sources=add_source(()))))


def _with_topics(stored: Entry, incoming: Entry) -> Entry:
    """Add the topics that the page names, except those that a person removed (``-slug``)."""
    mentioned = {slug[1:] for slug in stored.topics}
    added = tuple(slug for slug in incoming.topics if slug[1:] not in mentioned)
    return replace(stored, topics=(*stored.topics, *added))


def _add_to_wording(wordings: tuple[Wording, ...], fingerprint: str, add_source: _AddSource) -> tuple[Wording, ...]:
    return tuple(
        replace(wording, sources=add_source(wording.sources)) if wording.digest == fingerprint else wording
        for wording in wordings
    )


def _wording(entry: Entry) -> Wording:
    return Wording(headline=entry.headline, body=entry.body, digest=entry_fingerprint(entry))


def _is_hand_edited(entry: Entry) -> bool:
    """Return whether a person wrote or changed an entry."""
    return entry_fingerprint(entry) != entry.ingested


def next_source_key(sources: Sequence[DaySource]) -> str:
    """Return the key for a new source of a day: ``s1``, ``s2``, …"""
    numbers = [int(source.key[1:]) for source in sources if source.key[1:].isdigit()]
    return f"s{max(numbers, default=0) + 1}"


def _add_header(day: Day, page: PageSource, key: str, *, replace_lede: bool) -> tuple[Day, str]:
    """Add captions, title and lede of a page to its day; return the day, and why it needs review, or ""."""
    if page.date != day.date:
        return day, ""  # they belong to the day of the live blog itself, not to the evening before
    known = {(caption.text, caption.credit) for caption in day.captions}
    captions = [caption for caption in page.captions if (caption.text, caption.credit) not in known]
    added = [DayCaption(text=caption.text, credit=caption.credit, source=key) for caption in captions]
    day = replace(day, captions=(*day.captions, *added))
    title, lede = page.title.strip(), "\n\n".join(map(markdown_from_text, page.lede))
    fingerprint = text_fingerprint(title, lede)
    if replace_lede or not (day.title or day.lede):
        return replace(day, title=title, lede=lede, ingested=fingerprint), ""
    if fingerprint in (day.ingested, text_fingerprint(day.title, day.lede)):
        return day, ""
    reason = "the day already has a different title or lede; to use this page's"
    return day, f"{reason}, run again with FORCE={day.date}#lede"


def union_spans(spans: tuple[_Span, ...], span: _Span) -> tuple[_Span, ...]:
    """Add a span of minutes to sorted spans, and join those that touch."""
    joined: list[_Span] = []
    for start, end in sorted([*spans, span]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _is_same_live_blog(one: DaySource, other: DaySource) -> bool:
    """Return whether two pages are captures of one live blog: by URL, else by outlet, title and day."""
    if one.url and other.url:
        return one.url.partition("#")[0] == other.url.partition("#")[0]
    has_name = bool(one.title and one.date)
    return has_name and (one.outlet, one.title, one.date) == (other.outlet, other.title, other.date)


def _is_known_earlier(one: DaySource | None, other: DaySource | None) -> bool:
    """Return whether `one` is known to have been captured before `other`."""
    if one is None or other is None or not (one.captured and other.captured):
        return False
    return dt.datetime.fromisoformat(one.captured) < dt.datetime.fromisoformat(other.captured)
