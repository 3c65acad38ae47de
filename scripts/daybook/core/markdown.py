"""Convert Markdown to HTML and plain text, and plain text to Markdown.

The dialect is CommonMark with tables and strikethrough (markdown-it-py's rules), without raw HTML. Pictures are those
of the archive's own folder (core/pictures), so that a page loads nothing from other hosts; others are shown as links.
markdown-it-py parses, nh3 cleans the HTML. Paragraphs without any Markdown syntax, which are most, are converted
directly: the result is the same, thirteen times faster (tests/core/test_markdown.py compares both).
"""

import html
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import nh3

from daybook.core.errors import ArchiveError
from daybook.core.pictures import picture_rule, render_picture, with_captions

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "a", "code", "pre", "blockquote"),
    *("img", "figure", "figcaption", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_URL_SCHEMES = {"http", "https", "mailto"}
# A relative URL, or http(s) with a plain host. Not `//host`, which is a file share for a page opened from a folder;
# not `https:path`, which browsers resolve as relative; and nothing before an @, which readers take for the host.
_ALLOWED_LINK = re.compile(r"(?!//|[a-z][a-z0-9+.-]*:)|https?://(?![^/?#]*@)[^/?#]|mailto:", re.IGNORECASE)

# A paragraph without a match has no Markdown syntax in it.
_SYNTAX = re.compile(
    r"[\\`*_\[\]\x00-\x1f\x7f-\x9f]"  # inline syntax, control characters
    r"|^[-+#=~|:!<>]|^\d{1,9}[.)]"  # block syntax at the start
    r"|~~"  # strikethrough
    r"|&[#A-Za-z]"  # possibly an entity
    r"|<(?=.*>)|>(?=.*<)"  # possibly an autolink
    r"|^\s|\s\Z"
)
# Two cheaper tests that most paragraphs pass, so that `_SYNTAX` need not search them.
_SYNTAX_CHARACTERS = re.compile(r"[\\`*_\[\]\x00-\x1f\x7f-\x9f&<>]|~~")
_SYNTAX_AT_START = re.compile(r"[-+#=~|:!]|\d{1,9}[.)]|\s")
_ASCII_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LIKELY_SYNTAX = re.compile(r"([\\`*_\[\]<>&#]|(?<=~)~|~(?=~)|^[-+=~|:!])|^(\d{1,9})([.)])")
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n")


def is_allowed_link(url: str) -> bool:
    """Return whether a URL may be a link; otherwise its Markdown is shown as text."""
    return bool(_ALLOWED_LINK.match(url))


@cache
def _library() -> "MarkdownIt":
    """Return the library's parser; it is imported for the first text that needs it, which a build may not have."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - a fifth of the time of a build without changes

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    parser.validateLink = is_allowed_link  # type: ignore[method-assign]
    parser.inline.ruler.before("link", "picture", picture_rule)
    parser.add_render_rule("picture", render_picture)
    return parser


def render_markdown(markdown: str) -> str:
    """Return the HTML of a body: allowed tags only, links to http, https and mailto only."""
    paragraphs = _plain_paragraphs(markdown)
    if paragraphs is None:
        return render_with_library(markdown)
    return "".join(f"<p>{_escape_html(paragraph)}</p>\n" for paragraph in paragraphs)


def render_with_library(markdown: str) -> str:
    """Render without the fast path; `render_markdown` returns the same for every text."""
    rendered: str = _library().render(markdown)
    return with_captions(nh3.clean(rendered, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_URL_SCHEMES))


def plain_text(markdown: str) -> str:
    """Return the visible text of a body, paragraphs separated by blank lines.

    A table is one paragraph: a line for each row, with a tab between cells.
    """
    paragraphs: Iterable[str] | None = _plain_paragraphs(markdown)
    if paragraphs is None:
        paragraphs = _paragraph_texts(_library().parse(markdown))
    return "\n\n".join(paragraphs)


def _paragraph_texts(tokens: Iterable["Token"]) -> Iterator[str]:
    """Yield the text of each paragraph, heading, block of code and table that is not empty."""
    rows: list[list[str]] | None = None
    for token in tokens:
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open" and rows is not None:
            rows.append([])
        elif token.type == "table_close":
            yield "\n".join("\t".join(row) for row in rows or ())
            rows = None
        elif rows and token.type == "inline":
            rows[-1].append(_token_text(token))
        elif text := _token_text(token):
            yield text


def _token_text(token: "Token") -> str:
    if token.type in ("fence", "code_block"):
        return token.content.rstrip("\n")
    children = token.children or ()  # only inline tokens have any
    return "".join(" " if child.type in ("softbreak", "hardbreak") else child.content for child in children)


@lru_cache(512)  # a body is checked when it is loaded, then rendered, then converted to text
def _plain_paragraphs(markdown: str) -> tuple[str, ...] | None:
    """Split a body without Markdown syntax into paragraphs; None if it has syntax."""
    paragraphs = markdown.split("\n\n") if markdown else ()
    return tuple(paragraphs) if all(map(_has_no_syntax, paragraphs)) else None


def _has_no_syntax(line: str) -> bool:
    if not line or _SYNTAX_AT_START.match(line) or line[-1].isspace():
        return False
    return not _SYNTAX_CHARACTERS.search(line) or not _SYNTAX.search(line)


def _escape_html(text: str) -> str:
    # The same escapes as nh3, so that both paths give the same bytes.
    return html.escape(text, quote=False).replace("\u00a0", "&nbsp;")


def markdown_from_text(text: str) -> str:
    """Convert plain text, paragraphs separated by blank lines, to Markdown that renders as that text."""
    return "\n\n".join(escape_markdown(paragraph) for paragraph in split_paragraphs(text))


def split_paragraphs(text: str) -> list[str]:
    """Split plain text at blank lines; white space inside a paragraph becomes single spaces."""
    parts = (_SPACES.sub(" ", part).strip(" ") for part in _PARAGRAPH_BREAK.split(text.replace("\r\n", "\n")))
    return [part for part in parts if part.strip()]


def escape_markdown(line: str) -> str:
    """Convert one paragraph to Markdown with no escapes, those of likely syntax, or, where it is needed, all."""
    if not line or _has_no_syntax(line):
        return line
    rendered = f"<p>{_escape_html(line)}</p>"
    for candidate in _escaped_forms(line):
        if render_markdown(candidate).strip("\n") == rendered:
            return candidate
    raise not_markdown(line, "simplify it, or report a bug")


def not_markdown(text: str, cure: str) -> ArchiveError:
    """Return the error for a text or HTML that has no exact Markdown form."""
    return ArchiveError(f"cannot be stored as Markdown without changing it: {text[:60]!r}; {cure}")


def _escaped_forms(line: str) -> Iterator[str]:
    """Yield the line with likely syntax escaped, then with all punctuation escaped."""
    for escaped in (_LIKELY_SYNTAX.sub(r"\2\\\1\3", line), _ASCII_PUNCTUATION.sub(r"\\\1", line)):
        # Renderers strip white space of every kind at the start and end of a block, but not entities.
        outer = escaped[: len(escaped) - len(escaped.lstrip())], escaped[len(escaped.rstrip()) :]
        head, tail = ("".join(f"&#{ord(char)};" for char in spaces) for spaces in outer)
        yield head + escaped.strip() + tail


def load_headline(markdown: str, line: int = 0) -> str:
    """Return the text of a heading; raise ArchiveError if it has Markdown syntax that is not escaped."""
    if not markdown or _has_no_syntax(markdown):
        return markdown
    children = _library().parseInline(markdown)[0].children or []
    if any(child.type != "text" for child in children):
        reason = "a headline is plain text; put a backslash before Markdown syntax, as in \\*"
        raise ArchiveError(reason, line=line)
    return "".join(child.content for child in children)


def dump_headline(text: str) -> str:
    """Escape a headline so that `load_headline` returns it and Markdown viewers show it."""
    for candidate in (text, *_escaped_forms(text)):
        # In CommonMark a # at the end closes the heading and is not shown.
        is_closing = candidate.endswith("#") and not candidate.endswith("\\#")
        try:
            if not is_closing and load_headline(candidate) == text:
                return candidate
        except ArchiveError:
            continue
    raise not_markdown(text, "simplify it, or report a bug")


def check_body(markdown: str, line: int = 0) -> str:
    """Return a body; raise ArchiveError if it has a heading of the level of entries (##) or above."""
    if _plain_paragraphs(markdown) is None:
        for token in _library().parse(markdown):
            _check_pictures(token, line)
            if token.type == "heading_open" and token.tag in ("h1", "h2"):
                token_line = line + token.map[0] if line and token.map else line
                fix = "a line of --- or === under text is also a heading; put a blank line above it"
                raise ArchiveError(f"use ### or deeper for headings inside an entry ({fix})", line=token_line)
    return markdown


def check_prose(markdown: str, line: int = 0) -> str:
    """Return the text of a prose page or a topic; raise ArchiveError for a picture without a description."""
    if "![" in markdown:
        for token in _library().parse(markdown):
            _check_pictures(token, line)
    return markdown


def _check_pictures(token: "Token", line: int) -> None:
    for child in token.children or ():
        if child.type == "picture" and not child.content:
            path = child.attrs["src"]
            reason = f"the picture {path} has no description; say what it shows: ![The third gate]({path})"
            raise ArchiveError(reason, line=line + token.map[0] if line and token.map else line)
