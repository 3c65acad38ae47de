"""Which capture printed which wording of an entry, and which wording is shown.

The day file stores observations: each wording with its date, time, headline and body, and the keys of all captures
that printed it. What an entry shows is a function of them: the wording of the latest capture.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec import UNSET
from msgspec.structs import replace

from daybook.archive.identity import capture_sort_key, capture_time
from daybook.core.hashing import entry_fingerprint, text_fingerprint
from daybook.core.model import DaySource, Entry, Wording, carrying_sources, without_uncertain_credits

_TEXT_FIELDS = ("time", "at", "updated", "headline", "body")


class CaptureOrder:
    """The captures of a day in the order of their times; those without a time in the order of their arrival."""

    def __init__(self, sources: Sequence[DaySource]) -> None:
        """Take the sources of a day, those without a time in the order of their arrival."""
        self._times = {source.key: capture_time(source) for source in sources}
        self._ranks = {source.key: rank for rank, source in enumerate(sorted(sources, key=capture_sort_key))}

    def sort(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return keys without repetition, in the order of the day's sources."""
        return tuple(sorted(dict.fromkeys(keys), key=self.rank))

    def rank(self, key: str) -> int:
        """Return the place of a capture among the sources of the day; an unknown one is the first."""
        return self._ranks.get(key, -1)

    def time(self, key: str) -> dt.datetime | None:
        """Return when a capture was made, None if that is not known."""
        return self._times.get(key)

    def is_earlier(self, one: str, other: str) -> bool:
        """Return whether one capture is known to be earlier than another."""
        first, second = self._times.get(one), self._times.get(other)
        return first is not None and second is not None and first < second

    def latest(self, printed_by: Sequence[Iterable[str]]) -> int:
        """Return the position of the wording, given by its captures, that the latest capture printed.

        If any capture has a time, only those with a time count; else the one that arrived last. Of two wordings of one
        capture, which a page without a digest can have, the last counts.
        """
        best, latest = len(printed_by) - 1, (False, dt.datetime.min.replace(tzinfo=dt.UTC), -2)
        for position, keys in enumerate(printed_by):
            for key in keys:
                time = self._times.get(key)
                moment = (time is not None, time or dt.datetime.min.replace(tzinfo=dt.UTC), self.rank(key))
                if moment >= latest:
                    best, latest = position, moment
        return best


def is_edited(entry: Entry) -> bool:
    """Return whether a person wrote or changed an entry."""
    return entry_fingerprint(entry) != entry.ingested


def wording_fingerprint(wording: Wording) -> str:
    """Return the fingerprint of a wording, "" if it is not known."""
    if wording.digest or wording.time is UNSET:
        return wording.digest
    time = wording.time.isoformat("minutes") if wording.time else ""
    return text_fingerprint(time, wording.headline, wording.body)


def wording_of(entry: Entry, sources: tuple[str, ...] = ()) -> Wording:
    """Return the wording that an entry shows, printed by `sources`."""
    return Wording(sources=sources, **{field: getattr(entry, field) for field in _TEXT_FIELDS})


def exact_wordings(date: dt.date, entry: Entry) -> frozenset[tuple[dt.date, str]]:
    """Return date and fingerprint of all wordings of an entry or a tombstone that are known."""
    exact = {(wording.date or date, wording_fingerprint(wording)) for wording in _others(entry)}
    exact |= (
        {(date, entry.ingested)} if entry.is_tombstone else {(date, entry.ingested), (date, entry_fingerprint(entry))}
    )
    return frozenset(pair for pair in exact if pair[1])


def tombstone_of(entry: Entry) -> Entry:
    """Return a tombstone for an entry, without a reason yet: its id, its captures and all fingerprints, but no text."""
    own = () if entry.is_tombstone else (Wording(digest=entry_fingerprint(entry)),)
    wordings = (*own, *(Wording(date=each.date, digest=wording_fingerprint(each)) for each in _others(entry)))
    others = dict.fromkeys(
        each for each in wordings if each.digest and (each.date, each.digest) != (None, entry.ingested)
    )
    fields = ("anchor", "time", "at", "ingested", "topics", "id", "missing_from")
    kept = {field: getattr(entry, field) for field in fields}
    return Entry(**kept, sources=carrying_sources(entry), revisions=tuple(others))


def correction_times(entry: Entry, order: CaptureOrder) -> tuple[str, ...]:
    """Return when each correction of an entry was first captured, oldest first, "" where that is not known.

    A capture whose wording is not that of the capture before it shows a correction. So a live blog that returns to a
    former wording corrected it twice.
    """
    wordings = [wording.sources for wording in entry.revisions if wording.headline or wording.body]
    wordings.append(entry.sources)
    timed = sorted((time, number) for number, keys in enumerate(wordings) for key in keys if (time := order.time(key)))
    found = [time.isoformat() for (_, before), (time, number) in pairwise(timed) if number != before]
    untimed = len(wordings) - len({number for _, number in timed})
    return (*[""] * min(untimed, len(wordings) - 1), *found)


def _others(entry: Entry) -> tuple[Wording, ...]:
    return (*entry.revisions, *entry.conflicts)


class Printing(NamedTuple):
    """A wording with its date and the capture that printed it.

    Attributes:
        is_accepted: the wording is shown whatever a person wrote.
        has_digest: the capture is known by the digest of its bytes. It prints an entry once, so if it was read
            differently before, by another version of the parser or with other hints, that reading is replaced.
    """

    wording: Wording
    is_accepted: bool = False
    has_digest: bool = False


def add_printing(entry: Entry, date: dt.date, printing: Printing, order: CaptureOrder) -> tuple[Entry, dt.date]:
    """Add a wording that a capture printed; return the entry and the date on which it now belongs.

    `date` is the entry's day. A wording that contradicts a person's edit is added to `conflicts`.
    """
    printed = printing.wording
    entry, was_misread = without_uncertain_credits(entry), False
    if printing.has_digest:
        entry, was_misread = _without_other_reading(entry, date, printed)
    entry = replace(
        entry,
        carried=tuple(key for key in entry.carried if key not in printed.sources),
        missing_from=tuple(key for key in entry.missing_from if key not in printed.sources),
    )
    if printing.is_accepted:
        return _accept(entry, date, printed, order)
    if is_edited(entry):
        return _add_to_edited(entry, date, printed, order), date
    wordings = _with_dates(entry.revisions, date)
    if not was_misread:
        wordings.append(replace(wording_of(entry, entry.sources), date=date))
    wordings = _add(wordings, printed, order)
    # In a file of version 0.1 it is not known which captures printed the wording shown.
    printed_by = [
        wording.sources or (entry.carried if _is_shown(wording, entry, date) else ())
        if wording.time is not UNSET
        else ()
        for wording in wordings
    ]
    shown = order.latest(printed_by)
    return _show(entry, wordings, shown, date, order)


def join_wordings(
    entry: Entry, date: dt.date, other: Entry, other_date: dt.date, order: CaptureOrder
) -> tuple[Entry, dt.date]:
    """Add all wordings of another entry to an entry, both with sources of one day; return it and its date.

    The text of an edited entry is kept; if the other one was edited, its text is stored as a conflict. Of attributes
    that both have, those of the first entry are kept.
    """
    other = without_uncertain_credits(other)
    if not is_edited(other):
        shown = [replace(wording_of(other, other.sources), date=other_date)]
    else:  # the page's text is not known, and the person's has no source
        shown = [Wording(sources=other.sources, date=other_date, digest=other.ingested)] if other.ingested else []
    for wording in (*_with_dates(other.revisions, other_date), *shown):
        entry, date = add_printing(entry, date, Printing(wording), order)
    conflicts = [*entry.conflicts, *(each for each in other.conflicts if each not in entry.conflicts)]
    if is_edited(other) and entry_fingerprint(other) != entry_fingerprint(entry):
        conflicts.append(wording_of(other))
    carried = [
        key for key in (*entry.carried, *other.carried) if key not in carrying_sources(replace(entry, carried=()))
    ]
    missing = [key for key in entry.missing_from if key in other.missing_from]
    named = {slug[1:] for slug in entry.topics}
    topics = (*entry.topics, *(slug for slug in other.topics if slug[1:] not in named))
    entry = replace(entry, conflicts=tuple(conflicts), carried=order.sort(carried), missing_from=tuple(missing))
    entry = replace(entry, topics=topics, key=entry.key or other.key)
    return replace(entry, authors=entry.authors or other.authors, lang=entry.lang or other.lang), date


def has_old_credits(entry: Entry) -> bool:
    """Return whether version 0.1 wrote former wordings of an entry, whose sources may be off by one."""
    return any(wording.source for wording in entry.revisions)


def mend_old_credits(entry: Entry, order: CaptureOrder) -> Entry | None:
    """Return an entry of version 0.1 with certain credits, None if the file does not decide them.

    Version 0.1 listed all captures of an entry in the order of ingesting, and its wordings in the same order. If there
    are as many wordings as captures, each capture printed one. If they were ingested in the order of their times,
    the first printed the oldest wording. The time of a former wording follows from its fingerprint.
    """
    keys = carrying_sources(entry)
    listed = entry.sources
    in_order = all(order.is_earlier(one, other) for one, other in pairwise(listed))
    is_decided = set(keys) == set(listed) and len(listed) == len(entry.revisions) + 1 and in_order
    if not is_decided or entry.conflicts or is_edited(entry):
        return None
    revisions = tuple(
        replace(_with_time(wording, entry.time), source="", sources=(key,))
        for wording, key in zip(entry.revisions, listed, strict=False)
    )
    return replace(entry, sources=listed[-1:], revisions=revisions)


def _with_time(wording: Wording, likely: dt.time | None) -> Wording:
    """Return a wording with the time that its fingerprint was made with, unchanged if none fits."""
    minutes = (dt.time(minute // 60, minute % 60) for minute in range(24 * 60))
    for time in (likely, None, *minutes):
        clock = time.isoformat("minutes") if time else ""
        if text_fingerprint(clock, wording.headline, wording.body) == wording.digest:
            return replace(wording, time=time, digest="")
    return wording


def _without_other_reading(entry: Entry, date: dt.date, printed: Wording) -> tuple[Entry, bool]:
    """Remove the credits of a capture for other wordings than the one that it is read as now, but not a person's text.

    Former wordings that no other capture printed are removed. Return also whether only this capture printed the
    wording shown.
    """
    now = (printed.date or date, wording_fingerprint(printed))
    revisions = []
    for wording in entry.revisions:
        rest = tuple(key for key in wording.sources if key not in printed.sources)
        if rest == wording.sources or (wording.date or date, wording_fingerprint(wording)) == now:
            revisions.append(wording)
        elif rest:
            revisions.append(replace(wording, sources=rest))
    entry = replace(entry, revisions=tuple(revisions))
    if is_edited(entry) or (date, entry.ingested) == now:
        return entry, False
    rest = tuple(key for key in entry.sources if key not in printed.sources)
    was_misread = bool(entry.sources) and not rest and not entry.carried
    return replace(entry, sources=rest), was_misread


def _with_dates(wordings: Iterable[Wording], date: dt.date) -> list[Wording]:
    return [wording if wording.date else replace(wording, date=date) for wording in wordings]


def _is_shown(wording: Wording, entry: Entry, date: dt.date) -> bool:
    return (wording.date, wording_fingerprint(wording)) == (date, entry.ingested)


def _add(wordings: Sequence[Wording], printed: Wording, order: CaptureOrder) -> list[Wording]:
    """Credit a wording that is known, or insert it after those that only earlier captures printed."""
    fingerprint = wording_fingerprint(printed)
    result = []
    found = False
    for wording in wordings:
        if not found and wording_fingerprint(wording) == fingerprint and wording.date == printed.date:
            found = True
            sources = order.sort((*wording.sources, *printed.sources))
            # The text of a wording of version 0.1 is known, but not its time.
            known = printed if wording.time is UNSET and printed.time is not UNSET else wording
            result.append(replace(known, sources=sources, source="", digest=""))
        else:
            result.append(wording)
    return result if found else [*result, printed]


def _show(
    entry: Entry, wordings: Sequence[Wording], shown: int, date: dt.date, order: CaptureOrder
) -> tuple[Entry, dt.date]:
    """Return an entry that shows one of its wordings, and the date of that wording; the others become revisions."""
    wording = wordings[shown]
    new_date = wording.date or date
    ranks: list[int] = []
    for other in wordings:  # a wording without a source stays behind the one that it follows
        ranks.append(order.rank(other.sources[0]) if other.sources else (ranks[-1] if ranks else -1))
    others = sorted((index for index in range(len(wordings)) if index != shown), key=lambda index: ranks[index])
    revisions = tuple(_stored_wording(wordings[index], new_date) for index in others)
    texts = {field: getattr(wording, field) for field in _TEXT_FIELDS}
    entry = replace(entry, **texts, sources=wording.sources, revisions=revisions)
    return replace(entry, ingested=entry_fingerprint(entry)), new_date


def _stored_wording(wording: Wording, date: dt.date) -> Wording:
    return replace(wording, date=None) if wording.date == date else wording


def _add_to_edited(entry: Entry, date: dt.date, printed: Wording, order: CaptureOrder) -> Entry:
    """Credit the wording that was edited, a former one, or a conflict; add any other as a conflict.

    A wording of earlier captures only does not contradict the edit: it becomes a revision.
    """
    fingerprint, keys = wording_fingerprint(printed), printed.sources
    is_here = (printed.date or date) == date
    if is_here and fingerprint == entry.ingested:
        return replace(entry, sources=order.sort((*entry.sources, *keys)))
    if is_here and fingerprint == entry_fingerprint(entry):
        # The page now says what the person wrote. Without the wording that was edited, it becomes the page's.
        if not (entry.ingested or entry.sources):
            return replace(entry, sources=order.sort(keys), ingested=fingerprint)
        return replace(entry, carried=order.sort((*entry.carried, *keys)))
    known = [wording_fingerprint(wording) for wording in entry.conflicts]
    if fingerprint in known:
        conflicts = _add(_with_dates(entry.conflicts, date), replace(printed, date=printed.date or date), order)
        return replace(entry, conflicts=tuple(_stored_wording(wording, date) for wording in conflicts))
    of_captures = [*entry.sources, *(key for wording in entry.conflicts for key in wording.sources)]
    is_old = bool(keys and of_captures) and all(
        any(order.is_earlier(key, other) for other in of_captures) for key in keys
    )
    former = [wording_fingerprint(wording) for wording in entry.revisions]
    if is_old or (fingerprint in former and not _returns(entry, keys, order)):
        wordings = _add(_with_dates(entry.revisions, date), replace(printed, date=printed.date or date), order)
        wordings.sort(key=lambda wording: order.rank(wording.sources[0]) if wording.sources else -1)
        return replace(entry, revisions=tuple(_stored_wording(wording, date) for wording in wordings))
    return replace(entry, conflicts=(*entry.conflicts, _stored_wording(printed, date)))


def _returns(entry: Entry, keys: tuple[str, ...], order: CaptureOrder) -> bool:
    """Return whether captures are known to be later than all others of an entry."""
    others = [key for key in carrying_sources(entry) if key not in keys]
    return bool(others) and all(order.is_earlier(other, key) for other in others for key in keys)


def _accept(entry: Entry, date: dt.date, printed: Wording, order: CaptureOrder) -> tuple[Entry, dt.date]:
    """Show a page's wording; a person's text becomes a revision without a source, conflicts become revisions."""
    wordings = [*_with_dates(entry.revisions, date), *_with_dates(entry.conflicts, date)]
    if is_edited(entry):
        if entry.sources and (date, entry.ingested) != (printed.date, wording_fingerprint(printed)):
            wordings.append(Wording(sources=entry.sources, date=date, digest=entry.ingested))
        elif entry.sources:
            printed = replace(printed, sources=order.sort((*entry.sources, *printed.sources)))
        wordings.append(replace(wording_of(entry), date=date))
    else:
        wordings.append(replace(wording_of(entry, entry.sources), date=date))
    wordings = _add(wordings, printed, order)
    shown = next(
        index
        for index, wording in enumerate(wordings)
        if (wording.date, wording_fingerprint(wording)) == (printed.date, wording_fingerprint(printed))
    )
    return _show(replace(entry, conflicts=()), wordings, shown, date, order)
