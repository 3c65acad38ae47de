"""The stored entries of a live blog, as `pairing` compares them with the entries of a page."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct, UnsetType
from msgspec.structs import replace

from daybook.archive.corrections import Text
from daybook.archive.credits import exact_wordings, wording_of
from daybook.archive.day_sources import canonical_keys, captures_in_order, live_blogs, source_key
from daybook.archive.identity import capture_time, live_blog_of
from daybook.core.model import Day, DaySource, Entry, EntryKey, Wording, carrying_sources, parse_entry_key

Span = tuple[int, int]  # first and last minute, as `Text.minute`
Entries = Mapping[dt.date, Mapping[str, Entry]]  # by date and anchor


class StoredPost(Struct, frozen=True):
    """A stored entry as pairing sees it.

    Attributes:
        texts: its wordings with text, the one shown first; none of a tombstone.
        exact: date and fingerprint of all its wordings.
        ids: the strong ids that it is known by.
        captures: the keys of the captures that printed it.
        is_open: False if it cannot be a further entry of this capture: the capture printed it already.
        is_expected: the captures next to this one in time, of those that cover its minute, have it.
        distance: how many captures lie between this one and the next that has it.
    """

    texts: tuple[Text, ...]
    exact: frozenset[tuple[dt.date, str]]
    ids: frozenset[str] = frozenset()
    captures: frozenset[str] = frozenset()
    is_open: bool = True
    is_expected: bool = True
    distance: int = 0


class BlogPosts(NamedTuple):
    """Stored entries that a page can have, their keys, the minutes that each capture covers, and what was moved.

    `moved_from` are the days of the stubs of each entry that was moved.
    """

    places: list[EntryKey]
    posts: list[StoredPost]
    spans: dict[str, Span]
    moved_from: dict[EntryKey, set[dt.date]]


class _Neighbours(NamedTuple):
    """The captures before and after a page, each list with the nearest first; it may lie between any if `is_any`.

    `untimed` are those without a time, the last arrival first: each of them can be the next.
    """

    before: Sequence[str]
    after: Sequence[str]
    untimed: Sequence[str]
    is_any: bool

    @property
    def sides(self) -> tuple[Sequence[str], ...]:
        return self.before, self.after, self.untimed


def posts_for_page(
    days: Mapping[dt.date, Day], page: DaySource | None, dates: Collection[dt.date], *, is_known: bool
) -> BlogPosts:
    """Return the stored entries that those of a page are compared with; `page` is None for records without a page.

    These are all entries of its live blog, and of the page's `dates` also those that no page printed: of them, only
    identical words or ids count. A page that is not known yet cannot be a further capture of an entry that has it.
    """
    entries = {date: {entry.anchor: entry for entry in day.entries} for date, day in days.items()}
    blog, key = (live_blog_of(page), source_key(page)) if page else ("", "")
    found = BlogPosts([], [], {}, defaultdict(set))
    stubs: dict[EntryKey, list[tuple[dt.date, Entry]]] = defaultdict(list)
    for date, day in days.items():
        canonical, blogs = canonical_keys(day), live_blogs(day)
        for entry in day.entries:
            keys = carrying_sources(entry)
            is_of_blog = bool(blog) and any(blogs.get(each) == blog for each in keys)
            if is_of_blog:
                capture_spans(date, entry, canonical, found.spans)
            elif date not in dates or (keys and page):
                continue
            if entry.moved:
                target = follow_stub(entries, (date, entry.anchor))
                stubs[target].append((date, entry))
                found.moved_from[target].add(date)
                continue
            post = stored_post(date, entry, canonical)
            if not is_of_blog:
                post = replace(post, texts=(), ids=frozenset() if keys else post.ids)
            found.places.append((date, entry.anchor))
            found.posts.append(replace(post, is_open=is_known or key not in post.captures))
    neighbours = _neighbours(days, page)
    for number, (place, post) in enumerate(zip(found.places, found.posts, strict=True)):
        moved = stubs.get(place, ())
        distances = [side.index(each) for side in neighbours.sides for each in post.captures if each in side]
        found.posts[number] = replace(
            post,
            ids=post.ids | {stub.id for _, stub in moved if stub.id},
            exact=post.exact.union(*(exact_wordings(date, stub) for date, stub in moved)),
            is_expected=_is_expected(post, neighbours, found.spans),
            distance=min(distances, default=0),
        )
    return found


def follow_stub(entries: Entries, place: EntryKey) -> EntryKey:
    """Return where an entry is that was moved, perhaps more than once; the place itself if it was not."""
    seen = {place}
    while (entry := entries.get(place[0], {}).get(place[1])) and entry.moved:
        target = parse_entry_key(entry.moved)
        if target[1] not in entries.get(target[0], {}) or target in seen:
            break
        seen.add(target)
        place = target
    return place


def stored_post(date: dt.date, entry: Entry, canonical: Mapping[str, str], *, is_open: bool = True) -> StoredPost:
    """Return a stored entry as `pairing` sees it; `canonical` maps the keys of its day to keys of all days."""
    others = [wording for wording in (*entry.revisions, *entry.conflicts) if wording.headline or wording.body]
    texts = [Text(date, entry), *(Text(wording.date or date, _entry_with(wording, entry)) for wording in others)]
    return StoredPost(
        texts=() if entry.is_tombstone else tuple(texts),
        exact=exact_wordings(date, entry),
        ids=frozenset([entry.id]) if entry.id else frozenset(),
        captures=frozenset(canonical.get(key, key) for key in carrying_sources(entry)),
        is_open=is_open,
    )


def capture_spans(date: dt.date, entry: Entry, canonical: Mapping[str, str], spans: dict[str, Span]) -> None:
    """Extend the minutes that each capture covers, by its key, by those of the wordings of an entry."""
    shown = wording_of(entry, (*entry.sources, *entry.carried))
    for wording in (shown, *entry.revisions, *entry.conflicts):
        text = Text(wording.date or date, _entry_with(wording, entry))
        for key in wording.sources if text.is_timed else ():
            first, last = spans.get(canonical.get(key, key), (text.minute, text.minute))
            spans[canonical.get(key, key)] = (min(first, text.minute), max(last, text.minute))


def _entry_with(wording: Wording, entry: Entry) -> Entry:
    """Return an entry that shows a wording; one of version 0.1 without a time has the time of the entry."""
    time = entry.time if isinstance(wording.time, UnsetType) else wording.time
    return Entry(anchor="", time=time, headline=wording.headline, body=wording.body)


def _neighbours(days: Mapping[dt.date, Day], page: DaySource | None) -> _Neighbours:
    """Return the captures of a page's live blog that may be next to the page in time."""
    if page is None:
        return _Neighbours((), (), (), is_any=False)
    blog, own, time = live_blog_of(page), source_key(page), capture_time(page)
    captures = [each for each in captures_in_order(days.values()) if live_blog_of(each) == blog]
    times = {source_key(each): capture_time(each) for each in captures if source_key(each) != own}
    before = [key for key, other in times.items() if other and not (time and other > time)]
    after = [key for key, other in times.items() if other and time and other > time]
    untimed = [key for key, other in times.items() if other is None]
    return _Neighbours(before[::-1], after, untimed[::-1], is_any=time is None)


def _is_expected(post: StoredPost, neighbours: _Neighbours, spans: Mapping[str, Span]) -> bool:
    """Return whether the next capture on one side that covers an entry has it, or one that may be the next."""
    if neighbours.is_any or not post.captures.isdisjoint(neighbours.untimed):
        return True
    for side in (neighbours.before, neighbours.after):
        for key in side:
            if key in post.captures:
                return True
            first, last = spans.get(key, (1, 0))
            if any(first < text.minute <= last for text in post.texts):  # a page may end within its first minute
                break
    return False
