"""The date of a page beside other words in its header."""

import datetime as dt

import pytest

from daybook.core.errors import ArchiveError
from daybook.parse import Hints, parse
from daybook.parse.base.page import Verdict
from daybook.parse.time.header_dates import stated_date
from daybook.parse.time.printed import parse_date_line, resolve_date

_ZONE, _NO_HINTS = Hints(zone="Europe/Oslo"), Hints()


@pytest.mark.parametrize(
    "text",
    [
        "9.4.2031 6:10 • Päivitetty 10.4.2031 19:22",
        "Updated 10 April 2031, published 9 April 2031",
        "THE HARBOUR GAZETTE | Apr 9, 2031, 18:22:31 IST",
        "نشر في: ٩ أبريل ٢٠٣١: ٠٧:٣٠ ص GMT",
        "The news of the day from the harbour, with all that you need to know. Aggiornato il 9 aprile 2031",
        "9.abr.2031 às 8h12 | Atualizado: 10.abr.2031 às 18h40 (horário de Brasília)",
        "Oluşturulma Tarihi: Nisan 9, 2031 07:20",
        "Data publicării: 09.04.2031 17:40 Data actualizării: 10.04.2031 22:01",
        "نُشر في 9 أبريل/نيسان 2031",
        "Beirut, 9 نيسان / أبريل 2031 | the harbour",
        "Argitalpena portuan: 2031-04-09 17:40 azken aldaketa orrian: 2031-04-09",
    ],
)
def test_date_beside_other_words(text: str) -> None:
    date = stated_date(text)
    assert date
    assert resolve_date(date) == dt.date(2031, 4, 9)


@pytest.mark.parametrize(
    "text",
    [
        *("9 квітня 2031 року", "9 апреля 2031 года", "9 kwietnia 2031 r.", "9 kwietnia 2031 roku", "9. april 2031"),
        *("9. travnja 2031. godine", "9. април 2031. године", "9 أبريل 2031 م", "٩ أبريل ٢٠٣١ م", "9. dubna 2031"),
        *("9 أبريل/نيسان 2031", "٩ نيسان/أبريل ٢٠٣١"),
    ],
)
def test_a_date_with_the_word_for_year_is_a_line_of_its_own(text: str) -> None:
    date = parse_date_line(text, 1)
    assert date and resolve_date(date) == dt.date(2031, 4, 9)


def test_the_state_of_a_page_is_no_lede() -> None:
    page = parse(_page("<p>Stand: 9. April 2031, 18:20 Uhr</p>", _posts("18:05", "16:30", "14:10")), _ZONE, "page")
    source = page.records[0].source
    assert source and (source.date, source.lede) == (dt.date(2031, 4, 9), ())


@pytest.mark.parametrize(
    "text",
    [
        "The old quay was rebuilt by the town after the storm of 9 April 2031, when the gate had failed.",
        "The updated list of 9 April 2031 names all of the boats that were in the harbour in that night.",
        "04/05/2031",
    ],
)
def test_no_date_of_a_page(text: str) -> None:
    assert stated_date(text) is None


def _page(header: str, posts: str) -> bytes:
    title = "Storm on the coast: live updates"
    return f"<title>{title}</title><main><h1>{title}</h1>{header}<div>{posts}</div></main>".encode()


def _posts(*times: str) -> str:
    return "".join(
        f'<div class="item"><div>{time}</div><h3>Gate {time} shut</h3><p>The gate was shut at once.</p></div>'
        for time in times
    )


def test_two_labelled_lines_in_the_header_are_no_posts() -> None:
    header = (
        "<div><span>Created on: April 9, 2031 07:20</span><span>Güncelleme Tarihi: Nisan 10, 2031 19:03</span></div>"
    )
    page = parse(_page(header, _posts("19:01", "13:28", "07:20")), _ZONE, "page.html")
    assert [record.at for record in page.records] == [
        "2031-04-09T19:01:00+02:00",
        "2031-04-09T13:28:00+02:00",
        "2031-04-09T07:20:00+02:00",
    ]
    assert page.verdict is Verdict.READ


def test_a_page_whose_posts_all_failed_is_not_read() -> None:
    page = parse(b"9 April 2031\n\n12:00 GMT\n\n11:00 GMT\n", Hints(), "page.txt")
    assert page.problems
    assert not page.records
    assert page.verdict is Verdict.NOT_UNDERSTOOD


def _times(text: str, hints: Hints = _NO_HINTS) -> list[str]:
    return [str(record.at) for record in parse(text.encode(), hints, "page.txt").records]


_TWO_POSTS = "\n\n18:03\nBridges closed\nBoth bridges are closed.\n\n11:40\nWind warning\nA warning is in force.\n"


@pytest.mark.parametrize(
    ("header", "offset"),
    [
        ("Latest update: June 14, 2031 at 9:18 p.m. EDT", "-04:00"),
        ("14 de junho de 2031 (horário de Brasília)", "-03:00"),
        ("14 июня 2031\nВремя — московское", "+03:00"),
        ("14 June 2031\nTimes on this page are local (UTC+3).", "+03:00"),
        ("14 juin 2031 (heure de Paris)", "+02:00"),
    ],
)
def test_zone_that_the_header_states(header: str, offset: str) -> None:
    times = _times(f"Storm, live updates\n{header}{_TWO_POSTS}")
    assert times == [f"2031-06-14T18:03:00{offset}", f"2031-06-14T11:40:00{offset}"]


@pytest.mark.parametrize(
    "lede",
    ["The envoy will speak at noon, Moscow time, and then travel on.", "14 June 2031, московское метро"],
)
def test_zone_in_a_sentence_is_not_the_zone_of_the_page(lede: str) -> None:
    with pytest.raises(ArchiveError, match="no time zone"):
        _times(f"Storm, live updates\n14 June 2031\n{lede}{_TWO_POSTS}")


def test_zone_hint_is_preferred_to_the_header() -> None:
    times = _times(f"Storm, live updates\nUpdated June 14, 2031 at 9:18 p.m. EDT{_TWO_POSTS}", _ZONE)
    assert times == ["2031-06-14T18:03:00+02:00", "2031-06-14T11:40:00+02:00"]


_POSTS_WITH_DATES = """
19:02, 14 June 2031
Fire is out
The fire at the yard is out.

15:48, 14 June 2031
Two helicopters
They drop water on the yard.

11:20, 14 June 2031
Store on fire
A store of paint is on fire.
"""


@pytest.mark.parametrize(
    "header",
    [
        "19:05, 14 June 2031\nSource: The Harbour Gazette\nTime: Moscow time (UTC+3)",
        "June 14, 2031 7:05 PM Updated 5 mins ago\n\nSummary\nA store of paint burned.",
    ],
)
def test_date_of_the_page_in_the_shape_of_a_stamp_is_no_post(header: str) -> None:
    text = f"Fire at the yard, live\n{header}\n{_POSTS_WITH_DATES}"
    assert [each[11:16] for each in _times(text, Hints(zone="Europe/Moscow"))] == ["19:02", "15:48", "11:20"]


def test_posts_of_a_forum_are_no_entries() -> None:
    post = "#{0}\nmember{0}\nBeiträge: {0}.120\n14.06.2031, 1{0}:02\nDie Weiche klemmt bei Kälte.\nZitieren\n\n"
    page = parse(("Forum\n\n" + "".join(post.format(n) for n in range(1, 6))).encode(), _ZONE, "page.txt")
    assert not page.records
    assert page.verdict is Verdict.NO_LIVE_BLOG


@pytest.mark.parametrize("title", ["TV-Programm heute Abend, 14. Juni 2031", "Ferry timetable, 14 June 2031"])
def test_programmes_and_timetables_are_no_entries(title: str) -> None:
    posts = _posts("18:50", "19:45", "20:00", "20:15", "23:30", "23:35")
    html = f"<title>{title}</title><main><h1>{title}</h1>{posts}</main>"
    assert not parse(html.encode(), _ZONE, "page.html").records


def test_minutes_of_one_digit_and_words_for_live() -> None:
    posts = "".join(
        f"<div><h2>{time} 停電</h2><p>停電は二千戸に減りました。</p></div>"
        for time in ("20時10分", "15時42分", "9時5分")
    )
    title = "【随時更新】港町で停電続く"
    html = f"<title>{title}</title><main><h1>{title}</h1><p>2031年6月14日</p>{posts}</main>"
    page = parse(html.encode(), Hints(zone="Asia/Tokyo"), "page.html")
    assert [str(record.at)[11:16] for record in page.records] == ["20:10", "15:42", "09:05"]
    assert page.verdict is Verdict.READ


def test_epoch_in_an_attribute_for_unix_time() -> None:
    posts = "".join(
        f'<article class="post"><span data-unix="{1_939_200_000_000 - hour * 3_600_000}">0{9 - hour}:00</span>'
        f"<h2>Gate {hour} shut</h2><p>The gate was shut at once.</p></article>"
        for hour in range(3)
    )
    page = parse(_page("<p>14 June 2031</p>", posts), Hints(), "page.html")
    instants = [dt.datetime.fromisoformat(str(record.at)).timestamp() for record in page.records]
    assert instants == [1_939_200_000 - hour * 3600 for hour in range(3)]


TITLE_WITH_DAY = "News from the {} meeting of the pilots and skippers of the river Aller, {} 9. april 2031"


@pytest.mark.parametrize("weekday", ["onsdag den", "Wednesday", "Mittwoch, den", "середа", "miércoles", "keskiviikko"])
def test_a_long_title_may_end_with_the_date(weekday: str) -> None:
    date = stated_date(TITLE_WITH_DAY.format("yearly", weekday))
    assert date
    assert resolve_date(date) == dt.date(2031, 4, 9)


@pytest.mark.parametrize(
    "text",
    [
        TITLE_WITH_DAY.format("yearly", "onsdag den") + ", in the hall at the quay",
        TITLE_WITH_DAY.format("yearly", "before"),
        "The skippers and the pilots of the river will be called to vote on it on Wednesday 9 April 2031",
    ],
)
def test_other_dates_in_long_lines_are_not_those_of_the_page(text: str) -> None:
    assert stated_date(text) is None


def dated_page(above: str, header: str) -> str:
    posts = "".join(
        f'<li class="p"><div>{hour}:05</div><div><h3>Boat {hour} is in</h3><p>It came by night.</p></div></li>'
        for hour in (15, 14, 13, 12)
    )
    page = f"<title>Quay live</title>{above}<h1>Quay live</h1>{header}<ul>{posts}</ul>"
    return parse(f"<!doctype html>{page}".encode(), _ZONE, "page.html").records[0].at[:10]


SHORT_DATE = "05/10/2031 14:41"


@pytest.mark.parametrize(
    ("above", "header", "date"),
    [
        ("", f'<div class="author"><time datetime="2031-10-05T12:41:00Z">{SHORT_DATE}</time></div>', "2031-10-05"),
        ("", f'<p>Updated on <time datetime="2031-05-10T12:41:00Z">{SHORT_DATE}</time></p>', "2031-05-10"),
        ("<div><span>Domingo 5 de octubre de 2031</span></div>", f"<div>Updated on {SHORT_DATE}</div>", "2031-10-05"),
        ("<p>lørdag 10. mai 2031</p>", f"<p>Oppdatert {SHORT_DATE}</p>", "2031-05-10"),
    ],
)
def test_another_date_tells_which_number_is_the_month(above: str, header: str, date: str) -> None:
    assert dated_page(above, header) == date


@pytest.mark.parametrize(
    ("above", "header"),
    [
        ("", f"<p>Updated on {SHORT_DATE}</p>"),
        ("<p>6 October 2031</p>", f"<p>Updated on {SHORT_DATE}</p>"),
        ("<p>5 October 2031</p>", "<p>Updated this morning</p>"),
    ],
)
def test_a_date_that_nothing_confirms_is_not_that_of_the_page(above: str, header: str) -> None:
    with pytest.raises(ArchiveError, match="no date"):
        dated_page(above, header)


@pytest.mark.parametrize("space", ["&nbsp;&ndash; ", "&#8239;– ", "&nbsp;: ", " – "])
def test_marks_after_a_stamp_are_no_text(space: str) -> None:
    posts = "".join(f"<p><b>Kl. 1{hour}.05</b>{space}Boat {hour} came in.</p><p></p>" for hour in range(4))
    page = parse(
        f"<!doctype html><title>Quay live</title><h1>Quay live, 9 April 2031</h1>{posts}".encode(), _ZONE, "p.html"
    )
    assert [each.text for each in page.records] == [f"Boat {hour} came in." for hour in range(4)]


@pytest.mark.parametrize("date", ["1410/01/20", "۱۴۱۰/۱/۲۰", "1452-10-17", "16 Nisan 5791", "16.01.5791"])
def test_a_date_of_a_calendar_that_is_not_read_asks_for_a_date(date: str) -> None:
    posts = "\n\n".join(f"{clock}\nBoat {clock[:2]}\nThe boat is at the quay." for clock in ("17:30", "14:15", "11:40"))
    page = f"Quay live\n{date}\n\n{posts}\n".encode()
    with pytest.raises(ArchiveError, match="set DATE="):
        parse(page, Hints(zone="UTC"), "page.txt")
    read = parse(page, Hints(zone="UTC", date=dt.date(2031, 4, 9)), "page.txt")
    assert [each.at[:10] for each in read.records] == ["2031-04-09"] * 3
