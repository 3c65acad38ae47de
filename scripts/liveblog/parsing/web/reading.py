"""HTML bytes → Outline: the only place that joins what a page shows with what its data says."""

import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from bs4 import BeautifulSoup, Tag
from msgspec.structs import replace

from ...errors import ArchiveError
from ...records import is_address
from ..decoding import decode_html
from ..jsonld import check_size, load_document
from ..page import Note, Outline, Post
from ..plaintext import read_text
from ..reconciling import reconcile
from ..signs import Sign, read_signs
from ..updates import Blog, data_line, numbered, own_day, read_blog
from .blocks import Block, read_blocks
from .comments import without_comments
from .elements import Coverage, read_elements
from .evidence import offset_of_clocks, offset_shown
from .finding import Posts, find_posts
from .flow import read_flow
from .retold import retold
from .top import boxes_in, read_top, title_of
from .tree import attribute, read_tree, resolve_links, tags_in

_SCRIPTS = frozenset({"script"})
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def read_html(data: bytes, url: str = "") -> Outline:
    """Read the bytes of an HTML page; raises ArchiveError for one that cannot be decoded or is too deep."""
    with _uncollected():
        return _read(decode_html(data), url)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the garbage collector rest while a tree stands: it would walk through all of it again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(source: str, url: str) -> Outline:
    tree = read_tree(source)
    shown_text = _only_text(tree)
    if shown_text:
        return read_text(shown_text.encode())
    blog, broken = _data(tree, url)
    resolve_links(tree, url or blog.url or _address(tree))
    blocks = without_comments(read_blocks(tree.body or tree))
    signs = {sign.row.number: sign for sign in read_signs(tuple(row for block in blocks for row in block.rows()))}
    posts = find_posts(tree, source, blocks, signs)
    coverage = _coverage(posts, _without_boxes(blocks, signs, posts), signs, blog.title or title_of(tree))
    shown = coverage.outline
    joined = reconcile(blog.posts, shown.posts)
    count = max((line.number for line in shown.lines), default=0)
    kept = tuple(_numbered(joined.posts, count))
    own = tuple(post for post in kept if post.line > count)
    bare = {post.line: post.stamp for post in shown.posts if post.stamp and not post.stamp.zone}
    clocks = (*coverage.clocks, *((post, bare[post.line]) for post in kept if post.line in bare))
    return replace(
        shown,
        title=blog.title or shown.title,
        standfirst=shown.standfirst or blog.standfirst,
        url=blog.url or _address(tree),
        outlet=blog.outlet or _meta(tree, "og:site_name"),
        lang=_language(blog.lang, tree),
        day=own_day(blog, kept),
        zone=offset_of_clocks(clocks) or offset_shown(tree) or blog.zone,
        posts=kept,
        lines=(*(shown.lines if shown.posts else retold(shown.lines, own)), *(data_line(post) for post in own)),
        notes=(*broken, *blog.notes, *shown.notes, *joined.notes),
        unit="block",
    )


def _only_text(tree: BeautifulSoup) -> str:
    """Give the text of a page that is one ``<pre>``, as browsers save a text file; "" for any other."""
    inside = tree.body.contents if tree.body else ()
    tags = [node for node in inside if isinstance(node, Tag)]
    if len(tags) != 1 or tags[0].name != "pre" or any(str(node).strip() for node in inside if node is not tags[0]):
        return ""
    return tags[0].get_text()


def _data(tree: BeautifulSoup, url: str) -> tuple[Blog, tuple[Note, ...]]:
    """Read all JSON-LD of a page; a block that is broken is noted, the others count."""
    documents: list[object] = []
    broken: list[Note] = []
    scripts = [tag for tag in tags_in(tree, _SCRIPTS) if "ld+json" in attribute(tag, "type").lower()]
    check_size(script.get_text() for script in scripts)
    for number, script in enumerate(scripts, 1):
        try:
            documents.append(load_document(script.get_text()))
        except ArchiveError as error:
            broken.append(Note(0, f"JSON-LD block {number} of {len(scripts)} cannot be read: {error.reason}"))
    return read_blog(documents, url or _address(tree)), tuple(broken)


def _without_boxes(blocks: tuple[Block, ...], signs: Mapping[int, Sign], posts: Posts | None) -> tuple[Block, ...]:
    """Mark the blocks of boxes that are no coverage."""
    boxes = boxes_in(blocks, signs, posts.tags if posts else ())
    return tuple(
        replace(block, region=boxes[block.number]) if block.number in boxes and not block.region else block
        for block in blocks
    )


def _coverage(posts: Posts | None, blocks: Sequence[Block], signs: Mapping[int, Sign], title: str) -> Coverage:
    """Read what the page shows: posts in elements, posts parted by stamps, or no posts."""
    if posts:
        return read_elements(posts, blocks, signs, title)
    flow = read_flow(blocks, signs, title)
    if flow:
        return Coverage(flow)
    top = read_top(blocks, signs, title)
    lines = sorted(top.lines, key=lambda line: line.number)
    head = top.head
    return Coverage(
        Outline(title=head.title, standfirst=head.standfirst, date=head.date, lines=tuple(lines), unit="block")
    )


def _numbered(posts: Sequence[Post], count: int) -> Iterator[Post]:
    """Give posts of the data alone numbers behind those of the visible blocks."""
    for post in posts:
        if post.line == 0:
            count += 1
            yield numbered(post, count)
        else:
            yield post


def _address(tree: BeautifulSoup) -> str:
    link = (tree.head or tree).select_one('link[rel~="canonical"]')
    found = (attribute(link, "href") if link else "", _meta(tree, "og:url"))
    return next((url for url in found if is_address(url)), "")


def _meta(tree: BeautifulSoup, name: str) -> str:
    tag = (tree.head or tree).select_one(f'meta[property="{name}"]')
    return attribute(tag, "content") if tag else ""


def _language(stated: str, tree: BeautifulSoup) -> str:
    root = tree.find("html")
    found = (stated, attribute(root, "lang") if isinstance(root, Tag) else "")
    return next((lang for lang in found if _LANGUAGE.fullmatch(lang)), "")
