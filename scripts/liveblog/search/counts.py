"""Documents of a day → how often each term stands in each field: the only place for counting."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

from .analysis import Analyser
from .document import Document, searched


class FieldCounts(NamedTuple):
    """One field of one document: its length in terms, and each term's frequency by first appearance."""

    length: int
    terms: dict[str, int]


class DayCounts(Struct, frozen=True, array_like=True):
    """A day's documents in order, each as its fields' counts, and the topics of each."""

    date: dt.date
    documents: tuple[tuple[FieldCounts, ...], ...]
    topics: tuple[tuple[str, ...], ...]


def count_day(date: dt.date, documents: Iterable[Document], analyser: Analyser) -> DayCounts:
    """Count the terms of every field of every document of a day."""
    kept = tuple(documents)
    return DayCounts(
        date=date,
        documents=tuple(tuple(_count(analyser.terms(text)) for text in searched(document)) for document in kept),
        topics=tuple(document.topics for document in kept),
    )


def _count(terms: list[str]) -> FieldCounts:
    return FieldCounts(len(terms), dict(Counter(terms)))
