"""Test copied texts: day headings such as "Yesterday", the clock of the publication, mail headers, lists of times."""

import pytest

from daybook.core.errors import ArchiveError
from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

TEXTS = (
    "The gate stays open tonight, the harbour office said.",
    "The barge was moved to the north quay.",
    "Divers looked at the wall below the water.",
    "The lock is closed to all boats.",
)


def read(text: str) -> ParsedPage:
    return parse(text.encode(), read_hints({"zone": "UTC"}), "page.txt")


def clocks(page: ParsedPage) -> list[str]:
    return [str(each.at)[:16] for each in page.records]


def posts(clock_times: tuple[str, ...]) -> list[str]:
    return [f"kl. {clock}\n{text}" for clock, text in zip(clock_times, TEXTS, strict=True)]


@pytest.mark.parametrize(
    "words", [("I dag", "I går"), ("Today", "Yesterday"), ("Heute", "Gestern"), ("Idag:", "Igår:")]
)
@pytest.mark.parametrize("first", [True, False])
def test_relative_days_as_headings(words: tuple[str, str], *, first: bool) -> None:
    one, two, three, four = posts(("12.05", "07.12", "22.50", "18.20"))
    heading = f"{words[0]}\n\n" if first else ""
    header = "Live: the lock at Tarn\n\nPublished 9 April 2031 18.00\n\nUpdated 10 April 2031 12.10"
    page = read(f"{header}\n\n{heading}{one}\n\n{two}\n\n{words[1]}\n\n{three}\n\n{four}\n")
    days = ["2031-04-10T12:05", "2031-04-10T07:12", "2031-04-09T22:50", "2031-04-09T18:20"]
    assert clocks(page) == days
    assert [str(each.markdown or each.text) for each in page.records] == list(TEXTS)


@pytest.mark.parametrize("header", ["9 April 2031 kl. 18.20", "Published 9 April 2031, 18:20"])
def test_a_date_with_the_clock_of_the_oldest_post_is_its_day(header: str) -> None:
    page = read(f"Live: the lock at Tarn\n{header}\n\n" + "\n\n".join(posts(("01.10", "00.25", "22.50", "18.20"))))
    assert clocks(page) == ["2031-04-10T01:10", "2031-04-10T00:25", "2031-04-09T22:50", "2031-04-09T18:20"]


def test_a_date_with_the_clock_of_the_newest_post_is_its_day() -> None:
    text = "\n\n".join(posts(("01.10", "00.25", "22.50", "18.20")))
    page = read(f"Live: the lock at Tarn\n10 April 2031 kl. 01.10\n\n{text}")
    assert clocks(page) == ["2031-04-10T01:10", "2031-04-10T00:25", "2031-04-09T22:50", "2031-04-09T18:20"]


MAILS = (
    "From: Ida <ida@mail.example>\nTo: Jo <jo@mail.example>\nDate: Thu, 10 Apr 2031 09:14:00 +0200\nSubject: the lock",
    "Von: Ida <ida@mail.example>\nAn: Jo\nGesendet: Donnerstag, 10. April 2031 09:14\nBetreff: die Schleuse",
)


@pytest.mark.parametrize("mail", MAILS)
def test_the_date_of_a_mail_is_not_that_of_the_page(mail: str) -> None:
    header = "Tarn Post\nLive: the lock at Tarn\nPublished: 09.04.2031, 07:15 | Updated: 09.04.2031, 18:40"
    page = read(f"{mail}\n\n{header}\n\n" + "\n\n".join(posts(("18.20", "16.20", "14.20", "11.20"))))
    assert clocks(page) == [f"2031-04-09T{hour}:20" for hour in (18, 16, 14, 11)]


LISTS = (
    ("Line 12 to Tarn", "{clock} Tarn, all stops"),
    ("TV programme", "{clock}\nThe small kitchen\nSeries, part 4"),
    ("Diary of the mayor", "{clock} h\nMeeting with the fishers\nTown hall, room 2"),
    ("Chat: my notes", "[{clock}] Ida: buy milk and bread"),
    ("Newest", "{clock}\nThe bridge gets a new road\nRegion"),
)


@pytest.mark.parametrize(("title", "item"), LISTS)
def test_times_of_a_list_are_a_doubt(title: str, item: str) -> None:
    items = "\n".join(item.format(clock=f"{hour:02}:05") for hour in (6, 8, 9, 11, 14, 17))
    page = read(f"Tarn\n{title}\n9 April 2031\n\n{items}\n")
    assert not page.records or "rival" in [each.kind for each in page.doubts]


def test_short_posts_of_a_page_that_calls_itself_live_are_no_doubt() -> None:
    items = "\n\n".join(f"{hour:02}:05\nThe boat calls at Quay {hour}" for hour in (19, 17, 14, 11, 9, 8))
    assert "rival" not in [each.kind for each in read(f"Live: the regatta\n9 April 2031\n\n{items}\n").doubts]


def test_roles_below_names_below_stamps() -> None:
    roles = (
        ("Ida Kern", "Reporter"),
        ("Jo Hale", "Night editor"),
        ("Ida Kern", "Reporter"),
        ("Jo Hale", "Night editor"),
    )
    clock_times = ("18.20", "16.20", "14.20", "11.20")
    rows = zip(clock_times, roles, TEXTS, strict=True)
    text = "\n\n".join(
        f"kl. {clock}\n{name}\n{role}\nThe lock {body[:8]}\n{body}" for clock, (name, role), body in rows
    )
    page = read(f"Live: the lock at Tarn\n9 April 2031\n\n{text}\n")
    assert [each.authors for each in page.records] == [(name,) for name, _ in roles]
    assert [each.headline for each in page.records] == [f"The lock {body[:8]}" for body in TEXTS]


def test_ages_without_the_time_of_saving_need_it() -> None:
    text = "\n\n".join(f"{minutes}m ago\n{body}" for minutes, body in zip((4, 13, 25, 40), TEXTS, strict=True))
    with pytest.raises(ArchiveError, match="CAPTURED="):
        read(f"Live: the lock at Tarn\n\n{text}\n")


@pytest.mark.parametrize("header", ["Wednesday, 9/4/2031, 18:00", "Thứ tư, 9/4/2031, 18:00 (GMT+7)", "Wed 4/9/2031"])
def test_a_weekday_tells_day_and_month_of_a_date(header: str) -> None:
    page = read(f"{header}\nLive: the lock at Tarn\n\n" + "\n\n".join(posts(("18.20", "16.20", "14.20", "11.20"))))
    assert {clock[:10] for clock in clocks(page)} == {"2031-04-09"}


def test_a_weekday_that_fits_both_orders_or_none_tells_nothing() -> None:
    text = "\n\n".join(posts(("18.20", "16.20", "14.20", "11.20")))
    with pytest.raises(ArchiveError, match="DATE="):
        read(f"Monday, 9/4/2031, 18:00\nLive: the lock at Tarn\n\n{text}")


def test_a_heading_of_comments_above_the_posts_is_no_doubt() -> None:
    header = "Live: the lock at Tarn\n9 April 2031 - 18:20 h\nUpdated on 9 April 2031 at 18:20\nShare\nComments 14\n"
    rows = zip(("18.20", "16.20", "14.20", "11.20"), TEXTS, strict=True)
    text = "\n\n".join(f"The lock at {clock.replace('.', ' ')}\n{clock} h\n{body}" for clock, body in rows)
    page = read(f"{header}\nThe lock is closed. We report.\n\n{text}\n")
    assert (len(page.records), page.doubts) == (4, ())


def test_sentences_of_a_script_without_full_stops_are_text() -> None:
    body = "ระดับน้ำที่สะพานลดลง 15 เซนติเมตร ทางอำเภอยืนยันว่าคืนนี้ไม่ต้องอพยพ"
    text = "\n\n".join(f"• เวลา {hour}.20 น. {body}" for hour in (18, 16, 14, 11))
    page = read(f"สด เกาะติดน้ำท่วม\n9 April 2031\n\n{text}\n")
    assert [(each.headline, str(each.markdown or each.text)) for each in page.records] == [("", body)] * 4
