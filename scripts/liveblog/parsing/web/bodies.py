"""Blocks of a post → paragraphs and Markdown: the only place that joins what HTML parted."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from msgspec import Struct

from ...errors import ArchiveError
from ...markup import from_text
from ..decoding import clean
from ..html_body import Run, runs_to_markdown
from .blocks import Block
from .tree import HEADINGS, holds, read_tree, resolve_links

_MARK_NAMES = "a b strong em i ul ol blockquote br h1 h2 h3 h4 h5 h6 pre"
_MARKS = frozenset(_MARK_NAMES.split())
_SPACE = re.compile(r"\s+")


class Body(Struct, frozen=True, kw_only=True):
    """The text of a post; `markdown` only where it says more than the paragraphs."""

    paragraphs: tuple[str, ...] = ()
    markdown: str = ""
    doubt: str = ""


class Part(Struct, frozen=True):
    """A block and the text at its end that is body: all of it, or what stands behind a stamp."""

    block: Block
    text: str


def frame_sizes(blocks: Iterable[Block]) -> Mapping[int, int]:
    """Count the blocks in every list and quotation of a page."""
    return Counter(id(frame) for block in blocks for frame in block.frames)


def body_of(parts: Sequence[Part], sizes: Mapping[int, int]) -> Body:
    """Write the body of a post, its links, lists, quotations and emphasis kept.

    Where the marks cannot be shown exactly, the text is given alone and `doubt` says so.
    """
    paragraphs = tuple(part.text for part in parts)
    if not any(_has_marks(part.block) for part in parts):
        return Body(paragraphs=paragraphs)
    if not all(part.block.text.endswith(part.text) for part in parts):
        marked = any(isinstance(node, Tag) and node.name != "br" for part in parts for node in part.block.nodes)
        return Body(paragraphs=paragraphs, doubt="other lines stand in its paragraph" if marked else "")
    try:
        markdown = runs_to_markdown(list(_runs(parts, sizes)))
    except ArchiveError as error:
        return Body(paragraphs=paragraphs, doubt=error.reason)
    linked = "](<" in markdown  # then it says more than any text, and nothing need be compared
    same = not linked and markdown == from_text("\n\n".join(paragraphs))
    return Body(paragraphs=paragraphs, markdown="" if same else markdown)


def body_of_html(html: str, url: str = "") -> Body:
    """Write a body that is given as HTML or plain text, as in the data of the page at `url`."""
    if "<" not in html:
        texts = (paragraph.strip() for paragraph in re.split(r"\n\s*\n", clean(html)))
        return Body(paragraphs=tuple(text for text in texts if text))
    tree = read_tree(clean(html))
    resolve_links(tree, url)
    try:
        markdown = runs_to_markdown([Run(tree.contents)])
    except ArchiveError as error:
        text = _SPACE.sub(" ", tree.get_text(" ")).strip()
        return Body(paragraphs=(text,) if text else (), doubt=error.reason)
    text = tree.get_text().strip()
    same = markdown == from_text(text)
    return Body(paragraphs=(text,) if same and text else (), markdown="" if same else markdown)


def _has_marks(block: Block) -> bool:
    if block.embed or block.frames or block.heading or len(block.texts) > 1:
        return True
    tags = (node for node in block.nodes if isinstance(node, Tag))
    return any(tag.name in _MARKS or holds(tag, _MARKS) for tag in tags)


def _runs(parts: Sequence[Part], sizes: Mapping[int, int]) -> Iterable[Run]:
    """Give the nodes of each paragraph, and each list or quotation that is a post's own."""
    own = Counter(id(frame) for part in parts for frame in part.block.frames)
    done: set[int] = set()
    for part in parts:
        if part.text != part.block.text:
            yield _end_of(part)
            continue
        frame = next((each for each in part.block.frames if own[id(each)] == sizes[id(each)]), None)
        if frame is None:
            yield _whole(part.block)
        elif id(frame) not in done:
            done.add(id(frame))
            yield Run((frame,))


def _whole(block: Block) -> Run:
    if not block.embed:
        return Run(block.nodes, block.heading and block.home.name in HEADINGS)
    link = f'<a href="{escape(block.embed)}">{escape(_handle(block.embed))}</a>'
    return Run(read_tree(f"<blockquote><p>{link}</p></blockquote>").contents)


def _end_of(part: Part) -> Run:
    """Give the nodes of a block, copied, without the stamp or headline that its text begins with."""
    tree = BeautifulSoup(f"<p>{_html(part.block)}</p>", "lxml")
    rest = len(_squeezed(part.block.text)) - len(_squeezed(part.text))
    for string in list(tree.find_all(string=True)):
        if rest <= 0 or type(string) is not NavigableString:
            continue
        text = str(string)
        end = 0
        while rest > 0 and end < len(text):
            rest -= not text[end].isspace()
            end += 1
        string.replace_with(text[end:])
    return Run(tree.contents)


def _html(block: Block) -> str:
    return "".join(
        str(node) if isinstance(node, Tag) else escape(str(node), quote=False)
        for node in block.nodes
        if isinstance(node, Tag) or type(node) is NavigableString
    )


def _handle(address: str) -> str:
    """Name whose post an address leads to: ``@handle``, or the address where it names no one."""
    parts = urlsplit(address).path.strip("/").split("/")
    return f"@{parts[0].lstrip('@')}" if len(parts) > 2 and parts[1] in ("status", "video") else address


def _squeezed(text: str) -> str:
    return "".join(text.split())
