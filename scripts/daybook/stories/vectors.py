"""Entries as weighted words, and how alike two of them are.

The weight of a word grows with its frequency in the entry, falls with the number of entries that have it, and is higher
in a headline and for a name. The likeness is the cosine of two such vectors times its *breadth*, which is low if few
words carry the likeness: two reports on one company share one heavy name, two reports on one matter share six words.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from daybook.core.hashing import digest
from daybook.stories.terms import EntryTerms, headline_without_figures, is_name

REGULAR = 3  # a headline that was used on so many days before is that of a regular item, such as "Summary"
UNIT = 10_000  # the length of a vector: weights are whole numbers, whose sums are exact in any order
_KEPT = 120  # the heaviest words of an entry
_HEADLINE = 2.0  # added to the weight of a word of the headline
_NAME = 1.5
_BREADTH = 4.0
_COMMON = 0.10  # words in a larger share of entries say nothing
_COMMON_SMALL, _SMALL = 0.40, 50  # the same while there are at most 50 entries
_RARE, _RARE_MIN = 0.01, 3  # a rare word is in at most this share of entries, or in three


class WordCounts(Struct, array_like=True):
    """In how many entries each term is, and how often it occurs with and without a capital inside sentences.

    `headlines` has the first days, at most three, on which a headline was used, by a digest of its words.
    """

    entries: int = 0
    holders: dict[str, int] = {}
    names: dict[str, int] = {}
    plain: dict[str, int] = {}
    headlines: dict[bytes, list[int]] = {}

    def merge(self, other: "WordCounts") -> None:
        """Add the counts of later entries."""
        self.entries += other.entries
        pairs = (self.holders, other.holders), (self.names, other.names), (self.plain, other.plain)
        for totals, counts in pairs:
            for term, count in counts.items():
                totals[term] = totals.get(term, 0) + count
        for headline, days in other.headlines.items():
            known = self.headlines.get(headline, [])
            self.headlines[headline] = [*known, *days][:REGULAR]

    def add(self, terms: Sequence[EntryTerms], day: int) -> None:
        """Count an entry of a day; several terms are the parts of one."""
        self.entries += 1
        if headline := _headline_digest(terms[0].base):
            days = self.headlines.setdefault(headline, [])
            if day not in days and len(days) < REGULAR:
                days.append(day)
        seen: dict[str, None] = {}  # no set: the order of the counts is part of the digest of a state
        for part in terms:
            seen.update(dict.fromkeys(part.counts))
            seen.update(dict.fromkeys(part.in_headline))
            for totals, counts in ((self.names, part.names), (self.plain, part.plain)):
                for term, count in counts.items():
                    totals[term] = totals.get(term, 0) + count
        holders = self.holders
        known = holders.get
        for term in seen:
            holders[term] = known(term, 0) + 1

    def is_regular(self, headline: str, day: int) -> bool:
        """Tell whether a headline was used on three days before a day."""
        words = _headline_digest(headline)
        return sum(earlier < day for earlier in self.headlines.get(words, ())) >= REGULAR if words else False

    def is_name(self, term: str) -> bool:
        """Tell whether a term is a name."""
        return is_name(self.names.get(term, 0), self.plain.get(term, 0))

    @property
    def rare_limit(self) -> float:
        """Return in how many entries a rare word is at most."""
        return max(_RARE_MIN, _RARE * self.entries)

    def vector(self, terms: Sequence[EntryTerms]) -> dict[str, int]:
        """Return the weights of the heaviest words of an entry, as a vector of the length `UNIT`."""
        counts: dict[str, int] = {}
        heading: set[str] = set()
        for part in terms:
            heading.update(part.in_headline)
            if len(terms) == 1:
                counts = part.counts
                continue
            for term, count in part.counts.items():
                counts[term] = counts.get(term, 0) + count
        limit = max(_RARE_MIN, _COMMON * self.entries) if self.entries > _SMALL else _COMMON_SMALL * self.entries + 1
        weights = {}
        holders_of, names, plain, log, entries = self.holders, self.names, self.plain, math.log, self.entries + 1
        for term in counts.keys() | heading:
            holders = holders_of[term]
            if holders <= limit:
                count = counts.get(term, 0)
                weight = 1 + log(count) if count > 1 else 1.0
                if term in heading:
                    weight += _HEADLINE
                if term in names and is_name(names[term], plain.get(term, 0)):
                    weight *= _NAME
                weights[term] = weight * log(entries / (holders + 0.5))
        heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_KEPT]
        length = math.sqrt(math.fsum([weight * weight for _, weight in heaviest])) or 1.0
        return {term: round(weight / length * UNIT) for term, weight in heaviest}


class Likeness(NamedTuple):
    """How alike two vectors are: their cosine, and the cosine times its breadth, both from 0 to 1."""

    cosine: float
    likeness: float


def compare(one: Mapping[str, int], other: Mapping[str, int]) -> Likeness:
    """Return how alike two vectors of the length `UNIT` are.

    >>> cosine, likeness = compare({"a": UNIT}, {"a": UNIT})  # one word alone carries it
    >>> round(cosine, 2), round(likeness, 2)
    (1.0, 0.2)
    """
    # Sums of integers are exact: the order of a set, which differs from run to run, does not decide them.
    shared = [one[term] * other[term] for term in one.keys() & other.keys()]
    total = sum(shared)
    if not total:
        return Likeness(0.0, 0.0)
    carrying = total * total / sum([part * part for part in shared])
    cosine = total / (UNIT * UNIT)
    return Likeness(cosine, cosine * carrying / (carrying + _BREADTH))


def _headline_digest(headline: str) -> bytes:
    """Return a digest of the words of a headline, figures apart; empty without any."""
    words = headline_without_figures(headline)
    return digest(words)[:8] if words else b""
