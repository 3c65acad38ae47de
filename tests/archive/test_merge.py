"""Ingest: which stored entry an incoming one is, second runs, edits by hand, and errors."""

import datetime as dt
import errno
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from catalogs import load_catalog, load_days
from hypothesis import given
from hypothesis import strategies as st

from daybook.archive.content import day_file_path
from daybook.archive.day_store import DayStore
from daybook.archive.ingest import IngestOptions, IngestResult, ingest, store_anchors
from daybook.archive.merge import Outcome, union_spans
from daybook.core.errors import ArchiveError
from daybook.core.files import replace_file
from daybook.core.record import PageSource, Record
from daybook.parse.input_files import ParsedFile

UTC = ZoneInfo("UTC")
DATE = dt.date(2031, 4, 9)


def record(clock: str, text: str, **more: object) -> Record:
    return Record(at=f"2031-04-09T{clock}:00Z", headline=more.pop("headline", "h"), text=text, **more)  # type: ignore[arg-type]


def put(content: Path, *records: Record, forced: str = "", dry: bool = False, zone: ZoneInfo = UTC) -> IngestResult:
    options = IngestOptions(content=content, zone=zone, accepted=frozenset(filter(None, [forced])), dry=dry)
    return ingest(ParsedFile(name="page", records=records), options)


def stored(content: Path) -> list[tuple[str, str, str]]:
    return [(str(day.date)[8:], entry.anchor, entry.body) for day in load_days(content) for entry in day.entries]


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    records = [record("13:29", "a *b*"), record("13:29", "c"), Record(date=DATE, headline="n", text="untimed")]
    assert put(tmp_path, *records).outcomes == {Outcome.NEW: 3}
    before = day_file_path(tmp_path, DATE).read_bytes()
    again = put(tmp_path, *records)
    assert again.outcomes == {Outcome.SAME: 3}
    assert again.written == ()
    assert day_file_path(tmp_path, DATE).read_bytes() == before


def test_on_a_newest_first_page_the_lower_entry_of_a_minute_is_the_earlier_one(tmp_path: Path) -> None:
    put(tmp_path, record("21:52", "last"), record("21:00", "upper"), record("21:00", "lower"), record("20:00", "first"))
    assert stored(tmp_path) == [
        ("09", "t2000", "first"),
        ("09", "t2100", "lower"),
        ("09", "t2100-2", "upper"),
        ("09", "t2152", "last"),
    ]


def test_a_new_entry_in_the_same_minute_changes_no_anchor(tmp_path: Path) -> None:
    put(tmp_path, record("21:00", "b"))
    put(tmp_path, record("21:00", "b"), record("21:00", "a"))
    assert sorted(stored(tmp_path)) == [("09", "t2100", "b"), ("09", "t2100-2", "a")]


def test_identical_text_at_another_minute_is_another_entry(tmp_path: Path) -> None:
    put(tmp_path, record("21:00", "a"), record("21:01", "a"))
    assert len(stored(tmp_path)) == 2


def test_identical_text_of_two_live_blogs_is_two_entries(tmp_path: Path) -> None:
    for title in ("One", "Two", "One"):
        put(tmp_path, record("21:00", "a", source=PageSource(title=title, date=DATE + dt.timedelta(1))))
    (day,) = load_days(tmp_path)
    one, two = day.sources
    assert [(entry.anchor, entry.sources) for entry in day.entries] == [("t2100", (one.key,)), ("t2100-2", (two.key,))]
    assert (one.title, two.title) == ("One", "Two")


def test_a_hand_edit_survives_the_page_it_came_from(tmp_path: Path) -> None:
    put(tmp_path, record("21:00", "seven boats"))
    path = day_file_path(tmp_path, DATE)
    path.write_text(path.read_text().replace("seven", "eight"))
    again = put(tmp_path, record("21:00", "seven boats"))
    assert again.outcomes == {Outcome.SAME: 1}
    assert stored(tmp_path) == [("09", "t2100", "eight boats")]


def test_a_corrected_time_keeps_its_anchor(tmp_path: Path) -> None:
    put(tmp_path, record("21:00", "seven", id="x1"))
    assert put(tmp_path, record("21:05", "seven", id="x1")).outcomes == {Outcome.CHANGED: 1}
    assert "## 21:05 h" in day_file_path(tmp_path, DATE).read_text()
    assert stored(tmp_path) == [("09", "t2100", "seven")]
    assert put(tmp_path, record("21:00", "seven", id="x1")).outcomes == {Outcome.SAME: 1}, "its former wording is known"


def test_lede_and_title_are_stored_once_on_the_day_of_the_live_blog(tmp_path: Path) -> None:
    source = PageSource(title="Flood", date=DATE, lede=("At dawn.",), printed_day=12)
    late = Record(at="2031-04-08T22:00:00Z", headline="e", text="evening", source=source)
    put(tmp_path, record("06:00", "a", source=source), late)
    before, own = load_days(tmp_path)
    assert (before.title, before.lede, before.collected) == ("", "", ((22 * 60, 1440),))
    assert (own.title, own.lede, own.collected) == ("Flood", "At dawn.", ((0, 360),))
    path = day_file_path(tmp_path, DATE)
    path.write_text(path.read_text().replace("\nAt dawn.\n", "\nAt first light.\n"))
    assert put(tmp_path, record("06:00", "a", source=source), late).decisions == ()
    other = PageSource(title="Another", date=DATE, lede=("A second outlet.",))
    assert put(tmp_path, record("06:00", "a", source=other)).decisions == (), "another live blog contradicts no edit"
    assert [source.lede for source in list(load_days(tmp_path))[1].sources] == [("At dawn.",), ("A second outlet.",)]
    later = PageSource(title="Flood", date=DATE, lede=("At noon.",), captured="2031-04-09T12:00:00Z")
    (held,) = put(tmp_path, record("06:00", "a", source=later)).decisions
    assert "FORCE=2031-04-09#lede" in str(held)
    put(tmp_path, record("06:00", "a", source=later), forced="2031-04-09#lede")
    assert list(load_days(tmp_path))[1].lede == "At noon."


def test_a_topic_that_a_person_removed_is_not_added_again(tmp_path: Path) -> None:
    put(tmp_path, record("21:00", "a", topics=("levee",)))
    path = day_file_path(tmp_path, DATE)
    path.write_text(path.read_text().replace("+levee", "-levee"))
    put(tmp_path, record("21:00", "a", topics=("levee", "rain"), source=PageSource(title="Two")))
    (day,) = load_days(tmp_path)
    assert day.entries[0].topics == ("-levee", "+rain")


def test_a_mistake_in_a_day_file_does_not_stop_other_days(tmp_path: Path) -> None:
    path = day_file_path(tmp_path, DATE)
    path.parent.mkdir(parents=True)
    path.write_text("no front matter")
    result = put(tmp_path, record("21:00", "a"), Record(at="2031-04-10T01:00:00Z", text="b"))
    assert result.outcomes == {Outcome.NEW: 1}
    assert str(result.errors[0]).startswith(f"{path}:1: ")
    assert path.read_text() == "no front matter"


def test_an_entry_that_cannot_be_written_does_not_stop_other_entries(tmp_path: Path) -> None:
    result = put(
        tmp_path, record("21:00", "a"), record("21:05", "b", updated="soon", headline="Odd"), record("22:00", "c")
    )
    assert [body for _, _, body in stored(tmp_path)] == ["a", "c"]
    assert result.outcomes == {Outcome.NEW: 2, Outcome.HELD_BACK: 1}
    (problem,) = result.errors
    assert str(problem).startswith("page: the entry of 2031-04-09 21:05:00, 'Odd', is left out: ")
    assert "invalid time" in str(problem)


def test_a_mistake_in_a_day_file_and_an_impossible_entry_are_both_reported(tmp_path: Path) -> None:
    path = day_file_path(tmp_path, DATE)
    path.parent.mkdir(parents=True)
    path.write_text("no front matter")
    later = Record(at="2031-04-10T01:00:00Z", text="b")
    result = put(tmp_path, record("21:00", "a"), record("21:05", "b", updated="soon", headline="Odd"), later)
    assert "## 01:00" in day_file_path(tmp_path, dt.date(2031, 4, 10)).read_text()
    assert result.outcomes == {Outcome.NEW: 1}
    assert [str(problem).partition(": ")[0] for problem in result.errors] == [f"{path}:1"]


def test_a_day_that_cannot_be_written_does_not_stop_other_days(tmp_path: Path) -> None:
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "2031").write_text("a file where a folder belongs")
    result = put(tmp_path, record("21:00", "a"), Record(at="2032-01-01T01:00:00Z", text="b"))
    assert result.outcomes == {Outcome.NEW: 1}
    assert list(map(str, result.errors)) == [f"{day_file_path(tmp_path, DATE)}: Not a directory"]


@pytest.mark.parametrize("source", [None, PageSource(title="Flood", date=DATE)])
def test_a_page_without_any_possible_record_is_reported(tmp_path: Path, source: PageSource | None) -> None:
    result = put(tmp_path, Record(date=dt.date(9999, 1, 1), text="a", source=source))
    assert result.outcomes == {}
    assert [str(problem).partition(":")[2][:25] for problem in result.errors] == [" record 1: invalid date 9"]


def test_anchors_are_stored_although_one_file_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (day_file_path(tmp_path, DATE + dt.timedelta(days)) for days in (0, 1))
    first.parent.mkdir(parents=True)
    for path in (first, second):
        path.write_text(f"---\ntitle: x\ndate: {path.stem}\n---\n\n## 08:00 typed\n")

    def replace_one(path: Path, data: bytes, *, durable: bool) -> bool:
        if path == first:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return replace_file(path, data, durable=durable)

    monkeypatch.setattr("daybook.archive.day_store.replace_file", replace_one)
    result = store_anchors(IngestOptions(content=tmp_path, zone=UTC))
    assert result.written == (second,)
    assert list(map(str, result.errors)) == [f"{first}: No space left on device"]


def test_a_dry_run_reports_everything_and_writes_nothing(tmp_path: Path) -> None:
    result = put(tmp_path, record("21:00", "a"), dry=True)
    assert result.outcomes == {Outcome.NEW: 1}
    assert result.written == (day_file_path(tmp_path, DATE),)
    assert not any(tmp_path.iterdir())


def test_an_entry_belongs_to_its_day_in_the_archives_zone(tmp_path: Path) -> None:
    put(tmp_path, record("22:30", "a"), zone=ZoneInfo("Europe/Kyiv"))
    assert stored(tmp_path) == [("10", "t0130", "a")]


def test_the_two_hours_of_a_clock_change_are_distinguished(tmp_path: Path) -> None:
    first = Record(at="2031-10-26T00:30:00Z", headline="h", text="summer time")
    second = Record(at="2031-10-26T01:30:00Z", headline="h", text="winter time")
    put(tmp_path, first, second, zone=ZoneInfo("Europe/Berlin"))
    (day,) = load_days(tmp_path)
    assert [entry.at for entry in day.entries] == ["", "2031-10-26T01:30:00+00:00"]


def test_the_second_turn_of_a_repeated_hour_comes_after_the_first(tmp_path: Path) -> None:
    minutes = ("00:50", "01:10", "01:40", "02:20")  # in UTC; the clocks of Berlin show 02:50, 02:10, 02:40 and 03:20
    records = [Record(at=f"2031-10-26T{minute}:00Z", headline=minute, text=minute) for minute in minutes]
    put(tmp_path, *reversed(records), zone=ZoneInfo("Europe/Berlin"))
    (day,) = load_days(tmp_path)
    assert [entry.headline for entry in day.entries] == [*minutes]
    assert [f"{entry.time:%H:%M}" for entry in day.entries if entry.time] == ["02:50", "02:10", "02:40", "03:20"]


def test_a_heading_that_a_person_changed_decides_before_the_instant(tmp_path: Path) -> None:
    put(tmp_path, Record(at="2031-10-26T01:10:00Z", text="winter"), zone=ZoneInfo("Europe/Berlin"))
    put(tmp_path, Record(at="2031-10-26T06:00:00Z", text="morning"), zone=ZoneInfo("Europe/Berlin"))
    path = day_file_path(tmp_path, dt.date(2031, 10, 26))
    path.write_text(path.read_text().replace("## 02:10", "## 12:10"))
    (day,) = load_days(tmp_path)
    assert [entry.body for entry in day.entries] == ["morning", "winter"]


def test_anchors_of_hand_typed_entries_are_stored(tmp_path: Path) -> None:
    path = day_file_path(tmp_path, DATE)
    path.parent.mkdir(parents=True)
    path.write_text("---\ntitle: x\ndate: 2031-04-09\n---\n\n## 08:00 typed\n\nby hand\n")
    assert store_anchors(IngestOptions(content=tmp_path, zone=UTC)).written == (path,)
    assert '[anchor]: # "t0800"' in path.read_text()
    assert store_anchors(IngestOptions(content=tmp_path, zone=UTC)).written == ()


def test_a_day_that_needed_no_anchor_is_not_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, record("08:00", "a"))
    path, memo, options = day_file_path(tmp_path, DATE), tmp_path / "memo", IngestOptions(content=tmp_path, zone=UTC)
    assert store_anchors(options, memo).written == ()
    loaded = []
    load = DayStore.load
    monkeypatch.setattr(DayStore, "load", lambda store, date: loaded.append(date) or load(store, date))
    assert store_anchors(options, memo).written == () and loaded == []
    path.write_text(path.read_text() + "\n## 09:00 typed\n\nby hand\n")
    assert store_anchors(options, memo).written == (path,) and loaded == [DATE]
    memo.write_bytes(memo.read_bytes()[:-1])
    assert store_anchors(options, memo).errors == () and loaded == [DATE, DATE], "a damaged memo names no day"


@given(st.permutations(range(4)))
def test_in_any_order_of_pages_each_entry_is_stored_once(order: list[int]) -> None:
    import tempfile  # noqa: PLC0415 - hypothesis allows no function-scoped fixture

    pages = [[record(f"{hour:02}:00", f"entry {hour}") for hour in range(n, n + 3)] for n in range(4)]
    with tempfile.TemporaryDirectory() as folder:
        for number in order:
            put(Path(folder), *pages[number])
        assert [body for _, _, body in stored(Path(folder))] == [f"entry {hour}" for hour in range(6)]


@pytest.mark.parametrize(
    ("spans", "span", "joined"),
    [
        ((), (0, 10), ((0, 10),)),
        (((0, 10),), (10, 20), ((0, 20),)),
        (((0, 10), (30, 40)), (5, 35), ((0, 40),)),
        (((30, 40),), (0, 10), ((0, 10), (30, 40))),
    ],
)
def test_spans_are_joined(spans: tuple[tuple[int, int], ...], span: tuple[int, int], joined: object) -> None:
    assert union_spans(spans, span) == joined


def test_a_topic_without_a_file_is_undeclared(tmp_path: Path) -> None:
    put(tmp_path, record("21:00", "a", topics=("levee",)))
    edition = load_catalog(tmp_path)
    assert [name.slug for view in edition.day_cache.views(DATE) for name in view.topics] == ["levee"]
    assert not edition.topics["levee"].declared


def test_a_folder_or_pipe_with_the_name_of_a_day_file_is_an_error(tmp_path: Path) -> None:
    path = day_file_path(tmp_path, DATE)
    path.mkdir(parents=True)
    with pytest.raises(ArchiveError, match=r"only \.md files belong here"):
        list(load_days(tmp_path))
    path.rmdir()
    os.mkfifo(path.with_name("pipe"))
    with pytest.raises(ArchiveError, match="neither a file nor a folder"):
        list(load_days(tmp_path))
