"""Whose entry it is: live blogs, weak ids, changing titles, several outlets, joined entries, and other time zones."""

import datetime as dt
import difflib
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from catalogs import load_days
from paths import FIXTURES

from daybook.archive.content import day_file_path
from daybook.archive.day_file import load_day
from daybook.archive.day_store import DayStore
from daybook.archive.identity import IdStrength, live_blog_of, strong_ids
from daybook.archive.ingest import IngestOptions, IngestResult, ingest
from daybook.archive.time_zone import convert_days
from daybook.archive.tombstones import join_entries, move_entry, withdraw_entry
from daybook.core.errors import ArchiveError
from daybook.core.model import Day, Source
from daybook.core.record import PageSource, Record
from daybook.parse.input_files import ParsedFile

DATE = dt.date(2031, 4, 9)
OLD = FIXTURES / "version-0.1" / "three-captures.md"
BUOY, HORN = "https://buoy.example/live/3", "https://horn.example/live"
GATE = "The third gate was shut by the harbour crew at the quay."
MAYOR = "The mayor gave no reason for leaving the town hall early."
BRIDGE = "The north bridge is open again for carts and for barges."


def page(hour: int, *entries: tuple[str, str, str], url: str = BUOY, day: int = 9, **source: object) -> list[Record]:
    """Return a capture made at an hour, from (clock time, id, text), newest first."""
    facts = {
        "outlet": url.removeprefix("https://"),
        "date": DATE,
        "captured": f"2031-04-{day:02}T{hour:02}:00:00Z",
        **source,
    }
    origin = PageSource(url=url, **facts)  # type: ignore[arg-type]
    return [
        Record(at=at if "T" in at else f"2031-04-09T{at}:00Z", id=name, text=text, source=origin)
        for at, name, text in entries
    ]


def put(content: Path, records: list[Record], zone: str = "UTC", forced: str = "") -> IngestResult:
    options = IngestOptions(content=content, zone=ZoneInfo(zone), accepted=frozenset(filter(None, [forced])))
    return ingest(ParsedFile(name="page", records=tuple(records)), options)


def stored(content: Path) -> dict[str, str]:
    return {
        f"{day.date.day}#{entry.anchor}": entry.body
        for day in load_days(content)
        for entry in day.entries
        if entry.body
    }


def test_numbers_of_places_on_a_page_identify_no_entry(tmp_path: Path) -> None:
    """The newest entry is always #1, so each id names the neighbour in the next capture."""
    put(tmp_path, page(12, ("12:00", f"{BUOY}#1", MAYOR), ("11:00", f"{BUOY}#2", GATE)))
    put(tmp_path, page(13, ("13:00", f"{BUOY}#1", BRIDGE), ("12:00", f"{BUOY}#2", MAYOR), ("11:00", f"{BUOY}#3", GATE)))
    assert stored(tmp_path) == {"9#t1100": GATE, "9#t1200": MAYOR, "9#t1300": BRIDGE}
    assert not any(entry.id or entry.revisions for day in load_days(tmp_path) for entry in day.entries)


@pytest.mark.parametrize(
    ("ids", "strength"),
    [
        (["#1", "#2", "#3"], IdStrength.NONE),
        ([BUOY, BUOY], IdStrength.NONE),
        (["post-1", "post-1", "post-7001"], IdStrength.SHORT),
        (["post-7001", "post-7002"], IdStrength.SHORT),
        (["k3fa9c2d1e0b", "q81b0e44aaf2"], IdStrength.LONG),
        (["", ""], IdStrength.NONE),
    ],
)
def test_strength_of_ids(ids: list[str], strength: IdStrength) -> None:
    found, kept = strong_ids(BUOY, ids)
    assert found is strength
    assert (not any(kept)) == (strength is IdStrength.NONE)


def test_an_id_counts_only_in_its_live_blog(tmp_path: Path) -> None:
    put(tmp_path, page(14, ("10:00", "post-7001", GATE)))
    put(tmp_path, page(16, ("15:30", "post-7001", MAYOR), url=HORN))
    assert stored(tmp_path) == {"9#t1000": GATE, "9#t1530": MAYOR}


def test_a_withdrawn_entry_holds_back_no_entry_of_another_live_blog(tmp_path: Path) -> None:
    put(tmp_path, page(14, ("10:00", "post-7001", GATE)))
    withdraw_entry(DayStore(tmp_path, "UTC"), "2031-04-09#t1000", "Published in error")
    put(tmp_path, page(16, ("15:30", "post-7001", MAYOR), ("10:00", "post-7002", GATE), url=HORN))
    assert stored(tmp_path) == {"9#t1000-2": GATE, "9#t1530": MAYOR}
    again = put(tmp_path, page(17, ("10:00", "post-7001", GATE)))
    assert ["held back" in str(note) for note in again.notes] == [True]
    assert again.decisions == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{BUOY}?utm_source=x#post-2", f"{BUOY}/"),
        ("https://www.buoy.example/live?page=2", "http://buoy.example/live"),
    ],
)
def test_addresses_of_one_live_blog(one: str, other: str) -> None:
    assert live_blog_of(Source(url=one)) == live_blog_of(Source(url=other))


@pytest.mark.parametrize(("one", "other"), [("id=7", "id=8"), ("page=flood", "page=fire"), ("post=7", "post=8")])
def test_a_parameter_that_chooses_the_page_is_part_of_its_address(one: str, other: str) -> None:
    assert live_blog_of(Source(url=f"{BUOY}?{one}")) != live_blog_of(Source(url=f"{BUOY}?{other}"))


def test_a_title_that_changes_during_the_day_makes_no_second_live_blog(tmp_path: Path) -> None:
    for hour, title, entries in (
        (12, "Fog over the port", [("11:00", "", MAYOR), ("10:00", "", GATE)]),
        (14, "Port opens again", [("13:00", "", BRIDGE), ("11:00", "", MAYOR), ("10:00", "", GATE)]),
        (16, "Port opens again", [("13:00", "", BRIDGE), ("11:00", "", MAYOR)]),
    ):
        put(tmp_path, page(hour, *entries, url="", outlet="The Buoy", title=title, lede=(f"Lede of {title}.",)))
    (day,) = load_days(tmp_path)
    assert stored(tmp_path) == {"9#t1000": GATE, "9#t1100": MAYOR, "9#t1300": BRIDGE}
    assert (day.title, day.lede) == ("Port opens again", "Lede of Port opens again.")
    assert [source.first_title for source in day.sources] == ["", *["Fog over the port"] * 2]


def test_each_outlet_keeps_its_own_title_and_lede(tmp_path: Path) -> None:
    assert put(tmp_path, page(12, ("10:00", "", GATE), title="Gate", lede=("At dawn.",))).decisions == ()
    second = put(tmp_path, page(12, ("11:00", "", MAYOR), url=HORN, title="Mayor", lede=("At noon.",)))
    assert (second.errors, second.decisions) == ((), ())
    (day,) = load_days(tmp_path)
    assert (day.title, day.lede) == ("Gate", "At dawn.")
    assert [(source.title, source.lede) for source in day.sources] == [
        ("Gate", ("At dawn.",)),
        ("Mayor", ("At noon.",)),
    ]


def test_a_time_corrected_across_midnight_moves_the_entry_and_leaves_a_stub(tmp_path: Path) -> None:
    late, early = ("2031-04-09T23:59:00Z", "k3fa9c2d1e0b", GATE), ("2031-04-10T00:01:00Z", "k3fa9c2d1e0b", GATE)
    put(tmp_path, page(1, late, day=10))
    put(tmp_path, page(2, early, day=10))
    assert stored(tmp_path) == {"10#t0001": GATE}
    stub, moved = (day.entries[0] for day in load_days(tmp_path))
    assert stub.moved == "2031-04-10#t0001"
    assert [(str(wording.date), str(wording.time)) for wording in moved.revisions] == [("2031-04-09", "23:59:00")]
    put(tmp_path, page(3, late, day=10))
    assert stored(tmp_path) == {"9#t2359": GATE}, "its first address leads to it again"
    assert [entry.moved for day in load_days(tmp_path) for entry in day.entries] == ["", "2031-04-09#t2359"]


def test_a_page_does_not_move_back_what_a_person_moved(tmp_path: Path) -> None:
    capture = page(14, ("10:00", "", GATE), ("09:00", "", MAYOR))
    put(tmp_path, capture)
    move_entry(DayStore(tmp_path, "UTC"), "2031-04-09#t1000", dt.date(2031, 4, 8))
    put(tmp_path, capture)
    put(tmp_path, page(15, ("10:00", "", GATE), ("09:00", "", MAYOR)))
    assert stored(tmp_path) == {"8#t1000": GATE, "9#t0900": MAYOR}


def test_joined_entries_keep_all_wordings_and_both_addresses(tmp_path: Path) -> None:
    put(tmp_path, page(12, ("10:00", "", GATE)))
    result = put(tmp_path, page(14, ("10:00", "", MAYOR)))
    assert "make join A=2031-04-09#t1000 B=2031-04-09#t1000-2" in str(result.notes[0])
    put(tmp_path, page(14, ("10:00", "", BRIDGE), url=HORN))
    assert stored(tmp_path) == {"9#t1000": GATE, "9#t1000-2": MAYOR, "9#t1000-3": BRIDGE}
    store = DayStore(tmp_path, "UTC")
    with pytest.raises(ArchiveError, match="two live blogs"):
        join_entries(store, "2031-04-09#t1000", "2031-04-09#t1000-3")
    join_entries(store, "2031-04-09#t1000", "2031-04-09#t1000-2")
    (day,) = load_days(tmp_path)
    joined, stub, _ = day.entries
    assert (joined.body, [wording.body for wording in joined.revisions]) == (MAYOR, [GATE])
    assert stub.moved == "2031-04-09#t1000"
    before = day_file_path(tmp_path, DATE).read_bytes()
    put(tmp_path, page(14, ("10:00", "", MAYOR)))
    assert day_file_path(tmp_path, DATE).read_bytes() == before, "the page of the second entry changes nothing"


def test_two_entries_of_one_page_cannot_be_joined(tmp_path: Path) -> None:
    put(tmp_path, page(12, ("11:00", "", MAYOR), ("10:00", "", GATE)))
    with pytest.raises(ArchiveError, match="contains both"):
        join_entries(DayStore(tmp_path, "UTC"), "2031-04-09#t1000", "2031-04-09#t1100")


def test_another_time_zone_is_refused_for_days_that_have_entries(tmp_path: Path) -> None:
    capture = page(23, ("22:30", "", MAYOR), ("10:00", "", GATE))
    put(tmp_path, capture)
    before = day_file_path(tmp_path, DATE).read_bytes()
    (error,) = put(tmp_path, capture, zone="Europe/Kyiv").errors
    assert "make zone" in str(error) and str(error).startswith(str(day_file_path(tmp_path, DATE)))
    assert day_file_path(tmp_path, DATE).read_bytes() == before


def test_converted_days_are_those_of_pages_ingested_in_the_new_zone(tmp_path: Path) -> None:
    first = page(23, ("22:30", "", MAYOR), ("10:00", "", GATE))
    second = page(23, ("22:40", "", MAYOR), ("10:00", "", GATE), day=10)
    for capture in (first, second):
        put(tmp_path / "utc", capture)
        put(tmp_path / "kyiv", capture, zone="Europe/Kyiv")
    days = list(load_days(tmp_path / "utc"))
    converted = convert_days(days, ZoneInfo("UTC"), ZoneInfo("Europe/Kyiv"))
    assert converted.moved == 1

    def observed(days: list[Day]) -> list[object]:
        return [
            (
                day.date,
                str(entry.time),
                entry.body,
                entry.ingested,
                [(str(old.time), old.date) for old in entry.revisions],
            )
            for day in days
            for entry in day.entries
            if not entry.is_tombstone
        ]

    after = [converted.days[date] for date in sorted(converted.days)]
    assert observed(after) == observed(list(load_days(tmp_path / "kyiv")))
    assert {entry.anchor: entry.moved for entry in after[0].entries} == {"t1000": "", "t2230": "2031-04-10#t0140"}
    DayStore(tmp_path / "utc", "Europe/Kyiv").write(converted.days)
    assert put(tmp_path / "utc", second, zone="Europe/Kyiv").written == (), "the same page again changes nothing"


BROKEN = {
    "a source that is missing": ('[anchor]: # "t1000"\n[source]: # "zz"', "refers to source 'zz'"),
    "a second front matter without its first line": (
        '[anchor]: # "t1000"\n\nText.\ntitle: "x"\ndate: 2031-04-09\nsources:\n  - {"key": "s1"}\n---\n\n## 11:00 b',
        "front matter inside the text",
    ),
    "a second front matter": ('[anchor]: # "t1000"\n\nText.\n\n---\ntitle: "x"', "front matter inside the text"),
    "a conflict": ("<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs", "make merge"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_day_file_that_git_or_a_person_broke_is_refused_with_a_cure(name: str) -> None:
    text, reason = BROKEN[name]
    with pytest.raises(ArchiveError, match=reason) as error:
        load_day(f"---\ntitle: x\ndate: 2031-04-09\n---\n\n## 10:00 Gate\n\n{text}\n")
    assert error.value.line


def test_a_source_that_nothing_names_is_refused_in_a_new_file() -> None:
    front = '---\ntitle: x\ndate: 2031-04-09\nzone: "UTC"\nsources:\n  - {"key": "3fa9c2d1"}\n---\n'
    with pytest.raises(ArchiveError, match="no entry and no caption names the source '3fa9c2d1'"):
        load_day(front)
    assert load_day(front.replace('zone: "UTC"\n', "")).sources, "version 0.1 wrote such files"


def test_the_same_page_read_differently_replaces_the_former_reading(tmp_path: Path) -> None:
    """A better parser reads the same bytes again: the page printed only one wording, so nothing was corrected."""
    digest = "0123456789abcdef" * 4
    put(tmp_path, page(12, ("11:00", "", MAYOR), ("10:00", "", GATE), sha256=digest))
    again = put(tmp_path, page(12, ("11:00", "", MAYOR), ("10:00", "", f"{GATE} It stays shut."), sha256=digest))
    (day,) = load_days(tmp_path)
    assert stored(tmp_path) == {"9#t1000": f"{GATE} It stays shut.", "9#t1100": MAYOR}
    assert not any(entry.revisions for entry in day.entries)
    assert ["read differently" in str(note) for note in again.notes] == [True]


def test_a_date_corrected_by_a_hint_moves_the_entries(tmp_path: Path) -> None:
    digest = "0123456789abcdef" * 4
    put(tmp_path, page(12, ("10:00", "", GATE), sha256=digest))
    put(tmp_path, page(12, ("2031-04-08T10:00:00Z", "", GATE), sha256=digest))
    assert stored(tmp_path) == {"8#t1000": GATE}
    assert not any(entry.revisions for day in load_days(tmp_path) for entry in day.entries if not entry.moved)


def test_records_of_a_source_without_a_digest_keep_all_their_wordings(tmp_path: Path) -> None:
    texts = [GATE, f"{GATE} It stays shut.", f"{GATE} It opens at noon."]
    for text in texts:
        put(tmp_path, page(12, ("10:00", "k3fa9c2d1e0b", text), captured=""))
    (day,) = load_days(tmp_path)
    (entry,) = day.entries
    assert [entry.body, *(wording.body for wording in entry.revisions)] == [texts[2], *texts[:2]]
    assert len({(entry.sources), *(wording.sources for wording in entry.revisions)}) == 1


def test_a_source_that_version_0_1_left_in_a_file_is_removed_with_a_note(tmp_path: Path) -> None:
    path = day_file_path(tmp_path, DATE)
    path.parent.mkdir(parents=True)
    path.write_text(
        '---\ntitle: x\ndate: 2031-04-09\nsources:\n  - {"key": "s1", "title": "Left over"}\n---\n\n## 09:00 a\n'
    )
    result = put(tmp_path, page(12, ("10:00", "", GATE)))
    assert result.errors == ()
    assert ["Left over" in str(note) for note in result.notes] == [True]
    assert "Left over" not in path.read_text()


def test_an_archive_of_version_0_1_gets_its_zone_and_right_credits_and_nothing_else(tmp_path: Path) -> None:
    """Version 0.1 made the file from the same three captures; it credited the correction's capture with both texts."""
    path = day_file_path(tmp_path, DATE)
    path.parent.mkdir(parents=True)
    path.write_text(OLD.read_text())
    boats = "{} boats lie in the old harbour behind the gate."
    captures = {
        14: [("12:00", "Boats", boats.format("Seven")), ("11:00", "Gate", GATE), ("10:00", "Mayor", MAYOR)],
        15: [("12:00", "Boats", boats.format("Eight")), ("11:00", "Gate", GATE), ("10:00", "Mayor", MAYOR)],
        16: [("13:00", "Bridge", BRIDGE), ("12:00", "Boats", boats.format("Eight")), ("11:00", "Gate", GATE)],
    }
    for hour, posts in captures.items():
        captured = f"2031-04-09T{hour}:00:00Z"
        source = PageSource(
            title="Flood", outlet="The Buoy", url=BUOY, date=DATE, captured=captured, sha256=str(hour) * 32
        )
        records = [
            Record(at=f"2031-04-09T{at}:00Z", headline=headline, text=text, source=source)
            for at, headline, text in posts
        ]
        result = put(tmp_path, records)
        assert (result.notes, result.errors, result.decisions) == ((), (), ())
    lines = difflib.ndiff(OLD.read_text().splitlines(), path.read_text().splitlines())
    assert [line for line in lines if line[0] in "+-"] == [
        '+ zone: "UTC"',
        '- [source]: # "s1 s2 s3"',
        '+ [source]: # "s2 s3"',
        '- [former]: # \'{"headline": "Boats", "body": "Seven boats lie in the old harbour behind the gate.", '
        '"source": "s2", "digest": "7b68bf946666c677"}\'',
        '+ [former]: # \'{"sources": ["s1"], "time": "12:00", "headline": "Boats", '
        '"body": "Seven boats lie in the old harbour behind the gate."}\'',
    ]


def test_a_post_whose_id_stays_while_its_time_and_text_are_corrected(tmp_path: Path) -> None:
    """The later capture also lacks a post: it stays, marked as missing there."""
    put(tmp_path, page(12, ("12:00", "7103", MAYOR), ("11:00", "7102", BRIDGE), ("10:00", "7101", GATE)))
    put(tmp_path, page(13, ("12:30", "7101", GATE + " It opens at noon."), ("12:00", "7103", MAYOR)))
    (day,) = load_days(tmp_path)
    assert [(entry.anchor, str(entry.time)[:5]) for entry in day.entries] == [
        ("t1100", "11:00"),
        ("t1200", "12:00"),
        ("t1000", "12:30"),
    ]
    first, second = [source.key for source in day.sources]
    corrected = day.entries[-1]
    assert corrected.sources == (second,)
    assert [(wording.sources, wording.body) for wording in corrected.revisions] == [((first,), GATE)]


def test_each_of_three_wordings_names_the_capture_that_printed_it(tmp_path: Path) -> None:
    boats = "The ferry waits in the roads with {} people aboard."
    for hour, number in ((12, "nine"), (13, "eleven"), (14, "twelve")):
        put(tmp_path, page(hour, ("11:00", "", boats.format(number)), ("10:00", "", GATE)))
    (day,) = load_days(tmp_path)
    keys = [source.key for source in day.sources]
    gate, ferry = day.entries
    assert gate.sources == tuple(keys)
    assert (ferry.sources, ferry.body) == ((keys[2],), boats.format("twelve"))
    assert [(wording.sources, wording.body) for wording in ferry.revisions] == [
        ((keys[0],), boats.format("nine")),
        ((keys[1],), boats.format("eleven")),
    ]


def test_a_rewritten_post_is_reported_with_the_one_that_the_page_lacks(tmp_path: Path) -> None:
    put(tmp_path, page(12, ("11:00", "", MAYOR), ("10:00", "", GATE)))
    result = put(tmp_path, page(13, ("11:00", "", BRIDGE), ("10:00", "", GATE)))
    assert [("2031-04-09#t1100" in str(note), "2031-04-09#t1100-2" in str(note)) for note in result.notes] == [
        (True, True)
    ]
    unrelated = put(tmp_path, page(14, ("13:00", "", "Rain."), ("11:00", "", BRIDGE), ("10:00", "", GATE)))
    assert unrelated.notes == ()
