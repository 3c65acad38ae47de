"""A segment → the same segment after some of its days changed: the only place that decides which rows are made anew.

The result is what `indexing` makes of all days, byte for byte; a property test holds it.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from .counts import Counting, DayCounts
from .document import SearchedDay
from .indexing import Made, dumped, indexed_day, summed
from .order import utf16
from .rows import Line, Row, dump_row, dump_written, load_written
from .segments import Coding, Segment, coding, gather, rank_in
from .shards import Bounds, Shard, load_shard, recut, size_of
from .splice import Span, first_code, spliced

_NOTHING = Row(0, ([], [], []))
Rows = dict[str, Row]


class Change(NamedTuple):
    """How rows change: the new ones by term (empty ones too), where they stand, which codes go.

    `counts` gives those of a day that stays.
    """

    rows: Rows
    codes: Coding
    span: Span
    is_gone: Callable[[int], bool]
    counts: Callable[[int], DayCounts]


def is_worthwhile(old: Segment, days: Sequence[SearchedDay]) -> bool:
    """Say whether most days are as they were, and their documents numbered as they were."""
    before = {(day.date, day.key) for day in old.days}
    kept = sum((day.date, day.key) in before for day in days)
    same = old.coding == coding((day.date, day.count) for day in days)
    return same and bool(old.shards) and 2 * kept > max(len(days), len(old.days))


def reindexed(
    old: Segment, days: Sequence[SearchedDay], bounds: Bounds, means: tuple[Counting, Callable[[bytes], bytes]]
) -> Made:
    """Make a segment anew from what it was; `means` count days and give scripts by digest, or raise LookupError."""
    counting, script = means
    before = {(day.date, day.key): day for day in old.days}
    now = {(day.date, day.key): day for day in days}
    added = {day.date: (day, counting.counts(day)) for key, day in now.items() if key not in before}
    gone = [counting.past_counts(day.key) for key, day in before.items() if key not in now]
    if not added and not gone:
        return Made(old, {})
    change = _change(gone, [counts for _, counts in added.values()], old.coding, _counts_of(days, counting, old.coding))

    @cache
    def read(shard: Shard) -> list[Line]:
        return load_shard(script(shard.digest))

    changed = _changed_shards(old.shards, change, read)
    size = sum(shard.size for shard in old.shards)
    grown = size + sum(size_of(lines) - old.shards[position].size for position, lines in changed.items())
    least = bounds.least_of(grown)
    if bounds.least_of(size) != least:
        changed = {**{position: read(shard) for position, shard in enumerate(old.shards)}, **changed}
    shards, scripts = dumped(bounds.segment, recut(old.shards, changed, least, read))
    known = tuple(indexed_day(*added[day.date]) if day.date in added else before[day.date, day.key] for day in days)
    return Made(Segment(bounds.segment, old.coding, known, summed(known), shards), scripts)


def _counts_of(days: Sequence[SearchedDay], counting: Counting, codes: Coding) -> Callable[[int], DayCounts]:
    by_date = {day.date: day for day in days}
    return cache(lambda number: counting.counts(by_date[codes.date(number * codes.places)]))


def _change(
    gone: Sequence[DayCounts], added: Sequence[DayCounts], codes: Coding, counts: Callable[[int], DayCounts]
) -> Change:
    """Gather what goes and what comes; a row that both have alike does not change."""
    before, after = gather(gone, codes), gather(added, codes)
    terms = sorted((term for term in before.keys() | after.keys() if before.get(term) != after.get(term)), key=utf16)
    dates = [day.date for day in (*gone, *added)]
    span = Span(codes.code(min(dates), 0), codes.code(max(dates), codes.places))
    left = {codes.code(day.date, 0) // codes.places for day in gone}
    rows = {term: after.get(term, _NOTHING) for term in terms}
    return Change(rows, codes, span, lambda code: code // codes.places in left, counts)


def _changed_shards(
    shards: Sequence[Shard], change: Change, read: Callable[[Shard], list[Line]]
) -> dict[int, list[Line]]:
    """Give the lines, by position, of the shards that hold changed terms."""
    keys = [utf16(shard.key) for shard in shards]
    terms: dict[int, list[str]] = {}
    for term in change.rows:
        terms.setdefault(bisect_right(keys, utf16(term)) - 1, []).append(term)
    return {position: _changed_lines(read(shards[position]), held, change) for position, held in terms.items()}


def _changed_lines(lines: Sequence[Line], terms: Sequence[str], change: Change) -> list[Line]:
    by_term = {line.term: line for line in lines}
    new = [term for term in terms if term not in by_term]  # the others keep their places
    for term in terms:
        line = _changed_line(by_term.get(term), term, change)
        if line is None:
            del by_term[term]
        else:
            by_term[term] = line
    held = list(by_term.values())
    return sorted(held, key=lambda line: utf16(line.term)) if new else held


def _changed_line(line: Line | None, term: str, change: Change) -> Line | None:
    """Return a term's line after a change, or None if no document has it any more."""
    new = change.rows[term]
    if line is None:
        return dump_row(term, new)
    old = load_written(line)
    made = spliced(old, new, change.span, change.is_gone)
    first = first_code(made.postings)
    if first is None:
        return None
    if first != first_code(old.postings) and all(field[:1] != [first] for field in new.fields):
        # What was the first posting is gone, and a day that stays has the first one now.
        day, place = divmod(first, change.codes.places)
        made = made._replace(rank=rank_in(change.counts(day), place, term))
    return dump_written(term, made)
