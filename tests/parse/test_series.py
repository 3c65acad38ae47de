"""Stamps in any shape, found because a page repeats them; times that are no stamps; days of difficult nights."""

import datetime as dt

import pytest

from daybook.parse import parse
from daybook.parse.base.page import Hints, ParsedPage, Verdict
from daybook.parse.time.days import UndatedStamp, assign_days
from daybook.parse.time.tokens import find_times

TEXTS = (
    "The lock keeper opened both gates for the barges.",
    "A tug was sent to the weir from the lower town.",
    "Nobody may walk on the towpath until tomorrow.",
)

# How a page prints its stamps; {} is the text of a post. The clocks are 18:20, 17:45 and 16:05.
SHAPES = """
**18:20** {}                         | **17:45** {}                         | **16:05** {}
• 18:20 {}                           | • 17:45 {}                           | • 16:05 {}
1820 – {}                            | 1745 – {}                            | 1605 – {}
18 h 20 : {}                         | 17 h 45 : {}                         | 16 h 05 : {}
Ore 18.20 – {}                       | ORE 17.45 – {}                       | Ore 16.05 – {}
godz. 18:20 {}                       | godz. 17:45 {}                       | godz. 16:05 {}
【18:20】{}                          | 【17:45】{}                          | 【16:05】{}
5日18:20 {}                          | 5日17:45 {}                          | 5日16:05 {}
１８：２０ {}                        | １７：４５ {}                        | １６：０５ {}
05.05.31 | 18:20 | {}                | 05.05.31 | 17:45 | {}                | 05.05.31 | 16:05 | {}
18:20 - 05.05.2031 {}                | 17:45 - 05.05.2031 {}                | 16:05 - 05.05.2031 {}
18:20 {}                             | 17.45 {}                             | 16.05 {}
+++ 18:20 Uhr: {} +++                | +++ 17:45 Uhr: {} +++                | +++ 16:05 Uhr: {} +++
At 6.20 p.m., {}                     | At 5.45 p.m., {}                     | At 4.05 p.m., {}
Update, Montag (5. Mai), 18.20 Uhr: {} | Update, Montag (5. Mai), 17.45 Uhr: {} | Update, Montag (5. Mai), 16.05 Uhr: {}
18:20 PM: {}                         | 17:45 PM: {}                         | 16:05 PM: {}
6:20 p.m. ET, May 5, 2031: {}        | 5:45 p.m. ET, May 5, 2031: {}        | 4:05 p.m. ET, May 5, 2031: {}
"""


def read(text: str, **hints: str) -> ParsedPage:
    return parse(text.encode(), Hints(**{"zone": "UTC"} | hints), "page")  # type: ignore[arg-type]


def shapes() -> list[list[str]]:
    """Split each line at the marks between its three columns, which have two spaces or a brace before them."""
    return [[cell.strip() for cell in line.split("  | " if "  | " in line else "} | ")] for line in _rows()]


def _rows() -> list[str]:
    return [line for line in SHAPES.strip().splitlines() if line.strip()]


def clocks(page: ParsedPage) -> list[str]:
    return [record.at[:16] for record in page.records]


@pytest.mark.parametrize("stamps", shapes(), ids=lambda value: value[0][:20])
@pytest.mark.parametrize("furniture", ["", "Share this page\n\n"])
def test_a_page_is_read_in_whatever_shape_it_prints_its_stamps(stamps: list[str], furniture: str) -> None:
    stamps = [stamp if "}" in stamp else stamp + "}" for stamp in stamps]
    posts = "\n\n".join(stamp.format(text) for stamp, text in zip(stamps, TEXTS, strict=True))
    page = read(f"Live: the lock at Arden\n\n5 May 2031\n\n{furniture}{posts}\n")
    assert clocks(page) == ["2031-05-05T18:20", "2031-05-05T17:45", "2031-05-05T16:05"]
    assert [str(record.text) for record in page.records] == list(TEXTS)
    assert page.verdict is Verdict.READ


def test_a_time_that_fits_and_is_not_taken_is_a_doubt() -> None:
    posts = [f"• {18 - n}:20 {text}" for n, text in enumerate((*TEXTS, *TEXTS))]
    posts.insert(2, "→→→ 16:50 A boat was seen at the mill.")
    page = read("Live: the lock at Arden\n\n5 May 2031\n\n" + "\n\n".join(posts))
    assert len(page.records) == 6
    assert [(doubt.kind, "16:50" in doubt.text) for doubt in page.doubts] == [("time not taken", True)]
    assert page.verdict is Verdict.DOUBTS


def test_times_of_an_age_need_the_time_of_the_capture() -> None:
    text = f"Arden live\n\n5 minutes ago\n{TEXTS[0]}\n\n2 hours ago\n{TEXTS[1]}\n\nYesterday 21:35\n{TEXTS[2]}\n"
    page = read(text, captured="2031-05-05T12:00:00Z")
    assert clocks(page) == ["2031-05-05T11:55", "2031-05-05T10:00", "2031-05-04T21:35"]


def test_the_doubled_hour_of_an_autumn_night_follows_the_order() -> None:
    posts = "\n\n".join(f"{clock} – {TEXTS[0]}" for clock in ("03:10", "02:40", "02:50", "01:50"))
    page = read(f"Live: the clocks go back\n\n26 October 2031\n\n{posts}", zone="Europe/Berlin")
    assert [record.at[11:] for record in page.records] == [
        *("03:10:00+01:00", "02:40:00+01:00", "02:50:00+02:00", "01:50:00+02:00")
    ]


@pytest.mark.parametrize(
    ("hours", "direction", "days"),
    [
        ([0, 23, 14], -1, [6, 5, 5]),  # a closing post after midnight
        ([11, 18, 17, 16], -1, [5, 5, 5, 5]),  # a summary pinned on top
        ([1, 23, 22], -1, [5, 4, 4]),  # the evening before
        ([21, 23, 1], 1, [5, 5, 6]),
    ],
)
def test_days_are_those_of_the_fewest_contradictions(hours: list[int], direction: int, days: list[int]) -> None:
    date = dt.date(2031, 5, 5)
    found, _ = assign_days([UndatedStamp(clock=hour * 3600) for hour in hours], date, direction)
    assert [day.day for day in found] == days


def test_an_article_with_comments_is_not_a_live_blog() -> None:
    comments = "".join(f"<div class=c><b>9 May 2031, {n}:10</b><p>{TEXTS[n % 3]}</p></div>" for n in range(10, 18))
    head = '<meta property="article:published_time" content="2031-05-05T09:00:00Z"><title>The lock is old</title>'
    page = read(f"<!doctype html>{head}<main><h1>The lock is old</h1>{comments}</main>")
    assert page.records == ()
    assert page.verdict is not Verdict.READ


def test_a_live_page_whose_headlines_stand_above_their_stamps_is_read() -> None:
    posts = "".join(
        f"<article id=h{n}><h2>Gate {n}</h2><span>{n}:05 p.m. ET, May 5, 2031</span><p>{text}</p></article>"
        for n, text in zip((6, 5, 4), TEXTS, strict=True)
    )
    page = read(f"<!doctype html><title>The lock live</title><main><h1>The lock live</h1>{posts}</main>")
    assert clocks(page) == ["2031-05-05T18:05", "2031-05-05T17:05", "2031-05-05T16:05"]
    assert [record.headline for record in page.records] == ["Gate 6", "Gate 5", "Gate 4"]


def test_a_page_that_begins_with_its_oldest_post_is_not_older_than_its_publication() -> None:
    clocks_ = [(23, 57), (0, 30), (0, 31), (1, 10), (2, 40), (5, 5), (9, 15), (11, 50), (14, 0), (17, 20)]
    stamps = [UndatedStamp(clock=hour * 3600 + minute * 60) for hour, minute in clocks_]
    date, last = dt.date(2031, 5, 5), dt.date(2031, 5, 6)
    published = dt.datetime(2031, 5, 5, 23, 50)
    days, _ = assign_days(stamps, date, 1, last_day=last, not_before=published)
    assert [day.day for day in days] == [5] + [6] * 9


def test_the_year_of_a_japanese_or_chinese_date_is_no_clock() -> None:
    (token,) = find_times("2031年3月29日 午後2時05分")
    assert token.clock == (14 * 60 + 5) * 60 and token.date is not None
    assert (token.date.year, token.date.month, token.date.day) == (2031, 3, 29)
