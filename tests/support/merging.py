"""Merge incoming entries into one day, for tests that need no other day."""

from collections.abc import Iterable, Sequence

from daybook.archive.from_record import IncomingEntry
from daybook.archive.merge import merge_page
from daybook.core.model import Day


def merge_into(day: Day, incoming: Sequence[IncomingEntry], forced: Iterable[str] = ()) -> Day:
    """Merge the entries of a page into their day; `forced` are anchors of entries that the page's version replaces."""
    accepted = frozenset(f"{day.date}#{anchor}" for anchor in forced)
    return merge_page({day.date: day}, incoming, accepted).days.get(day.date, day)
