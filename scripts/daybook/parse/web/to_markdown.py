"""Convert HTML nodes, and the body of a post, to Markdown.

The result is checked: a body becomes Markdown only if its Markdown, shown as plain text, has exactly the characters
that the HTML shows, white space aside. Otherwise emphasis is dropped, then links, and at last all formatting.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement
from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.markdown import is_allowed_link, markdown_from_text, not_markdown, plain_text
from daybook.parse.base.decode import clean_characters
from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import (
    BLOCK_TAGS,
    HEADING_TAGS,
    HTML_SPACES,
    LINE_BREAK,
    SIMPLIFY,
    contains_tag,
    is_hidden,
    read_tree,
    resolve_links,
    visible_strings,
)

_MAX_DEPTH = 100  # levels of nested elements

# Elements that a plain paragraph cannot express.
_FORMATTING_TAGS = HEADING_TAGS | {"a", "b", "strong", "em", "i", "ul", "ol", "blockquote", "br", "pre"}
_EMPHASIS = {"em": "*", "i": "*", "strong": "**", "b": "**"}
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[!-;=?-~]+")
_SPECIAL_CHARACTER = re.compile(r"([\\`*_\[\]<>&#!~|])")
_BLOCK_START = re.compile(r"^(\d{0,9})([-+=:.)])")  # would begin a list, a heading or a definition


class PostBody(Struct, frozen=True, kw_only=True):
    """The text of a post.

    Attributes:
        paragraphs: Its paragraphs as plain text.
        markdown: The same text as Markdown; "" if the paragraphs say as much.
        plain_text_reason: Why the formatting was dropped; "" if it was not.
    """

    paragraphs: tuple[str, ...] = ()
    markdown: str = ""
    plain_text_reason: str = ""


_BodyPart = tuple[Block, str]  # a block and its text in a body: all of it, or what follows a time or headline


def count_container_blocks(blocks: Iterable[Block]) -> Mapping[int, int]:
    """Return the number of blocks in each list and quotation of a page, by the id of its element."""
    return Counter(id(container) for block in blocks for container in block.containers)


def body_from_lines(lines: Iterable[tuple[Block, str]], container_sizes: Mapping[int, int]) -> PostBody:
    """Return the body of a post with its links, lists, quotations and emphasis.

    Args:
        lines: The lines of the body, each with its block.
        container_sizes: The result of `count_container_blocks`: a list becomes a list only if all of
            it belongs to the post.
    """
    groups = groupby(lines, key=lambda line: line[0])
    parts = [(block, "\n".join(text for _, text in block_lines)) for block, block_lines in groups]
    paragraphs = tuple(text for _, text in parts)
    if not any(_has_formatting(block) for block, _ in parts):
        return PostBody(paragraphs=paragraphs)
    if not all(block.text.endswith(text) for block, text in parts):
        formatted = any(isinstance(node, Tag) and node.name != "br" for block, _ in parts for node in block.nodes)
        reason = "its paragraph also contains other lines" if formatted else ""
        return PostBody(paragraphs=paragraphs, plain_text_reason=reason)
    try:
        markdown = _nodes_to_markdown(list(_node_runs(parts, container_sizes)))
    except ArchiveError as error:
        return PostBody(paragraphs=paragraphs, plain_text_reason=error.reason)
    has_link = "](<" in markdown  # no plain text can equal it, so the slow comparison is not needed
    same = not has_link and markdown == markdown_from_text("\n\n".join(paragraphs))
    return PostBody(paragraphs=paragraphs, markdown="" if same else markdown)


def body_from_html(html: str, url: str = "") -> PostBody:
    """Return the body that is given as HTML or plain text, for example in JSON-LD.

    `url` is the address of the page, to which links are relative.
    """
    if "<" not in html:
        texts = (paragraph.strip() for paragraph in re.split(r"\n\s*\n", clean_characters(html)))
        return PostBody(paragraphs=tuple(text for text in texts if text))
    tree = read_tree(clean_characters(html))
    resolve_links(tree, url)
    try:
        markdown = _nodes_to_markdown([tree.contents])
    except ArchiveError as error:
        text = " ".join(tree.get_text(" ").split())
        return PostBody(paragraphs=(text,) if text else (), plain_text_reason=error.reason)
    text = tree.get_text().strip()
    same = markdown == markdown_from_text(text)
    return PostBody(paragraphs=(text,) if same and text else (), markdown="" if same else markdown)


def _has_formatting(block: Block) -> bool:
    if block.embed_url or block.containers or block.is_heading or "\n" in block.text:
        return True
    tags = (node for node in block.nodes if isinstance(node, Tag))
    return any(tag.name in _FORMATTING_TAGS or contains_tag(tag, _FORMATTING_TAGS) for tag in tags)


def _node_runs(parts: Sequence[_BodyPart], container_sizes: Mapping[int, int]) -> Iterator[Sequence[PageElement]]:
    """Yield the nodes of each paragraph, and once each list or quotation that belongs to the post as a whole."""
    own_sizes = count_container_blocks(block for block, _ in parts)
    done: set[int] = set()
    for block, text in parts:
        whole = [tag for tag in block.containers if own_sizes[id(tag)] == container_sizes[id(tag)]]
        if text != block.text:
            yield _end_of_block(block, text)
        elif whole:
            if id(whole[0]) not in done:
                yield whole[:1]
            done.add(id(whole[0]))
        elif block.embed_url:
            link = f'<a href="{escape(block.embed_url)}">{escape(_embed_label(block.embed_url))}</a>'
            yield read_tree(f"<blockquote><p>{link}</p></blockquote>").contents
        elif block.is_heading and block.element.name in HEADING_TAGS:
            heading = Tag(name=block.element.name)
            heading.extend([copy(node) for node in block.nodes])
            yield [heading]
        else:
            yield block.nodes


def _end_of_block(block: Block, end: str) -> Sequence[PageElement]:
    """Return a copy of the nodes of a block, without the time or headline that its text begins with."""
    html = "".join(
        str(node) if isinstance(node, Tag) else escape(str(node), quote=False)
        for node in block.nodes
        if isinstance(node, Tag) or type(node) is NavigableString
    )
    tree = BeautifulSoup(f"<p>{html}</p>", "lxml")
    rest = len(_without_spaces(block.text)) - len(_without_spaces(end))
    for string in list(tree.find_all(string=True)):
        if rest <= 0 or type(string) is not NavigableString:
            continue
        index = 0
        while rest > 0 and index < len(string):
            rest -= not string[index].isspace()
            index += 1
        string.replace_with(string[index:])
    return tree.contents


def _embed_label(url: str) -> str:
    """Return the author of an embedded post as ``@name``, or the address if it does not name the author."""
    parts = urlsplit(url).path.strip("/").split("/")
    return f"@{parts[0].lstrip('@')}" if len(parts) > 2 and parts[1] in ("status", "video") else url


def html_to_markdown(html: str) -> str:
    """Convert a fragment of HTML; raises ArchiveError if it has no exact Markdown form."""
    return _nodes_to_markdown([read_tree(html).contents])


def _nodes_to_markdown(runs: Sequence[Sequence[PageElement]]) -> str:
    """Convert runs of sibling nodes, which are not modified.

    Raises ArchiveError if they have no exact Markdown form.
    """
    visible = _without_spaces("".join(text for run in runs for text in visible_strings(run) if text != LINE_BREAK))
    for syntax in (frozenset({"link", "emphasis"}), frozenset({"link"}), frozenset()):
        markdown = "\n\n".join(block for run in runs for block in _convert_blocks(run, syntax, 0))
        if _without_spaces(plain_text(markdown)) == visible:
            return markdown
    raise not_markdown(visible, "supply it as `text`, or report a bug")


def _convert_blocks(nodes: Iterable[PageElement], syntax: frozenset[str], depth: int) -> Iterator[str]:
    """Yield the Markdown blocks of some nodes; inline nodes between block elements form a paragraph."""
    if depth > _MAX_DEPTH:
        raise ArchiveError(f"the HTML is nested more than {_MAX_DEPTH} tags deep; {SIMPLIFY}")
    run: list[str] = []
    for child in nodes:
        if isinstance(child, Tag) and is_hidden(child):
            continue
        if isinstance(child, Tag) and (child.name in BLOCK_TAGS or contains_tag(child, BLOCK_TAGS)):
            yield from _paragraph(run)
            run = []
            yield from _convert_block(child, syntax, depth + 1)
        else:
            run.append(_convert_inline(child, syntax, depth))
    yield from _paragraph(run)


def _convert_block(tag: Tag, syntax: frozenset[str], depth: int) -> Iterator[str]:
    if tag.name in ("ul", "ol"):
        rows = (item for item in tag.contents if isinstance(item, Tag) and item.name == "li" and not is_hidden(item))
        texts = filter(None, ("\n\n".join(_convert_blocks(row.contents, syntax, depth)) for row in rows))
        items = [(f"{number}. " if tag.name == "ol" else "- ", text) for number, text in enumerate(texts, 1)]
        if items:
            yield "\n\n".join(_prefixed(text, marker, " " * len(marker)) for marker, text in items)
        return
    inner = list(_convert_blocks(tag.contents, syntax, depth))
    if tag.name == "hr":
        yield "***"
    elif tag.name == "blockquote" and inner:
        yield _prefixed("\n\n".join(inner), "> ", "> ")
    elif tag.name in HEADING_TAGS and inner:
        yield f"### {' '.join(inner)}"
    else:
        yield from inner


def _convert_inline(node: object, syntax: frozenset[str], depth: int) -> str:
    if type(node) is NavigableString:
        return _SPECIAL_CHARACTER.sub(r"\\\1", HTML_SPACES.sub(" ", node))
    if not isinstance(node, Tag) or is_hidden(node):
        return ""
    if node.name == "br":
        return "\\\n"
    if depth > _MAX_DEPTH:
        raise ArchiveError(f"the HTML is nested more than {_MAX_DEPTH} tags deep; {SIMPLIFY}")
    inner = "".join(_convert_inline(child, syntax, depth + 1) for child in node.children)
    core = inner.strip(" ")
    if not core:
        return inner
    # Markdown allows no space directly inside the marks of a link or emphasis.
    head, tail = inner[: len(inner) - len(inner.lstrip(" "))], inner[len(inner.rstrip(" ")) :]
    address = str(node.get("href") or "").strip() if node.name == "a" else ""
    if address and "link" in syntax and _SAFE_LINK.fullmatch(address) and is_allowed_link(address):
        return f"{head}[{core}](<{address}>){tail}"
    mark = _EMPHASIS.get(node.name, "") if "emphasis" in syntax else ""
    return f"{head}{mark}{core}{mark}{tail}"


def _paragraph(run: list[str]) -> list[str]:
    # strip() also removes no-break spaces: at the edge of a line they are invisible, and day files do not keep them.
    rows = (row.strip() for row in "".join(run).split("\\\n"))
    text = "\\\n".join(_BLOCK_START.sub(r"\1\\\2", row) for row in rows if row)
    return [text] if text else []


def _prefixed(text: str, first: str, rest: str) -> str:
    """Return the text with `first` before its first line and `rest` before the others."""
    rows = text.split("\n")
    return "\n".join([first + rows[0], *((rest + row).rstrip() for row in rows[1:])])


def _without_spaces(text: str) -> str:
    return "".join(text.split())
