"""Update a segment after some of its days changed.

The result equals what `build_segment` makes of all days, byte for byte; a property test
compares them.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from daybook.search.document import SearchDay
from daybook.search.postings import (
    DocRange,
    EncodedTerm,
    PostingsList,
    dump_encoded,
    encode_term,
    first_doc_id,
    js_sort_key,
    load_encoded,
    patch_postings,
)
from daybook.search.segments import (
    BuiltSegment,
    DocIds,
    Segment,
    choose_doc_ids,
    collect_postings,
    summarize_day,
    term_rank,
    total_lengths,
    write_shards,
)
from daybook.search.shards import Shard, ShardLimits, load_shard, resplit_shards, text_size
from daybook.search.term_counts import DayTermCounts, TermCounter

_EMPTY = PostingsList(0, ([], [], []))


class SegmentDelta(NamedTuple):
    """What changes in the postings lists of a segment.

    Attributes:
        postings: The new postings of each term whose postings differ; empty for a term that only loses some.
        doc_ids: The document ids of the segment.
        doc_range: The range of all changed documents.
        is_removed: Returns whether a document id is of a removed or changed day.
        counts: Returns the counts of a day of the updated segment; the day is given as days since origin.
    """

    postings: dict[str, PostingsList]
    doc_ids: DocIds
    doc_range: DocRange
    is_removed: Callable[[int], bool]
    counts: Callable[[int], DayTermCounts]


def should_update(old: Segment, days: Sequence[SearchDay]) -> bool:
    """Return whether most days are unchanged and the document ids stay the same."""
    before = {(day.date, day.key) for day in old.days}
    unchanged = sum((day.date, day.key) in before for day in days)
    same_ids = old.doc_ids == choose_doc_ids((day.date, day.count) for day in days)
    return same_ids and bool(old.shards) and 2 * unchanged > max(len(days), len(old.days))


def update_segment(
    old: Segment,
    days: Sequence[SearchDay],
    limits: ShardLimits,
    counter: TermCounter,
    load_script: Callable[[bytes], bytes],
) -> BuiltSegment:
    """Update a segment to `days`, for which `should_update` is true.

    `load_script` returns the file of a shard by its digest. Raises LookupError if it or
    `counter` has lost data of the segment as it was.
    """
    before = {(day.date, day.key): day for day in old.days}
    now = {(day.date, day.key): day for day in days}
    added = {day.date: (day, counter.counts(day)) for key, day in now.items() if key not in before}
    removed = [counter.past_counts(day.key) for key, day in before.items() if key not in now]
    if not added and not removed:
        return BuiltSegment(old, {})
    counts = _counts_by_day(days, counter, old.doc_ids)
    delta = _delta(removed, [counts for _, counts in added.values()], old.doc_ids, counts)

    @cache
    def load(shard: Shard) -> list[EncodedTerm]:
        return load_shard(load_script(shard.digest))

    changed = _changed_shards(old.shards, delta, load)
    old_size = sum(shard.size for shard in old.shards)
    new_size = old_size + sum(text_size(terms) - old.shards[position].size for position, terms in changed.items())
    min_size = limits.min_size_for(new_size)
    if limits.min_size_for(old_size) != min_size:
        changed = {**{position: load(shard) for position, shard in enumerate(old.shards)}, **changed}
    shards, scripts = write_shards(limits.segment, resplit_shards(old.shards, changed, min_size, load))
    kept = tuple(summarize_day(*added[day.date]) if day.date in added else before[day.date, day.key] for day in days)
    return BuiltSegment(Segment(limits.segment, old.doc_ids, kept, total_lengths(kept), shards), scripts)


def _counts_by_day(days: Sequence[SearchDay], counter: TermCounter, doc_ids: DocIds) -> Callable[[int], DayTermCounts]:
    by_date = {day.date: day for day in days}
    return cache(lambda day: counter.counts(by_date[doc_ids.date(day * doc_ids.day_capacity)]))


def _delta(
    removed: Sequence[DayTermCounts],
    added: Sequence[DayTermCounts],
    doc_ids: DocIds,
    counts: Callable[[int], DayTermCounts],
) -> SegmentDelta:
    """Compare the postings of removed and added days; a changed day is among both."""
    before, after = collect_postings(removed, doc_ids), collect_postings(added, doc_ids)
    changed = (term for term in before.keys() | after.keys() if before.get(term) != after.get(term))
    dates = [day.date for day in (*removed, *added)]
    doc_range = DocRange(doc_ids.doc_id(min(dates), 0), doc_ids.doc_id(max(dates), doc_ids.day_capacity))
    removed_days = {doc_ids.doc_id(day.date, 0) // doc_ids.day_capacity for day in removed}
    postings = {term: after.get(term, _EMPTY) for term in sorted(changed, key=js_sort_key)}
    return SegmentDelta(
        postings, doc_ids, doc_range, lambda doc_id: doc_id // doc_ids.day_capacity in removed_days, counts
    )


def _changed_shards(
    shards: Sequence[Shard], delta: SegmentDelta, load: Callable[[Shard], list[EncodedTerm]]
) -> dict[int, list[EncodedTerm]]:
    """Return the new terms of each shard that contains changed terms, by position."""
    keys = [js_sort_key(shard.key) for shard in shards]
    changed: dict[int, list[str]] = {}
    for term in delta.postings:
        changed.setdefault(bisect_right(keys, js_sort_key(term)) - 1, []).append(term)
    return {position: _patch_shard(load(shards[position]), terms, delta) for position, terms in changed.items()}


def _patch_shard(shard: Sequence[EncodedTerm], changed: Sequence[str], delta: SegmentDelta) -> list[EncodedTerm]:
    by_term = {encoded.term: encoded for encoded in shard}
    has_new_term = any(term not in by_term for term in changed)
    for term in changed:
        encoded = _patch_term(by_term.get(term), term, delta)
        if encoded is None:
            del by_term[term]
        else:
            by_term[term] = encoded
    terms = list(by_term.values())
    return sorted(terms, key=lambda encoded: js_sort_key(encoded.term)) if has_new_term else terms


def _patch_term(encoded: EncodedTerm | None, term: str, delta: SegmentDelta) -> EncodedTerm | None:
    """Return a term after the change, or None if no document contains it any more."""
    new = delta.postings[term]
    if encoded is None:
        return encode_term(term, new)
    old = load_encoded(encoded)
    patched = patch_postings(old, new, delta.doc_range, delta.is_removed)
    first = first_doc_id(patched.postings)
    if first is None:
        return None
    if first != first_doc_id(old.postings) and all(field[:1] != [first] for field in new.fields):
        # The first posting was removed, and the one that is first now is of an unchanged day.
        day, position = divmod(first, delta.doc_ids.day_capacity)
        patched = patched._replace(rank=term_rank(delta.counts(day), position, term))
    return dump_encoded(term, patched)
