"""JSON-LD text → documents, and a bare JSON-LD file → Outline: the only place that reads its JSON."""

import json
import re
from collections.abc import Iterable

from ..errors import ArchiveError
from .decoding import decode
from .page import Outline
from .updates import data_line, numbered, own_day, read_blog

MAX_BRACKETS = 500_000  # of one page: 50 MB of `{}` would fill a gigabyte; 5,000 updates have a tenth of these
_OPENS = re.compile(r"<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/")
_CLOSES = re.compile(r"(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)\Z")
_TAIL = 80  # characters; looked for in the end only, so that the cost does not grow with the text


def check_size(texts: Iterable[str]) -> None:
    """Refuse the JSON-LD of a page before it fills the memory; raises ArchiveError."""
    if sum(text.count("{") + text.count("[") for text in texts) > MAX_BRACKETS:
        raise ArchiveError(f"the page's JSON-LD holds over {MAX_BRACKETS:,} objects and lists: split it")


def load_document(text: str) -> object:
    """Read one JSON-LD text; raises ArchiveError that says where it breaks."""
    try:
        return json.loads(_unwrapped(text), strict=False)
    except RecursionError as error:
        raise ArchiveError("it is nested too deeply") from error
    except ValueError as error:
        raise ArchiveError(str(error)) from error


def _unwrapped(text: str) -> str:
    """Take off the comment or CDATA section that hides a script from old browsers, and the last semicolon."""
    text = text.strip().removesuffix(";").rstrip()
    opens = _OPENS.match(text)
    closes = _CLOSES.search(text, max(0, len(text) - _TAIL))
    return text[opens.end() if opens else 0 : closes.start() if closes else len(text)]


def read_data(data: bytes, url: str = "") -> Outline:
    """Read a file that is one JSON-LD document; raises ArchiveError where it is not JSON."""
    text = decode(data)
    check_size([text])
    try:
        blog = read_blog([load_document(text)], url)
    except ArchiveError as error:
        raise ArchiveError(f"not a JSON document: {error.reason}", line=error.line) from error
    posts = tuple(numbered(post, number) for number, post in enumerate(blog.posts, 1))
    return Outline(
        title=blog.title,
        standfirst=blog.standfirst,
        url=blog.url,
        outlet=blog.outlet,
        lang=blog.lang,
        day=own_day(blog, posts),
        zone=blog.zone,
        posts=posts,
        lines=tuple(data_line(post) for post in posts),
        notes=blog.notes,
        unit="update",
    )
