"""Read JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from daybook.parse.base.page import Outline
from daybook.parse.readers.base import (
    JsonObject,
    JsonReader,
    Update,
    object_in,
    objects_in,
    outline_of_updates,
    picture_html,
    text_in,
    time_in,
)
from daybook.parse.web.to_markdown import escape_html, html_from_text

_MEDIA_TAGS = {"image": "img", "video": "video", "audio": "audio"}


def _accepts(value: object) -> bool:
    return "jsonfeed.org/version" in text_in(value, "version")


def _read(value: object, url: str) -> Outline:
    return outline_of_updates(
        map(_update, objects_in(value, "items")),
        Outline(
            title=escape_html(text_in(value, "title")),
            url=url or text_in(value, "home_page_url", "feed_url"),
            lang=text_in(value, "language"),
        ),
    )


def _update(item: JsonObject) -> Update:
    text = html_from_text(text_in(item, "content_text", "summary"))
    attached = [
        picture_html(text_in(each, "url"), text_in(each, "title"), tag)
        for each in objects_in(item, "attachments")
        if (tag := _MEDIA_TAGS.get(text_in(each, "mime_type").partition("/")[0], ""))
    ]
    authors = objects_in(item, "authors") or [object_in(item, "author")]
    return Update(
        id=text_in(item, "id", "url"),
        time=time_in(item, "date_published", "date_modified"),
        updated=time_in(item, "date_modified"),
        title=escape_html(text_in(item, "title")),
        html=(text_in(item, "content_html") or text) + "".join(attached),
        authors=[escape_html(text_in(author, "name")) for author in authors],
    )


READER = JsonReader("JSON Feed", _accepts, _read)
