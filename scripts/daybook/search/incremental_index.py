"""Update a segment after some of its days changed.

The result equals what `build_segment` makes of all days, byte for byte; a property test compares them.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache, partial

import msgspec

from daybook.search.document import SearchDay
from daybook.search.families import FAMILY_FINDER, FormCounter, Forms, Keyed
from daybook.search.postings import EncodedTerm, PostingsList, encode_term, js_sort_key, patch_term
from daybook.search.segments import (
    BuiltSegment,
    Segment,
    SegmentContext,
    SegmentWords,
    choose_doc_ids,
    collect_postings,
    summarize_day,
    write_shards,
)
from daybook.search.shards import Shard, load_shard, resplit_shards, text_size
from daybook.search.term_counts import DayTermCounts

_EMPTY = PostingsList(0, ([], [], []))


def should_update(old: Segment, days: Sequence[SearchDay]) -> bool:
    """Return whether most days are unchanged and the document ids stay the same."""
    before = {(day.date, day.key) for day in old.days}
    unchanged = sum((day.date, day.key) in before for day in days)
    same_ids = old.doc_ids == choose_doc_ids((day.date, day.count) for day in days)
    return same_ids and bool(old.shards) and 2 * unchanged > max(len(days), len(old.days))


def update_segment(
    old: Segment, days: Sequence[SearchDay], context: SegmentContext, load: Callable[[bytes], bytes]
) -> BuiltSegment:
    """Update a segment to `days`, for which `should_update` is true.

    `load` returns data of the segment, such as the file of a shard, by its digest. Raises LookupError if it or the
    counter has lost data of the segment as it was.
    """
    limits, counter, base = context
    before = {(day.date, day.key): day for day in old.days}
    now = {(day.date, day.key): day for day in days}
    added = {day.date: (day, counter.counts(day)) for key, day in now.items() if key not in before}
    removed = [counter.past_counts(day.key) for key, day in before.items() if key not in now]
    if not added and not removed and base.digest == old.base:
        return BuiltSegment(old, {})
    by_date = {day.date: day for day in days}
    load_counts = cache(counter.counts)

    def find_rank(term: str, doc_id: int) -> int:
        """Return the rank (see `PostingsList`) of a term whose first posting is this document."""
        counts = load_counts(by_date[old.doc_ids.date(doc_id)])
        fields = counts.documents[doc_id % old.doc_ids.day_capacity]
        return next((list(field.terms).index(term) for field in fields if term in field.terms), 0)

    @cache
    def load_terms(shard: Shard) -> list[EncodedTerm]:
        return load_shard(load(shard.digest))

    changed = _changed_shards(old, removed, [counts for _, counts in added.values()], find_rank, load_terms)
    old_size = sum(shard.size for shard in old.shards)
    new_size = old_size + sum(text_size(terms) - old.shards[position].size for position, terms in changed.items())
    min_size = limits.min_size_for(new_size)
    if limits.min_size_for(old_size) != min_size:
        changed = {**{position: load_terms(shard) for position, shard in enumerate(old.shards)}, **changed}
    forms_before = msgspec.msgpack.decode(load(old.forms), type=Forms)
    counter_of_forms = FormCounter(forms_before)
    for _, counts in added.values():
        counter_of_forms.add(counts)
    for counts in removed:
        counter_of_forms.remove(counts)
    forms = counter_of_forms.forms
    keyed = FAMILY_FINDER.regroup(msgspec.msgpack.decode(load(old.keyed), type=Keyed), forms_before, forms)
    words = SegmentWords.of(forms, keyed, base)
    parts = resplit_shards(old.shards, changed, min_size, load_terms)
    shards, scripts = write_shards(limits.segment, parts, words.families, load_terms)
    kept = tuple(summarize_day(*added[day.date]) if day.date in added else before[day.date, day.key] for day in days)
    return words.built(limits.segment, old.doc_ids, kept, shards, scripts)


def _changed_shards(
    old: Segment,
    removed: Sequence[DayTermCounts],
    added: Sequence[DayTermCounts],
    find_rank: Callable[[str, int], int],
    load_terms: Callable[[Shard], list[EncodedTerm]],
) -> dict[int, list[EncodedTerm]]:
    """Return the new terms of each shard with changed terms, by position; a changed day is removed and added."""
    if not removed and not added:
        return {}
    doc_id = old.doc_ids.doc_id
    dates = [day.date for day in (*removed, *added)]
    doc_range = range(doc_id(min(dates), 0), doc_id(max(dates), old.doc_ids.day_capacity))
    removed_ids = {doc_id(day.date, position) for day in removed for position in range(len(day.documents))}
    before, after = collect_postings(removed, old.doc_ids), collect_postings(added, old.doc_ids)
    keys = [js_sort_key(shard.key) for shard in old.shards]
    changed: dict[int, dict[str, EncodedTerm]] = {}
    for term in {**before, **after}:
        postings = after.get(term, _EMPTY)
        if postings == before.get(term):
            continue
        position = bisect_right(keys, js_sort_key(term)) - 1
        if position not in changed:
            changed[position] = {encoded.term: encoded for encoded in load_terms(old.shards[position])}
        terms = changed[position]
        if term not in terms:
            terms[term] = encode_term(term, postings)
        elif patched := patch_term(terms[term], postings, doc_range, removed_ids, partial(find_rank, term)):
            terms[term] = patched
        else:
            del terms[term]
    return {position: [terms[term] for term in sorted(terms, key=js_sort_key)] for position, terms in changed.items()}
