"""Read an HTML page as an `Outline`, combining the text of the page with its JSON-LD data."""

import gc
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice
from typing import Protocol
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from msgspec.structs import replace

from daybook.core.model import format_minutes
from daybook.core.text import is_url
from daybook.parse.base.page import ClassifiedLine, ClockTime, Doubt, LineRole, Outline, Post
from daybook.parse.text.evidence import is_called_live, is_programme
from daybook.parse.text.outline import read_plain_text
from daybook.parse.time.instants import parse_machine_time, utc_minute
from daybook.parse.time.tokens import check_number_of_clocks
from daybook.parse.web.blocks import EMBED_URL, Block, linked_characters, mark_reader_comments, read_blocks
from daybook.parse.web.dom import TIME_TAGS, attribute_text, is_embedded, is_inside, iter_tags, read_tree, resolve_links
from daybook.parse.web.find_posts import FoundPosts, find_posts
from daybook.parse.web.jsonld import line_for_data_post, live_blog_day, read_jsonld_scripts, with_line_number
from daybook.parse.web.live_signs import are_other_stories, is_marked_live
from daybook.parse.web.match_posts import merge_post_lists, without_titles
from daybook.parse.web.media import describe_media
from daybook.parse.web.page_header import head_title, mark_boxes, read_header_blocks
from daybook.parse.web.post_fields import element_time, hide_times_read_aloud
from daybook.parse.web.posts_in_elements import outline_from_elements
from daybook.parse.web.quotations import mark_quotations
from daybook.parse.web.text_flow import outline_from_days, outline_from_text_flow
from daybook.parse.web.tree_evidence import PageFacts

_WITHOUT_STOPS = re.compile(r"\A\W*[\u0e00-\u0eff\u0f40-\u0fff\u1780-\u17ff]")  # Thai, Lao, Khmer …
_ROUND = 10  # a multiple is how many posts a server sends at once
_SHOWN_POSTS, _SHOWN_WORDS = 2, 6  # of posts in a message
_CHRONICLE = re.compile(
    r"time ?line|chroni[ck]|chronolog|cronolog|crónica|cronaca|hroni|kronolo|kalendarium|diary|log ?book|tagebuch"
    r"|day[ -]by[ -]day|tag für tag|jour par jour|día a día|dia a dia|giorno per giorno|dag (?:för|for|voor) dag"
    r"|dzień po dniu|день за днём|день за днем|хроник|хронолог|年表",
    re.IGNORECASE,
)
_NEXT_OR_PREVIOUS = frozenset({"next", "prev", "previous"})  # words of rel and class
_PAGE_IN_ADDRESS = re.compile(r"/(?:page|seite|pagina|p)[/-]?\d{1,4}(?=/|$|\?)|/\d{1,3}/?(?=$|\?)", re.IGNORECASE)
_PAGE_IN_QUERY = re.compile(
    r"[?&](?:page|p|pg|pn|seite|pagina|offset|start|cursor|before|after|page_?number)=\w", re.IGNORECASE
)
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")

# UTC offset of a page
_CLOCK = re.compile(r"(?<![\d.:])(\d{1,2})[.:h](\d{2})(?![\d.])(?: ?([ap])\.?m)?", re.IGNORECASE)
_MIN_OFFSET, _MAX_OFFSET = -12 * 60, 14 * 60  # minutes; the offsets that zones use
_MAX_TIME_ELEMENTS = 50  # of a page that are compared with their text

# Lines that the data contains
_CHUNK_LENGTH = 8  # characters
_MAX_CHUNK_OFFSETS = 40  # a line whose chunks are all more frequent is reported instead of looked up
_MIN_LINE_LENGTH = 20  # characters; a shorter line may occur in the data by chance
_UNRECORDED_ROLES = (LineRole.LEDE, LineRole.STANDFIRST, LineRole.CAPTION, LineRole.NOT_UNDERSTOOD)


class PostsInScripts(Protocol):
    """A function that reads the posts of data in scripts; `is_live`: something on the page calls it live."""

    def __call__(self, scripts: Iterable[str], *, is_live: bool) -> Outline: ...


def read_html(source: str, url: str = "", posts_in_scripts: PostsInScripts | None = None) -> Outline:
    """Read an HTML page; raises ArchiveError if it is too large or nested too deeply.

    `url` is the address of the page, "" if unknown. `posts_in_scripts` reads the posts of data in scripts other than
    JSON-LD; they are used if the page calls itself live and has no JSON-LD with posts.
    """
    was_enabled = gc.isenabled()
    gc.disable()  # it would traverse the growing tree again and again
    try:
        return _read(source, url, posts_in_scripts)
    finally:
        if was_enabled:
            gc.enable()


def _read(source: str, url: str, posts_in_scripts: PostsInScripts | None) -> Outline:
    check_number_of_clocks(source, is_html=True)
    tree = read_tree(source)
    plain_text = _wrapped_plain_text(tree)
    if plain_text:
        return read_plain_text(plain_text)
    scripts = [tag for tag in iter_tags(tree, {"script"}) if "ld+json" in attribute_text(tag, "type").lower()]
    blog, days = read_jsonld_scripts([script.get_text() for script in scripts], url or _page_url(tree))
    resolve_links(tree, url or blog.url or _page_url(tree))
    mark_quotations(tree)
    describe_media(tree, url or blog.url or _page_url(tree), EMBED_URL)
    hide_times_read_aloud(tree)
    blocks = mark_reader_comments(read_blocks(tree.body or tree))
    title = blog.title or head_title(tree)
    address = url or blog.url or _page_url(tree)
    titles = [
        title,
        head_title(tree),
        tree.title.get_text() if tree.title else "",
        *_main_titles(blocks),
        urlsplit(address).path.replace("/", " "),
    ]
    if posts_in_scripts and not blog.posts:
        texts = (tag.get_text() for tag in iter_tags(tree, {"script"}) if tag not in scripts)
        model = posts_in_scripts(texts, is_live=is_called_live(titles))
        data = tuple(replace(post, line=0, line_numbers=()) for post in model.posts)
        blog = replace(blog, posts=data, doubts=(*blog.doubts, *model.doubts))
    jsonld = [tag.get_text() for tag in scripts]
    facts = PageFacts(
        is_live=bool(blog.posts) or is_called_live(titles) or is_marked_live(tree, blocks, jsonld),
        is_programme=is_programme(titles),
        data_minutes=_data_minutes(blog.posts),
        published=_minute_of(_meta(tree, "article:published_time")),
    )
    found = find_posts(tree, source, blocks, facts)
    outline, printed_times = _read_text(found, blocks, title)
    is_layout = found is not None and found.detected is not None and bool(found.detected.layout.entry)
    is_told_live = facts.is_live or is_layout or (found is not None and found.is_called_live)
    if outline.posts and not is_told_live:
        outline = _not_called_live(outline, blocks, title, address, facts)
        printed_times = printed_times if outline.posts else []
    elif not outline.posts:
        outline = replace(outline, looks_live=facts.is_live)
    if not outline.posts and not blog.posts and (chronicle := outline_from_days(blocks, title)):
        is_called = facts.is_live or any(map(_CHRONICLE.search, (*titles, chronicle.title)))
        # Days on an ordinary article are the dates of comments, or of other stories.
        if is_called or (facts.published is None and _below_headings(chronicle, blocks)):
            outline = replace(chronicle, doubts=() if is_called else tuple(_chronicle_doubts(chronicle)))
    outline = replace(outline, posts=_with_texts_beside_stamps(outline.posts, blocks))
    merged, merge_notes, in_both = merge_post_lists(blog.posts, outline.posts)
    merged = without_titles(merged, outline, (blog.title, *_main_titles(blocks)))
    # Posts that only the data has get the numbers after those of the visible lines.
    last_line = max((line.number for line in outline.lines), default=0)
    numbers = count(last_line + 1)
    posts = tuple(post if post.line else with_line_number(post, next(numbers)) for post in merged)
    posts = _with_numbered_ids(posts)
    only_in_data = [post for post in posts if post.line > last_line]
    without_zone = {post.line: post.stamp for post in outline.posts if post.stamp and not post.stamp.zone}
    printed_times += [(post, without_zone[post.line]) for post in posts if post.line in without_zone]
    lines = outline.lines if outline.posts else _mark_lines_in_data(outline.lines, only_in_data)
    root = tree.find("html")
    langs = (blog.lang, attribute_text(root, "lang") if root else "")
    return replace(
        outline,
        title=blog.title or outline.title,
        standfirst=outline.standfirst or blog.standfirst,
        url=blog.url or _page_url(tree),
        outlet=blog.outlet or _meta(tree, "og:site_name"),
        lang=next(filter(_LANGUAGE_TAG.fullmatch, langs), ""),
        data_date=live_blog_day(days, posts),
        zone=_infer_utc_offset(printed_times) or (_shown_utc_offset(tree) if posts else "") or blog.zone,
        posts=posts,
        lines=(*sorted(lines, key=lambda line: line.number), *map(line_for_data_post, only_in_data)),
        published=_meta_time(tree, "article:published_time"),
        modified=_meta_time(tree, "article:modified_time"),
        notes=(*blog.notes, *outline.notes, *merge_notes),
        doubts=(
            *outline.doubts,
            *blog.doubts,
            *_untimed_doubts(posts),
            *_other_page_doubts(tree, address),
            *_pairing_doubts(blog.posts, outline.posts, merged, in_both),
        ),
        has_more_in_data=_has_more(blog.posts, outline.posts, in_both),
        line_unit="block",
    )


def _with_texts_beside_stamps(posts: tuple[Post, ...], blocks: Sequence[Block]) -> tuple[Post, ...]:
    """Return posts of one line each, which is their stamp and a text, with these lines as texts and not as headlines.

    Most of the lines are sentences, or are in a script without full stops, and none is a heading or has a link.
    """
    plain = {block.number for block in blocks if not block.is_heading and not linked_characters(block)}
    bare = [post for post in posts if post.headline and not (post.paragraphs or post.markdown)]
    if not bare or any(len(post.line_numbers) > 1 or post.line not in plain for post in posts):
        return posts
    unknown = sum(not _WITHOUT_STOPS.match(post.headline) for post in bare)
    if unknown * 2 > len(posts):
        return posts
    numbers = {post.line for post in bare}
    return tuple(
        replace(post, headline="", paragraphs=(post.headline,), body_lines=post.line_numbers)
        if post.line in numbers
        else post
        for post in posts
    )


def _not_called_live(outline: Outline, blocks: Sequence[Block], title: str, address: str, facts: PageFacts) -> Outline:
    """Return the posts of a page that nothing calls live with a doubt.

    None are returned of an article with comments, or with a list of others, and of a list of stories.
    """
    are_stories = are_other_stories(outline.posts, blocks, address)
    if facts.published is not None or are_stories:
        above = read_header_blocks(blocks, title)
        return Outline(title=above.title, date=above.date, lines=above.lines, looks_live=not are_stories)
    text = f"{len(outline.posts)} posts are read, but nothing calls the page live: are they comments or a list?"
    return replace(outline, doubts=(*outline.doubts, Doubt(kind="rival", text=text)))


def _has_more(data: Sequence[Post], text: Sequence[Post], in_both: int) -> bool:
    """Return whether the data has all posts of the text and more; a round number of them is that of one page."""
    return bool(text) and in_both == len(text) < len(data) and len(data) % _ROUND != 0


def _with_numbered_ids(posts: tuple[Post, ...]) -> tuple[Post, ...]:
    """Use the ids with a number for posts without another id, if no two posts share one."""
    numbers = Counter(post.numbered_id for post in posts if post.numbered_id)
    if any(post.id for post in posts) or numbers.total() != len(numbers):
        return posts
    return tuple(replace(post, id=post.numbered_id) for post in posts)


def _main_titles(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the texts of the main headings of a page."""
    for block in blocks:
        if block.is_heading and (block.element.name == "h1" or block.element.find_parent("h1")):
            yield block.text


def _data_minutes(posts: Sequence[Post]) -> tuple[int, ...]:
    """Return the minutes of the posts in the page's data."""
    times = (utc_minute(post.stamp, post.stamp_date) for post in posts if post.stamp and post.stamp_date)
    return tuple(minute for minute in times if minute is not None)


def _minute_of(text: str) -> int | None:
    """Return the minute of a machine-written time, counted as in `_data_minutes`; None without one."""
    time = parse_machine_time(text)
    if time is None or time.date is None:
        return None
    return time.date.toordinal() * 24 * 60 + (time.clock or 0) // 60


def _pairing_doubts(
    data: Sequence[Post], text: Sequence[Post], merged: Sequence[Post], in_both: int
) -> Iterator[Doubt]:
    """Report a page whose data and text both have posts that the other has not, and posts without a text."""
    if data and text and in_both < min(len(data), len(text)):
        counts = f"{len(data)} posts in the page's data, {len(text)} in its text, only {in_both} in both"
        is_one_list = len(merged) == len(data) + len(text) - in_both
        result = "some may be there twice" if is_one_list else f"only those of one list are read, {len(merged)} posts"
        yield Doubt(kind="data", text=f"{counts}: {result}")
    bare = sum(not (post.line or post.paragraphs or post.markdown) for post in merged)
    if text and bare:
        yield Doubt(kind="part", text=f"{bare} posts are only in the page's data, which has no text of them")


def _below_headings(chronicle: Outline, blocks: Sequence[Block]) -> bool:
    """Return whether the days of a chronicle are headings."""
    headings = {block.number for block in blocks if block.is_heading}
    return all(post.line in headings for post in chronicle.posts)


def _chronicle_doubts(chronicle: Outline) -> Iterator[Doubt]:
    """Report days of a page whose title does not call it a chronicle."""
    text = f"{len(chronicle.posts)} days are read as a chronicle, but the page is not called one: are they its posts?"
    yield Doubt(kind="rival", line=chronicle.posts[0].line, text=text)


def _untimed_doubts(posts: Sequence[Post]) -> Iterator[Doubt]:
    """Report posts without a time: their stamps were not found, or they are boxes and no posts."""
    untimed = [post for post in posts if post.stamp is None and post.stamp_date is None]
    if untimed:
        shown = ", ".join(repr(_beginning(post)) for post in untimed[:_SHOWN_POSTS])
        text = f"{len(untimed)} of {len(posts)} posts have no time and are stored without one: {shown}"
        yield Doubt(kind="untimed", line=untimed[0].line, text=text)


def _other_page_doubts(tree: BeautifulSoup, address: str) -> Iterator[Doubt]:
    """Report a page whose links name a next or a previous page of the same live blog.

    Such a link has an address with the number of a page; others with ``rel=next`` lead to another article.
    """
    path = _PAGE_IN_ADDRESS.sub("", urlsplit(address).path).rstrip("/")
    for link in iter_tags(tree, {"link", "a"}):
        names = {*attribute_text(link, "rel").lower().split(), *attribute_text(link, "class").lower().split()}
        target = attribute_text(link, "href") if names & _NEXT_OR_PREVIOUS else ""
        if not target or not (_PAGE_IN_ADDRESS.search(target) or _PAGE_IN_QUERY.search(target)):
            continue
        target_path = _PAGE_IN_ADDRESS.sub("", urlsplit(target).path).rstrip("/")
        if not address or not target_path or target_path == path:
            text = f"the page links to another page of its live blog, {target}; save it, too"
            yield Doubt(kind="part", text=text)
            return


def _beginning(post: Post) -> str:
    """Return the first words of a post, for a message."""
    words = (post.headline or " ".join(post.paragraphs) or post.markdown).split()
    return " ".join(words[:_SHOWN_WORDS]) + ("…" if len(words) > _SHOWN_WORDS else "")


def _meta_time(tree: BeautifulSoup, name: str) -> str:
    """Return a time of the page's metadata in RFC 3339; "" without one, or without an offset."""
    time = parse_machine_time(_meta(tree, name))
    return time.rfc3339 if time else ""


def _wrapped_plain_text(tree: BeautifulSoup) -> str:
    """Return the text of a page that is a single ``<pre>``, as browsers save a text file; "" for other pages."""
    nodes = [node for node in (tree.body or tree).contents if isinstance(node, Tag) or str(node).strip()]
    is_text_file = len(nodes) == 1 and isinstance(nodes[0], Tag) and nodes[0].name == "pre"
    return nodes[0].get_text() if is_text_file else ""


def _read_text(
    found: FoundPosts | None, blocks: Sequence[Block], title: str
) -> tuple[Outline, list[tuple[Post, ClockTime]]]:
    """Read what the page displays: posts in elements, posts separated by stamps, or no posts."""
    if found:
        blocks = mark_boxes(found.blocks, found.detected.tags if found.detected else ())
    if found and found.detected:
        outline, printed_times = outline_from_elements(found.detected, blocks, title)
        return replace(outline, doubts=found.doubts), printed_times
    flow = outline_from_text_flow(blocks, title) if found else None
    if found and flow:
        return replace(flow, doubts=(*found.doubts, *flow.doubts)), []
    above = read_header_blocks(blocks, title)
    header = Outline(title=above.title, standfirst=above.standfirst, date=above.date, lines=above.lines)
    return replace(header, header_date=above.header_date), []


def _page_url(tree: BeautifulSoup) -> str:
    links = iter_tags(tree.head or tree, {"link"})
    canonical = (attribute_text(tag, "href") for tag in links if "canonical" in attribute_text(tag, "rel").split())
    return next(filter(is_url, (next(canonical, ""), _meta(tree, "og:url"))), "")


def _meta(tree: BeautifulSoup, name: str) -> str:
    tags = iter_tags(tree.head or tree, {"meta"})
    return next((attribute_text(tag, "content") for tag in tags if attribute_text(tag, "property") == name), "")


def _infer_utc_offset(printed_times: Sequence[tuple[Post, ClockTime]]) -> str:
    """Return the UTC offset between the times of posts and the displayed times; "" unless most agree."""
    offsets = Counter(
        _offset(utc_minute(post.stamp, post.stamp_date), printed.clock // 60)
        for post, printed in printed_times
        if post.stamp and post.stamp.zone and post.stamp_date and not printed.zone
    )
    agreed = (offset for offset, number in offsets.items() if offset is not None and number * 2 > offsets.total())
    return next(map(_format_offset, agreed), "")


def _shown_utc_offset(tree: BeautifulSoup) -> str:
    """Return the UTC offset of the first ``<time>`` whose text shows the time of its ``datetime``; "" if none does."""
    own = (each for each in iter_tags(tree, TIME_TAGS) if not (is_embedded(each) or is_inside(each, {"blockquote"})))
    for element in islice(own, _MAX_TIME_ELEMENTS):
        time = element_time(element)
        date = time.printed_date(0) if time else None
        utc = utc_minute(time.stamp, date) if time and time.stamp and date else None
        offsets = {offset for clock in _clocks(element.get_text()) if (offset := _offset(utc, clock)) is not None}
        if len(offsets) == 1:
            return _format_offset(offsets.pop())
    return ""


def _clocks(text: str) -> Iterator[int]:
    """Yield the clock times in a text, in minutes after midnight."""
    for hour, minute, half in _CLOCK.findall(text):
        if int(hour) < 24 and int(minute) < 60:
            yield (int(hour) % 12 + 12 * (half.lower() == "p") if half else int(hour)) * 60 + int(minute)


def _offset(utc: int | None, clock: int) -> int | None:
    """Return a local clock time minus UTC in minutes; None if no zone has this offset."""
    if utc is None:
        return None
    minutes = (clock - utc) % (24 * 60)
    minutes = minutes - 24 * 60 if minutes > _MAX_OFFSET else minutes
    return minutes if minutes % 15 == 0 and _MIN_OFFSET <= minutes <= _MAX_OFFSET else None


def _format_offset(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{format_minutes(abs(minutes))}"


def _mark_lines_in_data(lines: Sequence[ClassifiedLine], posts: Sequence[Post]) -> Iterator[ClassifiedLine]:
    """Set the role of lines on a page without visible posts: lines that the posts of its data contain are recorded."""
    texts = (text for post in posts for text in (post.headline, *post.paragraphs, post.markdown))
    index = _SubstringIndex(" ".join(texts))
    for line in lines:
        if line.role not in _UNRECORDED_ROLES:
            yield line
        elif len(line.text) > _MIN_LINE_LENGTH and index.contains(line.text):
            yield replace(line, role=LineRole.ENTRY, reason="")
        else:
            yield replace(line, role=LineRole.NOT_UNDERSTOOD, reason=line.reason or "the page has no entry")


class _SubstringIndex:
    """Look up lines in a long text by its chunks of fixed length, ignoring spaces and punctuation.

    Plain substring search would take quadratic time: a page may have as many lines as its data has characters.
    """

    def __init__(self, text: str) -> None:
        self._text = _only_word_characters(text)
        self._offsets: dict[str, list[int]] = defaultdict(list)
        for offset in range(0, len(self._text) - _CHUNK_LENGTH + 1, _CHUNK_LENGTH):
            self._offsets[self._text[offset : offset + _CHUNK_LENGTH]].append(offset)

    def contains(self, line: str) -> bool:
        """Return whether the text contains a line; False also if all chunks of the line are too frequent."""
        if not self._offsets:
            return False
        text = _only_word_characters(line)
        starts = range(len(text) - _CHUNK_LENGTH + 1)
        for first in starts[:_CHUNK_LENGTH]:
            # If the text occurs, its characters from one of these on are chunks. Look for the rarest chunk.
            own_starts = starts[first::_CHUNK_LENGTH]
            chunks = [(self._offsets.get(text[start : start + _CHUNK_LENGTH], []), start) for start in own_starts]
            offsets, start = min(chunks, key=lambda pair: len(pair[0]))
            is_rare = len(offsets) <= _MAX_CHUNK_OFFSETS
            if is_rare and any(offset >= start and self._text.startswith(text, offset - start) for offset in offsets):
                return True
        return False


def _only_word_characters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
