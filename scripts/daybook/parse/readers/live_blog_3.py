"""Read the posts of Live Blog 3 (Superdesk), as its API and the data of its pages have them.

Drafts, deleted and unpublished posts are left out: their outlet does not show them.
"""

from collections.abc import Iterator

from daybook.parse.base.page import Note, Outline
from daybook.parse.readers.base import (
    JsonObject,
    JsonReader,
    Update,
    object_in,
    objects_in,
    outline_of_updates,
    part_doubt,
    picture_html,
    text_in,
    time_in,
)
from daybook.parse.web.to_markdown import escape_html, html_from_text

_MARKS = frozenset({"lb_highlight", "post_status", "published_date", "post_items_type", "sticky"})


def _accepts(value: object) -> bool:
    posts = objects_in(value, "_items")
    return bool(posts) and all(len(_MARKS & post.keys()) > 1 for post in posts)


def _read(value: object, url: str) -> Outline:
    posts = objects_in(value, "_items")
    shown = [post for post in posts if _is_shown(post)]
    notes = (
        [Note(0, f"{len(posts) - len(shown)} posts are drafts or deleted; left out")] if len(shown) < len(posts) else []
    )
    total = text_in(object_in(value, "_meta"), "total")
    return outline_of_updates(
        _updates(shown),
        Outline(
            url=url,
            notes=tuple(notes),
            doubts=part_doubt(
                len(posts), int(total) if total.isdecimal() else 0, "save the other pages of the API, too"
            ),
        ),
    )


def _is_shown(post: JsonObject) -> bool:
    hidden, shown = time_in(post, "unpublished_date"), time_in(post, "published_date")
    is_hidden = hidden is not None and (shown is None or hidden.rfc3339 > shown.rfc3339)
    return not post.get("deleted") and text_in(post, "post_status") in ("", "open") and not is_hidden


def _updates(posts: list[JsonObject]) -> Iterator[Update]:
    was_pinned = False
    for post in posts:
        items = list(_items(post))
        people = [object_in(post, name) for name in ("publisher", "original_creator")]
        author = next(filter(None, (text_in(each, "byline", "display_name") for each in people)), "")
        yield Update(
            id=text_in(post, "_id", "guid"),
            time=time_in(post, "published_date", "_created", utc=True),
            updated=time_in(post, "content_updated_date", utc=True),
            title=text_in(post, "headline") if len(text_in(post, "headline")) < _LONGEST_HEADLINE else "",
            html="".join(map(_item_html, items)),
            authors=[escape_html(author)],
            key=bool(post.get("lb_highlight")),
            restart=was_pinned,
        )
        was_pinned = bool(post.get("sticky"))


_LONGEST_HEADLINE = 200  # characters; a longer one is the text of the post again


def _items(post: JsonObject) -> Iterator[JsonObject]:
    """Yield the items of a post in order: text, pictures, quotations, embedded pages."""
    yield from objects_in(post, "items")
    for group in objects_in(post, "groups"):
        if text_in(group, "id") == "main":
            yield from (object_in(each, "item") for each in objects_in(group, "refs"))


def _item_html(item: JsonObject) -> str:
    meta = object_in(item, "meta")
    match text_in(item, "item_type", "type").lower():
        case "image" | "picture":
            sizes = object_in(meta, "media", "renditions")
            addresses = [
                text_in(object_in(sizes, name), "href") for name in ("original", "baseImage", "viewImage", *sizes)
            ]
            caption = ", ".join(filter(None, (text_in(meta, "caption"), text_in(meta, "credit"))))
            return picture_html(next(filter(None, addresses), ""), caption)
        case "quote":
            said_by = text_in(meta, "author", "credit")
            return f"<blockquote>{html_from_text(text_in(meta, 'quote'))}<p>{escape_html(said_by)}</p></blockquote>"
        case "embed":
            address = text_in(meta, "original_url", "url")
            title = text_in(meta, "title", "provider_name") or address
            link = f'<p><a href="{escape_html(address)}">Embedded: {escape_html(title)}</a></p>' if address else ""
            return (
                text_in(meta, "html") + link
                if "<blockquote" in text_in(meta, "html")
                else link or text_in(item, "text")
            )
        case kind if "advert" in kind:
            return ""
        case _:
            text = text_in(item, "text")
            return text if "<" in text else html_from_text(text)


READER = JsonReader("Live Blog 3", _accepts, _read)
