"""Related entries: identical text on any day, similar text on the same or the neighbouring day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daybook.archive.similarity import (
    MAX_SHINGLE_HOLDERS,
    EntryPair,
    ShingleIndex,
    exact_text_hash,
    index_day,
    is_similar,
    related_entries,
    shingles,
    similar_pairs,
)
from daybook.core.markdown import plain_text
from daybook.core.model import Day, Entry, EntryKey

TEXT = "the third gate at Weide was closed at noon and seven boats lie in the old harbour of Lohn tonight"
WORDS = TEXT.split()


def days(*texts: tuple[int, str]) -> list[Day]:
    """Return days of entries from (day of April, text), oldest first."""
    result = []
    for date in sorted({date for date, _ in texts}):
        bodies = [text for day, text in texts if day == date]
        entries = tuple(Entry(anchor=f"n{number}", body=body) for number, body in enumerate(bodies, 1))
        result.append(Day(date=dt.date(2031, 4, date), title="", entries=entries))
    return result


def bodies(*texts: tuple[int, str]) -> dict[EntryKey, str]:
    return {(day.date, entry.anchor): plain_text(entry.body) for day in days(*texts) for entry in day.entries}


def linked(archive: dict[EntryKey, str]) -> dict[EntryKey, tuple[EntryKey, ...]]:
    """Return the related entries of each entry, found day by day as in a build."""
    similar: list[EntryPair] = []
    indexed = {date: index_day({key: archive[key] for key in archive if key[0] == date}) for date, _ in archive}
    for date, day in indexed.items():
        similar += similar_pairs(indexed.get(date - dt.timedelta(days=1)), day)
    return related_entries(((key, exact_text_hash(text)) for key, text in archive.items()), similar)


def pairs(*texts: tuple[int, str]) -> set[str]:
    related = linked(bodies(*texts))
    return {f"{key[0].day}{key[1]}-{other[0].day}{other[1]}" for key, others in related.items() for other in others}


@pytest.mark.parametrize(
    ("texts", "links"),
    [
        ([(1, TEXT), (1, TEXT)], {"1n1-1n2", "1n2-1n1"}),
        ([(1, TEXT), (9, TEXT)], {"1n1-9n1", "9n1-1n1"}),
        ([(1, TEXT), (2, TEXT.replace("seven", "nine") + " again")], set()),
        ([(1, TEXT), (2, TEXT.replace("tonight", "today"))], {"1n1-2n1", "2n1-1n1"}),
        ([(1, TEXT), (3, TEXT.replace("tonight", "today"))], set()),
        ([(1, "No news."), (2, "No news.")], set()),
        ([(1, TEXT), (2, f"{TEXT}. And much more is said here about the boats.")], {"1n1-2n1", "2n1-1n1"}),
    ],
)
def test_related_entries(texts: list[tuple[int, str]], links: set[str]) -> None:
    assert pairs(*texts) == links


@given(st.lists(st.tuples(st.integers(1, 3), st.lists(st.sampled_from(WORDS[:4]), min_size=5, max_size=8)), max_size=8))
def test_the_index_finds_what_a_comparison_of_all_pairs_finds(texts: list[tuple[int, list[str]]]) -> None:
    archive = bodies(*((date, " ".join(words)) for date, words in texts))
    entries = list(archive.items())
    expected = {
        (one, other)
        for one, first in entries
        for other, second in entries
        if one != other
        and (first == second or (abs((one[0] - other[0]).days) <= 1 and is_similar(shingles(first), shingles(second))))
    }
    found = {(key, other) for key, others in linked(archive).items() for other in others}
    assert found == expected


def test_a_text_of_very_many_entries_is_linked_with_its_neighbours_only() -> None:
    related = linked(bodies(*((1, TEXT) for _ in range(300))))
    assert max(map(len, related.values())) <= MAX_SHINGLE_HOLDERS + 2  # the first of them are similar too


def test_a_shingle_of_very_many_texts_makes_none_of_them_similar() -> None:
    index = ShingleIndex[int]()
    for number in range(300):
        index.add(number, shingles(f"{TEXT} {number}"))
    assert max(map(len, index.holders.values())) == MAX_SHINGLE_HOLDERS + 1
    assert index.find_similar(shingles(TEXT)) == []
    assert index.find_similar(shingles(f"{TEXT} 7")) == [7]
    assert index.find_similar(shingles(f"{TEXT} 7"), exclude=[7]) == []
