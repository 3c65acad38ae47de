"""Read a Telegram channel in HTML: its export, ``messages.html`` of Telegram Desktop, and its page ``t.me/s/…``."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from daybook.parse.base.decode import one_line
from daybook.parse.base.page import Doubt, Note, Outline, RefusedFormatError
from daybook.parse.readers.base import Update, outline_of_updates, picture_html, read_time
from daybook.parse.time.instants import MachineTime
from daybook.parse.web.dom import attribute_text, read_tree
from daybook.parse.web.to_markdown import escape_html

_BACKGROUND = re.compile(r"background-image:\s*url\(['\"]?([^'\")]+)")
_WEB_MEDIA = ".tgme_widget_message_photo_wrap, .tgme_widget_message_video_player, .tgme_widget_message_voice_player"
_WEB_MEDIA += (
    ", .tgme_widget_message_document, .tgme_widget_message_sticker_wrap, .tgme_widget_message_roundvideo_player"
)
_TIME = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d:\d\d)(?: UTC([+-]\d\d:\d\d))?")


def read_telegram_html(text: str, url: str = "") -> Outline:
    """Read an export or a page of the web preview.

    Raises RefusedFormatError if several persons wrote the export, as a chat and not a channel has them.
    """
    tree = read_tree(text)
    if tree.select_one(".tgme_channel_history"):
        return _read_web(tree, url)
    header = tree.select_one(".page_header .text")
    title = one_line(header.get_text()) if header else ""
    messages = tree.select("div.message.default")
    names = {one_line(each.get_text()) for each in tree.select(".message.default > .body > .from_name")}
    if len(names - {title}) > 0:
        cure = "if it is a channel, export it as JSON, which states that"
        raise RefusedFormatError(f"a Telegram chat of {len(names)} persons; chats are not read: {cure}")
    others = len(tree.select("div.message.service[id]"))
    return outline_of_updates(
        (_update(message, title) for message in messages),
        Outline(
            title=escape_html(title),
            url=url,
            outlet=title,
            notes=tuple(
                [Note(0, f"{others} messages are dates, or about the channel itself; left out")] if others else []
            ),
        ),
    )


def _update(message: Tag, channel: str) -> Update:
    stamp, text = message.select_one(".date.details"), message.select_one(".body > .text, .forwarded.body > .text")
    return Update(
        id=f"telegram:{channel}/{attribute_text(message, 'id').removeprefix('message')}",
        time=_time(attribute_text(stamp, "title")) if stamp else None,
        html=(f"<p>{text.decode_contents().strip()}</p>" if text else "") + "".join(_media(message)),
    )


def _time(title: str) -> MachineTime | None:
    match = _TIME.fullmatch(title.strip())
    return read_time(f"{match[3]}-{match[2]}-{match[1]}T{match[4]}{match[5] or ''}") if match else None


def _media(message: Tag) -> Iterator[str]:
    """Yield a line for each picture and file: an export has no address for them."""
    for tag in message.select(".media_wrap a, .media_wrap .media"):
        classes = attribute_text(tag, "class")
        if "photo" in classes:
            yield "<p>Picture</p>"
        elif re.search("video|animated", classes):
            yield "<p>Video</p>"
        elif "media" in classes:
            name = tag.select_one(".title")
            kind = "Audio" if re.search("audio|voice", classes) else "File"
            yield f"<p>{escape_html(': '.join(filter(None, (kind, one_line(name.get_text()) if name else ''))))}</p>"


def _read_web(tree: BeautifulSoup, url: str) -> Outline:
    """Read a page ``t.me/s/channel``. It shows about 20 messages; the others are a doubt."""
    header = tree.select_one(".tgme_channel_info_header_title, .tgme_header_title")
    title = one_line(header.get_text()) if header else ""
    messages = tree.select(".tgme_widget_message[data-post]:not(.service_message)")
    others = len(tree.select(".tgme_widget_message.service_message"))
    numbers = [attribute_text(each, "data-post").rpartition("/")[2] for each in messages]
    is_part = tree.select_one(".tme_messages_more, link[rel=prev]") is not None
    cure = f"save the page with ?before={numbers[0]}, too, or export the channel" if numbers else ""
    told = f"only {len(messages)} messages of the channel; {cure}"
    name = attribute_text(messages[0], "data-post").partition("/")[0] if messages else ""
    return outline_of_updates(
        map(_web_update, messages),
        Outline(
            title=escape_html(title or name),
            url=url or (f"https://t.me/s/{name}" if name else ""),
            outlet=title or name,
            notes=(Note(0, f"messages about the channel itself, left out: {others}"),) if others else (),
            doubts=(Doubt(kind="part", text=told),) if is_part and messages else (),
            kind="Telegram web page",
        ),
    )


def _web_update(message: Tag) -> Update:
    text = message.select_one(".tgme_widget_message_text.js-message_text, .tgme_widget_message_text")
    stamp = message.select_one(".tgme_widget_message_date time[datetime], time[datetime]")
    forwarded = message.select_one(".tgme_widget_message_forwarded_from")
    author = message.select_one(".tgme_widget_message_from_author")
    name, _, number = attribute_text(message, "data-post").partition("/")
    address = f"https://t.me/{name}/{number}"
    parts = [f"<p>{escape_html(one_line(forwarded.get_text()))}</p>"] if forwarded else []
    parts += [f"<p>{text.decode_contents().strip()}</p>"] if text else []
    parts += [_web_media(each, address) for each in message.select(_WEB_MEDIA)]
    return Update(
        id=f"telegram:{name}/{number}",
        time=read_time(attribute_text(stamp, "datetime")) if stamp else None,
        html="".join(parts + list(_poll(message))),
        authors=[escape_html(one_line(author.get_text()))] if author else [],
    )


def _web_media(tag: Tag, address: str) -> str:
    """Return a picture, video or file of a message; `address` is that of the message, for those without their own."""
    classes = attribute_text(tag, "class")
    named = tag.select_one(".tgme_widget_message_document_title")
    if "photo_wrap" in classes:
        picture = _BACKGROUND.search(attribute_text(tag, "style"))
        return picture_html(picture[1] if picture else address)
    if "document" in classes or "voice" in classes:
        kind = "Audio" if "voice" in classes or "audio" in classes else "File"
        told = ": ".join(filter(None, (kind, one_line(named.get_text()) if named else "")))
        return f'<p><a href="{escape_html(address)}">{escape_html(told)}</a></p>'
    if "sticker" in classes:
        return "<p>Sticker</p>"
    return picture_html(address, tag="video")


def _poll(message: Tag) -> Iterator[str]:
    question = message.select_one(".tgme_widget_message_poll_question")
    if question:
        options = message.select(".tgme_widget_message_poll_option_text")
        rows = "".join(f"<li>{escape_html(one_line(each.get_text()))}</li>" for each in options)
        yield f"<p>{escape_html(one_line(question.get_text()))}</p><ul>{rows}</ul>"
