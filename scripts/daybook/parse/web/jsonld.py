"""schema.org data → posts: the only place that knows what a ``LiveBlogPosting`` says.

What all updates share says nothing of any: one time, one headline or one address for all of
them is left away and noted.
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import unescape

from msgspec import Struct
from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.core.text import is_url
from daybook.parse.base.decode import clean_characters, decode_text, one_line
from daybook.parse.base.page import ClassifiedLine, LineRole, Note, Outline, Post
from daybook.parse.time.instants import MachineTime, parse_machine_time, zone_reliability
from daybook.parse.time.printed import resolve_date
from daybook.parse.web.post_fields import first_unique_id
from daybook.parse.web.to_markdown import PostBody, body_from_html

MAX_UPDATES = 20_000  # before those that a page gives twice are one


_ENTITY = ("&lt;", "&gt;", "&amp;", "&quot;", "&nbsp;", "&#")


_MADE = ("datePublished", "dateCreated", "uploadDate")


_ARTICLES_NAMES = "LiveBlogPosting NewsArticle Article ReportageNewsArticle BlogPosting WebPage"


_ARTICLES = frozenset(_ARTICLES_NAMES.split())


class LiveBlogData(Struct, frozen=True, kw_only=True):
    """What a page's data says of the page and, where it is a live blog, of its posts."""

    title: str = ""
    standfirst: str = ""
    url: str = ""
    outlet: str = ""
    lang: str = ""
    days: tuple[dt.date, ...] = ()
    zone: str = ""
    posts: tuple[Post, ...] = ()
    notes: tuple[Note, ...] = ()


def read_live_blog(documents: Iterable[object], url: str = "") -> LiveBlogData:
    """Read the posts of all live blogs in some JSON-LD documents, and the facts of the first article.

    Links in bodies are relative to `url`; without it, to the address that the data gives.
    """
    items = [item for document in documents for item in iter_objects(document)]
    by_id = {str(item["@id"]): item for item in items if "@id" in item and len(item) > 1}
    blogs = [item for item in items if "LiveBlogPosting" in object_types(item)]
    updates = [
        by_id.get(str(each.get("@id")), each) if len(each) == 1 else each
        for blog in blogs
        for each in object_list(blog, "liveBlogUpdate")
    ]
    updates = list({id(each): each for each in updates}.values())  # several blogs may name one by its @id
    if len(updates) > MAX_UPDATES:
        raise ArchiveError(f"the page's data holds {len(updates):,} updates, over {MAX_UPDATES:,}: split it")
    made = [_made(item) for item in (*blogs, *updates)]
    article = next(iter(blogs), next((item for item in items if object_types(item) & _ARTICLES), {}))
    bodies = [body_from_html(_body(update), url or object_url(article)) for update in updates]
    posts, notes = _without_shared(tuple(_post(update, body) for update, body in zip(updates, bodies, strict=True)))
    publisher = next(iter(object_list(article, "publisher")), {})
    moments = [object_time(article, name) for name in ("coverageStartTime", "datePublished", "dateModified")]
    return LiveBlogData(
        title=object_text(article, "headline", "name"),
        standfirst=object_text(article, "description"),
        url=object_url(article),
        outlet=object_text(publisher, "name"),
        lang=object_text(article, "inLanguage"),
        days=tuple(moment.date for moment in moments if moment and moment.date),
        zone=_usual_offset([*moments, *made]),
        posts=_once(posts),
        notes=(*notes, *_untimed(updates), *_doubts(bodies)),
    )


JsonObject = Mapping[str, object]


def _post(update: JsonObject, body: PostBody) -> Post:
    made, changed = _made(update), object_time(update, "dateModified")
    names = (object_text(author, "name") for author in object_list(update, "author", "creator"))
    address = object_url(update)
    fragment = address.partition("#")[2]
    edited = changed is not None and (made is None or (changed.rfc3339 and not _same(made, changed)))
    return Post(
        line=0,
        line_numbers=(),
        stamp=made.stamp if made else None,
        stamp_date=made.printed_date(0) if made else None,
        headline=object_text(update, "headline", "name"),
        paragraphs=body.paragraphs,
        markdown=body.markdown,
        id=first_unique_id((fragment,)) or first_unique_id((scalar_text(update.get("identifier")),)) or address,
        authors=tuple(dict.fromkeys(name for name in names if name)),
        updated=changed.rfc3339 if changed and edited else "",
    )


def _without_shared(posts: tuple[Post, ...]) -> tuple[tuple[Post, ...], tuple[Note, ...]]:
    """Leave away what three or more updates all share, and ids that two of them have."""
    ids = Counter(post.id for post in posts)
    posts = tuple(replace(post, id="") if ids[post.id] > 1 else post for post in posts)
    notes: list[Note] = []
    if len(posts) > 2 and len({(post.stamp, post.stamp_date) for post in posts}) == 1 and posts[0].stamp:
        posts = tuple(replace(post, stamp=None) for post in posts)
        notes.append(Note(0, f"the page's data gives all {len(posts)} updates one time: it is not taken"))
    if len(posts) > 2 and len({post.headline for post in posts}) == 1 and posts[0].headline:
        posts = tuple(replace(post, headline="") for post in posts)
        notes.append(Note(0, f"the page's data gives all {len(posts)} updates one headline: it is not taken"))
    return posts, tuple(notes)


def _once(posts: tuple[Post, ...]) -> tuple[Post, ...]:
    """Keep one of each update, where a page gives its data twice."""
    found = {
        (post.id, post.stamp, post.stamp_date, post.headline, post.paragraphs, post.markdown): post for post in posts
    }
    return tuple(post for post in found.values() if post.headline or post.paragraphs or post.markdown)


def _doubts(bodies: Iterable[PostBody]) -> tuple[Note, ...]:
    """Report bodies whose marks cannot be shown, each once: a page may give its data twice."""
    doubts = dict.fromkeys(body.doubt for body in bodies if body.doubt)
    return tuple(Note(0, f"an update of the page's data is read as plain text: {doubt}") for doubt in doubts)


def _body(update: JsonObject) -> str:
    """Give the body as HTML; text whose tags are written as entities is HTML too."""
    for name in ("articleBody", "text", "description"):
        value = update.get(name)
        if isinstance(value, str) and value.strip():
            return unescape(value) if "<" not in value and any(mark in value for mark in _ENTITY) else value
    return ""


def _made(item: JsonObject) -> MachineTime | None:
    moments = (object_time(item, name) for name in _MADE)
    return next((moment for moment in moments if moment), None)


def _untimed(updates: Iterable[JsonObject]) -> Iterable[Note]:
    """Note each update whose time is given and is none: its entry will stand without."""
    for update in updates:
        given = next((text for name in _MADE if (text := scalar_text(update.get(name)))), "")
        if given and not _made(update):
            yield Note(0, f"an update's time {given[:40]!r} is no time: its entry has none")


def _same(one: MachineTime, other: MachineTime) -> bool:
    try:
        return dt.datetime.fromisoformat(one.rfc3339) == dt.datetime.fromisoformat(other.rfc3339)
    except ValueError:
        return False


def _usual_offset(moments: Iterable[MachineTime | None]) -> str:
    """Give the offset that times with a real one use most; "" without any."""
    stamps = [moment.stamp for moment in moments if moment and moment.is_complete]
    zones = Counter(stamp.zone for stamp in stamps if stamp and zone_reliability(stamp) == 3)
    return max(zones, key=lambda zone: (zones[zone], zone), default="")


def with_line_number(post: Post, number: int) -> Post:
    """Give a post of the data a number of its own on the page."""
    return replace(
        post,
        line=number,
        line_numbers=(number,),
        stamp_date=replace(post.stamp_date, line=number) if post.stamp_date else None,
    )


def line_for_data_post(post: Post) -> ClassifiedLine:
    """Account for a post that stands in the page's data alone."""
    text = post.headline or " ".join(post.paragraphs) or post.markdown
    return ClassifiedLine(number=post.line, role=LineRole.ENTRY, text=text, reason="in the page's data")


def live_blog_day(blog: LiveBlogData, posts: tuple[Post, ...]) -> dt.date | None:
    """Give a live blog's own day: a date of its data on which there are posts, else that of its newest.

    Some begin a year before their posts; such a date is not the day they cover.
    """
    days = [resolve_date(post.stamp_date) for post in posts if post.stamp_date and post.stamp_date.year]
    stated = next((day for day in blog.days if day in days), None)
    return stated or max(days, default=None) or next(iter(blog.days[::-1]), None)


MAX_BRACKETS = 500_000  # of one page: 50 MB of `{}` would fill a gigabyte; 5,000 updates have a tenth of these


_OPENS = re.compile(r"<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/")


_CLOSES = re.compile(r"(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)\Z")


_TAIL = 80  # characters; looked for in the end only, so that the cost does not grow with the text


def check_jsonld_size(texts: Iterable[str]) -> None:
    """Refuse the JSON-LD of a page before it fills the memory; raises ArchiveError."""
    if sum(text.count("{") + text.count("[") for text in texts) > MAX_BRACKETS:
        raise ArchiveError(f"the page's JSON-LD holds over {MAX_BRACKETS:,} objects and lists: split it")


def load_jsonld(text: str) -> object:
    """Read one JSON-LD text; raises ArchiveError that says where it breaks."""
    try:
        return json.loads(_unwrapped(text), strict=False)
    except RecursionError as error:
        raise ArchiveError("it is nested too deeply") from error
    except ValueError as error:
        raise ArchiveError(str(error)) from error


def _unwrapped(text: str) -> str:
    """Take off the comment or CDATA section that hides a script from old browsers, and the last semicolon."""
    text = text.strip().removesuffix(";").rstrip()
    opens = _OPENS.match(text)
    closes = _CLOSES.search(text, max(0, len(text) - _TAIL))
    return text[opens.end() if opens else 0 : closes.start() if closes else len(text)]


def read_jsonld_file(data: bytes, url: str = "") -> Outline:
    """Read a file that is one JSON-LD document; raises ArchiveError where it is not JSON."""
    text = decode_text(data)
    check_jsonld_size([text])
    try:
        blog = read_live_blog([load_jsonld(text)], url)
    except ArchiveError as error:
        raise ArchiveError(f"not a JSON document: {error.reason}", line=error.line) from error
    posts = tuple(with_line_number(post, number) for number, post in enumerate(blog.posts, 1))
    return Outline(
        title=blog.title,
        standfirst=blog.standfirst,
        url=blog.url,
        outlet=blog.outlet,
        lang=blog.lang,
        data_date=live_blog_day(blog, posts),
        zone=blog.zone,
        posts=posts,
        lines=tuple(line_for_data_post(post) for post in posts),
        notes=blog.notes,
        line_unit="update",
    )


_DEEPEST = 40  # levels of nested data


def iter_objects(document: object, depth: int = 0) -> Iterator[JsonObject]:
    """Give every object of a document, outer ones first."""
    if depth > _DEEPEST:
        return
    if isinstance(document, dict):
        yield document
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    for value in inner:
        yield from iter_objects(value, depth + 1)


def object_types(item: JsonObject) -> set[str]:
    """Give the types of an object, without their vocabulary."""
    value = item.get("@type")
    names = value if isinstance(value, list) else [value]
    return {str(name).rpartition("/")[2].rpartition(":")[2] for name in names}


def object_list(item: JsonObject, *names: str) -> list[JsonObject]:
    """Give the objects under the first name that is there; a bare text is one with a name."""
    value = next((item[name] for name in names if item.get(name)), [])
    values = value if isinstance(value, list) else [value]
    return [each if isinstance(each, dict) else {"name": each} for each in values]


def object_text(item: JsonObject, *names: str) -> str:
    """Give the text under the first name that has one, on one line."""
    values = (scalar_text(item.get(name)) for name in names)
    return one_line(clean_characters(unescape(next((value for value in values if value), ""))))


def object_url(item: JsonObject) -> str:
    """Give the web address of an object; "" without one."""
    main = item.get("mainEntityOfPage")
    found = (scalar_text(value) for value in (item.get("url"), item.get("@id"), main))
    return next((address for address in found if is_url(address)), "")


def object_time(item: JsonObject, name: str) -> MachineTime | None:
    """Give the time under a name; None without a real one."""
    return parse_machine_time(scalar_text(item.get(name)))


def scalar_text(value: object) -> str:
    """Give a value as text; of an object its name, value or id, of a list its first."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = next((value[name] for name in ("@value", "name", "value", "@id") if name in value), "")
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
