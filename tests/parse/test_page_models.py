"""Posts in the JSON of an API: times as numbers, trees of blocks, fields with other names, and other lists."""

import datetime as dt
import json
from typing import Any

import pytest
from live_pages import POSTS, READ, entries, read

from daybook.parse.base.page import ParsedPage, Verdict

Json = Any


def epoch(clock: str) -> int:
    hour, minute = map(int, clock.split(":"))
    return int(dt.datetime(2031, 6, 10, hour, minute, tzinfo=dt.UTC).timestamp())


def parsed(value: Json) -> ParsedPage:
    return read(json.dumps(value), "data.json")


def tiptap(headline: str, text: str) -> Json:
    words = text.split(" ", 1)
    pieces = [{"type": "text", "text": f"{words[0]} "}, {"type": "text", "text": words[1]}]
    heading = {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": headline}]}
    return {"type": "doc", "content": [heading, {"type": "paragraph", "content": pieces}]}


def contentful(headline: str, text: str) -> Json:
    def leaf(value: str) -> Json:
        return {"nodeType": "text", "value": value, "marks": [], "data": {}}

    heading = {"nodeType": "heading-2", "content": [leaf(headline)]}
    return {"nodeType": "document", "content": [heading, {"nodeType": "paragraph", "content": [leaf(text)]}]}


def lexical(text: str) -> Json:
    paragraph = {"type": "paragraph", "children": [{"type": "text", "text": text, "format": 0}]}
    return {"root": {"type": "root", "children": [paragraph]}}


def portable(text: str) -> Json:
    return [{"_type": "block", "style": "normal", "markDefs": [], "children": [{"_type": "span", "text": text}]}]


def items(make: Any) -> list[Json]:
    return [make(number, epoch(clock), headline, text) for number, (clock, headline, text) in enumerate(POSTS)]


DOCUMENTS = {
    "seconds": {"items": items(lambda n, at, head, text: {"id": n + 1, "ts": at, "title": head, "text": text})},
    "milliseconds": items(lambda n, at, head, text: {"created": at * 1000, "message": text, "subject": head}),
    "own names": {"stream": items(lambda n, at, head, text: {"zeit_ms": at * 1000, "txt": text, "ueberschrift": head})},
    "graphql": {
        "data": {
            "live": {
                "entries": {
                    "edges": items(
                        lambda n, at, head, text: {
                            "node": {
                                "__typename": "Entry",
                                "publishedAt": at * 1000,
                                "headline": {"text": head},
                                "body": [{"__typename": "ParagraphBlock", "text": text}],
                            }
                        }
                    )
                }
            }
        }
    },
    "tree of ProseMirror": {
        "posts": items(lambda n, at, head, text: {"publishedAt": at, "document": tiptap(head, text)})
    },
    "tree of Contentful": {
        "data": {
            "story": {"children": items(lambda n, at, head, text: {"createTime": at, "doc": contentful(head, text)})}
        }
    },
    "tree of Lexical": {
        "data": {
            "channel": {
                "messages": items(
                    lambda n, at, head, text: {"epoch": at, "headline": {"text": head}, "richText": lexical(text)}
                )
            }
        }
    },
    "Portable Text": {
        "result": items(lambda n, at, head, text: {"published": at, "title": head, "content": portable(text)})
    },
    "Editor.js": {
        "updates": items(
            lambda n, at, head, text: {
                "timestamp": str(at),
                "heading": head,
                "content": {"blocks": [{"type": "paragraph", "data": {"text": text}}]},
            }
        )
    },
    "tree in a text": {
        "posts": items(lambda n, at, head, text: {"time": at, "title": head, "body": json.dumps(lexical(text))})
    },
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_posts_of_an_api(name: str) -> None:
    page = parsed(DOCUMENTS[name])
    assert entries(page) == READ
    assert not page.doubts


def test_marks_of_a_tree() -> None:
    link = {"type": "link", "attrs": {"href": "https://gazette.example/ferry"}}
    content = [
        {"type": "text", "text": "The "},
        {"type": "text", "text": "ferry", "marks": [{"type": "bold"}]},
        {"type": "text", "text": " has "},
        {"type": "text", "text": "left", "marks": [link]},
        {"type": "hardBreak"},
        {"type": "text", "text": "with forty cars on board, all of them full."},
    ]
    item = {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Gate three"}]}]}
    doc = {
        "type": "doc",
        "content": [{"type": "paragraph", "content": content}, {"type": "bulletList", "content": [item]}],
    }
    page = parsed({"posts": [{"publishedAt": epoch(clock), "title": "Ferry", "body": doc} for clock, _, _ in POSTS]})
    body = "The **ferry** has [left](<https://gazette.example/ferry>)\\\nwith forty cars on board, all of them full."
    assert {str(record.markdown) for record in page.records} == {f"{body}\n\n- Gate three"}


def test_a_list_with_a_name_of_something_else_is_a_doubt() -> None:
    page = parsed({"harbour": items(lambda n, at, head, text: {"at": at, "title": head, "text": text})})
    assert entries(page) == READ
    assert [doubt.kind for doubt in page.doubts] == ["rival"]


@pytest.mark.parametrize(
    "value",
    [
        {"comments": items(lambda n, at, head, text: {"created": at, "text": text, "user": {"name": head}})},
        {"articles": items(lambda n, at, head, text: {"published": at, "title": head, "url": f"/{n}"})},
        {
            "items": items(
                lambda n, at, head, text: {"published": at, "title": head, "url": f"https://gazette.example/{n}"}
            )
        },
        {"items": items(lambda n, at, head, text: {"id": at, "title": head, "text": text})},
        {"items": items(lambda n, at, head, text: {"modified": at, "expires": at, "title": head, "text": text})},
        {"items": items(lambda n, at, head, text: {"published": at - n * 86400, "title": head, "text": text})},
    ],
)
def test_other_lists_are_not_understood(value: Json) -> None:
    page = parsed(value)
    assert (page.records, page.verdict) == ((), Verdict.NOT_UNDERSTOOD)
    assert any("JSON that no reader knows" in note.text for note in page.notes)


@pytest.mark.parametrize(
    "around",
    [
        {"pageInfo": {"hasNextPage": True}},
        {"pagination": {"totalPages": 7, "currentPage": 1}},
        {"meta": {"total": 80}},
        {"links": {"next": "https://gazette.example/live?page=2"}},
        {"next_cursor": "abc"},
        {"hasMore": True},
        {"totalCount": 5},
    ],
)
def test_a_page_of_an_api_is_a_part(around: Json) -> None:
    posts = items(lambda n, at, head, text: {"publishedAt": at, "title": head, "text": text})
    assert [doubt.kind for doubt in parsed({"posts": posts, **around}).doubts] == ["part"]


@pytest.mark.parametrize(
    "around",
    [
        *({"pageInfo": {"hasNextPage": False, "endCursor": "abc"}}, {"pagination": {"totalPages": 1}}),
        *({"meta": {"total": 4}}, {"links": {"next": None}}, {"hasMore": False}),
    ],
)
def test_the_last_page_of_an_api_is_no_part(around: Json) -> None:
    posts = items(lambda n, at, head, text: {"publishedAt": at, "title": head, "text": text})
    assert not parsed({"posts": posts, **around}).doubts
