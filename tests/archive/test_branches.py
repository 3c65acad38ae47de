"""What persons set on either of two branches, beside texts, is in the joined day."""

import datetime as dt
from typing import Any

import pytest
from growth import outgrows
from msgspec.structs import replace

from daybook.archive.branches import Branches, Joined, join_branches
from daybook.archive.tombstones import join_in_days
from daybook.core.hashing import entry_fingerprint
from daybook.core.model import Day, DaySource, Entry, sort_day

DATE = dt.date(2031, 5, 5)
SOURCE = DaySource(key="0a1b2c3d", title="Harbour live", url="https://pier.example/5", date=DATE)
FERRY = Entry(
    anchor="t0700",
    time=dt.time(7),
    headline="Fog",
    body="The ferry left late.",
    sources=("0a1b2c3d",),
    topics=("+fog",),
    perhaps="2031-05-05#t0600",
)
DAY = Day(date=DATE, title="Harbour live", zone="UTC", sources=(SOURCE,))
# What a person sets, and what another person sets instead
CHANGES: dict[str, tuple[Any, Any]] = {
    "authors": (("Ida Brandt",), ("Ole Beck",)),
    "lang": ("de", "fr"),
    "story": ("none", "new"),
    "topics": (("+fog", "-quay"), ("+fog", "+quay")),
}


def join(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> tuple[Entry, Joined]:
    """Join a day whose only entry has these fields on each side."""
    entry = replace(FERRY, ingested=entry_fingerprint(FERRY))
    days = [{DATE: replace(DAY, entries=(replace(entry, **fields),))} for fields in (base, ours, theirs)]
    joined = join_branches(Branches(*days))
    return joined.days[DATE].entries[0], joined


@pytest.mark.parametrize("field", [*CHANGES, "key"])
def test_an_attribute_of_one_branch_is_kept(field: str) -> None:
    (value, _) = CHANGES.get(field, (True, False))
    for ours, theirs in (({}, {field: value}), ({field: value}, {}), ({field: value}, {field: value})):
        entry, joined = join({}, ours, theirs)
        assert (getattr(entry, field), joined.problems) == (value, [])
    removed, joined = join({field: value}, {field: value}, {})
    assert (getattr(removed, field), joined.problems) == (getattr(FERRY, field), []), "what a person removed stays so"


@pytest.mark.parametrize("field", CHANGES)
def test_a_person_decides_where_two_persons_set_different_attributes(field: str) -> None:
    here, there = CHANGES[field]
    entry, joined = join({}, {field: here}, {field: there})
    assert getattr(entry, field) == here
    (problem,) = joined.problems
    assert "differs; this branch's is kept. The other: " in str(problem) and str(problem).startswith("2031-05-05#t0700")


def test_a_note_that_a_person_deleted_stays_deleted() -> None:
    assert join({}, {}, {"perhaps": ""})[0].perhaps == ""


def test_a_story_is_named_by_the_anchor_that_its_entry_has_here() -> None:
    typed = Entry(anchor="t0700", time=dt.time(7), headline="Mail", body="The mail came by road.")
    later = replace(typed, anchor="t0800", time=dt.time(8), headline="Fog", story="2031-05-05#t0700")
    ice = replace(typed, headline="Ice", body="The quay is white.")
    here = {DATE: replace(DAY, sources=(), entries=(ice,))}
    there = {DATE: replace(DAY, sources=(), entries=(typed, later))}
    entries = join_branches(Branches({}, here, there)).days[DATE].entries
    assert [(entry.anchor, entry.headline, entry.story) for entry in entries] == [
        ("t0700", "Ice", ""),
        ("t0700-2", "Mail", ""),
        ("t0800", "Fog", "2031-05-05#t0700-2"),
    ]


def test_two_entries_that_become_one_keep_their_attributes() -> None:
    first = Entry(anchor="t0700", time=dt.time(7), headline="Fog", body="The ferry left late.", topics=("+quay",))
    second = replace(
        first, anchor="t0800", topics=("-quay", "+fog"), authors=("Ida Brandt",), lang="de", key=True, story="none"
    )
    places = (DATE, "t0700"), (DATE, "t0800")
    days, key = join_in_days({DATE: replace(DAY, sources=(), entries=(first, second))}, *places)
    entry = days[DATE].entries[0]
    assert key == (DATE, "t0700") and (entry.authors, entry.lang, entry.key) == (("Ida Brandt",), "de", True)
    assert (entry.topics, entry.story) == (("+quay", "+fog"), "none"), "not both +quay and -quay"
    own = replace(second, story="2031-05-05#t0700")
    days, _ = join_in_days({DATE: replace(DAY, sources=(), entries=(first, own))}, *places)
    assert days[DATE].entries[0].story == "", "an entry is in its own story anyway"


def test_the_language_of_a_day_is_joined() -> None:
    days = [{DATE: replace(DAY, sources=(), lang=lang)} for lang in ("", "", "de", "fr")]
    joined = join_branches(Branches(*days[:3]))
    assert (joined.days[DATE].lang, joined.problems) == ("de", [])
    joined = join_branches(Branches(days[0], days[3], days[2]))
    assert joined.days[DATE].lang == "fr"
    assert str(joined.problems[0]) == "2031-05-05: `lang` differs; this branch's is kept. The other: de"


def test_the_cost_of_a_join_is_in_proportion_to_the_entries() -> None:
    sources = [replace(SOURCE, key=f"{number}a1b2c3d", url=f"https://{number}.example/5") for number in range(2)]

    def day(source: DaySource, count: int) -> dict[dt.date, Day]:
        entries = []
        for number in range(count):
            time = dt.time(number * 20 // count, number % 60)
            body = f"Ferry {source.key} {number} left the pier {number * 7919 % 10007} late."
            entry = Entry(anchor=f"t{time:%H%M}-{number + 2}", time=time, body=body, sources=(source.key,))
            entries.append(replace(entry, ingested=entry_fingerprint(entry)))
        return {DATE: sort_day(replace(DAY, sources=(source,), entries=tuple(entries)))}

    def work(count: int) -> None:
        joined = join_branches(Branches({}, day(sources[0], count), day(sources[1], count)))
        assert len(joined.days[DATE].entries) == 2 * count and not joined.problems

    assert not outgrows(work, 1_000)
