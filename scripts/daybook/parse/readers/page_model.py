"""Read posts in the data model of a page: blocks of the Guardian, the data of Next.js pages, and models like them.

A model has no schema that is published, so its posts are found by their form: a list of objects that each have a time
and a text, under a name such as ``blocks`` or ``updates``, close to each other in time. A list of teasers has no texts,
one of readers' comments has its name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct
from msgspec.structs import replace

from daybook.parse.base.page import Doubt, Outline
from daybook.parse.readers.base import (
    JsonObject,
    JsonReader,
    Update,
    object_in,
    outline_of_updates,
    read_time,
    text_in,
)
from daybook.parse.readers.block_trees import heading_of, html_of_text
from daybook.parse.time.instants import MachineTime
from daybook.parse.web.to_markdown import escape_html, text_of_html

_LIST_NAME = re.compile(
    r"live|update|blocks?|posts?|entr|ticker|events?|body|timeline|bulletin|reports?", re.IGNORECASE
)
_OTHER_LIST = re.compile(
    r"comment|repl|related|recommend|most|trend|teaser|stories|nav|menu|promo|advert|schedule|fixture|articles?"
    r"|keyevents|latest|popular|headlines|sections?|revisions?|edits|history|authors?|users?",
    re.IGNORECASE,
)
# A list of such a name is called by what holds it: ``"liveFeed": {"items": […]}``.
_PLAIN_LIST = re.compile(
    r"items?|edges|nodes?|list|data|results?|docs|hits|children|elements|rows|records|messages|stream", re.IGNORECASE
)
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
    *("pubtime", "publishtime", "publishedtime", "createtime", "createdtime", "posttime", "ts", "epoch", "unixtime"),
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
_TITLES = ("title", "headline", "heading", "header", "subject", "titel", "titre", "titulo", "título", "titolo", "kop")
_NO_PUBLICATION = re.compile(r"modif|updat|edit|chang|expir|end|until|close|delete|version|captur|birth")
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
    "txt",
    "bodytext",
)
_PARTS = (
    *("elements", "components", "body", "content", "blocks", "paragraphs", "children", "items", "richtext", "contents"),
    *("document", "doc", "text", "message", "bodyblocks", "html"),
)
_PAGE_OBJECTS = r"page_?info|pagination|paging|page|meta|_?links"
_HAS_MORE = ("hasnextpage", "hasmore", "hasnext", "moreavailable", "more")
_NEXT = ("next", "nextpage", "nextcursor", "nexturl", "nextpagetoken", "nextpageurl")
_IDS = ("id", "_id", "uuid", "guid", "blockid", "postid", "key")
_AUTHORS = ("contributors", "authors", "author", "byline", "creator")
_KEY_MARKS = ("keyevent", "iskeyevent", "iskey", "important", "ishighlight", "highlighted")
MIN_POSTS = 2
_MIN_TEXT = 40  # characters of a usual post; a teaser has fewer
_MAX_GAP = 8 * 3600  # seconds between usual posts; articles of an index are further apart
_SAMPLE = 5  # posts whose fields are looked at
_LONGEST_TITLE = 150  # characters
_MAX_DEPTH = 30  # levels of nested values that are searched
_MAX_ITEMS = 20_000  # posts of a model


class PostList(Struct, frozen=True):
    """A list of objects that are posts by their form, and where it is."""

    name: str  # of the list
    posts: Sequence[JsonObject]
    around: JsonObject  # the object that holds the list
    length: int  # characters of text
    time_field: str = ""  # the field of the times and that of the headlines, if their names are not known
    title_field: str = ""
    is_known: bool = True  # whether its name is one of a list of posts


def _accepts(value: object) -> bool:
    return find_post_list(value, any_name=True) is not None


def _read(value: object, url: str) -> Outline:
    found = find_post_list(value, any_name=True)
    if found is None:
        return Outline()
    outline = outline_of_list(found, url)
    if found.is_known:
        return outline
    text = f"the list {found.name!r} is read as posts, because each of its items has a time and a text; are they posts?"
    return replace(outline, doubts=(*outline.doubts, Doubt(kind="rival", text=text)))


def outline_of_list(found: PostList, url: str) -> Outline:
    """Return the outline of a list of posts, with a doubt if what holds it says that there are more."""
    return outline_of_updates(
        (_update(post, found) for post in found.posts),
        Outline(
            title=escape_html(text_in(found.around, "webTitle", "headline", "title")),
            url=url or text_in(found.around, "webURL", "webUrl", "canonicalUrl", "url"),
            doubts=tuple(_part_doubts(found.around, len(found.posts))),
        ),
    )


def _part_doubts(around: JsonObject, count: int) -> Iterator[Doubt]:
    """Yield a doubt if what holds a list of `count` posts counts more pages or posts, or names a next page."""
    inner = [object_in(around, name) for name in around if re.fullmatch(_PAGE_OBJECTS, str(name), re.IGNORECASE)]
    for each in (around, *inner):
        fields = _fields(each)
        pages = text_in(fields, "totalpages", "pagecount", "lastpage")
        total = text_in(fields, "total", "totalcount", "totalitems", "totalresults", "numfound")
        if pages.isdecimal() and int(pages) > 1:
            number = text_in(fields, "currentpage", "page") or "1"
            yield Doubt(kind="part", text=f"the data is page {number} of {pages}; save the others")
            return
        if total.isdecimal() and int(total) > count:
            yield Doubt(kind="part", text=f"the data has {count} of {total} posts; save the others")
            return
        if any(fields.get(name) is True for name in _HAS_MORE) or any(_names_page(fields.get(name)) for name in _NEXT):
            yield Doubt(kind="part", text="the data names a next page; save the others")
            return


def _names_page(value: object) -> bool:
    """Return whether a value is an address, a number or a mark of a page."""
    return bool(text_in({"": value}, "") or text_in(value, "href", "url", "cursor"))


def find_post_list(value: object, *, any_name: bool = False) -> PostList | None:
    """Return the list of posts with the most text in a value; None if it has none.

    In a file, the list may have `any_name`, apart from those of other lists; one with a known name is preferred.
    """
    found: list[PostList] = []
    name = "posts" if isinstance(value, list) else ""
    stack: list[tuple[object, str, JsonObject, int]] = [(value, name, {}, 0)]
    while stack:
        item, name, around, depth = stack.pop()
        if depth > _MAX_DEPTH:
            continue
        if isinstance(item, Mapping):
            stack += [
                (inner, f"{name}.{key}" if name and _PLAIN_LIST.fullmatch(str(key)) else str(key), item, depth + 1)
                for key, inner in item.items()
                if isinstance(inner, (dict, list))
            ]
        elif isinstance(item, list):
            posts = [_unwrapped(each) for each in item if isinstance(each, Mapping)]
            is_known = any(_LIST_NAME.search(each) or _PLAIN_LIST.fullmatch(each) for each in name.split("."))
            may_be = (any_name or _LIST_NAME.search(name)) and not _OTHER_LIST.search(name)
            read = _read_list(posts) if may_be else None
            if read:
                found.append(replace(read, name=name, around=around, is_known=is_known))
            else:
                stack += [(each, name, around, depth + 1) for each in posts if not _OTHER_LIST.search(name)]
    return max(found, key=lambda each: (each.is_known, each.length), default=None)


def _unwrapped(item: JsonObject) -> JsonObject:
    """Return the object within an object that has nothing else, such as ``{"node": {…}}``; else the object itself."""
    inner = next(iter(item.values())) if len(item) == 1 else None
    return inner if isinstance(inner, Mapping) else item


def _read_list(posts: Sequence[JsonObject]) -> PostList | None:
    """Return a list of posts, with the characters of their text; None if its objects are not posts."""
    if not MIN_POSTS <= len(posts) <= _MAX_ITEMS:
        return None
    fields = [_fields(post) for post in posts]
    own = next((name for name in ("", *_other_times(fields)) if _times(fields, name)), None)
    if own is None:
        return None
    times = _times(fields, own)
    lengths = [len(text_of_html(_html(each))) for each in fields]
    seconds = [time.date.toordinal() * 86400 + (time.clock or 0) for time in times if time.date]
    gaps = [abs(after - before) for before, after in pairwise(sorted(seconds))]
    if median(lengths) < _MIN_TEXT or (gaps and median(gaps) > _MAX_GAP):
        return None
    title = "" if any(_title(each, "") for each in fields) else _other_title(fields)
    return PostList("", posts, {}, sum(lengths), time_field=own, title_field=title)


def _times(fields: Sequence[JsonObject], own: str) -> list[MachineTime]:
    """Return the times of nearly all posts under the known names and `own`; [] if too many posts have none."""
    found = [time for each in fields if (time := _time(each, (*_PUBLISHED, own)))]
    return found if len(found) * 10 >= len(fields) * 8 else []


def _other_times(fields: Sequence[JsonObject]) -> Iterator[str]:
    """Yield the names of fields that may hold the times of posts, whatever they are called."""
    names = dict.fromkeys(name for each in fields[:_SAMPLE] for name in each)
    yield from (name for name in names if not (_NO_PUBLICATION.search(name) or name in _IDS or name.endswith("id")))


def _other_title(fields: Sequence[JsonObject]) -> str:
    """Return the name of the only field that can be the headline of posts whose fields have no known name, else ""."""
    names = dict.fromkeys(name for each in fields for name in each)
    known = {*_HTML, *_PARTS, *_IDS, *_AUTHORS, *_PUBLISHED, *_UPDATED}
    found = []
    for name in names:
        texts = [text_in(each, name) for each in fields]
        words = [text for text in texts if " " in text and len(text) <= _LONGEST_TITLE and "://" not in text]
        is_title = len(words) * 10 >= len(fields) * 8 and len(set(words)) * 10 >= len(words) * 9
        if name not in known and is_title and not any(map(read_time, words[:_SAMPLE])):
            found.append(name)
    return found[0] if len(found) == 1 else ""


def _fields(post: JsonObject) -> dict[str, object]:
    """Return the fields of an object by their names in small letters, without underscores and hyphens."""
    return {re.sub(r"(?<=.)[_-]", "", str(name)).lower(): value for name, value in post.items()}


def _time(fields: JsonObject, names: Iterable[str]) -> MachineTime | None:
    inner = [_fields(value) for name in _TIME_OBJECTS if isinstance(value := fields.get(name), Mapping)]
    times = (read_time(text_in(each, name).removesuffix(".0")) for each in (fields, *inner) for name in names)
    return next((time for time in times if time and time.is_complete), None)


def _html(fields: JsonObject) -> str:
    """Return the text of a post as HTML: one field, or a list or tree of elements."""
    for name in _PARTS:
        if isinstance(fields.get(name), (list, Mapping)) and (html := html_of_text(fields[name])):
            return html
    return next(filter(None, (html_of_text(text_in(fields, name)) for name in _HTML)), "")


def _title(fields: JsonObject, name: str) -> str:
    """Return the headline of a post: a field with a known name, `name`, or the heading that its text begins with."""
    for each in (*_TITLES, *filter(None, (name,))):
        found = text_in(fields, each) or text_in(fields.get(each), "text", "rendered", "plain", "html", "value")
        if found:
            return found
    return next(filter(None, (heading_of(fields.get(each)) for each in _PARTS)), "")


def _update(post: JsonObject, found: PostList) -> Update:
    fields = _fields(post)
    title, html = _title(fields, found.title_field), _html(fields)
    marks = {**_fields(object_in(post, "attributes")), **fields}
    people = next((fields[name] for name in _AUTHORS if fields.get(name)), [])
    named = people if isinstance(people, list) else [people]
    names = [each if isinstance(each, str) else text_in(each, "name", "webTitle", "byline", "title") for each in named]
    return Update(
        id=text_in(fields, *_IDS),
        time=_time(fields, (*_PUBLISHED, found.time_field)),
        updated=_time(fields, _UPDATED),
        title=title,
        html=html.removeprefix(f"<h3>{title}</h3>"),
        authors=[escape_html(name) for name in names],
        key=any(marks.get(name) is True for name in _KEY_MARKS),
    )


READER = JsonReader("data of a page", _accepts, _read)
