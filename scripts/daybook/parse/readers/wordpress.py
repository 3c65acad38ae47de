"""Read posts of the REST API of WordPress: ``/wp-json/wp/v2/posts``, and that of WordPress.com."""

from daybook.parse.base.page import Doubt, Outline
from daybook.parse.readers.base import (
    JsonObject,
    JsonReader,
    Update,
    host_of,
    object_in,
    objects_in,
    outline_of_updates,
    part_doubt,
    text_in,
    time_in,
)
from daybook.parse.web.to_markdown import escape_html


def _accepts(value: object) -> bool:
    if isinstance(value, dict):
        posts = objects_in(value, "posts")
        return bool(posts) and all({"ID", "content", "date"} <= post.keys() for post in posts)
    return isinstance(value, list) and bool(value) and all(map(_is_post, value))


def _is_post(value: object) -> bool:
    return bool(text_in(value, "date_gmt", "date")) and "rendered" in object_in(value, "content")


def _read(value: object, url: str) -> Outline:
    if isinstance(value, dict):
        posts, found = objects_in(value, "posts"), text_in(value, "found")
    else:
        posts, found = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else [], ""
    doubts = part_doubt(len(posts), int(found) if found.isdecimal() else 0, "save the other pages of the API, too")
    locked = sum(object_in(post, "content").get("protected") is True for post in posts)
    if locked:
        doubts = (
            *doubts,
            Doubt(kind="part", text=f"{locked} posts are protected by a password; their text is missing"),
        )
    host = next(filter(None, (host_of(text_in(post, "link", "URL")) for post in posts)), "")
    return outline_of_updates(map(_update, posts), Outline(title=host, url=url, outlet=host, doubts=tuple(doubts)))


def _update(post: JsonObject) -> Update:
    authors = [*objects_in(object_in(post, "_embedded"), "author"), object_in(post, "author")]
    return Update(
        id=text_in(object_in(post, "guid"), "rendered") or text_in(post, "link", "URL"),
        time=time_in(post, "date_gmt", utc=True) or time_in(post, "date"),
        updated=time_in(post, "modified_gmt", utc=True) or time_in(post, "modified"),
        title=text_in(object_in(post, "title"), "rendered") or text_in(post, "title"),
        html=text_in(object_in(post, "content"), "rendered") or text_in(post, "content"),
        authors=[escape_html(text_in(author, "name")) for author in authors],
    )


READER = JsonReader("WordPress", _accepts, _read)
