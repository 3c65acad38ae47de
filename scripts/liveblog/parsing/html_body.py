"""An entry's HTML body → Markdown, over a closed list of tags.

The result is rendered again and must show the very text that was read; otherwise marks
are left away until it does (first emphasis, then links), or the body is refused.
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Comment, Doctype, Tag
from bs4.element import NavigableString

from ..errors import ArchiveError
from ..markup import plain_text
from .web.tree import read_tree

_UNSEEN = frozenset(
    ["script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "head", "title"]
)
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


def html_to_markdown(html: str) -> str:
    """Write the Markdown of a fragment of HTML; what it cannot show exactly is refused."""
    soup = read_tree(html)
    for tag in [each for each in soup.find_all(True) if each.name in _UNSEEN]:
        tag.decompose()
    for marks in (frozenset({"link", "emphasis"}), frozenset({"link"}), frozenset()):
        markdown = "\n\n".join(_blocks(soup, marks, 0))
        if _squeezed(plain_text(markdown)) == _squeezed(_seen(soup)):
            return markdown
    raise ArchiveError(f"this HTML cannot be shown exactly: {_squeezed(_seen(soup))[:60]!r}; give it as `text`")


def _blocks(tag: Tag, marks: frozenset[str], depth: int) -> Iterator[str]:
    """Give the blocks inside a tag; text between block tags is a paragraph of its own."""
    if depth > _DEPTH:
        raise ArchiveError(f"HTML nested deeper than {_DEPTH} tags")
    run: list[str] = []
    for child in tag.children:
        if isinstance(child, Tag) and _is_block(child):
            yield from _paragraph(run)
            run = []
            yield from _block(child, marks, depth + 1)
        else:
            run.append(_inline(child, marks, depth))
    yield from _paragraph(run)


def _block(tag: Tag, marks: frozenset[str], depth: int) -> Iterator[str]:
    inner = list(_blocks(tag, marks, depth))
    if tag.name == "hr":
        yield "***"
    elif tag.name == "blockquote" and inner:
        yield _prefixed("\n\n".join(inner), "> ", "> ")
    elif tag.name in ("ul", "ol"):
        items = [list(_blocks(item, marks, depth)) for item in tag.find_all("li", recursive=False)]
        filled = ["\n\n".join(item) for item in items if item]
        signs = [f"{number}. " if tag.name == "ol" else "- " for number in range(1, len(filled) + 1)]
        rows = [_prefixed(item, sign, " " * len(sign)) for item, sign in zip(filled, signs, strict=True)]
        yield from ["\n\n".join(rows)] if rows else []
    elif tag.name in ("h1", "h2", "h3", "h4", "h5", "h6") and inner:
        yield "### " + " ".join(inner)
    else:
        yield from inner


def _inline(node: object, marks: frozenset[str], depth: int) -> str:
    if isinstance(node, (Comment, Doctype)):
        return ""
    if isinstance(node, NavigableString):
        return _escaped(str(node))
    if not isinstance(node, Tag) or node.name in _UNSEEN:
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
    if address and "link" in marks and _SAFE_LINK.fullmatch(address):
        return f"{head}[{core}](<{address}>){tail}"
    mark = _MARKS.get(node.name, "") if "emphasis" in marks else ""
    return f"{head}{mark}{core}{mark}{tail}"


def _is_block(tag: Tag) -> bool:
    return tag.name in _BLOCKS or any(isinstance(each, Tag) and each.name in _BLOCKS for each in tag.descendants)


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


def _seen(soup: BeautifulSoup) -> str:
    return " ".join(text for text in soup.find_all(string=True) if type(text) is NavigableString)


def _squeezed(text: str) -> str:
    return "".join(text.split())
