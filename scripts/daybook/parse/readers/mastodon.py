"""Read the outbox of a Mastodon account, ``outbox.json`` in its export (ActivityPub).

Only public posts are read. Posts of others that the account shared have no text in an outbox.
"""

from daybook.parse.base.page import Doubt, Note, Outline
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
from daybook.parse.web.to_markdown import escape_html

_PUBLIC = ("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public")
_MEDIA_TAGS = {"image": "img", "video": "video", "audio": "audio"}


def _accepts(value: object) -> bool:
    return text_in(value, "type") in ("OrderedCollection", "OrderedCollectionPage") and bool(
        objects_in(value, "orderedItems")
    )


def _read(value: object, url: str) -> Outline:
    activities = objects_in(value, "orderedItems")
    created = [each for each in activities if text_in(each, "type") == "Create" and object_in(each, "object")]
    public = [each for each in created if _is_public(each)]
    notes = []
    if len(created) < len(activities):
        notes.append(Note(0, f"{len(activities) - len(created)} items are posts of others that were shared; left out"))
    if len(public) < len(created):
        notes.append(Note(0, f"{len(created) - len(public)} posts are not public; left out"))
    total = text_in(value, "totalItems")
    doubts = part_doubt(len(activities), int(total) if total.isdecimal() else 0, "request a new export")
    if not doubts and text_in(value, "next"):
        doubts = (Doubt(kind="part", text=f"one page of an outbox; save the next one, too: {text_in(value, 'next')}"),)
    actor = next(filter(None, (text_in(each, "actor") for each in public)), "")
    name = actor.rstrip("/").rpartition("/")[2].removeprefix("@")
    return outline_of_updates(
        map(_update, public),
        Outline(
            title=f"@{escape_html(name)}" if name else "",
            url=url or actor,
            lang=next((lang for each in public for lang in object_in(each, "object", "contentMap")), ""),
            notes=tuple(notes),
            doubts=doubts,
        ),
    )


def _is_public(activity: JsonObject) -> bool:
    note = object_in(activity, "object")
    audience: list[object] = []
    for item in (activity, note):
        for name in ("to", "cc"):
            named = item.get(name)
            audience += named if isinstance(named, list) else [named]
    return any(each in _PUBLIC for each in audience)


def _update(activity: JsonObject) -> Update:
    note = object_in(activity, "object")
    attached = (
        picture_html(text_in(each, "url"), text_in(each, "name"), tag)
        for each in objects_in(note, "attachment")
        if (tag := _MEDIA_TAGS.get(text_in(each, "mediaType").partition("/")[0], ""))
    )
    return Update(
        id=text_in(note, "id") or text_in(activity, "id"),
        time=time_in(note, "published") or time_in(activity, "published"),
        updated=time_in(note, "updated"),
        title=escape_html(text_in(note, "summary")),  # the warning that the text is folded under
        html=text_in(note, "content") + "".join(attached),
    )


READER = JsonReader("Mastodon outbox", _accepts, _read)
