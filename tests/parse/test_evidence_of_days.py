"""Test what fixes the days of clocks: ages beside them, day headings, and evidence that contradicts the reading."""

import json

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

AGES = {"12m ago": "07:10", "4h ago": "03:05", "7h ago": "23:50", "11h ago": "20:15"}
RIGHT = ["08-03T07:10", "08-03T03:05", "08-02T23:50", "08-02T20:15"]


def page_of(ages: dict[str, str], published: str = "Published On 2 Aug 2031") -> str:
    posts = "".join(
        f'<div class="card"><div><span>{age}</span><span>({clock} GMT)</span></div>'
        f"<h2>Boat {number} is in</h2><p>It is at the quay.</p></div>"
        for number, (age, clock) in enumerate(ages.items())
    )
    return f"<!doctype html><title>Quay live</title><main><h1>Quay live</h1><div>{published}</div>{posts}</main>"


def read(text: str, **hints: str) -> ParsedPage:
    return parse(text.encode(), read_hints(hints), "page.html")


def instants(page: ParsedPage) -> list[str]:
    return [str(each.at)[5:16] for each in page.records]


def test_an_age_beside_a_clock_fixes_its_day() -> None:
    page = read(page_of(AGES), captured="2031-08-03T07:22:00Z")
    assert instants(page) == RIGHT
    assert not page.doubts


@pytest.mark.parametrize(
    ("hints", "doubt"),
    [
        ({"url": "https://quay.example/live/2031/8/3/quay"}, "the address names 2031-08-03"),
        ({"captured": "2031-08-05T12:00:00Z"}, "do not fit the capture"),
        ({}, "before the page was published"),
    ],
)
def test_evidence_against_the_days_is_a_doubt(hints: dict[str, str], doubt: str) -> None:
    page = read(page_of(AGES), **hints)
    assert [each.kind for each in page.doubts] == ["day"]
    assert doubt in page.doubts[0].text
    assert not read(page_of(AGES), date="2031-08-03", **hints).doubts


def test_posts_of_a_data_model_with_times_and_texts_in_objects() -> None:
    posts = [
        {
            "id": f"p{number}",
            "title": f"Boat {number} is in",
            "dates": {"published": f"2031-08-03T1{9 - number}:05:00Z", "updated": f"2031-08-03T1{9 - number}:09:00Z"},
            "body": {
                "blocks": [
                    {"type": "paragraph", "data": {"text": f"Boat {number} is at the quay, with all of its crew."}},
                    {"type": "quote", "data": {"text": "We are glad."}},
                    {"type": "list-item", "data": {"text": "one anchor"}},
                ]
            },
        }
        for number in range(3)
    ]
    data = json.dumps({"props": {"liveBlog": {"posts": posts}}})
    page = read(
        f'<!doctype html><title>Quay live</title><h1>Quay live</h1><script type="application/json">{data}</script>'
    )
    assert instants(page) == ["08-03T19:05", "08-03T18:05", "08-03T17:05"]
    assert page.records[0].markdown == (
        "Boat 0 is at the quay, with all of its crew.\n\n> We are glad.\n\n- one anchor"
    )
    assert page.records[0].updated == "2031-08-03T19:09:00Z"


def test_a_page_of_an_outbox_that_names_a_next_one_is_a_part() -> None:
    public = "https://www.w3.org/ns/activitystreams#Public"
    items = [
        {
            "type": "Create",
            "actor": "https://quay.example/users/live",
            "to": [public],
            "object": {"type": "Note", "published": f"2031-08-03T1{number}:05:00Z", "content": "<p>A boat.</p>"},
        }
        for number in range(2)
    ]
    outbox = {"type": "OrderedCollectionPage", "next": "https://quay.example/outbox?page=2", "orderedItems": items}
    page = parse(json.dumps(outbox).encode(), read_hints({}), "outbox.json")
    assert len(page.records) == 2
    assert [each.kind for each in page.doubts] == ["part"]
    assert "outbox?page=2" in page.doubts[0].text


@pytest.mark.parametrize(
    ("lang", "headings"),
    [
        ("ja", ("4月10日(木)", "4月9日(水)")),
        ("ja", ("10日（木）", "9日（水）")),
        ("ja", ("4/10(木)", "4/9(水)")),
        ("ko", ("4월 10일 목요일", "4월 9일 수요일")),
        ("zh", ("4月10日，周四", "4月9日，周三")),
        ("en", ("10 April (Thursday)", "9 April (Wednesday)")),
        ("hu", ("április 10., csütörtök", "április 9., szerda")),
        ("pt", ("10 de abril, quinta-feira", "9 de abril, quarta-feira")),
    ],
)
@pytest.mark.parametrize("tag", ["h2", "p"])
@pytest.mark.parametrize("date", ["最終更新 2031年4月10日 午前0時35分", "Updated 10 April 2031 at 00:35"])
def test_day_headings_with_a_weekday_and_no_year(lang: str, headings: tuple[str, str], tag: str, date: str) -> None:
    clocks = [["00:20"], ["22:45", "21:30", "20:25", "19:58"]]
    posts = "".join(
        f"<{tag} class=day>{heading}</{tag}>"
        + "".join(
            f"<div class=item><p class=time>{clock}</p><div><h3>Gate {clock[-2:]} is shut</h3>"
            "<p>The crane turned it, and the crew went home.</p></div></div>"
            for clock in day
        )
        for heading, day in zip(headings, clocks, strict=True)
    )
    page = read(
        f'<!doctype html><html lang="{lang}"><title>Harbour live</title>'
        f"<main><h1>Harbour live</h1><p>{date}</p><div>{posts}</div></main>",
        zone="Asia/Tokyo",
    )
    expected = ["04-10T00:20", *(f"04-09T{clock}" for clock in clocks[1])]
    assert (instants(page), page.doubts) == (expected, ())
