"""The date of a page beside other words in its header."""

import datetime as dt

import pytest

from daybook.parse import Hints, parse
from daybook.parse.base.page import Verdict
from daybook.parse.time.header_dates import stated_date
from daybook.parse.time.printed import resolve_date

_ZONE = Hints(zone="Europe/Oslo")


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
    ],
)
def test_date_beside_other_words(text: str) -> None:
    date = stated_date(text)
    assert date
    assert resolve_date(date) == dt.date(2031, 4, 9)


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
