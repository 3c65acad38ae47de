"""Blocks of a post → paragraphs and Markdown: the only place that joins what HTML parted."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement
from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.markdown import is_allowed_link, markdown_from_text, plain_text
from daybook.parse.base.decode import clean_characters
from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import BREAK, HEADINGS, contains_tag, is_hidden, read_tree, resolve_links, visible_strings

_MARK_NAMES = "a b strong em i ul ol blockquote br h1 h2 h3 h4 h5 h6 pre"


_MARK_TAGS = frozenset(_MARK_NAMES.split())


_SPACE = re.compile(r"\s+")


class PostBody(Struct, frozen=True, kw_only=True):
    """The text of a post; `markdown` only where it says more than the paragraphs."""

    paragraphs: tuple[str, ...] = ()
    markdown: str = ""
    doubt: str = ""


class BodyPart(Struct, frozen=True):
    """A block and the text at its end that is body: all of it, or what stands behind a stamp."""

    block: Block
    text: str


def count_container_blocks(blocks: Iterable[Block]) -> Mapping[int, int]:
    """Count the blocks in every list and quotation of a page."""
    return Counter(id(frame) for block in blocks for frame in block.frames)


def body_from_blocks(parts: Sequence[BodyPart], sizes: Mapping[int, int]) -> PostBody:
    """Write the body of a post, its links, lists, quotations and emphasis kept.

    Where the marks cannot be shown exactly, the text is given alone and `doubt` says so.
    """
    paragraphs = tuple(part.text for part in parts)
    if not any(_has_marks(part.block) for part in parts):
        return PostBody(paragraphs=paragraphs)
    if not all(part.block.text.endswith(part.text) for part in parts):
        marked = any(isinstance(node, Tag) and node.name != "br" for part in parts for node in part.block.nodes)
        return PostBody(paragraphs=paragraphs, doubt="other lines stand in its paragraph" if marked else "")
    try:
        markdown = nodes_to_markdown(list(_runs(parts, sizes)))
    except ArchiveError as error:
        return PostBody(paragraphs=paragraphs, doubt=error.reason)
    linked = "](<" in markdown  # then it says more than any text, and nothing need be compared
    same = not linked and markdown == markdown_from_text("\n\n".join(paragraphs))
    return PostBody(paragraphs=paragraphs, markdown="" if same else markdown)


def body_from_html(html: str, url: str = "") -> PostBody:
    """Write a body that is given as HTML or plain text, as in the data of the page at `url`."""
    if "<" not in html:
        texts = (paragraph.strip() for paragraph in re.split(r"\n\s*\n", clean_characters(html)))
        return PostBody(paragraphs=tuple(text for text in texts if text))
    tree = read_tree(clean_characters(html))
    resolve_links(tree, url)
    try:
        markdown = nodes_to_markdown([NodeRun(tree.contents)])
    except ArchiveError as error:
        text = _SPACE.sub(" ", tree.get_text(" ")).strip()
        return PostBody(paragraphs=(text,) if text else (), doubt=error.reason)
    text = tree.get_text().strip()
    same = markdown == markdown_from_text(text)
    return PostBody(paragraphs=(text,) if same and text else (), markdown="" if same else markdown)


def _has_marks(block: Block) -> bool:
    if block.embed or block.frames or block.heading or len(block.texts) > 1:
        return True
    tags = (node for node in block.nodes if isinstance(node, Tag))
    return any(tag.name in _MARK_TAGS or contains_tag(tag, _MARK_TAGS) for tag in tags)


class NodeRun(Struct, frozen=True, eq=False):
    """Nodes that stand side by side in a body; a heading's are one line of it."""

    nodes: Sequence[PageElement]
    heading: bool = False


def _runs(parts: Sequence[BodyPart], sizes: Mapping[int, int]) -> Iterable[NodeRun]:
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
            yield NodeRun((frame,))


def _whole(block: Block) -> NodeRun:
    if not block.embed:
        return NodeRun(block.nodes, block.heading and block.home.name in HEADINGS)
    link = f'<a href="{escape(block.embed)}">{escape(_handle(block.embed))}</a>'
    return NodeRun(read_tree(f"<blockquote><p>{link}</p></blockquote>").contents)


def _end_of(part: BodyPart) -> NodeRun:
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
    return NodeRun(tree.contents)


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


_BLOCK_NAMES = (
    "p div section article header footer main aside figure figcaption ul ol li blockquote pre table tr dl dt dd "
    "h1 h2 h3 h4 h5 h6 hr body html address details summary form fieldset"
)


_BLOCKS = frozenset(_BLOCK_NAMES.split())


_EMPHASIS = {"em": "*", "i": "*", "strong": "**", "b": "**"}


_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[!-;=?-~]+")


_SPACES = re.compile(r"[ \t\r\n\f]+")


_MARK = re.compile(r"([\\`*_\[\]<>&#!~|])")


_BLOCK_START = re.compile(r"^(\d{0,9})([-+=:.)])")


_DEPTH = 100


def html_to_markdown(html: str) -> str:
    """Write the Markdown of a fragment of HTML; what it cannot show exactly is refused."""
    return nodes_to_markdown([NodeRun(read_tree(html).contents)])


def nodes_to_markdown(runs: Sequence[NodeRun]) -> str:
    """Write the Markdown of nodes that are parsed already and stay as they are."""
    seen = _squeezed("".join(text for run in runs for text in visible_strings(run.nodes) if text != BREAK))
    for marks in (frozenset({"link", "emphasis"}), frozenset({"link"}), frozenset()):
        markdown = "\n\n".join(block for run in runs for block in _run(run, marks))
        if _squeezed(plain_text(markdown)) == seen:
            return markdown
    raise ArchiveError(f"this HTML cannot be shown exactly: {seen[:60]!r}; give it as `text`")


def _run(run: NodeRun, marks: frozenset[str]) -> Iterable[str]:
    inner = _blocks(run.nodes, marks, 0)
    return _heading(inner) if run.heading else inner


def _heading(inner: Iterable[str]) -> list[str]:
    text = " ".join(inner)
    return [f"### {text}"] if text else []


def _blocks(nodes: Iterable[PageElement], marks: frozenset[str], depth: int) -> Iterator[str]:
    """Give the blocks of some nodes; text between block tags is a paragraph of its own."""
    if depth > _DEPTH:
        raise ArchiveError(f"HTML nested deeper than {_DEPTH} tags")
    run: list[str] = []
    for child in nodes:
        if isinstance(child, Tag) and is_hidden(child):
            continue
        if isinstance(child, Tag) and _is_block(child):
            yield from _paragraph(run)
            run = []
            yield from _block(child, marks, depth + 1)
        else:
            run.append(_inline(child, marks, depth))
    yield from _paragraph(run)


def _block(tag: Tag, marks: frozenset[str], depth: int) -> Iterator[str]:
    if tag.name in ("ul", "ol"):
        rows = [item for item in tag.contents if isinstance(item, Tag) and item.name == "li" and not is_hidden(item)]
        items = [list(_blocks(row.contents, marks, depth)) for row in rows]
        filled = ["\n\n".join(item) for item in items if item]
        signs = [f"{number}. " if tag.name == "ol" else "- " for number in range(1, len(filled) + 1)]
        listed = [_prefixed(item, sign, " " * len(sign)) for item, sign in zip(filled, signs, strict=True)]
        yield from ["\n\n".join(listed)] if listed else []
        return
    inner = list(_blocks(tag.contents, marks, depth))
    if tag.name == "hr":
        yield "***"
    elif tag.name == "blockquote" and inner:
        yield _prefixed("\n\n".join(inner), "> ", "> ")
    elif tag.name in HEADINGS:
        yield from _heading(inner)
    else:
        yield from inner


def _inline(node: object, marks: frozenset[str], depth: int) -> str:
    if type(node) is NavigableString:
        return _escaped(node)
    if not isinstance(node, Tag) or is_hidden(node):
        return ""
    if node.name == "br":
        return "\\\n"
    if depth > _DEPTH:
        raise ArchiveError(f"HTML nested deeper than {_DEPTH} tags")
    inner = "".join(_inline(child, marks, depth + 1) for child in node.children)
    core = inner.strip(" ")
    if not core:
        return inner
    head, tail = inner[: len(inner) - len(inner.lstrip(" "))], inner[len(inner.rstrip(" ")) :]
    address = str(node.get("href") or "").strip() if node.name == "a" else ""
    if address and "link" in marks and _SAFE_LINK.fullmatch(address) and is_allowed_link(address):
        return f"{head}[{core}](<{address}>){tail}"
    mark = _EMPHASIS.get(node.name, "") if "emphasis" in marks else ""
    return f"{head}{mark}{core}{mark}{tail}"


def _is_block(tag: Tag) -> bool:
    return tag.name in _BLOCKS or contains_tag(tag, _BLOCKS)


def _paragraph(run: list[str]) -> list[str]:
    # Spaces of every kind: at the edge of a row a reader sees none, and the day file keeps none.
    rows = (row.strip() for row in "".join(run).split("\\\n"))
    text = "\\\n".join(_BLOCK_START.sub(r"\1\\\2", row) for row in rows if row)
    return [text] if text else []


def _escaped(text: str) -> str:
    return _MARK.sub(r"\\\1", _SPACES.sub(" ", text))


def _prefixed(text: str, first: str, rest: str) -> str:
    rows = text.split("\n")
    return "\n".join([first + rows[0], *((rest + row).rstrip() for row in rows[1:])])


def _squeezed(text: str) -> str:
    return "".join(text.split())
