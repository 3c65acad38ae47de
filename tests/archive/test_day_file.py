"""The format of day files: one readable example, reading and writing, and the line of each mistake."""

import datetime as dt

import pytest
from hypothesis import given
from paths import FIXTURES
from strategies import days

from daybook.archive.day_file import dump_day, load_day, load_day_with_lines
from daybook.core.errors import ArchiveError
from daybook.core.model import Day

EXAMPLE = FIXTURES / "days" / "2031-04-09.md"
HEAD = "---\ntitle: Flood\ndate: 2031-04-09\n---\n"


@given(days())
def test_a_day_reads_back_as_it_was_written(day: Day) -> None:
    text = dump_day(day)
    assert load_day(text) == day
    assert dump_day(load_day(text)) == text


def test_the_example_is_written_unchanged() -> None:
    text = EXAMPLE.read_text()
    day = load_day(text)
    assert [entry.anchor for entry in day.entries] == ["t0610", "n1", "t1329", "t1329-2"]
    assert day.lede.startswith("The river")
    assert day.collected == ((0, 809),)
    assert day.entries[2].topics == ("+levee", "-river-authority")
    assert dump_day(day) == text


def test_a_heading_and_a_paragraph_are_an_entry() -> None:
    day = load_day(HEAD + "## 14:05 Bridge closed\nAll traffic goes round.\n## 14:05 Bridge open\n## Nobody hurt\n")
    assert [(entry.anchor, entry.headline) for entry in day.entries] == [
        ("t1405", "Bridge closed"),
        ("t1405-2", "Bridge open"),
        ("n1", "Nobody hurt"),
    ]
    assert day.entries[0].body == "All traffic goes round."


def test_entries_are_sorted_by_time() -> None:
    day = load_day(HEAD + "## 14:05 b\n## untimed\n## 09:00 a\n")
    assert [entry.headline for entry in day.entries] == ["a", "b", "untimed"]


@given(days())
def test_the_line_of_an_entry_is_that_of_its_heading(day: Day) -> None:
    text = dump_day(day)
    rows, (_, lines) = text.split("\n"), load_day_with_lines(text)
    assert lines.keys() == {entry.anchor for entry in day.entries}
    for anchor, line in lines.items():
        assert rows[line - 1].startswith("##")
        assert rows[line + 1] == f'[anchor]: # "{anchor}"'


def test_an_entry_typed_by_hand_has_a_line() -> None:
    quoted = '## 14:05 b\n\nA line says:\n\n[anchor]: # "t0700"\n\n## 09:00 a\n\n[anchor]: # "t0900"\n'
    assert load_day_with_lines(HEAD + quoted)[1] == {"t1405": 5, "t0900": 11}


def test_a_stored_anchor_is_not_allocated_again() -> None:
    day = load_day(HEAD + '## 09:00 new\n## 10:00 moved by hand\n[anchor]: # "t0900"\n')
    assert [entry.anchor for entry in day.entries] == ["t0900-2", "t0900"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("no front matter", 1, "must start with front matter"),
        ("---\ntitle: x\n", 1, "is not closed"),
        ("---\ntitle: x\ndate: 2031-02-30\n---\n", 3, "invalid date"),
        ("---\ntitle: x\n---\n", 1, "no `date`"),
        ("---\ntitle: x\ntitle: y\n---\n", 3, "already on line 2"),
        ("---\nsave_as: ../x\n---\n", 2, "unknown key `save_as`"),
        ("---\ntitle: x\nwhat is this\n---\n", 3, "invalid line in front matter"),
        ('---\ntitle: "x\n---\n', 2, "invalid JSON"),
        ('---\nsources:\n  - {"kex": 1}\n---\n', 1, "no `date`"),
        ('---\ndate: 2031-04-09\nsources:\n  - {"kex": 1}\n---\n', 3, "invalid source"),
        ('---\ndate: 2031-04-09\ncollected: "9-10"\n---\n', 3, "not a time range"),
        (HEAD + "## 24:10 x\n", 5, "invalid time"),
        (HEAD + "## 9:10 x\n", 5, "invalid time"),
        (HEAD + "## 13:60 x\n", 5, "invalid time"),
        (HEAD + "## 13:290 x\n", None, ""),
        (HEAD + '## 09:00 x\n[anchor]: # "t0900"\n## 09:00 y\n[anchor]: # "t0900"\n', 7, "two entries"),
        (HEAD + '## 09:00 x\n[anchor]: # "../x"\n', 6, "invalid anchor"),
        (HEAD + '## 09:00 x\n\n[topics]: # "nato"\n', 7, "write +nato"),
        (HEAD + '## 09:00 x\n\n[topics]: # "+NATO/.."\n', 7, "invalid slug"),
        (HEAD + '## 09:00 x\n[mood]: # "glad"\n', 6, "unknown attribute"),
        (HEAD + "## 09:00 x\n[topics]: # +nato\n", 6, "invalid attribute line"),
        (HEAD + '## 09:00 x\n[id]: # "a"\n[id]: # "b"\n', 7, "a second \\[id\\]"),
        (HEAD + '## 09:00 x\n[at]: # "yesterday"\n', 6, "invalid time"),
        (HEAD + "## 09:00 x *y*\n", 5, "plain text"),
        (HEAD + "## 09:00 x\ntext\n---\nmore\n", 6, "### or deeper"),
        (HEAD + "# One\n", 5, "### or deeper"),
    ],
)
def test_a_mistake_has_its_line(text: str, line: int | None, reason: str) -> None:
    if line is None:
        assert load_day(text).entries[0].time is None
        return
    with pytest.raises(ArchiveError, match=reason.replace("+", r"\+")) as caught:
        load_day(text)
    assert caught.value.line == line


def test_the_date_is_parsed() -> None:
    assert load_day(HEAD).date == dt.date(2031, 4, 9)
