"""Find the reader of a JSON document by what the document holds."""

import json

from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.parse.base.page import (
    CHAT_EXPORT,
    LONGEST_PREVIEW,
    ClassifiedLine,
    LineRole,
    Note,
    Outline,
    RefusedFormatError,
)
from daybook.parse.readers import json_feed, live_blog_3, mastodon, page_model, telegram, wordpress
from daybook.parse.readers.base import JsonReader
from daybook.parse.web.jsonld import check_json_size, holds_jsonld, load_json_text, outline_of_jsonld

# In the order in which they are asked: a model of a page is recognized by its form alone, so it comes last.
JSON_READERS = (
    JsonReader("JSON-LD", holds_jsonld, outline_of_jsonld),
    json_feed.READER,
    live_blog_3.READER,
    wordpress.READER,
    telegram.READER,
    mastodon.READER,
    page_model.READER,
)
# Exports of chats in JSON that are not read, by names that their messages or their outer object have.
_CHATS = (
    ("Slack", frozenset({"type", "user", "ts"})),
    ("Slack", frozenset({"type", "text", "ts"})),
    ("Discord", frozenset({"guild", "channel", "messages"})),
    ("Facebook or Instagram", frozenset({"participants", "messages"})),
    ("Matrix", frozenset({"room_name", "messages"})),
    ("Signal", frozenset({"conversationId", "sent_at"})),
    ("Teams", frozenset({"conversations", "userId"})),
    ("Google Chat", frozenset({"creator", "created_date", "text"})),
)
_FIRST_LINES = 200_000  # characters in which two lines of JSON are looked for


def read_json(text: str, url: str = "") -> Outline:
    """Read a JSON document by the first of `JSON_READERS` that knows it.

    A document that none knows gives an outline without posts that looks like a live blog: it is not understood. Raises
    ArchiveError if the text is not JSON, or an export of a chat.
    """
    check_json_size([text])
    try:
        value = load_json_text(text)
    except ArchiveError as error:
        if _is_lines_of_json(text):
            cure = "give each line `at` and `text` (docs/record.schema.json)"
            raise RefusedFormatError(f"lines of JSON that are no records; {cure}") from error
        raise ArchiveError(f"invalid JSON: {error.reason}; save it again, or save the page as HTML") from error
    for reader in JSON_READERS:
        if reader.accepts(value):
            return replace(reader.read(value, url), kind=reader.kind)
    first = value[0] if isinstance(value, list) and value else value
    names = first.keys() if isinstance(first, dict) else frozenset()
    if chat := next((name for name, marks in _CHATS if marks <= names), ""):
        raise RefusedFormatError(f"a {chat} export; {CHAT_EXPORT}")
    found = ", ".join(list(map(str, names))[:8]) or type(value).__name__
    line = ClassifiedLine(number=1, role=LineRole.NOT_UNDERSTOOD, text=text[:LONGEST_PREVIEW], reason="unknown JSON")
    note = Note(0, f"JSON that no reader knows, with the names {found}; save the page as HTML, or make records of it")
    return Outline(lines=(line,), notes=(note,), looks_live=True, line_unit="update", kind="JSON")


def _is_lines_of_json(text: str) -> bool:
    """Return whether the first two lines of a text are a JSON object each."""
    lines = [line for line in text[:_FIRST_LINES].split("\n") if line.strip()][:2]
    try:
        return len(lines) == 2 and all(isinstance(json.loads(line), dict) for line in lines)
    except (ValueError, RecursionError):
        return False
