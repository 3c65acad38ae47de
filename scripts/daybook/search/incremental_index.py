"""A segment → the same segment after some of its days changed: the only place that decides which rows are made anew.

The result is what `indexing` makes of all days, byte for byte; a property test holds it.
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

_NOTHING = PostingsList(0, ([], [], []))


PostingsByTerm = dict[str, PostingsList]


class SegmentDelta(NamedTuple):
    """How rows change: the new ones by term (empty ones too), where they stand, which codes go.

    `counts` gives those of a day that stays.
    """

    postings: PostingsByTerm
    doc_ids: DocIds
    doc_range: DocRange
    is_gone: Callable[[int], bool]
    counts: Callable[[int], DayTermCounts]


def should_update(old: Segment, days: Sequence[SearchDay]) -> bool:
    """Say whether most days are as they were, and their documents numbered as they were."""
    before = {(day.date, day.key) for day in old.days}
    kept = sum((day.date, day.key) in before for day in days)
    same = old.doc_ids == choose_doc_ids((day.date, day.count) for day in days)
    return same and bool(old.shards) and 2 * kept > max(len(days), len(old.days))


def update_segment(
    old: Segment, days: Sequence[SearchDay], bounds: ShardLimits, means: tuple[TermCounter, Callable[[bytes], bytes]]
) -> BuiltSegment:
    """Make a segment anew from what it was; `means` count days and give scripts by digest, or raise LookupError."""
    counting, script = means
    before = {(day.date, day.key): day for day in old.days}
    now = {(day.date, day.key): day for day in days}
    added = {day.date: (day, counting.counts(day)) for key, day in now.items() if key not in before}
    gone = [counting.past_counts(day.key) for key, day in before.items() if key not in now]
    if not added and not gone:
        return BuiltSegment(old, {})
    change = _change(
        gone, [counts for _, counts in added.values()], old.doc_ids, _counts_of(days, counting, old.doc_ids)
    )

    @cache
    def read(shard: Shard) -> list[EncodedTerm]:
        return load_shard(script(shard.digest))

    changed = _changed_shards(old.shards, change, read)
    size = sum(shard.size for shard in old.shards)
    grown = size + sum(text_size(lines) - old.shards[position].size for position, lines in changed.items())
    least = bounds.least_of(grown)
    if bounds.least_of(size) != least:
        changed = {**{position: read(shard) for position, shard in enumerate(old.shards)}, **changed}
    shards, scripts = write_shards(bounds.segment, resplit_shards(old.shards, changed, least, read))
    known = tuple(summarize_day(*added[day.date]) if day.date in added else before[day.date, day.key] for day in days)
    return BuiltSegment(Segment(bounds.segment, old.doc_ids, known, total_lengths(known), shards), scripts)


def _counts_of(days: Sequence[SearchDay], counting: TermCounter, codes: DocIds) -> Callable[[int], DayTermCounts]:
    by_date = {day.date: day for day in days}
    return cache(lambda number: counting.counts(by_date[codes.date(number * codes.day_capacity)]))


def _change(
    gone: Sequence[DayTermCounts], added: Sequence[DayTermCounts], codes: DocIds, counts: Callable[[int], DayTermCounts]
) -> SegmentDelta:
    """Gather what goes and what comes; a row that both have alike does not change."""
    before, after = collect_postings(gone, codes), collect_postings(added, codes)
    terms = sorted(
        (term for term in before.keys() | after.keys() if before.get(term) != after.get(term)), key=js_sort_key
    )
    dates = [day.date for day in (*gone, *added)]
    span = DocRange(codes.doc_id(min(dates), 0), codes.doc_id(max(dates), codes.day_capacity))
    left = {codes.doc_id(day.date, 0) // codes.day_capacity for day in gone}
    rows = {term: after.get(term, _NOTHING) for term in terms}
    return SegmentDelta(rows, codes, span, lambda code: code // codes.day_capacity in left, counts)


def _changed_shards(
    shards: Sequence[Shard], change: SegmentDelta, read: Callable[[Shard], list[EncodedTerm]]
) -> dict[int, list[EncodedTerm]]:
    """Give the lines, by position, of the shards that hold changed terms."""
    keys = [js_sort_key(shard.key) for shard in shards]
    terms: dict[int, list[str]] = {}
    for term in change.postings:
        terms.setdefault(bisect_right(keys, js_sort_key(term)) - 1, []).append(term)
    return {position: _changed_lines(read(shards[position]), held, change) for position, held in terms.items()}


def _changed_lines(lines: Sequence[EncodedTerm], terms: Sequence[str], change: SegmentDelta) -> list[EncodedTerm]:
    by_term = {line.term: line for line in lines}
    new = [term for term in terms if term not in by_term]  # the others keep their places
    for term in terms:
        line = _changed_line(by_term.get(term), term, change)
        if line is None:
            del by_term[term]
        else:
            by_term[term] = line
    held = list(by_term.values())
    return sorted(held, key=lambda line: js_sort_key(line.term)) if new else held


def _changed_line(line: EncodedTerm | None, term: str, change: SegmentDelta) -> EncodedTerm | None:
    """Return a term's line after a change, or None if no document has it any more."""
    new = change.postings[term]
    if line is None:
        return encode_term(term, new)
    old = load_encoded(line)
    made = patch_postings(old, new, change.doc_range, change.is_gone)
    first = first_doc_id(made.postings)
    if first is None:
        return None
    if first != first_doc_id(old.postings) and all(field[:1] != [first] for field in new.fields):
        # What was the first posting is gone, and a day that stays has the first one now.
        day, place = divmod(first, change.doc_ids.day_capacity)
        made = made._replace(rank=term_rank(change.counts(day), place, term))
    return dump_encoded(term, made)
