"""The captures that a day lists: their keys, their order, and copies of them in other days."""

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence

import msgspec
from msgspec.structs import replace

from daybook.archive.identity import capture_sort_key, capture_time, live_blog_of
from daybook.core.errors import ArchiveError
from daybook.core.model import Day, DaySource, Entry, Source, carrying_sources, convert_source
from daybook.core.text import dump_json

_KEY_LENGTHS = (8, 12)
_DIGEST = re.compile(r"[0-9a-f]{12,}")


def live_blogs(day: Day) -> dict[str, str]:
    """Return the live blog of each capture of a day, by the key of the capture."""
    return {source.key: live_blog_of(source) for source in day.sources}


def canonical_keys(day: Day) -> dict[str, str]:
    """Return a key that each capture has in all days, by its key in this day: version 0.1 counted in each file."""
    return {source.key: source_key(source) for source in day.sources}


def find_source(sources: Sequence[DaySource], page: Source) -> DaySource | None:
    """Return the source that is the same capture as a page: the same bytes, else the same facts."""
    facts = _facts(page)
    for source in sources:
        if page.sha256 and source.sha256:
            if page.sha256 == source.sha256:
                return source
        elif _facts(source) == facts:
            return source
    return None


def source_key(page: Source, sources: Sequence[DaySource] = ()) -> str:
    """Return the key of a page: the first 8 hex digits of its digest, 12 if another of the `sources` has the same 8.

    The digest is that of the page's bytes, else of the facts that identify it. It is the same on every branch.
    Raises ArchiveError if 12 digits are not enough.
    """
    digest = page.sha256.lower()
    if not _DIGEST.fullmatch(digest):
        digest = hashlib.sha256(dump_json([page.sha256, *_facts(page)]).encode()).hexdigest()
    used = {source.key for source in sources}
    for length in _KEY_LENGTHS:
        if digest[:length] not in used:
            return digest[:length]
    raise ArchiveError(f"two pages have the key {digest[:12]}; give the source of this one another `key` by hand")


def merge_facts(stored: DaySource, page: Source) -> DaySource:
    """Complete a stored source with what another reading of the same page says; what is stored is kept.

    `captured` becomes the later time: the page was the same at both.
    """
    added = {
        field: value
        for field in Source.__struct_fields__
        if (value := getattr(page, field)) and not getattr(stored, field)
    }
    before, after = capture_time(stored), capture_time(page)
    if before is not None and after is not None and before < after:
        added["captured"] = page.captured
    return replace(stored, **added) if added else stored


def add_source(day: Day, source: DaySource) -> Day:
    """Add a capture to a day: in the order of capture times, then those without a time in the order of arrival."""
    sources = sorted((*day.sources, source), key=capture_sort_key)
    return replace(day, sources=tuple(sources))


def captures_in_order(days: Collection[Day]) -> list[DaySource]:
    """Return the captures that days list, each once, in the order of `add_source`.

    Where captures have no time, the lists of two days can each know a part of their order of arrival.
    """
    lists = [{source_key(source): source for source in day.sources if capture_time(source) is None} for day in days]
    untimed: dict[str, DaySource] = {}
    while lists := [rest for rest in lists if rest]:
        later = {key for rest in lists for key in list(rest)[1:]}
        key = next((key for rest in lists if (key := next(iter(rest))) not in later), next(iter(lists[0])))
        for rest in lists:
            if source := rest.pop(key, None):
                untimed.setdefault(key, source)
    timed = {source_key(source): source for day in days for source in day.sources if capture_time(source)}
    return [*sorted(timed.values(), key=capture_sort_key), *untimed.values()]


def copy_sources(entry: Entry, old_day: Day, day: Day) -> tuple[Entry, Day]:
    """Add the captures of an entry of `old_day` to another day; return the entry with their keys there, and the day."""
    keys: dict[str, str] = {}
    for source in old_day.sources:
        if source.key in (*carrying_sources(entry), *entry.missing_from):
            known = find_source(day.sources, source)
            if known is None:
                known = replace(source, key=source_key(source, day.sources))
                day = add_source(day, known)
            keys[source.key] = known.key
    return rename_sources(entry, keys), day


def rename_sources(entry: Entry, keys: dict[str, str]) -> Entry:
    """Replace the keys of captures in an entry and in all its wordings."""

    def rename(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(keys.get(name, name) for name in names)

    wordings = {
        field: tuple(
            replace(each, sources=rename(each.sources), source=keys.get(each.source, each.source))
            for each in getattr(entry, field)
        )
        for field in ("revisions", "conflicts")
    }
    lists = {field: rename(getattr(entry, field)) for field in ("sources", "missing_from", "carried")}
    return replace(entry, **wordings, **lists)


def _facts(source: Source) -> list[object]:
    """Return what identifies a page whose bytes are not known; readings of `lede` and `standfirst` may differ."""
    facts = msgspec.to_builtins(convert_source(source, Source))
    return [facts.get(field) for field in ("url", "title", "outlet", "captured", "printed_day", "date")]
