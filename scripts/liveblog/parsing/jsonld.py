"""JSON-LD text → documents, and a bare JSON-LD file → Outline: the only place that reads its JSON."""

import json
import re

from ..errors import ArchiveError
from .decoding import decode
from .page import Outline
from .updates import data_line, numbered, own_day, read_blog

_WRAPPED = re.compile(
    r"\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)?(?P<json>.*?)"
    r"(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)?\s*;?\s*",
    re.DOTALL,
)


def load_document(text: str) -> object:
    """Read one JSON-LD text; raises ArchiveError that says where it breaks."""
    match = _WRAPPED.fullmatch(text)
    try:
        return json.loads(match["json"] if match else text, strict=False)
    except RecursionError as error:
        raise ArchiveError("it is nested too deeply") from error
    except ValueError as error:
        raise ArchiveError(str(error)) from error


def read_data(data: bytes, url: str = "") -> Outline:
    """Read a file that is one JSON-LD document; raises ArchiveError where it is not JSON."""
    try:
        blog = read_blog([load_document(decode(data))], url)
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
