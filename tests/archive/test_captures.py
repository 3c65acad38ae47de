"""Several captures of one live blog: corrections, edits by hand, missing and withdrawn entries."""

import datetime as dt
import itertools
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from catalogs import load_days

from daybook.archive.content import day_file_path
from daybook.archive.day_file import dump_day, load_day
from daybook.archive.ingest import IngestOptions, IngestResult, ingest
from daybook.archive.merge import Outcome
from daybook.archive.tombstones import replace_with_tombstone
from daybook.core.markdown import plain_text
from daybook.core.model import Day
from daybook.core.record import PageSource, Record
from daybook.parse.input_files import ParsedFile

DATE = dt.date(2031, 4, 9)
LONG = "The third gate at Weide was closed at noon and seven boats lie in the old harbour"


def capture(hour: int, *entries: tuple[str, str], ids: bool = False) -> list[Record]:
    """Return the records of a live blog as it was at an hour, from (clock time, text), newest first."""
    source = PageSource(title="Flood", date=DATE, captured=f"2031-04-09T{hour}:00:00Z")
    return [
        Record(
            at=f"2031-04-09T{clock}:00Z",
            headline="Gate",
            text=text,
            source=source,
            id=f"post-9{clock.replace(':', '')}" if ids else "",
        )
        for clock, text in entries
    ]


def put(content: Path, records: list[Record], forced: str = "") -> IngestResult:
    forced_names = frozenset(filter(None, [forced]))
    return ingest(
        ParsedFile(name="page", records=tuple(records)),
        IngestOptions(content=content, zone=ZoneInfo("UTC"), accepted=forced_names),
    )


def read(content: Path) -> Day:
    (day,) = load_days(content)
    return day


def edit(content: Path, old: str, new: str) -> None:
    path = day_file_path(content, DATE)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


FIRST = capture(14, ("13:00", "last"), ("12:00", LONG), ("11:00", "first"))


@pytest.mark.parametrize("ids", [False, True], ids=["without ids", "with ids"])
@pytest.mark.parametrize("state", ["untouched", "edited", "in conflict"])
@pytest.mark.parametrize("says", ["new", "same", "changed", "absent"])
def test_a_later_capture_of_an_untouched_or_edited_entry(tmp_path: Path, says: str, state: str, ids: bool) -> None:
    """`says` is what the later capture has; `state` is what happened to the stored entry of 12:00 before."""
    put(tmp_path, capture(14, ("13:00", "last"), ("12:00", LONG), ("11:00", "first"), ids=ids))
    if state != "untouched":
        edit(tmp_path, "seven boats", "eight boats, says a person,")
    if state == "in conflict":
        put(tmp_path, capture(15, ("13:00", "last"), ("12:00", f"{LONG} (x)"), ("11:00", "first"), ids=ids))
    middle = {
        "new": [("12:30", "between"), ("12:00", LONG)],
        "same": [("12:00", LONG)],
        "changed": [("12:00", LONG.replace("seven", "nine"))],
        "absent": [],
    }[says]
    later = capture(16, ("13:00", "last"), *middle, ("11:00", "first"), ids=ids)
    result = put(tmp_path, later)
    entries = {entry.anchor: entry for entry in read(tmp_path).entries}
    entry = entries["t1200"]
    assert set(entries) == {"t1100", "t1200", "t1300"} | ({"t1230"} if says == "new" else set())
    if state == "untouched":
        assert entry.body == (LONG.replace("seven", "nine") if says == "changed" else LONG)
        assert [old.body for old in entry.revisions] == ([LONG] if says == "changed" else [])
    else:
        assert "eight boats, says a person," in entry.body, "the edit by hand stays"
        assert entry.revisions == ()
    contradicted = says == "changed" and state != "untouched"
    assert result.outcomes.get(Outcome.HELD_BACK, 0) == contradicted
    assert bool(result.decisions) == contradicted
    assert len(entry.conflicts) == (state == "in conflict") + contradicted
    assert len(entry.missing_from) == (says == "absent")
    before = day_file_path(tmp_path, DATE).read_bytes()
    put(tmp_path, later)
    assert day_file_path(tmp_path, DATE).read_bytes() == before, "a second run changes no byte"


def test_force_accepts_the_pages_version_and_keeps_the_edit_as_a_revision(tmp_path: Path) -> None:
    put(tmp_path, FIRST)
    edit(tmp_path, "seven boats", "eight boats")
    later = capture(16, ("13:00", "last"), ("12:00", LONG.replace("seven", "nine")), ("11:00", "first"))
    (problem,) = put(tmp_path, later).decisions
    assert "FORCE=2031-04-09#t1200" in str(problem)
    assert put(tmp_path, later, forced="2031-04-09#t1200").outcomes[Outcome.CHANGED] == 1
    entry = read(tmp_path).entries[1]
    assert "nine boats" in entry.body
    assert [old.body for old in entry.revisions if old.body] == [LONG.replace("seven", "eight")]
    assert entry.conflicts == ()
    assert put(tmp_path, later).decisions == ()


def test_an_older_capture_ingested_late_changes_no_current_wording(tmp_path: Path) -> None:
    put(tmp_path, capture(16, ("13:00", "last"), ("12:00", LONG.replace("seven", "nine")), ("11:00", "first")))
    put(tmp_path, FIRST)
    day = read(tmp_path)
    assert "nine boats" in day.entries[1].body
    assert [old.body for old in day.entries[1].revisions] == [LONG]
    assert [entry.missing_from for entry in day.entries] == [(), (), ()]


def test_a_page_that_returns_to_a_former_wording_makes_it_current(tmp_path: Path) -> None:
    put(tmp_path, FIRST)
    put(tmp_path, capture(16, ("12:00", LONG.replace("seven", "nine"))))
    back = capture(18, ("12:00", LONG))
    put(tmp_path, back)
    entry = read(tmp_path).entries[1]
    assert entry.body == LONG
    assert [len(old.sources) for old in (entry, *entry.revisions)] == [2, 1], "two captures have it, before and after"
    assert put(tmp_path, back).outcomes == {Outcome.SAME: 1}
    assert put(tmp_path, FIRST).outcomes == {Outcome.SAME: 3}


def test_a_page_with_only_its_newest_entries_marks_no_older_one_as_missing(tmp_path: Path) -> None:
    put(tmp_path, FIRST)
    put(tmp_path, capture(16, ("15:00", "newest"), ("13:00", "last")))
    assert [entry.missing_from for entry in read(tmp_path).entries] == [(), (), (), ()]


def test_another_live_blog_corrects_no_entry(tmp_path: Path) -> None:
    put(tmp_path, FIRST)
    other = PageSource(title="Another blog", date=DATE + dt.timedelta(days=1))
    put(tmp_path, [Record(at="2031-04-09T12:00:00Z", headline="Gate", text=f"{LONG} too", source=other)])
    assert [entry.anchor for entry in read(tmp_path).entries] == ["t1100", "t1200", "t1200-2", "t1300"]


def test_in_any_order_of_captures_each_entry_is_stored_once(tmp_path: Path) -> None:
    captures = [
        capture(12, ("11:00", "first")),
        capture(14, ("13:00", "last"), ("12:00", LONG), ("11:00", "first")),
        capture(16, ("15:00", "newest"), ("13:00", "last"), ("12:00", LONG.replace("seven", "nine"))),
        capture(18, ("17:00", "evening"), ("15:00", "newest"), ("12:00", LONG.replace("seven", "ten"))),
    ]
    for number, order in enumerate(itertools.permutations(captures)):
        content = tmp_path / str(number)
        for page in (*order, *order):
            put(content, page)
        day = read(content)
        said = [plain_text(entry.body) for entry in day.entries]
        assert said == ["first", LONG.replace("seven", "ten"), "last", "newest", "evening"], order
        former = {old.body for old in day.entries[1].revisions}
        assert former == {LONG, LONG.replace("seven", "nine")}


def withdraw(content: Path, anchor: str) -> None:
    path = day_file_path(content, DATE)
    path.write_text(dump_day(replace_with_tombstone(load_day(path.read_text()), anchor, "Published in error")))


@pytest.mark.parametrize("ids", [False, True], ids=["without ids", "with ids"])
def test_a_withdrawn_entry_in_other_words_is_not_added(tmp_path: Path, ids: bool) -> None:
    put(tmp_path, capture(14, ("13:00", "last"), ("12:00", LONG), ("11:00", "first"), ids=ids))
    withdraw(tmp_path, "t1200")
    reworded = capture(16, ("13:00", "last"), ("12:00", LONG.replace("seven", "nine")), ("11:00", "first"), ids=ids)
    result = put(tmp_path, reworded)
    assert [entry.anchor for entry in read(tmp_path).entries] == ["t1100", "t1200", "t1300"]
    assert "nine" not in day_file_path(tmp_path, DATE).read_text()
    assert result.outcomes == {Outcome.SAME: 2, Outcome.HELD_BACK: 1}
    assert ["FORCE=2031-04-09#t1200" in str(problem) for problem in result.decisions] == [True] * (not ids)
    before = day_file_path(tmp_path, DATE).read_bytes()
    again = put(tmp_path, reworded)
    assert again.decisions == (), "a decision is asked for once"
    assert ["Published in error" in str(note) for note in again.notes] == [True]
    assert day_file_path(tmp_path, DATE).read_bytes() == before


def test_another_entry_in_the_minute_of_a_withdrawn_one_can_be_added(tmp_path: Path) -> None:
    put(tmp_path, FIRST)
    withdraw(tmp_path, "t1200")
    other = [Record(at="2031-04-09T12:00:00Z", text="Not of this blog", source=PageSource(title="x", date=DATE))]
    assert put(tmp_path, other).outcomes == {Outcome.NEW: 1}
    alone = capture(17, ("13:00", "last"), ("12:00", "A third boat is late"), ("11:00", "first"))
    assert put(tmp_path, alone).outcomes[Outcome.HELD_BACK] == 1
    assert put(tmp_path, alone, forced="2031-04-09#t1200").outcomes[Outcome.NEW] == 1
    assert put(tmp_path, alone).outcomes == {Outcome.SAME: 3}
    at_noon = [(entry.anchor, entry.body) for entry in read(tmp_path).entries if entry.anchor.startswith("t1200")]
    assert at_noon == [("t1200", ""), ("t1200-2", "Not of this blog"), ("t1200-3", "A third boat is late")]


def test_a_page_that_repeats_the_withdrawn_entry_can_have_another_in_its_minute(tmp_path: Path) -> None:
    put(tmp_path, FIRST)
    withdraw(tmp_path, "t1200")
    both = capture(16, ("13:00", "last"), ("12:00", "Another boat has come in"), ("12:00", LONG), ("11:00", "first"))
    assert put(tmp_path, both).outcomes == {Outcome.NEW: 1, Outcome.SAME: 2, Outcome.HELD_BACK: 1}
