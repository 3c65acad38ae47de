"""Read live blogs in JSON-LD (https://schema.org/LiveBlogPosting), inside a page or as a file of their own.

A value that all updates share describes none of them: a common time, headline or address is ignored and noted.
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from itertools import islice

from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.core.text import is_url
from daybook.parse.base.decode import clean_characters, one_line
from daybook.parse.base.page import ClassifiedLine, LineRole, Note, Outline, Post
from daybook.parse.time.instants import MachineTime, parse_machine_time, zone_reliability
from daybook.parse.time.printed import resolve_date
from daybook.parse.web.post_fields import first_unique_id
from daybook.parse.web.to_markdown import PostBody, body_from_html

MAX_UPDATES = 20_000  # of one page, before duplicates are removed
MAX_BRACKETS = 500_000  # of one page: 50 MB of `{}` would take 1 GB of memory; 5,000 updates have a tenth of these
_FIRST_OBJECTS = 20  # objects of a document in which a type is looked for
_IN_DATA = "the page's structured data"
_MAX_DEPTH = 40  # levels of nested values that are searched for objects
_PUBLICATION_TIMES = ("datePublished", "dateCreated", "uploadDate")  # in order of preference
_ARTICLE_TYPES = {"LiveBlogPosting", "NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "WebPage"}
_HTML_ENTITIES = ("&lt;", "&gt;", "&amp;", "&quot;", "&nbsp;", "&#")

# Comments and CDATA sections that hide a script from old browsers.
_WRAPPER_START = re.compile(r"<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/")
_WRAPPER_END = re.compile(r"(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)\Z")
_WRAPPER_LENGTH = 80  # characters; only the end of the text is searched, so the cost does not grow with the text
JsonObject = Mapping[str, object]


def check_json_size(texts: Iterable[str]) -> None:
    """Check the JSON-LD of a page before it is parsed; raises ArchiveError if it would take too much memory."""
    if sum(text.count("{") + text.count("[") for text in texts) > MAX_BRACKETS:
        raise ArchiveError(f"the page's JSON-LD has more than {MAX_BRACKETS:,} objects and lists; save it in parts")


def load_json_text(text: str) -> object:
    """Parse one JSON-LD text; raises ArchiveError with the position of the error.

    A comment or CDATA section around the text and a final semicolon are ignored.
    """
    text = text.strip().removesuffix(";").rstrip()
    start = _WRAPPER_START.match(text)
    end = _WRAPPER_END.search(text, max(0, len(text) - _WRAPPER_LENGTH))
    try:
        return json.loads(text[start.end() if start else 0 : end.start() if end else len(text)], strict=False)
    except RecursionError as error:
        raise ArchiveError("nested too deeply") from error
    except ValueError as error:
        raise ArchiveError(str(error)) from error


def read_jsonld_file(text: str, url: str = "") -> Outline:
    """Read a file that is one JSON-LD document; raises ArchiveError if it is not JSON.

    `url` is the address of the page, "" if unknown.
    """
    check_json_size([text])
    try:
        document = load_json_text(text)
    except ArchiveError as error:
        raise ArchiveError(f"invalid JSON: {error.reason}; save the page as HTML or plain text instead") from error
    return outline_of_jsonld(document, url)


def holds_jsonld(value: object) -> bool:
    """Return whether a JSON value is JSON-LD of schema.org: it, or one of its first objects, has a type."""
    return any("@type" in item or "@graph" in item for item in islice(_iter_objects(value), _FIRST_OBJECTS))


def outline_of_jsonld(document: object, url: str = "") -> Outline:
    """Return the outline of a JSON-LD document; `url` is the address of its page, "" if unknown."""
    blog, days = _read_live_blog([document], url)
    posts = tuple(with_line_number(post, number) for number, post in enumerate(blog.posts, 1))
    lines = tuple(line_for_data_post(post) for post in posts)
    return replace(blog, data_date=live_blog_day(days, posts), posts=posts, lines=lines, line_unit="update")


def read_jsonld_scripts(texts: Sequence[str], url: str) -> tuple[Outline, tuple[dt.date, ...]]:
    """Read the JSON-LD texts of a page; those with errors are skipped and noted.

    Returns:
        An outline whose posts have no line numbers (line 0), and the dates that the data gives for the
        whole page.

    Raises:
        ArchiveError: The texts would take too much memory, or have too many updates.
    """
    documents: list[object] = []
    notes: list[Note] = []
    check_json_size(texts)
    for number, text in enumerate(texts, 1):
        try:
            documents.append(load_json_text(text))
        except ArchiveError as error:
            notes.append(Note(0, f"JSON-LD block {number} of {len(texts)} cannot be read: {error.reason}"))
    blog, days = _read_live_blog(documents, url)
    return replace(blog, notes=(*notes, *blog.notes)), days


def _read_live_blog(documents: Iterable[object], url: str) -> tuple[Outline, tuple[dt.date, ...]]:
    """Read the posts of all live blogs in some JSON-LD documents, and the properties of the first article.

    Args:
        documents: The parsed JSON-LD texts of a page.
        url: Address to which links in bodies are relative; "" for the address in the data.

    Returns and raises as `read_jsonld_scripts`. The zone is the UTC offset that most times have.
    """
    items = [item for document in documents for item in _iter_objects(document)]
    by_id = {str(item["@id"]): item for item in items if "@id" in item and len(item) > 1}
    blogs = [item for item in items if "LiveBlogPosting" in _object_types(item)]
    updates = [
        by_id.get(str(each.get("@id")), each) if len(each) == 1 else each
        for blog in blogs
        for each in _object_list(blog, "liveBlogUpdate")
    ]
    updates = list({id(each): each for each in updates}.values())  # several blogs may refer to one by its @id
    if len(updates) > MAX_UPDATES:
        raise ArchiveError(f"{_IN_DATA} has more than {MAX_UPDATES:,} updates; save it in parts")
    article = next(iter(blogs), next((item for item in items if _object_types(item) & _ARTICLE_TYPES), {}))
    bodies = [body_from_html(_body_html(update), url or _object_url(article)) for update in updates]
    posts, shared_notes = _without_shared_values(tuple(map(_post, updates, bodies)))
    publisher = next(iter(_object_list(article, "publisher")), {})
    page_times = [_object_time(article, name) for name in ("coverageStartTime", "datePublished", "dateModified")]
    post_times = [_published_time(item) for item in (*blogs, *updates)]
    outline = Outline(
        title=_object_text(article, "headline", "name"),
        standfirst=_object_text(article, "description"),
        url=_object_url(article),
        outlet=_object_text(publisher, "name"),
        lang=_object_text(article, "inLanguage"),
        zone=_most_common_offset([*page_times, *post_times]),
        posts=_unique_posts(posts),
        notes=(*shared_notes, *_invalid_time_notes(updates), *_plain_text_notes(bodies)),
    )
    return outline, tuple(time.date for time in page_times if time and time.date)


def _post(update: JsonObject, body: PostBody) -> Post:
    published, modified = _published_time(update), _object_time(update, "dateModified")
    authors = (_object_text(author, "name") for author in _object_list(update, "author", "creator"))
    address = _object_url(update)
    return Post(
        line=0,
        line_numbers=(),
        stamp=published.stamp if published else None,
        stamp_date=published.printed_date(0) if published else None,
        headline=_object_text(update, "headline", "name"),
        paragraphs=body.paragraphs,
        markdown=body.markdown,
        id=first_unique_id((address.partition("#")[2], _scalar_text(update.get("identifier")))) or address,
        authors=tuple(dict.fromkeys(name for name in authors if name)),
        updated=modified.rfc3339 if modified and not (published and _is_same_instant(published, modified)) else "",
    )


def _body_html(update: JsonObject) -> str:
    """Return the body as HTML. Some outlets write its tags as entities."""
    for name in ("articleBody", "text", "description"):
        value = update.get(name)
        if isinstance(value, str) and value.strip():
            is_escaped = "<" not in value and any(entity in value for entity in _HTML_ENTITIES)
            return unescape(value) if is_escaped else value
    return ""


def _published_time(item: JsonObject) -> MachineTime | None:
    return next(filter(None, (_object_time(item, name) for name in _PUBLICATION_TIMES)), None)


def _is_same_instant(one: MachineTime, other: MachineTime) -> bool:
    try:
        return dt.datetime.fromisoformat(one.rfc3339) == dt.datetime.fromisoformat(other.rfc3339)
    except ValueError:
        return False


def _without_shared_values(posts: tuple[Post, ...]) -> tuple[tuple[Post, ...], tuple[Note, ...]]:
    """Remove a time or headline that all of three or more posts share, and ids that two posts share."""
    ids = Counter(post.id for post in posts)
    posts = tuple(replace(post, id="") if ids[post.id] > 1 else post for post in posts)
    notes: list[Note] = []
    if len(posts) > 2 and len({(post.stamp, post.stamp_date) for post in posts}) == 1 and posts[0].stamp:
        posts = tuple(replace(post, stamp=None) for post in posts)
        notes.append(Note(0, f"all {len(posts)} updates in {_IN_DATA} have the same time; it is not used"))
    if len(posts) > 2 and len({post.headline for post in posts}) == 1 and posts[0].headline:
        posts = tuple(replace(post, headline="") for post in posts)
        notes.append(Note(0, f"all {len(posts)} updates in {_IN_DATA} have the same headline; it is not used"))
    return posts, tuple(notes)


def _unique_posts(posts: tuple[Post, ...]) -> tuple[Post, ...]:
    """Return each post once, since some pages contain their data twice, and no empty posts."""
    found = {
        (post.id, post.stamp, post.stamp_date, post.headline, post.paragraphs, post.markdown): post for post in posts
    }
    return tuple(post for post in found.values() if post.headline or post.paragraphs or post.markdown)


def _most_common_offset(times: Iterable[MachineTime | None]) -> str:
    """Return the UTC offset that most times have; "" if none has one. ``Z`` does not count: it is often wrong."""
    stamps = [time.stamp for time in times if time and time.is_complete]
    zones = Counter(stamp.zone for stamp in stamps if stamp and zone_reliability(stamp) == 3)
    return max(zones, key=lambda zone: (zones[zone], zone), default="")


def _invalid_time_notes(updates: Iterable[JsonObject]) -> Iterator[Note]:
    for update in updates:
        stated = next((text for name in _PUBLICATION_TIMES if (text := _scalar_text(update.get(name)))), "")
        if stated and not _published_time(update):
            yield Note(0, f"invalid time {stated[:40]!r} of an update; its entry is stored without a time")


def _plain_text_notes(bodies: Iterable[PostBody]) -> Iterator[Note]:
    """Report bodies without their formatting; each reason once, since some pages contain their data twice."""
    for reason in dict.fromkeys(body.plain_text_reason for body in bodies if body.plain_text_reason):
        yield Note(0, f"an update in {_IN_DATA} is stored as plain text, without formatting: {reason}")


def live_blog_day(stated: tuple[dt.date, ...], posts: tuple[Post, ...]) -> dt.date | None:
    """Return the day of a live blog: a date of its data on which there are posts, else the date of its newest post.

    Some live blogs state a start a year before their posts; such a date is not the day they cover.
    """
    days = [resolve_date(post.stamp_date) for post in posts if post.stamp_date and post.stamp_date.year]
    return next((day for day in stated if day in days), None) or max(days, default=None) or (stated or (None,))[-1]


def with_line_number(post: Post, number: int) -> Post:
    """Return a post of the data with a line number on the page."""
    return replace(
        post,
        line=number,
        line_numbers=(number,),
        stamp_date=replace(post.stamp_date, line=number) if post.stamp_date else None,
    )


def line_for_data_post(post: Post) -> ClassifiedLine:
    """Return a line that stands for a post that only the data has."""
    text = post.headline or " ".join(post.paragraphs) or post.markdown
    return ClassifiedLine(number=post.line, role=LineRole.ENTRY, text=text, reason="in the page's data")


def _iter_objects(document: object, depth: int = 0) -> Iterator[JsonObject]:
    """Yield every object of a document, outer ones first."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(document, dict):
        yield document
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    for value in inner:
        yield from _iter_objects(value, depth + 1)


def _object_types(item: JsonObject) -> set[str]:
    """Return the types of an object, without their vocabulary."""
    value = item.get("@type")
    names = value if isinstance(value, list) else [value]
    return {str(name).rpartition("/")[2].rpartition(":")[2] for name in names}


def _object_list(item: JsonObject, *names: str) -> list[JsonObject]:
    """Return the objects under the first of `names` that has a value; a string counts as an object's name."""
    value = next((item[name] for name in names if item.get(name)), [])
    values = value if isinstance(value, list) else [value]
    return [each if isinstance(each, dict) else {"name": each} for each in values]


def _object_text(item: JsonObject, *names: str) -> str:
    """Return the text under the first of `names` that has one, on one line; "" without one."""
    value = next(filter(None, (_scalar_text(item.get(name)) for name in names)), "")
    return one_line(clean_characters(unescape(value)))


def _object_url(item: JsonObject) -> str:
    """Return the web address of an object; "" without one."""
    return next(filter(is_url, (_scalar_text(item.get(name)) for name in ("url", "@id", "mainEntityOfPage"))), "")


def _object_time(item: JsonObject, name: str) -> MachineTime | None:
    return parse_machine_time(_scalar_text(item.get(name)))


def _scalar_text(value: object) -> str:
    """Return a value as text: the first item of a list; the value, name or id of an object."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = next((value[name] for name in ("@value", "name", "value", "@id") if name in value), "")
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
