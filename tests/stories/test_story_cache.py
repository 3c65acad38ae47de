"""Stories after edits, with a cache, are those that are found from nothing; few days are decided again."""

import datetime as dt
import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from daybook.core.hashing import digest
from daybook.incremental.cache import BuildCache
from daybook.stories import story_cache
from daybook.stories.story_cache import StoryDay, find_stories
from daybook.stories.terms import EntryPlace, EntryTerms, entry_terms
from daybook.stories.threads import NEW, NONE, Placement, Rule, Threads

FIRST = dt.date(2031, 1, 1)
DAYS = 420
SYLLABLES = ("or", "mer", "tar", "wei", "bran", "loh", "al", "kes", "vi", "hal", "quin", "so")
WORDS = ("ferry", "papers", "court", "gate", "levee", "market", "strike", "vote", "budget", "storm", "school", "bridge")


def entries(seed: int) -> list[EntryTerms]:
    """Return the entries of a day; those of one week share names and words, so that there are stories."""
    choose = random.Random(seed)
    found = []
    for number in range(3):
        matter = random.Random(seed // 9 * 7 + number)
        names = ["".join(matter.sample(SYLLABLES, 3)).title() for _ in range(4)]
        words = [*matter.sample(WORDS, 3), *("".join(matter.sample(SYLLABLES, 3)) for _ in range(3))]
        text = " ".join(["it said", *choose.sample(names, 3), *choose.sample(words, 5), *choose.sample(WORDS, 3)])
        place = EntryPlace(anchor=f"n{number}", minute=60 * number)
        found.append(entry_terms(f"{names[0]} {choose.choice(words)} {number}", text, "en", place))
    return found


class Archive:
    def __init__(self) -> None:
        self.days = {FIRST + dt.timedelta(day): day for day in range(DAYS)}  # seeds by date
        self.rules: dict[str, Rule] = {}
        self.decided: list[dt.date] = []

    def _terms(self, date: dt.date) -> Sequence[EntryTerms]:
        self.decided.append(date)
        return entries(self.days[date])

    def stories(self, cache: BuildCache) -> dict[str, Placement]:
        self.decided.clear()
        days = [
            StoryDay(date, digest(self.days[date]), lambda date=date: self._terms(date))  # type: ignore[misc]
            for date in sorted(self.days)
        ]
        return find_stories(days, self.rules, cache, b"code")

    def edit(self, choose: random.Random) -> None:
        date = choose.choice(sorted(self.days))
        match choose.randrange(4):
            case 0:
                self.days[date] = choose.randrange(10_000)
            case 1:
                del self.days[date]
            case 2:
                self.days[max(self.days) + dt.timedelta(choose.choice((1, 1, 20)))] = choose.randrange(DAYS)
            case 3:
                earlier = choose.choice([day for day in sorted(self.days) if day <= date])
                self.rules = {f"{date}#n2": Rule(choose.choice((NONE, NEW, f"{earlier}#n1")), frozenset())}


@pytest.fixture(autouse=True)
def few_entries_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story_cache, "MIN_COUNTED", 150)


def test_stories_after_random_edits_are_those_of_a_build_from_nothing() -> None:
    choose, archive, cache = random.Random(20), Archive(), BuildCache(None)
    found = archive.stories(cache)
    assert sum(bool(placement.earlier) for placement in found.values()) > DAYS / 10, "the texts have stories"
    for _ in range(4):
        archive.edit(choose)
        assert archive.stories(cache) == archive.stories(BuildCache(None))


def test_an_edit_of_an_old_day_is_decided_in_the_months_that_it_can_reach() -> None:
    archive, cache = Archive(), BuildCache(None)
    archive.stories(cache)
    archive.stories(cache)
    assert archive.decided == [], "nothing changed"
    archive.days[dt.date(2031, 3, 9)] = 9_999
    archive.stories(cache)
    assert min(archive.decided) == dt.date(2031, 3, 1)
    assert max(archive.decided) <= dt.date(2031, 7, 31)
    archive.days[FIRST + dt.timedelta(DAYS)] = 3
    archive.stories(cache)
    assert archive.decided == [FIRST + dt.timedelta(DAYS)]


def test_a_state_that_is_not_there_is_decided_again() -> None:
    archive, cache = Archive(), BuildCache(None)
    archive.stories(cache)
    early, before = dt.date(2031, 3, 9), archive.days[dt.date(2031, 3, 9)]
    archive.days[early] = 9_999
    archive.stories(cache)
    archive.days[early] = before
    archive.stories(cache)
    assert archive.decided == [], "what was decided before is known"
    archive.days[dt.date(2031, 5, 9)] = 9_999
    assert archive.stories(cache) == archive.stories(BuildCache(None)), "the state of April is that after the edit"
    archive.days[dt.date(2032, 2, 10)] = 9_999
    found = archive.stories(cache)
    assert min(archive.decided) == dt.date(2032, 2, 1), "of the newest month only the last days have a state"
    assert found == archive.stories(BuildCache(None))


def test_there_is_one_state_for_each_month_and_some_for_the_newest_days(tmp_path: Path) -> None:
    archive, cache = Archive(), BuildCache(tmp_path / "cache.sqlite")
    for seed in (7_000, 8_000):
        archive.days[dt.date(2031, 3, 9)] = seed
        archive.stories(cache)
    cache.close()
    with closing(sqlite3.connect(tmp_path / "cache.sqlite")) as database:
        (count,) = database.execute("SELECT count(*) FROM cache WHERE CAST(key AS TEXT) LIKE 'state%'").fetchone()
    assert count == 13 + story_cache.KEPT_DAYS


def test_in_an_archive_of_few_entries_the_words_of_two_years_count(monkeypatch: pytest.MonkeyPatch) -> None:
    months = [(bytes([number]), 2) for number in range(100)]
    monkeypatch.setattr(story_cache, "MIN_COUNTED", 1000)
    assert story_cache._counted(months) == tuple(words for words, _ in months[-24:])


def test_a_lost_row_of_the_cache_is_computed_again() -> None:
    class Losing(BuildCache):
        def get(self, key: bytes) -> bytes | None:
            return None if key.startswith((b"state", b"words")) else super().get(key)

    archive, cache = Archive(), Losing(None)
    archive.days = {date: seed for date, seed in archive.days.items() if date < dt.date(2031, 4, 3)}
    archive.stories(cache)
    archive.days[dt.date(2031, 3, 9)] = 9_999
    assert archive.stories(cache) == archive.stories(BuildCache(None))


def test_forgetting_old_entries_each_day_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive()
    dates = [FIRST + dt.timedelta(number) for number in range(100, 200, 3)]
    archive.rules = {f"{date}#n1": Rule(f"{date - dt.timedelta(62)}#n1") for date in dates}  # of closed stories
    found = archive.stories(BuildCache(None))
    place_day = Threads.place_day

    def place_and_forget(threads: Threads, *values: Any) -> list[Placement]:
        placements = place_day(threads, *values)
        threads.forget()
        return placements

    monkeypatch.setattr(Threads, "place_day", place_and_forget)
    assert archive.stories(BuildCache(None)) == found
