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
