"""Read the export of a Telegram channel in HTML, ``messages.html`` of Telegram Desktop."""

import re
from collections.abc import Iterator

from bs4 import Tag

from daybook.core.errors import ArchiveError
from daybook.parse.base.decode import one_line
from daybook.parse.base.page import Note, Outline
from daybook.parse.readers.base import Update, outline_of_updates, read_time
from daybook.parse.time.instants import MachineTime
from daybook.parse.web.dom import attribute_text, read_tree
from daybook.parse.web.to_markdown import escape_html

_TIME = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d:\d\d)(?: UTC([+-]\d\d:\d\d))?")


def read_telegram_html(text: str, url: str = "") -> Outline:
    """Read an export in HTML; raises ArchiveError if several persons wrote it, as a chat and not a channel has them."""
    tree = read_tree(text)
    header = tree.select_one(".page_header .text")
    title = one_line(header.get_text()) if header else ""
    messages = tree.select("div.message.default")
    names = {one_line(each.get_text()) for each in tree.select(".message.default > .body > .from_name")}
    if len(names - {title}) > 0:
        cure = "export a channel, or as JSON, which states what kind of chat it is"
        raise ArchiveError(f"a Telegram chat of {len(names)} persons; only channels are read: {cure}")
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
