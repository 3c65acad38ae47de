"""Read posts in the data model of a page: blocks of the Guardian, the data of Next.js pages, and models like them.

A model has no schema that is published, so its posts are found by their form: a list of objects that each have a time
and a text, under a name such as ``blocks`` or ``updates``, close to each other in time. A list of teasers has no texts,
one of readers' comments has its name.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from statistics import median

from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.base.page import Doubt, Outline
from daybook.parse.readers.base import (
    JsonObject,
    JsonReader,
    Update,
    object_in,
    objects_in,
    outline_of_updates,
    picture_html,
    read_time,
    text_in,
)
from daybook.parse.time.instants import MachineTime
from daybook.parse.web.jsonld import MAX_BRACKETS
from daybook.parse.web.to_markdown import escape_html, html_from_text, text_of_html

_LIST_NAME = re.compile(
    r"live|update|blocks?|posts?|entr|ticker|events?|body|timeline|bulletin|reports?", re.IGNORECASE
)
_OTHER_LIST = re.compile(
    r"comment|repl|related|recommend|most|trend|teaser|stor(?:y|ies)|nav|menu|promo|advert|schedule|fixture|articles?"
    r"|keyevents|latest|popular|headlines|sections?|revisions?|edits|history|authors?|users?",
    re.IGNORECASE,
)
# A list that is a live blog by its name, also on a page that nothing else calls live
_LIVE_NAME = re.compile(r"live[_-]?(?:blog|feed|update|post|entr|ticker|coverage|stream)|ticker", re.IGNORECASE)
# A list of such a name is called by what holds it: ``"liveFeed": {"items": […]}``.
_PLAIN_LIST = re.compile(r"items?|edges|nodes?|list|data|results?|docs|hits|children|elements", re.IGNORECASE)
_PUBLISHED = (
    *("blockfirstpublished", "firstpublisheddate", "firstpublished", "datepublished", "publisheddate", "publishedat"),
    *(
        "publishdate",
        "published",
        "publicationdate",
        "pubdate",
        "postedat",
        "blockcreatedon",
        "createddate",
        "createdat",
    ),
    *("createdon", "datecreated", "created", "displaydate", "displaytime", "datetime", "timestamp", "date", "time"),
)
_TIME_OBJECTS = ("dates", "times", "timestamps", "date", "time", "meta", "attributes")  # that hold times by name
_UPDATED = (
    "blocklastupdated",
    "lastmodifieddate",
    "lastmodified",
    "datemodified",
    "updatedat",
    "lastupdated",
    "updated",
)
_TITLES = ("title", "headline", "heading", "header")
_HTML = (
    "bodyhtml",
    "contenthtml",
    "htmlbody",
    "html",
    "body",
    "content",
    "text",
    "articlebody",
    "message",
    "description",
)
_PARTS = ("elements", "components", "body", "content", "blocks", "paragraphs", "children", "items")
_IDS = ("id", "_id", "uuid", "guid", "blockid", "postid", "key")
_AUTHORS = ("contributors", "authors", "author", "byline", "creator")
_KEY_MARKS = ("keyevent", "iskeyevent", "iskey", "important", "ishighlight", "highlighted")
_PICTURE_ADDRESSES = ("url", "src", "file", "secureurl")
_MIN_POSTS = 2
_MIN_TEXT = 40  # characters of a usual post; a teaser has fewer
_MAX_GAP = 8 * 3600  # seconds between usual posts; articles of an index are further apart
_MAX_DEPTH = 30  # levels of nested values that are searched
_MAX_ITEMS = 20_000  # posts of a model

# Values in scripts
_SEARCHED_SCRIPT = 5_000_000  # characters in which times are looked for
_MOST_VALUES = 40  # that one script assigns
_TIME_IN_SCRIPT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:|[:\s\"]1\d{9}(?:\d{3})?[,\"}\s]")
_PUSH = "__next_f.push("
_PUSHED = re.compile(r"__next_f\.push\(\[1,\s{0,9}(\"(?:[^\"\\]|\\.)*\")\]\)")
_ROW = re.compile(rb"(?P<id>[0-9a-f]{1,8}):(?:T(?P<length>[0-9a-f]{1,8}),)?")
_NAMED_TEXT = re.compile(r"\"\$([0-9a-f]{1,8})\"")
_ASSIGNED = re.compile(r"[\w$\]\"']\s{0,3}=\s{0,9}(?:JSON\.parse\(\s{0,9}(?=\")|(?=[{\[]))")


class _Found(Struct, frozen=True):
    name: str  # of the list
    posts: Sequence[JsonObject]
    around: JsonObject  # the object that holds the list
    length: int  # characters of text


def _accepts(value: object) -> bool:
    return _find_posts(value) is not None


def _read(value: object, url: str) -> Outline:
    found = _find_posts(value)
    return _outline(found, url) if found else Outline()


def _outline(found: _Found, url: str) -> Outline:
    pages = next((each for name in ("pagination", "paging") if (each := object_in(found.around, name))), {})
    doubts: tuple[Doubt, ...] = ()
    if (total := text_in(pages, "totalPages")).isdecimal() and int(total) > 1:
        number = text_in(pages, "currentPage") or "1"
        doubts = (Doubt(kind="part", text=f"the data is page {number} of {total}; save the others"),)
    return outline_of_updates(
        map(_update, found.posts),
        Outline(
            title=escape_html(text_in(found.around, "webTitle", "headline", "title")),
            url=url or text_in(found.around, "webURL", "webUrl", "canonicalUrl", "url"),
            doubts=doubts,
        ),
    )


def _find_posts(value: object) -> _Found | None:
    """Return the list of posts with the most text in a value; None if it has none."""
    best: _Found | None = None
    stack: list[tuple[object, str, JsonObject, int]] = [(value, "posts" if isinstance(value, list) else "", {}, 0)]
    while stack:
        item, name, around, depth = stack.pop()
        if depth > _MAX_DEPTH:
            continue
        if isinstance(item, Mapping):
            stack += [
                (inner, name if name and _PLAIN_LIST.fullmatch(str(key)) else str(key), item, depth + 1)
                for key, inner in item.items()
                if isinstance(inner, (dict, list))
            ]
        elif isinstance(item, list):
            posts = [_unwrapped(each) for each in item if isinstance(each, Mapping)]
            length = _text_length(posts) if _LIST_NAME.search(name) and not _OTHER_LIST.search(name) else 0
            if length and (best is None or length > best.length):
                best = _Found(name, posts, around, length)
            if not length:
                stack += [(each, name, around, depth + 1) for each in posts if not _OTHER_LIST.search(name)]
    return best


def _unwrapped(item: JsonObject) -> JsonObject:
    """Return the object within an object that has nothing else, such as ``{"node": {…}}``; else the object itself."""
    inner = next(iter(item.values())) if len(item) == 1 else None
    return inner if isinstance(inner, Mapping) else item


def _text_length(posts: Sequence[JsonObject]) -> int:
    """Return the characters of text of a list of posts; 0 if its objects are not posts."""
    if not _MIN_POSTS <= len(posts) <= _MAX_ITEMS:
        return 0
    fields = [_fields(post) for post in posts]
    times = [time for each in fields if (time := _time(each, _PUBLISHED)) and time.is_complete]
    if len(times) * 10 < len(posts) * 8:
        return 0
    lengths = [len(text_of_html(_html(each))) for each in fields]
    seconds = [time.date.toordinal() * 86400 + (time.clock or 0) for time in times if time.date]
    gaps = [abs(after - before) for before, after in pairwise(sorted(seconds))]
    if median(lengths) < _MIN_TEXT or (gaps and median(gaps) > _MAX_GAP):
        return 0
    return sum(lengths)


def _fields(post: JsonObject) -> dict[str, object]:
    """Return the fields of an object by their names in small letters, without underscores and hyphens."""
    return {re.sub(r"(?<=.)[_-]", "", str(name)).lower(): value for name, value in post.items()}


def _time(fields: JsonObject, names: Iterable[str]) -> MachineTime | None:
    inner = [_fields(value) for name in _TIME_OBJECTS if isinstance(value := fields.get(name), Mapping)]
    times = (read_time(text_in(each, name).removesuffix(".0")) for each in (fields, *inner) for name in names)
    return next((time for time in times if time and time.is_complete), None)


def _html(fields: JsonObject) -> str:
    """Return the text of a post as HTML: one field, or a list of elements."""
    for name in _PARTS:
        parts = fields.get(name)
        if isinstance(parts, Mapping):  # "body": {"blocks": […]}
            parts = next((parts[each] for each in _PARTS if isinstance(parts.get(each), list)), None)
        if isinstance(parts, list) and parts:
            html = "".join(map(_part_html, parts))
            if html:
                return html
    text = text_in(fields, *_HTML)
    return text if "<" in text else html_from_text(text)


def _part_html(part: object) -> str:
    """Return one element of a post: text, a picture, or an embedded page; "" for what is no text, such as an advert."""
    if isinstance(part, str):
        return part if "<" in part else html_from_text(part)
    if not isinstance(part, Mapping):
        return ""
    fields = _fields(part)
    kind = text_in(part, "_type", "type", "elementType", "kind", "__typename").rpartition(".")[2].lower()
    if re.search(r"richlink|related|advert|newsletter|promo|interactiveatom", kind):
        return ""
    data = object_in(part, "data")
    if "image" in kind or "picture" in kind or "photo" in kind:
        images = [*objects_in(object_in(part, "media"), "allImages"), object_in(part, "image"), part]
        address = next(filter(None, (text_in(each, *_PICTURE_ADDRESSES) for each in images)), "")
        words = (text_in(data, "alt") or text_in(part, "alt"), text_in(data, "caption") or text_in(part, "caption"))
        return picture_html(address, next(filter(None, words), ""))
    html = text_in(fields, "html", "text", "bodyhtml", "content", "value") or text_in(data, "html", "text")
    if re.search(r"video|youtube|vimeo", kind) and not html:
        return picture_html(text_in(part, "originalUrl", "url", "src"), text_in(part, "mediaTitle", "title"), "video")
    if re.search(r"tweet|embed|instagram|bluesky", kind) and not html:
        address = text_in(part, "url", "originalUrl", "src")
        return f'<p><a href="{escape_html(address)}">Embedded post</a></p>' if address else ""
    html = html if "<" in html else html_from_text(html)
    if re.fullmatch(r"list-?item", kind) and html:
        return f"<ul><li>{html}</li></ul>"
    return f"<blockquote>{html}</blockquote>" if "quote" in kind and html and "<blockquote" not in html else html


def _update(post: JsonObject) -> Update:
    fields = _fields(post)
    marks = {**_fields(object_in(post, "attributes")), **fields}
    people = next((fields[name] for name in _AUTHORS if fields.get(name)), [])
    named = people if isinstance(people, list) else [people]
    names = [each if isinstance(each, str) else text_in(each, "name", "webTitle", "byline", "title") for each in named]
    return Update(
        id=text_in(fields, *_IDS),
        time=_time(fields, _PUBLISHED),
        updated=_time(fields, _UPDATED),
        title=text_in(fields, *_TITLES),
        html=_html(fields),
        authors=[escape_html(name) for name in names],
        key=any(marks.get(name) is True for name in _KEY_MARKS),
    )


READER = JsonReader("data of a page", _accepts, _read)


def posts_in_scripts(scripts: Iterable[str], *, is_live: bool) -> Outline:
    """Return the posts of the data in a page's scripts, those of the longest text; an outline without posts if none.

    If nothing on the page calls it live (`is_live` is false), the name of the list must; this is a doubt, because it
    may be the live blog of another page.

    The data is a script that is JSON, or an object that a script assigns: ``window.__STATE__ = {…}``. A script that is
    neither is left alone.
    """
    best: _Found | None = None
    pushed: list[str] = []
    for script in scripts:
        if _PUSH in script:
            pushed += _PUSHED.findall(script)
            continue
        if not is_live and not _LIVE_NAME.search(script[:_SEARCHED_SCRIPT]):
            continue
        if len(_TIME_IN_SCRIPT.findall(script[:_SEARCHED_SCRIPT])) < _MIN_POSTS:
            continue
        for value in _values_in(script):
            best = _longer(best, _find_posts(value), is_live)
    named = is_live or any(map(_LIVE_NAME.search, pushed))
    for value in _streamed_values(pushed) if named else ():
        best = _longer(best, _find_posts(value), is_live)
    if best is None:
        return Outline()
    outline = _outline(best, "")
    if is_live:
        return outline
    text = (
        f"{len(outline.posts)} posts are read from {best.name!r} in the page's data, but nothing on it is called live"
    )
    return replace(outline, doubts=(*outline.doubts, Doubt(kind="rival", text=text)))


def _longer(best: _Found | None, found: _Found | None, is_live: bool) -> _Found | None:
    """Return the list of the longer text; `found` counts if the page or its name says that it is a live blog."""
    if found is None or not (is_live or _LIVE_NAME.search(found.name)):
        return best
    return found if best is None or found.length > best.length else best


def _streamed_values(pushed: Sequence[str]) -> Iterator[object]:
    """Yield the values that a Next.js page streams in parts: rows ``5:{…}``, and texts ``1f:T2a,…`` that rows name."""
    try:
        data = "".join(map(json.loads, pushed)).encode()
    except ValueError:
        return
    if data.count(b"{") + data.count(b"[") > MAX_BRACKETS:
        return
    rows: list[str] = []
    texts: dict[str, str] = {}
    position = 0
    while head := _ROW.match(data, position):
        if head["length"]:
            end = head.end() + int(head["length"], 16)
            texts[head["id"].decode()] = data[head.end() : end].decode(errors="replace")
        else:
            line_end = data.find(b"\n", head.end())
            end = line_end if line_end >= 0 else len(data)
            rows.append(data[head.end() : end].decode(errors="replace"))
        position = end + (data[end : end + 1] == b"\n")
    for row in rows:
        if row[:1] in ("[", "{") and len(_TIME_IN_SCRIPT.findall(row[:_SEARCHED_SCRIPT])) >= _MIN_POSTS:
            named = _NAMED_TEXT.sub(lambda match: json.dumps(texts.get(match[1], f"${match[1]}")), row)
            try:
                yield json.loads(named)
            except (ValueError, RecursionError):
                continue


def _values_in(script: str) -> Iterator[object]:
    """Yield the JSON values of a script: the whole of it, or what it assigns."""
    if script.count("{") + script.count("[") > MAX_BRACKETS:
        return
    decoder = json.JSONDecoder()
    text = script.strip()
    starts = (
        [0] if text[:1] in ("{", "[") else [match.end() for match in islice(_ASSIGNED.finditer(text), _MOST_VALUES)]
    )
    position = -1
    for start in starts:
        if start < position:
            continue  # inside the value before
        try:
            value, position = decoder.raw_decode(text, start)
            yield json.loads(value) if isinstance(value, str) else value
        except (ValueError, RecursionError):
            continue
