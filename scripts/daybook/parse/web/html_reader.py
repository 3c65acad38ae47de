"""HTML bytes → Outline: the only place that joins what a page shows with what its data says."""

import gc
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice

from bs4 import BeautifulSoup, Tag
from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.core.model import format_minutes
from daybook.core.text import is_url
from daybook.parse.base.decode import decode_html
from daybook.parse.base.page import ClassifiedLine, ClockTime, LineRole, Note, Outline, Post
from daybook.parse.text.classify import LineClass, classify_lines
from daybook.parse.text.outline import read_plain_text
from daybook.parse.time.instants import utc_minute
from daybook.parse.web.blocks import Block, mark_reader_comments, read_blocks
from daybook.parse.web.detect_posts import DetectedPosts, detect_posts
from daybook.parse.web.dom import attribute_text, iter_tags, read_tree, resolve_links
from daybook.parse.web.jsonld import (
    LiveBlogData,
    check_jsonld_size,
    line_for_data_post,
    live_blog_day,
    load_jsonld,
    read_live_blog,
    with_line_number,
)
from daybook.parse.web.match_posts import merge_post_lists
from daybook.parse.web.page_header import find_boxes, head_title, read_header_blocks
from daybook.parse.web.page_outline import WebOutline, outline_from_elements, outline_from_text_flow
from daybook.parse.web.post_fields import TIMES, element_time

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
        return read_plain_text(shown_text.encode())
    blog, broken = _data(tree, url)
    resolve_links(tree, url or blog.url or _address(tree))
    blocks = mark_reader_comments(read_blocks(tree.body or tree))
    signs = {sign.line.number: sign for sign in classify_lines(tuple(row for block in blocks for row in block.rows()))}
    posts = detect_posts(tree, source, blocks, signs)
    coverage = _coverage(posts, _without_boxes(blocks, signs, posts), signs, blog.title or head_title(tree))
    shown = coverage.outline
    joined = merge_post_lists(blog.posts, shown.posts)
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
        data_date=live_blog_day(blog, kept),
        zone=infer_utc_offset(clocks) or shown_utc_offset(tree) or blog.zone,
        posts=kept,
        lines=(
            *(shown.lines if shown.posts else mark_lines_in_data(shown.lines, own)),
            *(line_for_data_post(post) for post in own),
        ),
        notes=(*broken, *blog.notes, *shown.notes, *joined.notes),
        line_unit="block",
    )


def _only_text(tree: BeautifulSoup) -> str:
    """Give the text of a page that is one ``<pre>``, as browsers save a text file; "" for any other."""
    inside = tree.body.contents if tree.body else ()
    tags = [node for node in inside if isinstance(node, Tag)]
    if len(tags) != 1 or tags[0].name != "pre" or any(str(node).strip() for node in inside if node is not tags[0]):
        return ""
    return tags[0].get_text()


def _data(tree: BeautifulSoup, url: str) -> tuple[LiveBlogData, tuple[Note, ...]]:
    """Read all JSON-LD of a page; a block that is broken is noted, the others count."""
    documents: list[object] = []
    broken: list[Note] = []
    scripts = [tag for tag in iter_tags(tree, _SCRIPTS) if "ld+json" in attribute_text(tag, "type").lower()]
    check_jsonld_size(script.get_text() for script in scripts)
    for number, script in enumerate(scripts, 1):
        try:
            documents.append(load_jsonld(script.get_text()))
        except ArchiveError as error:
            broken.append(Note(0, f"JSON-LD block {number} of {len(scripts)} cannot be read: {error.reason}"))
    return read_live_blog(documents, url or _address(tree)), tuple(broken)


def _without_boxes(
    blocks: tuple[Block, ...], signs: Mapping[int, LineClass], posts: DetectedPosts | None
) -> tuple[Block, ...]:
    """Mark the blocks of boxes that are no coverage."""
    boxes = find_boxes(blocks, signs, posts.tags if posts else ())
    return tuple(
        replace(block, region=boxes[block.number]) if block.number in boxes and not block.region else block
        for block in blocks
    )


def _coverage(
    posts: DetectedPosts | None, blocks: Sequence[Block], signs: Mapping[int, LineClass], title: str
) -> WebOutline:
    """Read what the page shows: posts in elements, posts parted by stamps, or no posts."""
    if posts:
        return outline_from_elements(posts, blocks, signs, title)
    flow = outline_from_text_flow(blocks, signs, title)
    if flow:
        return WebOutline(flow)
    top = read_header_blocks(blocks, signs, title)
    lines = sorted(top.lines, key=lambda line: line.number)
    head = top.head
    return WebOutline(
        Outline(title=head.title, standfirst=head.standfirst, date=head.date, lines=tuple(lines), line_unit="block")
    )


def _numbered(posts: Sequence[Post], count: int) -> Iterator[Post]:
    """Give posts of the data alone numbers behind those of the visible blocks."""
    for post in posts:
        if post.line == 0:
            count += 1
            yield with_line_number(post, count)
        else:
            yield post


def _address(tree: BeautifulSoup) -> str:
    link = (tree.head or tree).select_one('link[rel~="canonical"]')
    found = (attribute_text(link, "href") if link else "", _meta(tree, "og:url"))
    return next((url for url in found if is_url(url)), "")


def _meta(tree: BeautifulSoup, name: str) -> str:
    tag = (tree.head or tree).select_one(f'meta[property="{name}"]')
    return attribute_text(tag, "content") if tag else ""


def _language(stated: str, tree: BeautifulSoup) -> str:
    root = tree.find("html")
    found = (stated, attribute_text(root, "lang") if isinstance(root, Tag) else "")
    return next((lang for lang in found if _LANGUAGE.fullmatch(lang)), "")


_CLOCK = re.compile(r"(?<![\d.:])(\d{1,2})[.:h](\d{2})(?![\d.])(?: ?([ap])\.?m)?", re.IGNORECASE)


_DAY = 24 * 60


_WEST, _EAST = -12 * 60, 14 * 60


def infer_utc_offset(clocks: Sequence[tuple[Post, ClockTime]]) -> str:
    """Give the offset between the times of posts and the clocks printed beside them, if most agree."""
    apart = Counter(
        found
        for post, printed in clocks
        if post.stamp and post.stamp.zone and post.stamp_date and not printed.zone
        for found in (_offset(utc_minute(post.stamp, post.stamp_date), printed.clock // 60),)
    )
    best = max((offset for offset in apart if offset is not None), key=lambda each: apart[each], default=None)
    return _text(best) if best is not None and apart[best] * 2 > sum(apart.values()) else ""


def shown_utc_offset(tree: BeautifulSoup) -> str:
    """Give the offset of the first ``<time>`` whose text shows the clock of its ``datetime``."""
    for time in islice(iter_tags(tree, TIMES), 50):
        moment = element_time(time)
        stamp, on = (moment.stamp, moment.printed_date(0)) if moment and moment.is_complete else (None, None)
        if stamp is None or on is None or not stamp.zone:
            continue
        offsets = {_offset(utc_minute(stamp, on), clock) for clock in _clocks(time.get_text())} - {None}
        if len(offsets) == 1:
            return _text(next(each for each in offsets if each is not None))
    return ""


def _clocks(text: str) -> Iterable[int]:
    for hour, minute, half in _CLOCK.findall(text):
        if int(hour) < 24 and int(minute) < 60:
            yield (int(hour) % 12 + 12 * (half.lower() == "p") if half else int(hour)) * 60 + int(minute)


def _offset(utc: int | None, clock: int) -> int | None:
    """Give the minutes east of Greenwich, in quarters of an hour; None where clocks cannot be that far apart."""
    if utc is None:
        return None
    apart = (clock - utc % _DAY) % _DAY
    apart = apart - _DAY if apart > _EAST else apart
    return apart if apart % 15 == 0 and _WEST <= apart <= _EAST else None


def _text(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{format_minutes(abs(minutes))}"


_PIECE = 8  # characters


_COMMON = 40  # places of a piece; a line that is told only by commoner ones is left to a person


_SHORTEST = 20  # characters of a line that says enough to be known again


_UNSAID = (LineRole.LEDE, LineRole.STANDFIRST, LineRole.CAPTION, LineRole.NOT_UNDERSTOOD)


def mark_lines_in_data(lines: Sequence[ClassifiedLine], posts: Sequence[Post]) -> tuple[ClassifiedLine, ...]:
    """Account for lines of a page that shows no posts: what the posts of its data tell is in the records."""
    told = _Told(" ".join(text for post in posts for text in (post.headline, *post.paragraphs, post.markdown)))
    return tuple(_settled(line, told) if line.role in _UNSAID else line for line in lines)


class _Told:
    """A text by its pieces: a page may have as many lines as its data has letters."""

    def __init__(self, text: str) -> None:
        self._text = _squeezed(text)
        self._places: dict[str, list[int]] = defaultdict(list)
        for place in range(0, len(self._text) - _PIECE + 1, _PIECE):
            self._places[self._text[place : place + _PIECE]].append(place)

    def contains(self, line: str) -> bool:
        """Say whether a line stands in the text, wherever its first whole piece begins."""
        text = _squeezed(line)
        return any(self._begins(text, first) for first in range(min(_PIECE, len(text) - _PIECE + 1)))

    def _begins(self, text: str, first: int) -> bool:
        starts = range(first, len(text) - _PIECE + 1, _PIECE)
        found = [(self._places.get(text[start : start + _PIECE], []), start) for start in starts]
        places, start = min(found, key=lambda pair: len(pair[0]))
        rare = len(places) <= _COMMON
        return rare and any(place >= start and self._text.startswith(text, place - start) for place in places)


def _settled(line: ClassifiedLine, told: _Told) -> ClassifiedLine:
    if len(line.text) > _SHORTEST and told.contains(line.text):
        return replace(line, role=LineRole.ENTRY, reason="")
    return replace(line, role=LineRole.NOT_UNDERSTOOD, reason=line.reason or "the page has no entry")


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
