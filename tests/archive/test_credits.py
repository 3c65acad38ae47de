"""Which page is credited with which wording, checked against an oracle that knows every capture."""

import datetime as dt
import itertools
import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builds import build_site
from catalogs import CONF, load_catalog, write_day_files
from hypothesis import given
from hypothesis import strategies as st
from merging import merge_into
from msgspec import Struct
from msgspec.structs import replace
from paths import FIXTURES

from daybook.archive.content import day_file_path
from daybook.archive.credits import wording_fingerprint
from daybook.archive.day_file import dump_day, load_day
from daybook.archive.day_store import DayStore
from daybook.archive.from_record import entry_from_record
from daybook.archive.tombstones import move_entry, replace_with_tombstone
from daybook.core.config import BuildPaths, load_config
from daybook.core.hashing import entry_fingerprint
from daybook.core.model import Day, carrying_sources
from daybook.core.record import PageSource, Record
from daybook.site.views.catalog import list_changes
from daybook.site.views.entry_view import EntryContext, entry_view
from daybook.site.views.view_models import day_name

DATE = dt.date(2031, 4, 9)
UTC = ZoneInfo("UTC")
OLD = FIXTURES / "version-0.1" / "2031-04-09.md"
BOATS = "{} boats lie in the old harbour behind the gate."


class Capture(Struct, frozen=True):
    """One entry in one capture of a live blog; `hour` is "" if the capture time is unknown."""

    name: str
    hour: str
    text: str
    headline: str = "Gate"
    clock: str = "12:00"
    id: str = ""
    blog: str = "https://buoy.example/live/3"

    @property
    def record(self) -> Record:
        captured = f"2031-04-09T{self.hour}:00:00Z" if self.hour else ""
        source = PageSource(title="Flood", url=self.blog, date=DATE, captured=captured, sha256=self.name)
        at = f"2031-04-09T{self.clock}:00Z"
        return Record(at=at, headline=self.headline, text=self.text, source=source, id=self.id)

    @property
    def fingerprint(self) -> str:
        return entry_fingerprint(entry_from_record(self.record, UTC).entry)


def merge_capture(day: Day, capture: Capture, *, forced: bool = False) -> Day:
    """Merge a capture, write the day and read it again, as every run does."""
    anchors = [entry.anchor for entry in day.entries] if forced else []
    return load_day(dump_day(merge_into(day, [entry_from_record(capture.record, UTC)], anchors)))


def merge_captures(captures: Iterable[Capture]) -> Day:
    day = Day(date=DATE, title="Flood")
    for capture in captures:
        day = merge_capture(day, capture)
    return day


def check(day: Day, captures: Sequence[Capture]) -> None:
    """Compare every credit of a day with the wordings of the captures."""
    fingerprints = {capture.name: capture.fingerprint for capture in captures}
    names = {source.key: source.sha256 for source in day.sources}
    for entry in day.entries:
        printed = [(entry.ingested, entry.sources)]
        printed += [(wording_fingerprint(wording), wording.sources) for wording in (*entry.revisions, *entry.conflicts)]
        for fingerprint, keys in printed:
            assert all(fingerprints[names[key]] == fingerprint for key in keys), (entry, names)
        assert not any(wording.source for wording in (*entry.revisions, *entry.conflicts))
    assert {key for entry in day.entries for key in carrying_sources(entry)} == set(names), "no page is forgotten"


def names(day: Day, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the names of captures by their keys in a day."""
    return tuple(source.sha256 for key in keys for source in day.sources if source.key == key)


def first_to_print(fingerprint: str, captures: Sequence[Capture]) -> str:
    return min((capture.hour, capture.name) for capture in captures if capture.fingerprint == fingerprint)[1]


def captures_of(*texts: str, **more: str) -> list[Capture]:
    return [Capture(f"c{n}", str(13 + n), BOATS.format(text), **more) for n, text in enumerate(texts, start=1)]


def capture_times_of_revisions(day: Day) -> list[str | None]:
    """Return the capture time of the page that the site names for each revision."""
    config = load_config(BuildPaths(conf=CONF))
    scene = EntryContext(day=day, day_name=day_name(day.date, config), config=config)
    views = [entry_view(entry, "", (), scene) for entry in day.entries]
    return [old.source.captured if old.source else None for view in views for old in view.revisions]


SEQUENCES = {
    "two corrections": captures_of("Seven", "Eight", "Nine"),
    "two corrections of an entry with an id": captures_of("Seven", "Eight", "Nine", id="x1"),
    "a return to the first wording": captures_of("Seven", "Eight", "Seven"),
    "repeated, then corrected": captures_of("Seven", "Seven", "Eight"),
    "corrected, then repeated": captures_of("Seven", "Eight", "Eight"),
    "headlines alone": [Capture(f"c{n}", str(14 + n), BOATS.format("Six"), headline=f"Gate {n}") for n in range(3)],
    "clocks": [Capture(f"c{n}", str(14 + n), BOATS.format(n), clock=f"12:0{n}", id="x1") for n in range(3)],
    "two outlets": [
        *captures_of("Seven", "Eight"),
        Capture("other", "15", BOATS.format("Seven"), blog="https://horn.example/live"),
    ],
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_in_any_order_of_captures_each_wording_is_credited_to_its_pages(name: str) -> None:
    captures = SEQUENCES[name]
    for order in itertools.permutations(captures):
        day = merge_captures(order)
        check(day, captures)
        names = {source.key: source.sha256 for source in day.sources}
        for entry in day.entries:
            assert entry.sources, order
            for wording in entry.revisions:
                assert names[wording.sources[0]] == first_to_print(wording_fingerprint(wording), captures), order
        if name != "two outlets":
            (entry,) = day.entries
            assert entry.ingested == captures[-1].fingerprint
            assert merge_capture(day, order[-1]) == day, "a second run changes nothing"


def test_revisions_are_in_the_order_of_the_captures() -> None:
    captures = SEQUENCES["two corrections"]
    for order in itertools.permutations(captures):
        (entry,) = merge_captures(order).entries
        assert [wording_fingerprint(wording) for wording in entry.revisions] == [
            capture.fingerprint for capture in captures[:2]
        ]


@given(st.data())
def test_no_page_is_credited_with_a_wording_that_it_did_not_have(data: st.DataObject) -> None:
    """Captures with and without a time, in any order, between edits by hand and uses of FORCE."""
    texts, hours = st.sampled_from(["Six", "Seven", "Eight"]), st.sampled_from(["", "13", "14", "15", "16"])
    heads = st.sampled_from(["Gate", "The gate"])
    day, captures = Day(date=DATE, title="Flood"), []
    for number in range(data.draw(st.integers(2, 6))):
        if captures and data.draw(st.booleans()):
            capture = data.draw(st.sampled_from(captures))
        else:
            capture = Capture(f"c{number}", data.draw(hours), BOATS.format(data.draw(texts)), data.draw(heads))
        captures.append(capture)
        day = merge_capture(day, capture, forced=data.draw(st.booleans()))
        check(day, captures)
        if data.draw(st.integers(0, 3)) == 0:
            body = BOATS.format(data.draw(st.sampled_from(["Ten, a keeper says,", "Six"])))
            day = replace(day, entries=tuple(replace(entry, body=body) for entry in day.entries))


def edited(day: Day) -> Day:
    return replace(day, entries=tuple(replace(e, body=BOATS.format("Ten, a keeper says,")) for e in day.entries))


def test_force_credits_no_page_with_an_edit_by_hand() -> None:
    first, second, third = SEQUENCES["two corrections"]
    day = edited(merge_captures([first, second]))
    day = merge_capture(merge_capture(day, third), third, forced=True)
    (entry,) = day.entries
    assert [(wording.body, names(day, wording.sources)) for wording in entry.revisions] == [
        (first.text, ("c1",)),
        ("", ("c2",)),  # the text that was edited is not stored, its fingerprint is
        (BOATS.format("Ten, a keeper says,"), ()),
    ]
    assert names(day, entry.sources) == ("c3",)
    assert capture_times_of_revisions(day) == ["2031-04-09T14:00:00Z", None]


def test_force_with_the_first_page_credits_it_with_its_wording_again() -> None:
    (first, *_) = SEQUENCES["two corrections"]
    day = merge_capture(edited(merge_captures([first])), first, forced=True)
    (entry,) = day.entries
    assert (entry.body, names(day, entry.sources), entry.revisions[0].sources) == (first.text, ("c1",), ())


def test_all_pages_of_a_conflict_are_credited_and_stay_so_when_it_is_accepted() -> None:
    first, second, _ = SEQUENCES["two corrections"]
    again = replace(second, name="c4", hour="17")
    day = merge_capture(merge_capture(edited(merge_captures([first])), second), again)
    (entry,) = day.entries
    assert [(each.body, names(day, each.sources)) for each in entry.conflicts] == [(second.text, ("c2", "c4"))]
    assert names(day, entry.sources) == ("c1",)
    (entry,) = merge_capture(day, again, forced=True).entries
    assert names(day, entry.sources) == ("c2", "c4")
    assert [names(day, wording.sources) for wording in entry.revisions] == [("c1",), ()]


def test_a_page_that_has_just_what_a_person_wrote_is_not_credited_with_the_former_wording() -> None:
    (first, *_) = SEQUENCES["two corrections"]
    page = Capture("c2", "15", BOATS.format("Ten, a keeper says,"))
    day = merge_capture(edited(merge_captures([first])), page)
    (entry,) = day.entries
    assert (names(day, entry.sources), names(day, entry.carried)) == (("c1",), ("c2",))


def test_a_capture_without_the_entry_is_recorded_as_missing_it() -> None:
    day = merge_captures(SEQUENCES["two corrections"])
    (arrival,) = [entry_from_record(Capture("c9", "20", "Nothing.", clock="12:10").record, UTC)]
    day = merge_into(day, [replace(arrival, covered=(700, 740))])
    (gate, _) = day.entries
    assert (names(day, gate.missing_from), names(day, gate.sources)) == (("c9",), ("c3",))


@pytest.mark.parametrize(
    ("texts", "hour"),
    [(("Seven", "Eight", "Nine"), 16), (("Seven", "Eight", "Eight"), 15), (("Seven", "Eight", "Seven"), 16)],
)
def test_the_change_log_has_the_capture_time_of_a_correction(tmp_path: Path, texts: tuple[str, ...], hour: int) -> None:
    for number, order in enumerate(itertools.permutations(captures_of(*texts))):
        content = write_day_files(tmp_path / str(number), [merge_captures(order)])
        changes = [change.at for change in list_changes(load_catalog(content)) if change.kind == "corrected"]
        assert changes[0] == f"2031-04-09T{hour}:00:00Z", order
        assert len(changes) == sum(one != other for one, other in itertools.pairwise(texts)), order


def test_a_moved_entry_keeps_its_credits(tmp_path: Path) -> None:
    captures = SEQUENCES["two corrections"]
    other = replace(merge_captures([Capture("x", "10", "Another day.")]), date=dt.date(2031, 4, 10))
    write_day_files(tmp_path, [edited(merge_captures(captures)), other])
    there = dt.date(2031, 4, 10)
    move_entry(DayStore(tmp_path, "UTC"), "2031-04-09#t1200", there)
    left, moved = (load_day(day_file_path(tmp_path, date).read_text()) for date in (DATE, there))
    (entry,) = [entry for entry in moved.entries if entry.revisions]
    assert [names(moved, wording.sources) for wording in entry.revisions] == [("c1",), ("c2",)]
    assert names(moved, entry.sources) == ("c3",)
    (stub,) = left.entries
    assert set(names(left, carrying_sources(stub))) == {"c1", "c2", "c3"}, "they tell whose entry it was"


def test_a_tombstone_keeps_the_captures_but_no_credits() -> None:
    day = replace_with_tombstone(merge_captures(SEQUENCES["two corrections"]), "t1200", "Published in error")
    (stub,) = day.entries
    assert set(names(day, stub.sources)) == {"c1", "c2", "c3"}
    assert [wording.sources for wording in stub.revisions] == [(), ()]


# Files of version 0.1: each former wording has one `source`, often the page that replaced it.


def test_a_file_of_version_0_1_is_written_unchanged() -> None:
    assert dump_day(load_day(OLD.read_text())) == OLD.read_text()


def test_uncertain_credits_of_version_0_1_are_not_published(tmp_path: Path) -> None:
    path = day_file_path(tmp_path / "content", DATE)
    path.parent.mkdir(parents=True)
    shutil.copy(OLD, path)
    site = tmp_path / "site"
    build_site(BuildPaths(content=tmp_path / "content", output=site, conf=CONF, cache=tmp_path / "cache"))
    page = (site / "2031/04/09/index.html").read_text()
    assert "Seven</del> <ins>Eight" in page, "the former wordings are shown"
    assert page.count("Earlier version, compared with the next version") == 3
    assert "Version from source" not in page
    gate, bell = json.loads((site / "2031/04/09/entries.json").read_text())["entries"]
    assert "sources" not in gate
    assert bell["sources"] == [1, 3], "not the page that contradicts the edit"
    row, _ = map(json.loads, (site / "data/2031.jsonl").read_text().splitlines())
    assert not row["source"] and not row["other_sources"]
    log = map(json.loads, (site / "data/changes.jsonl").read_text().splitlines())
    assert ["at" in change for change in log if change["kind"] == "corrected"] == [False] * 3
    view, _ = load_catalog(tmp_path / "content").day_cache.views(DATE)
    assert len(view.carriers) == 4, "they stay known as pages that carried the entry"


def old_captures() -> list[Capture]:
    return [
        Capture(name, hour, BOATS.format(text))
        for name, hour, text in (
            ("s4", "13", "Six"),
            ("s1", "14", "Seven"),
            ("s2", "15", "Eight"),
            ("s3", "16", "Nine"),
        )
    ]


def old_day(captures: Sequence[Capture]) -> Day:
    """Return the day of the old file with only its first entry, and with the sources of our captures."""
    day = load_day(OLD.read_text())
    records = {capture.name: capture.record.source for capture in captures}
    sources = tuple(
        replace(source, sha256=source.key, outlet="", title="Flood", url=records[source.key].url)  # type: ignore[union-attr]
        for source in day.sources
    )
    return replace(day, sources=sources, entries=day.entries[:1])


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_captures_ingested_again_make_the_credits_of_version_0_1_certain(order: tuple[int, ...]) -> None:
    captures = old_captures()
    day = old_day(captures)
    for number in order:
        day = merge_capture(day, captures[number])
        check(day, captures)
    (entry,) = day.entries
    assert [wording.sources for wording in entry.revisions] == [("s4",), ("s1",), ("s2",)]
    assert (entry.sources, entry.carried) == (("s3",), ())


def test_a_correction_makes_no_uncertain_credit_certain() -> None:
    captures = [*old_captures(), Capture("c5", "18", BOATS.format("Ten"))]
    day = merge_capture(old_day(captures), captures[-1])
    check(day, captures)
    (entry,) = day.entries
    assert [wording.sources for wording in entry.revisions] == [()] * 4
    assert (names(day, entry.sources), entry.carried) == (("c5",), ("s1", "s2", "s3", "s4"))


def test_a_move_makes_no_uncertain_credit_certain(tmp_path: Path) -> None:
    write_day_files(tmp_path, [old_day(old_captures())])
    move_entry(DayStore(tmp_path, "UTC"), "2031-04-09#t1200", dt.date(2031, 4, 10))
    moved = load_day(day_file_path(tmp_path, dt.date(2031, 4, 10)).read_text())
    assert capture_times_of_revisions(moved) == [None, None, None]
