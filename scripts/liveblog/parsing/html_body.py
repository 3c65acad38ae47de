"""An entry's HTML body → Markdown, over a closed list of tags.

The result is rendered again and must show the very text that was read; otherwise marks
are left away until it does (first emphasis, then links), or the body is refused.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from bs4 import Tag
from bs4.element import NavigableString, PageElement
from msgspec import Struct

from ..errors import ArchiveError
from ..markup import is_link, plain_text
from .web.tree import BREAK, HEADINGS, holds, is_unseen, read_tree, seen_strings

_BLOCK_NAMES = (
    "p div section article header footer main aside figure figcaption ul ol li blockquote pre table tr dl dt dd "
    "h1 h2 h3 h4 h5 h6 hr body html address details summary form fieldset"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_MARKS = {"em": "*", "i": "*", "strong": "**", "b": "**"}
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[!-;=?-~]+")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_MARK = re.compile(r"([\\`*_\[\]<>&#!~|])")
_BLOCK_START = re.compile(r"^(\d{0,9})([-+=:.)])")
_DEPTH = 100


class Run(Struct, frozen=True, eq=False):
    """Nodes that stand side by side in a body; a heading's are one line of it."""

    nodes: Sequence[PageElement]
    heading: bool = False


def html_to_markdown(html: str) -> str:
    """Write the Markdown of a fragment of HTML; what it cannot show exactly is refused."""
    return runs_to_markdown([Run(read_tree(html).contents)])


def runs_to_markdown(runs: Sequence[Run]) -> str:
    """Write the Markdown of nodes that are parsed already and stay as they are."""
    seen = _squeezed("".join(text for run in runs for text in seen_strings(run.nodes) if text != BREAK))
    for marks in (frozenset({"link", "emphasis"}), frozenset({"link"}), frozenset()):
        markdown = "\n\n".join(block for run in runs for block in _run(run, marks))
        if _squeezed(plain_text(markdown)) == seen:
            return markdown
    raise ArchiveError(f"this HTML cannot be shown exactly: {seen[:60]!r}; give it as `text`")


def _run(run: Run, marks: frozenset[str]) -> Iterable[str]:
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
        if isinstance(child, Tag) and is_unseen(child):
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
        rows = [item for item in tag.contents if isinstance(item, Tag) and item.name == "li" and not is_unseen(item)]
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
    if not isinstance(node, Tag) or is_unseen(node):
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
    if address and "link" in marks and _SAFE_LINK.fullmatch(address) and is_link(address):
        return f"{head}[{core}](<{address}>){tail}"
    mark = _MARKS.get(node.name, "") if "emphasis" in marks else ""
    return f"{head}{mark}{core}{mark}{tail}"


def _is_block(tag: Tag) -> bool:
    return tag.name in _BLOCKS or holds(tag, _BLOCKS)


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
