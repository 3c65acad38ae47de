"""Difficult times and dates, each as plain text and as HTML headings, paragraphs, lists and elements."""

from collections.abc import Callable, Sequence

import pytest

from daybook.core.errors import ArchiveError
from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

# name | stamps in page order; [a day heading]; ~~ is a separator such as "More updates" | day and time of each post
CASES = """
rolls over midnight        | 0100 GMT, 2330 GMT, 2200 GMT             | 02 01:00Z, 01 23:30Z, 01 22:00Z
rolls over twice           | 0100 GMT, 2330 GMT, 0200 GMT, 2300 GMT   | 02 01:00Z, 01 23:30Z, 01 02:00Z, 31 23:00Z
a rise of three hours      | 0800 GMT, 0700 GMT, 1015 GMT, 0930 GMT   | 02 08:00Z, 02 07:00Z, 01 10:15Z, 01 09:30Z
a rise below the first     | 0800 GMT, 1100 GMT, 1000 GMT, 0930 GMT   | 02 08:00Z, 02 11:00Z, 02 10:00Z, 02 09:30Z
a closing post             | 0010 GMT, 2350 GMT, 1405 GMT             | 03 00:10Z, 02 23:50Z, 02 14:05Z
a smaller rise             | 1129 GMT, 1134 GMT, 1100 GMT             | 02 11:29Z, 02 11:34Z, 02 11:00Z
two minutes late           | 7h07 GMT, 7h05 GMT, 7h07 GMT, 7h01 GMT   | 02 07:07Z, 02 07:05Z, 02 07:07Z, 02 07:01Z
out of place over midnight | 0010 GMT, 2358 GMT, 0003 GMT, 2350 GMT   | 02 00:10Z, 01 23:58Z, 02 00:03Z, 01 23:50Z
a quiet day                | 2345 GMT, 0005 GMT                       | 02 23:45Z, 02 00:05Z
a pinned lede              | 1915 GMT, ~~, 2300 GMT, 2200 GMT         | 02 19:15Z, 02 23:00Z, 02 22:00Z
a lede a minute older      | 1843 GMT, ~~, 1844 GMT, 1700 GMT         | 02 18:43Z, 02 18:44Z, 02 17:00Z
oldest first               | 2200 GMT, 2300 GMT, 0010 GMT, 0100 GMT   | 02 22:00Z, 02 23:00Z, 03 00:10Z, 03 01:00Z
oldest first, slipped      | 0900 GMT, 1030 GMT, 1025 GMT, 1100 GMT   | 02 09:00Z, 02 10:30Z, 02 10:25Z, 02 11:00Z
0000 is the new day        | 0030 GMT, 0000 GMT, 2330 GMT             | 02 00:30Z, 02 00:00Z, 01 23:30Z
0000, oldest first         | 2300 GMT, 0000 GMT, 0030 GMT             | 02 23:00Z, 03 00:00Z, 03 00:30Z
2400 is 0000 of the next   | 2400 GMT, 2330 GMT                       | 03 00:00Z, 02 23:30Z
2400, oldest first         | 2300 GMT, 2400 GMT, 0030 GMT             | 02 23:00Z, 03 00:00Z, 03 00:30Z
a day heading              | 0900 GMT, [Thursday, June 1, 2023], 0800 GMT | 02 09:00Z, 01 08:00Z
a heading without a year   | 0900 GMT, [Thursday, 1 June], 0830 GMT   | 02 09:00Z, 01 08:30Z
nor weekday                | 0900 GMT, [1 June], 0830 GMT             | 02 09:00Z, 01 08:30Z
in numbers                 | 0900 GMT, [1. 6.], 0830 GMT              | 02 09:00Z, 01 08:30Z
GMT in summer is UTC       | 13:29 GMT, 12:29 GMT                     | 02 13:29Z, 02 12:29Z
BST                        | 12.53am BST, 11.30pm BST                 | 02 00:53+01:00, 01 23:30+01:00
two zones in one stamp     | 13:29 GMT (16:29 EEST), 0929 GMT (12:29 EEST) | 02 13:29Z, 02 09:29Z
the other zone first       | 16:29 Kyiv time (13:29 GMT), 12:29 (0929 GMT) | 02 13:29Z, 02 09:29Z
a changing offset          | 14:05 CEST, 11:30 GMT, 12:15 +02:00      | 02 14:05+02:00, 02 11:30Z, 02 12:15+02:00
all times equal            | 1400 GMT, 1400 GMT, 1400 GMT             | 02 14:00Z, 02 14:00Z, 02 14:00Z
an age before the clock    | 21 mins ago11:48 GMT, 51 mins ago11:18 GMT | 02 11:48Z, 02 11:18Z
"""
MARKUPS = ("text", "headings", "paragraphs", "list", "elements")


def page_with(markup: str, items: Sequence[str], top: str = "Friday, June 2, 2023") -> bytes:
    """Return a page whose posts have these stamps."""
    if markup == "text":
        lines = [_in_text(item, number) for number, item in enumerate(items)]
        return "\n\n".join(["Harbour live", top, *lines, ""]).encode()
    write: dict[str, Callable[[str, str], str]] = {
        "headings": lambda stamp, boat: f"<h3>{stamp}</h3><h4>{boat}</h4><p>{body_text(boat)}</p>",
        "paragraphs": lambda stamp, boat: f"<p><b>{stamp} – {boat}</b></p><p>{body_text(boat)}</p>",
        "list": lambda stamp, boat: f"<li><b>{stamp}</b><h4>{boat}</h4>{body_text(boat)}</li>",
        "elements": lambda stamp, boat: (
            f"<article><span class='t'>{stamp}</span><h4>{boat}</h4><p>{body_text(boat)}</p></article>"
        ),
    }
    inside = "".join(
        f"<h2>{item.strip('[]')}</h2>"
        if item.startswith("[")
        else "<p>More updates</p>"
        if item == "~~"
        else write[markup](item, f"Boat {number} comes in")
        for number, item in enumerate(items)
    )
    inside = f"<ul>{inside}</ul>" if markup == "list" else f"<div>{inside}</div>"
    return f"<!doctype html><main><h1>Harbour live</h1><p>{top}</p>{inside}</main>".encode()


def _in_text(item: str, number: int) -> str:
    boat = f"Boat {number} comes in"
    named = {"~~": "More updates"}.get(item, item.strip("[]"))
    return named if named != item else f"{item} – {boat}\n\n{body_text(boat)}"


def body_text(boat: str) -> str:
    return f"{boat}, and the crew of eight steps ashore."


def cases() -> list[list[str]]:
    found = []
    for line in CASES.strip().splitlines():
        name, rest = line.split("|", 1)
        items, expected = rest.rsplit("|", 1)
        found.append([name.strip(), items, expected])
    return found


def instants(page: ParsedPage) -> list[str]:
    return [record.at[8:].replace("T", " ").replace(":00Z", "Z").replace(":00+", "+") for record in page.records]


def split(text: str) -> list[str]:
    """Split at commas that are not part of a date."""
    return [item.strip() for item in text.replace("y, June 1, 2023", "y June 1 2023").replace("y, 1", "y 1").split(",")]


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize(("name", "items", "expected"), cases(), ids=lambda value: value[:28].strip())
def test_posts_get_their_instants(name: str, items: str, expected: str, markup: str) -> None:
    page = parse(page_with(markup, split(items)), read_hints({}), name)
    assert instants(page) == split(expected)
    assert page.problems == ()
    assert [record.headline for record in page.records] == [
        f"Boat {number} comes in" for number, item in enumerate(split(items)) if item[0] not in "[~"
    ]
    assert [str(record.markdown or record.text) for record in page.records] == [
        body_text(record.headline) for record in page.records
    ]


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize(
    ("items", "message"),
    [
        (["1400 GMT", "2460 GMT", "1200 GMT"], "invalid time '2460 GMT'"),
        (["1400 GMT", "7;00 GMT", "1200 GMT"], "invalid time '7;00 GMT'"),
        (["1400 GMT", "1300 XYZ", "1200 GMT"], "unknown time zone 'XYZ'"),
        (["1400 GMT", "1300 IST", "1200 GMT"], "unknown time zone 'IST'"),
        (["1400 GMT", "13:00 Kyiv time", "1200 GMT"], "unknown time zone 'Kyiv'"),
        (["1400 GMT", "13:00 GMT (14:00 EEST)", "1200 GMT"], "contains two different times"),
    ],
    ids=lambda value: value[1] if isinstance(value, list) else "",
)
def test_post_with_a_wrong_stamp_is_left_out(markup: str, items: list[str], message: str) -> None:
    page = parse(page_with(markup, items), read_hints({}), "page")
    assert instants(page) == ["02 14:00Z", "02 12:00Z"]
    (problem,) = page.problems
    assert message in str(problem)
    left_out = [line.text for line in page.lines if line.reason.startswith("left out")]
    assert any(body_text("Boat 1 comes in") in text for text in left_out)


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize(
    ("top", "items", "message"),
    [
        ("Monday, June 2, 2023", ["1400 GMT", "1300 GMT"], "says Monday, but 2023-06-02 is a Friday"),
        ("June 31, 2023", ["1400 GMT", "1300 GMT"], "the date 'June 31, 2023' does not exist"),
        ("No date here.", ["1400 GMT", "1300 GMT"], "no date that can be read without doubt; set DATE="),
        ("For our updates from Thursday (June 1), click here.", ["1400 GMT", "1300 GMT"], "without doubt; set DATE="),
        ("Friday, June 2, 2023", ["14:00", "13:00"], "have no time zone; set ZONE="),
        ("2 June", ["1400 GMT", "1300 GMT"], "has no year; set DATE="),
    ],
)
def test_page_with_contradictory_or_missing_facts_is_refused(
    markup: str, top: str, items: list[str], message: str
) -> None:
    with pytest.raises(ArchiveError, match=message):
        parse(page_with(markup, items, top), read_hints({}), "page")


@pytest.mark.parametrize(
    "stamps", [("0900 GMT | 2 June", "2330 GMT | 1 June"), ("2 June, 09:00 GMT", "1 June, 23:30 GMT")]
)
@pytest.mark.parametrize("markup", ["text", "headings", "paragraphs", "elements"])
def test_date_in_a_stamp_is_the_date_of_its_post(markup: str, stamps: tuple[str, str]) -> None:
    data = page_with(markup, stamps).decode().replace(" – ", "\n" if markup == "text" else "</b></p><p><b>")
    page = parse(data.encode(), read_hints({}), "page")
    assert instants(page) == ["02 09:00Z", "01 23:30Z"]
    assert all("June" not in record.headline for record in page.records)
    assert [record.found.value for record in page.records if record.found] == ["explicit"] * 2


@pytest.mark.parametrize("markup", MARKUPS)
def test_inferred_dates_are_reported(markup: str) -> None:
    page = parse(page_with(markup, ["0100 GMT", "2330 GMT", "2334 GMT", "2200 GMT"]), read_hints({}), "page")
    notes = " / ".join(note.text for note in page.notes)
    assert "23:30 follows 01:00 on the page, so it is dated 2023-06-01 (midnight in between)" in notes
    assert "23:34 follows 23:30 on the page, so it is dated 2023-06-01 (out of order)" in notes
    assert [record.found.value for record in page.records if record.found] == ["explicit", *["inferred"] * 3]


@pytest.mark.parametrize("markup", MARKUPS)
def test_edit_mark_is_not_a_post(markup: str) -> None:
    mark = "Updated at 1.40pm BST"
    marked = mark if markup == "text" else f"<p>{mark}</p>"
    data = page_with(markup, ["12.30pm BST", "11.30am BST"]).decode()
    body = body_text("Boat 0 comes in")
    end = {"text": f"{body}\n", "list": f"{body}"}.get(markup, f"{body}</p>")
    page = parse(data.replace(end, f"{end}{marked}", 1).encode(), read_hints({}), "page")
    assert [(record.at[11:16], record.updated) for record in page.records] == [
        ("12:30", "2023-06-02T13:40:00+01:00"),
        ("11:30", ""),
    ]
    assert str(page.records[0].markdown or page.records[0].text) == body


@pytest.mark.parametrize("markup", MARKUPS)
def test_article_full_of_times_has_no_entry(markup: str) -> None:
    lines = [f"At {n % 24:02}{n % 60:02} GMT the eight rowed on; {n} boats lay there by 0300 GMT." for n in range(60)]
    data = "\n\n".join(["The night", "Friday, June 2, 2023", *lines])
    if markup != "text":
        tag = "li" if markup == "list" else "p"
        data = "<!doctype html><article><h1>The night</h1>" + "".join(f"<{tag}>{line}</{tag}>" for line in lines)
    page = parse(data.encode(), read_hints({}), "page")
    assert page.records == ()
    assert "no entries" in page.notes[-1].text


def test_a_time_before_standard_time_is_a_record() -> None:
    page = b"Harbour live\n\n2 June 1850\n\n13:29 Fog\n\nThe fog came down.\n\n12:00 Boats\n\nSix boats are in.\n"
    records = parse(page, read_hints({"zone": "Europe/Berlin"}), "page").records
    assert [record.at for record in records] == ["1850-06-02T12:35:32Z", "1850-06-02T11:06:32Z"]


def test_a_year_that_no_archive_has_is_named() -> None:
    page = (
        b"Harbour live\n\n2 June 9999\n\n13:29 GMT Fog\n\nThe fog came down.\n\n12:00 GMT Boats\n\nSix boats are in.\n"
    )
    with pytest.raises(ArchiveError, match="'2 June 9999' is not in the years 1000 to 9998; correct it"):
        parse(page, read_hints({}), "page")
