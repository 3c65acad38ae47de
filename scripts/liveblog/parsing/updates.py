"""schema.org data → posts: the only place that knows what a ``LiveBlogPosting`` says.

What all updates share says nothing of any: one time, one headline or one address for all of
them is left away and noted.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from html import unescape

from msgspec import Struct
from msgspec.structs import replace

from ..errors import ArchiveError
from .dates import settle
from .moments import Moment, trust
from .page import Fate, Line, Note, Post
from .schema import Item, address_of, items_of, list_of, moment_in, plain, text_of, types_of
from .web.bodies import Body, body_of_html
from .web.facts import strong_id

MAX_UPDATES = 20_000  # before those that a page gives twice are one

_ENTITY = ("&lt;", "&gt;", "&amp;", "&quot;", "&nbsp;", "&#")
_MADE = ("datePublished", "dateCreated", "uploadDate")
_ARTICLES_NAMES = "LiveBlogPosting NewsArticle Article ReportageNewsArticle BlogPosting WebPage"
_ARTICLES = frozenset(_ARTICLES_NAMES.split())


class Blog(Struct, frozen=True, kw_only=True):
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


def read_blog(documents: Iterable[object], url: str = "") -> Blog:
    """Read the posts of all live blogs in some JSON-LD documents, and the facts of the first article.

    Links in bodies are relative to `url`; without it, to the address that the data gives.
    """
    items = [item for document in documents for item in items_of(document)]
    by_id = {str(item["@id"]): item for item in items if "@id" in item and len(item) > 1}
    blogs = [item for item in items if "LiveBlogPosting" in types_of(item)]
    updates = [
        by_id.get(str(each.get("@id")), each) if len(each) == 1 else each
        for blog in blogs
        for each in list_of(blog, "liveBlogUpdate")
    ]
    updates = list({id(each): each for each in updates}.values())  # several blogs may name one by its @id
    if len(updates) > MAX_UPDATES:
        raise ArchiveError(f"the page's data holds {len(updates):,} updates, over {MAX_UPDATES:,}: split it")
    made = [_made(item) for item in (*blogs, *updates)]
    article = next(iter(blogs), next((item for item in items if types_of(item) & _ARTICLES), {}))
    bodies = [body_of_html(_body(update), url or address_of(article)) for update in updates]
    posts, notes = _without_shared(tuple(_post(update, body) for update, body in zip(updates, bodies, strict=True)))
    publisher = next(iter(list_of(article, "publisher")), {})
    moments = [moment_in(article, name) for name in ("coverageStartTime", "datePublished", "dateModified")]
    return Blog(
        title=text_of(article, "headline", "name"),
        standfirst=text_of(article, "description"),
        url=address_of(article),
        outlet=text_of(publisher, "name"),
        lang=text_of(article, "inLanguage"),
        days=tuple(moment.date for moment in moments if moment and moment.date),
        zone=_usual_offset([*moments, *made]),
        posts=_once(posts),
        notes=(*notes, *_untimed(updates), *_doubts(bodies)),
    )


def _post(update: Item, body: Body) -> Post:
    made, changed = _made(update), moment_in(update, "dateModified")
    names = (text_of(author, "name") for author in list_of(update, "author", "creator"))
    address = address_of(update)
    fragment = address.partition("#")[2]
    edited = changed is not None and (made is None or (changed.text and not _same(made, changed)))
    return Post(
        line=0,
        held=(),
        stamp=made.stamp if made else None,
        on=made.on(0) if made else None,
        headline=text_of(update, "headline", "name"),
        paragraphs=body.paragraphs,
        markdown=body.markdown,
        id=strong_id((fragment,)) or strong_id((plain(update.get("identifier")),)) or address,
        authors=tuple(dict.fromkeys(name for name in names if name)),
        updated=changed.text if changed and edited else "",
    )


def _without_shared(posts: tuple[Post, ...]) -> tuple[tuple[Post, ...], tuple[Note, ...]]:
    """Leave away what three or more updates all share, and ids that two of them have."""
    ids = Counter(post.id for post in posts)
    posts = tuple(replace(post, id="") if ids[post.id] > 1 else post for post in posts)
    notes: list[Note] = []
    if len(posts) > 2 and len({(post.stamp, post.on) for post in posts}) == 1 and posts[0].stamp:
        posts = tuple(replace(post, stamp=None) for post in posts)
        notes.append(Note(0, f"the page's data gives all {len(posts)} updates one time: it is not taken"))
    if len(posts) > 2 and len({post.headline for post in posts}) == 1 and posts[0].headline:
        posts = tuple(replace(post, headline="") for post in posts)
        notes.append(Note(0, f"the page's data gives all {len(posts)} updates one headline: it is not taken"))
    return posts, tuple(notes)


def _once(posts: tuple[Post, ...]) -> tuple[Post, ...]:
    """Keep one of each update, where a page gives its data twice."""
    found = {(post.id, post.stamp, post.on, post.headline, post.paragraphs, post.markdown): post for post in posts}
    return tuple(post for post in found.values() if post.headline or post.paragraphs or post.markdown)


def _doubts(bodies: Iterable[Body]) -> tuple[Note, ...]:
    """Report bodies whose marks cannot be shown, each once: a page may give its data twice."""
    doubts = dict.fromkeys(body.doubt for body in bodies if body.doubt)
    return tuple(Note(0, f"an update of the page's data is read as plain text: {doubt}") for doubt in doubts)


def _body(update: Item) -> str:
    """Give the body as HTML; text whose tags are written as entities is HTML too."""
    for name in ("articleBody", "text", "description"):
        value = update.get(name)
        if isinstance(value, str) and value.strip():
            return unescape(value) if "<" not in value and any(mark in value for mark in _ENTITY) else value
    return ""


def _made(item: Item) -> Moment | None:
    moments = (moment_in(item, name) for name in _MADE)
    return next((moment for moment in moments if moment), None)


def _untimed(updates: Iterable[Item]) -> Iterable[Note]:
    """Note each update whose time is given and is none: its entry will stand without."""
    for update in updates:
        given = next((text for name in _MADE if (text := plain(update.get(name)))), "")
        if given and not _made(update):
            yield Note(0, f"an update's time {given[:40]!r} is no time: its entry has none")


def _same(one: Moment, other: Moment) -> bool:
    try:
        return dt.datetime.fromisoformat(one.text) == dt.datetime.fromisoformat(other.text)
    except ValueError:
        return False


def _usual_offset(moments: Iterable[Moment | None]) -> str:
    """Give the offset that times with a real one use most; "" without any."""
    stamps = [moment.stamp for moment in moments if moment and moment.whole]
    zones = Counter(stamp.zone for stamp in stamps if stamp and trust(stamp) == 3)
    return max(zones, key=lambda zone: (zones[zone], zone), default="")


def numbered(post: Post, number: int) -> Post:
    """Give a post of the data a number of its own on the page."""
    return replace(post, line=number, held=(number,), on=replace(post.on, line=number) if post.on else None)


def data_line(post: Post) -> Line:
    """Account for a post that stands in the page's data alone."""
    text = post.headline or " ".join(post.paragraphs) or post.markdown
    return Line(number=post.line, fate=Fate.ENTRY, text=text, why="in the page's data")


def own_day(blog: Blog, posts: tuple[Post, ...]) -> dt.date | None:
    """Give a live blog's own day: a date of its data on which there are posts, else that of its newest.

    Some begin a year before their posts; such a date is not the day they cover.
    """
    days = [settle(post.on) for post in posts if post.on and post.on.year]
    stated = next((day for day in blog.days if day in days), None)
    return stated or max(days, default=None) or next(iter(blog.days[::-1]), None)
