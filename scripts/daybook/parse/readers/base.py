"""The interface of readers of data, and what they share: updates with times, made into an outline.

An update is a post as a data file has it. Line numbers of such a file count its updates.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from email.utils import parsedate_tz
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from daybook.core.text import is_url
from daybook.parse.base.decode import clean_characters, one_line
from daybook.parse.base.page import Doubt, Note, Outline, Post
from daybook.parse.time.instants import MachineTime, parse_machine_time
from daybook.parse.time.zones import zone_from_word
from daybook.parse.web.jsonld import line_for_data_post, live_blog_day
from daybook.parse.web.to_markdown import body_from_html, escape_html, text_of_html

JsonObject = Mapping[str, object]
_LONGEST_ID = 200  # characters
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


class Update(Struct, frozen=True, kw_only=True):
    """A post as a data file has it; `html` is its text, `title` its headline as HTML."""

    id: str = ""
    time: MachineTime | None = None
    updated: MachineTime | None = None
    title: str = ""
    html: str = ""
    authors: Sequence[str] = ()
    key: bool = False
    restart: bool = False  # the update above is pinned or newer for another reason


class JsonReader(Struct, frozen=True):
    """A reader of JSON: whether a value is of its format, and the outline of such a value."""

    kind: str  # as shown to people: "JSON Feed"
    accepts: Callable[[object], bool]
    read: Callable[[object, str], Outline]


def outline_of_updates(updates: Iterable[Update], page: Outline) -> Outline:
    """Return the outline of a data file; `page` has what the file says about the whole, its title as HTML.

    Updates with neither headline nor text are left out, with a doubt.
    """
    title, url, doubts = page.title, page.url, page.doubts
    posts: list[Post] = []
    empty: list[int] = []
    lost: list[Note] = []
    for number, update in enumerate(updates, 1):
        body = body_from_html(clean_characters(update.html), url)
        headline = one_line(text_of_html(update.title))
        if not (headline or body.paragraphs or body.markdown):
            empty.append(number)
            continue
        lost += [Note(number, reason) for reason in body.lost]
        time, edited = update.time, update.updated
        changed = edited if edited and (time is None or edited.rfc3339 != time.rfc3339) else None
        posts.append(
            Post(
                line=number,
                line_numbers=(number,),
                stamp=time.stamp if time else None,
                stamp_date=time.printed_date(number) if time else None,
                headline=headline,
                paragraphs=body.paragraphs,
                markdown=body.markdown,
                id=one_line(clean_characters(update.id))[:_LONGEST_ID],
                authors=tuple(dict.fromkeys(filter(None, (one_line(text_of_html(name)) for name in update.authors)))),
                updated=changed.rfc3339 if changed else "",
                key=update.key,
                restart=update.restart,
            )
        )
    if empty:
        shown = ", ".join(map(str, empty[:10])) + (", …" if len(empty) > 10 else "")
        doubts = (*doubts, Doubt(kind="left out", text=f"{len(empty)} updates have no text: number {shown}"))
    return Outline(
        title=one_line(text_of_html(title)),
        url=url if is_url(url) else "",
        outlet=one_line(clean_characters(page.outlet)),
        lang=page.lang if _LANGUAGE_TAG.fullmatch(page.lang) else "",
        data_date=live_blog_day((), tuple(posts)),
        posts=tuple(posts),
        lines=tuple(map(line_for_data_post, posts)),
        notes=(*page.notes, *lost),
        doubts=doubts,
        looks_live=True,
        kind=page.kind,
        line_unit="update",
    )


def part_doubt(held: int, total: int, cure: str) -> tuple[Doubt, ...]:
    """Return the doubt about a file that says itself that it holds only a part; () if it holds all."""
    if held >= total:
        return ()
    return (Doubt(kind="part", text=f"holds {held} of {total:,} updates; {cure}"),)


def host_of(address: str) -> str:
    """Return the host of an address without ``www.``; "" if there is none."""
    return (urlsplit(address).hostname or "").removeprefix("www.") if is_url(address) else ""


def text_in(value: object, *names: str) -> str:
    """Return the text or number under the first of `names` that an object has; "" without one."""
    if isinstance(value, Mapping):
        for name in names:
            found = value.get(name)
            if isinstance(found, (str, int, float)) and not isinstance(found, bool) and str(found).strip():
                return str(found).strip()
    return ""


def object_in(value: object, *path: str) -> JsonObject:
    """Return the object that a path of names leads to; an empty one if there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def objects_in(value: object, name: str) -> list[JsonObject]:
    """Return the objects of the list under `name`; [] if there is none."""
    found = value.get(name) if isinstance(value, Mapping) else None
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def time_in(value: object, *names: str, utc: bool = False) -> MachineTime | None:
    """Return the first time under one of `names`; with `utc` a time without an offset is UTC."""
    for name in names:
        found = read_time(text_in(value, name))
        if found:
            no_offset = utc and found.clock is not None and not found.zone
            return replace(found, zone="Z") if no_offset else found
    return None


def read_time(text: str) -> MachineTime | None:
    """Read a machine-written time, also as RFC 822 writes it: ``Wed, 09 Apr 2031 14:05:00 GMT``."""
    found = parse_machine_time(text)
    if found or not text:
        return found
    parts = parsedate_tz(text)
    if parts is None:
        return None
    try:
        date = dt.date(*parts[:3])
    except ValueError:
        return None
    hour, minute, second = parts[3:6]
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 61):
        return None
    word = text.rpartition(" ")[2].strip("()")
    offset = parts[9]
    if zone_from_word(word) is not None:  # email.utils takes BST for an unknown zone
        zone = word
    elif offset is not None:
        zone = f"{'-' if offset < 0 else '+'}{abs(offset) // 3600:02}:{abs(offset) % 3600 // 60:02}"
    else:
        zone = ""
    return MachineTime(printed=text, date=date, clock=hour * 3600 + minute * 60 + second, zone=zone)


def picture_html(address: str, text: str = "", tag: str = "img") -> str:
    """Return a picture, or a video or sound, in HTML, which `body_from_html` replaces by a line of text."""
    end = "" if tag == "img" else f"</{tag}>"
    return f'<figure><{tag} src="{escape_html(address)}" title="{escape_html(text)}">{end}</figure>'
