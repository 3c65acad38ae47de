"""Read the export of a Telegram channel in JSON, ``result.json`` of Telegram Desktop.

Chats of persons are refused: what people wrote to each other is not for an archive that is published.
"""

from collections.abc import Iterator

from daybook.core.errors import ArchiveError
from daybook.parse.base.page import Note, Outline, RefusedFormatError
from daybook.parse.readers.base import (
    JsonObject,
    JsonReader,
    Update,
    object_in,
    objects_in,
    outline_of_updates,
    text_in,
    time_in,
)
from daybook.parse.web.to_markdown import escape_html

_PUBLIC_TYPES = ("public_channel", "private_channel", "public_supergroup")
_TAGS = {
    **{"bold": "b", "italic": "i", "strikethrough": "s", "code": "code", "pre": "pre", "blockquote": "blockquote"},
    "underline": "u",
}
_MEDIA = {"video_file": "Video", "video_message": "Video", "voice_message": "Audio", "audio_file": "Audio"}
_MEDIA |= {"animation": "Video", "sticker": "Sticker"}
_LONGEST_HEADLINE = 140  # characters


def _accepts(value: object) -> bool:
    if objects_in(object_in(value, "chats"), "list"):
        return True
    messages = objects_in(value, "messages")
    return (
        bool(messages)
        and bool(text_in(value, "type"))
        and all({"id", "date", "type"} <= each.keys() for each in messages)
    )


def _read(value: object, url: str) -> Outline:
    chats = objects_in(object_in(value, "chats"), "list")
    if len(chats) > 1:
        raise ArchiveError(f"an export of {len(chats)} Telegram chats; export the one channel: ⋮, Export chat history")
    chat = chats[0] if chats else value
    if text_in(chat, "type") not in _PUBLIC_TYPES:
        kind = text_in(chat, "type").replace("_", " ") or "unknown kind"
        raise RefusedFormatError(f"a Telegram chat of persons ({kind}); chats are not read, only exports of channels")
    messages = objects_in(chat, "messages")
    posts = [each for each in messages if text_in(each, "type") == "message"]
    others = len(messages) - len(posts)
    return outline_of_updates(
        (_update(post, text_in(chat, "id")) for post in posts),
        Outline(
            title=escape_html(text_in(chat, "name")),
            url=url,
            outlet=text_in(chat, "name"),
            notes=tuple([Note(0, f"{others} messages are about the channel itself; left out")] if others else []),
        ),
    )


def _update(message: JsonObject, channel: str) -> Update:
    pieces = list(_pieces(message))
    title = ""
    if pieces and pieces[0][0] == "bold" and len(pieces[0][1].strip()) <= _LONGEST_HEADLINE:
        # A first line that is bold to its end is the headline.
        rest = "".join(text for _, text, _ in pieces[1:])
        if pieces[0][1].endswith("\n") or rest.startswith("\n"):
            title, pieces = pieces[0][1].strip(), pieces[1:]
    forwarded = text_in(message, "forwarded_from")
    source = f"<p>Forwarded from {escape_html(forwarded)}</p>" if forwarded else ""
    author = text_in(message, "author") or text_in(message, "from")
    return Update(
        id=f"telegram:{channel}/{text_in(message, 'id')}",
        time=time_in(message, "date_unixtime") or time_in(message, "date"),
        updated=time_in(message, "edited_unixtime") or time_in(message, "edited"),
        title=escape_html(title),
        html=source + _paragraphs("".join(_html(*piece) for piece in pieces)) + "".join(_media(message)),
        authors=[escape_html(author)] if text_in(message, "author") else [],
    )


def _pieces(message: JsonObject) -> Iterator[tuple[str, str, str]]:
    """Yield the parts of a text: kind, text and address."""
    text = message.get("text")
    for part in text if isinstance(text, list) else [text]:
        if isinstance(part, dict):
            yield text_in(part, "type"), str(part.get("text") or ""), text_in(part, "href")
        elif isinstance(part, str) and part:
            yield "plain", part, ""


def _html(kind: str, text: str, address: str) -> str:
    head, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    shown = escape_html(text.strip())
    if not shown:
        return text
    if kind == "text_link" and address:
        shown = f'<a href="{escape_html(address)}">{shown}</a>'
    elif kind in _TAGS:
        shown = f"<{_TAGS[kind]}>{shown}</{_TAGS[kind]}>"
    return f"{head}{shown}{tail}"


def _paragraphs(html: str) -> str:
    parts = (part.strip() for part in html.replace("\r\n", "\n").split("\n\n"))
    return "".join(
        part if part.startswith("<pre>") else f"<p>{part.replace(chr(10), '<br>')}</p>" for part in parts if part
    )


def _media(message: JsonObject) -> Iterator[str]:
    """Yield a line for each picture and file: an export has no address for them."""
    if message.get("photo"):
        yield "<p>Picture</p>"
    elif message.get("file"):
        kind = _MEDIA.get(text_in(message, "media_type"), "File")
        name = text_in(message, "title", "file_name", "sticker_emoji")
        yield f"<p>{escape_html(': '.join(filter(None, (kind, name))))}</p>"
    poll = object_in(message, "poll")
    if poll:
        answers = "".join(f"<li>{escape_html(text_in(each, 'text'))}</li>" for each in objects_in(poll, "answers"))
        yield f"<p>{escape_html(text_in(poll, 'question'))}</p><ul>{answers}</ul>"


READER = JsonReader("Telegram export", _accepts, _read)
