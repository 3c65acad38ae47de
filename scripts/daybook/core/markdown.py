"""Markdown → HTML and text, and text → Markdown: the only home of markdown-it-py and nh3.

CommonMark with raw HTML off and no images: nothing is loaded from elsewhere. Most
paragraphs hold no character that Markdown could read; for those a direct path gives
what the libraries would give, thirteen times faster (tests/test_markup.py holds it to that).
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from daybook.core.errors import ArchiveError

_markdown = MarkdownIt("commonmark", {"html": False}).disable("image")


_TAGS = {
    *("p", "br", "hr", "em", "strong", "a", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6"),
}


_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}


_SCHEMES = {"http", "https", "mailto"}


# Within the site, or to a host that is named as browsers read it: `//host` is a file share for a page in a
# folder, `https:host` a page beside this one, and what stands before an @ is taken for the host.
_LINK = re.compile(r"(?!//|[a-z][a-z0-9+.-]*:)|https?://(?![^/?#]*@)[^/?#]|mailto:", re.IGNORECASE)


# A line is direct when no rule of CommonMark can see anything in it.
_NOT_DIRECT = re.compile(
    r"[\\`*_\[\]\x00-\x1f\x7f-\x9f]"  # inline marks, control characters
    r"|^[-+#=~|:!<>]|^\d{1,9}[.)]"  # block marks at the start
    r"|&[#A-Za-z]"  # what may be an entity
    r"|<(?=.*>)|>(?=.*<)"  # what may be an autolink
    r"|^\s|\s\Z"
)


# Most lines hold none of these, and need only be looked at where they begin and end.
_MARKS = re.compile(r"[\\`*_\[\]\x00-\x1f\x7f-\x9f&<>]")


_START = re.compile(r"[-+#=~|:!]|\d{1,9}[.)]|\s")


_ASCII_MARKS = re.compile(r"([!-/:-@\[-`{-~])")


_LIKELY_MARKS = re.compile(r"([\\`*_\[\]<>&#])|^([-+=~|:!])|^(\d{1,9})([.)])")


_SPACES = re.compile(r"[ \t\n\r\f\v]+")


_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")


def is_allowed_link(address: str) -> bool:
    """Say whether an address may be a link; where it may not, its Markdown shows as the text it is."""
    return bool(_LINK.match(address))


_markdown.validateLink = is_allowed_link  # type: ignore[assignment, method-assign]


def render_markdown(markdown: str) -> str:
    """Give the HTML of a body: allow-listed tags, links to http, https and mailto only."""
    blocks = _direct_blocks(markdown)
    if blocks is not None:
        return "".join(f"<p>{_escape_html(block)}</p>\n" for block in blocks)
    return render_with_library(markdown)


def render_with_library(markdown: str) -> str:
    """Render without the direct path: what `render` must equal for every text."""
    html: str = _markdown.render(markdown)
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES)


def plain_text(markdown: str) -> str:
    """Give what a reader sees of a body, paragraphs separated by blank lines."""
    blocks: Iterable[str] | None = _direct_blocks(markdown)
    if blocks is None:
        blocks = [text for token in _markdown.parse(markdown) if (text := _visible(token))]
    return "\n\n".join(blocks)


def markdown_from_text(text: str) -> str:
    """Write plain text, paragraphs separated by blank lines, as Markdown that shows just it."""
    return "\n\n".join(escape_markdown(paragraph) for paragraph in split_paragraphs(text))


def split_paragraphs(text: str) -> list[str]:
    """Split plain text at blank lines; white space within becomes single spaces."""
    parts = (_SPACES.sub(" ", part).strip(" ") for part in _PARAGRAPH_END.split(text.replace("\r\n", "\n")))
    return [part for part in parts if part.strip()]


def escape_markdown(line: str) -> str:
    """Write one paragraph of text as Markdown: as it is, lightly escaped, or all escaped.

    The first that renders to the very text is taken, so day files stay readable.
    """
    if not line or _is_direct(line):
        return line
    html = f"<p>{_escape_html(line)}</p>"
    for candidate in (_escape_lightly(line), _escape_fully(line)):
        if render_markdown(candidate).strip("\n") == html:
            return candidate
    raise ArchiveError(f"no Markdown shows this text as it is: {line[:60]!r}")


def load_headline(markdown: str, line: int = 0) -> str:
    """Read a heading's text; marks of Markdown in it must be escaped."""
    if not markdown or _is_direct(markdown):
        return markdown
    tokens = _markdown.parseInline(markdown)
    children = (tokens[0].children or []) if tokens else []
    if any(child.type != "text" for child in children):
        reason = "a headline is plain text; put a backslash before a mark of Markdown, as in \\*"
        raise ArchiveError(reason, line=line)
    return "".join(child.content for child in children)


def dump_headline(text: str) -> str:
    """Write a headline so that `load_headline` gives it back and no viewer sees marks."""
    for candidate in (text, _escape_lightly(text), _escape_fully(text)):
        closing = candidate.endswith("#") and not candidate.endswith("\\#")
        try:
            if not closing and load_headline(candidate) == text:
                return candidate
        except ArchiveError:
            continue
    raise ArchiveError(f"no Markdown shows this headline as it is: {text[:60]!r}")


def check_body(markdown: str, line: int = 0) -> str:
    """Return a body, or raise where it holds a heading that would stand beside the entries'."""
    if _direct_blocks(markdown) is None:
        for token in _markdown.parse(markdown):
            if token.type == "heading_open" and token.tag in ("h1", "h2"):
                where = line + token.map[0] if line and token.map else line
                reason = "a heading inside an entry must be ### or deeper (a line of --- or === makes one too)"
                raise ArchiveError(reason, line=where)
    return markdown


@lru_cache(512)  # a body is asked for when it is read, rendered, and given as text
def _direct_blocks(markdown: str) -> tuple[str, ...] | None:
    blocks = markdown.split("\n\n") if markdown else ()
    return tuple(blocks) if all(map(_is_direct, blocks)) else None


def _is_direct(line: str) -> bool:
    if not line or _START.match(line) or line[-1].isspace():
        return False
    return not _MARKS.search(line) or not _NOT_DIRECT.search(line)


def _escape_html(text: str) -> str:
    # The escapes of nh3's serializer, so that both paths give the same bytes.
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\u00a0", "&nbsp;")


def _escape_lightly(line: str) -> str:
    def mark(match: re.Match[str]) -> str:
        return f"{match[3]}\\{match[4]}" if match[3] else f"\\{match[0]}"

    return _edges(_LIKELY_MARKS.sub(mark, line))


def _escape_fully(line: str) -> str:
    return _edges(_ASCII_MARKS.sub(r"\\\1", line))


def _edges(line: str) -> str:
    # Viewers trim white space of every kind at a block's edges: write it as an entity.
    body = line.strip()
    head, tail = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
    return "".join(f"&#{ord(c)};" for c in head) + body + "".join(f"&#{ord(c)};" for c in tail)


def _visible(token: Token) -> str:
    if token.type in ("fence", "code_block"):
        return token.content.rstrip("\n")
    return "".join(_inline_text(token.children or [])) if token.type == "inline" else ""


def _inline_text(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        yield " " if token.type in ("softbreak", "hardbreak") else token.content
