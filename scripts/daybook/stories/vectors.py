"""Entries as weighted words, and how alike two of them are.

The weight of a word grows with its frequency in the entry, falls with the number of entries that have it, and is higher
in a headline and for a name. The likeness is the cosine of two such vectors times its *breadth*, which is low if few
words carry the likeness: two reports on one company share one heavy name, two reports on one matter share six words.
"""

import math
from collections.abc import Iterable, Mapping

from msgspec import Struct

from daybook.stories.terms import EntryTerms, is_name

_KEPT = 120  # the heaviest words of an entry
_HEADLINE = 2.0  # added to the weight of a word of the headline
_NAME = 1.5
_BREADTH = 4.0
_COMMON = 0.10  # words in a larger share of entries say nothing
_COMMON_SMALL, _SMALL = 0.40, 50  # the same while there are at most 50 entries
_RARE, _RARE_MIN = 0.01, 3  # a rare word is in at most this share of entries, or in three


class WordCounts(Struct, array_like=True):
    """In how many entries each term is, and how often it stands with and without a capital inside sentences."""

    entries: int = 0
    holders: dict[str, int] = {}
    names: dict[str, int] = {}
    plain: dict[str, int] = {}

    def add(self, terms: Iterable[EntryTerms]) -> None:
        """Count further entries; several are the parts of one."""
        self.entries += 1
        seen: dict[str, None] = {}
        for part in terms:
            seen.update(dict.fromkeys(part.counts))
            seen.update(dict.fromkeys(part.in_headline))
            for totals, counts in ((self.names, part.names), (self.plain, part.plain)):
                for term, count in counts.items():
                    totals[term] = totals.get(term, 0) + count
        for term in seen:
            self.holders[term] = self.holders.get(term, 0) + 1

    def is_name(self, term: str) -> bool:
        """Tell whether a term is a name."""
        return is_name(self.names.get(term, 0), self.plain.get(term, 0))

    @property
    def rare_limit(self) -> float:
        """Return in how many entries a rare word is at most."""
        return max(_RARE_MIN, _RARE * self.entries)

    def vector(self, terms: Iterable[EntryTerms]) -> dict[str, float]:
        """Return the weights of the heaviest words of an entry, of length 1."""
        counts: dict[str, int] = {}
        heading: set[str] = set()
        for part in terms:
            heading.update(part.in_headline)
            for term, count in part.counts.items():
                counts[term] = counts.get(term, 0) + count
        limit = max(_RARE_MIN, _COMMON * self.entries) if self.entries > _SMALL else _COMMON_SMALL * self.entries + 1
        weights = {}
        for term in sorted(counts.keys() | heading):
            holders = self.holders[term]
            if holders <= limit:
                count = counts.get(term, 0)
                weight = (1 + math.log(count) if count else 1) + (_HEADLINE if term in heading else 0)
                rarity = max(0.0, math.log((self.entries + 1) / (holders + 0.5)))
                weights[term] = weight * rarity * (_NAME if self.is_name(term) else 1)
        heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_KEPT]
        length = math.sqrt(sum(weight * weight for _, weight in heaviest)) or 1.0
        return {term: weight / length for term, weight in heaviest}


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the cosine of two vectors of length 1."""
    return sum(_shared(one, other))


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the cosine of two vectors times its breadth, from 0 to 1.

    >>> round(likeness({"a": 1.0}, {"a": 1.0}), 2)  # one word alone carries it
    0.2
    """
    shared = _shared(one, other)
    total = sum(shared)
    if not total:
        return 0.0
    carrying = total * total / sum(part * part for part in shared)
    return total * carrying / (carrying + _BREADTH)


def _shared(one: Mapping[str, float], other: Mapping[str, float]) -> list[float]:
    small, large = (one, other) if len(one) < len(other) else (other, one)
    return [weight * large[term] for term, weight in small.items() if term in large]
