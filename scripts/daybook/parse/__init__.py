"""Pages → records, in the order a page passes through:

- `hints`: what a maintainer knows and the page does not say
- `unpacking`, `formats`: compressed files; the table of formats, each reader turns bytes into an `Outline`
- `webarchive`: the pages in a WARC or WACZ, one by one
- `plaintext`, with `decoding`, `runs`, `signs`, `heads`, `posts`: the reader of plain text
- `web`: the reader of HTML; `jsonld`, `schema`, `updates`: what the data of a page says
- `reconciling`, with `likeness`: the posts of a page's data and of its text become one list
- `stamps`, `moments`, `zones`, `dates`, `captions`, `boilerplate`: what single lines and values can be
- `placing`, with `copies`, `origin`, `clocks`, `timeline`: an `Outline` becomes a dated `Page`
- `recordlines`: records that another parser made; `html_body`: HTML bodies as Markdown
- `report`: a `Page` in words

`parse` is a pure function of bytes and hints.
"""

import hashlib

from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.parse.base.page import Hints, ParsedPage
from daybook.parse.containers import decompress
from daybook.parse.formats import RECORDS, detect_format, read_outline, read_records
from daybook.parse.time.dating import date_page
from daybook.parse.web.match_posts import remove_repeated_posts

MAX_ENTRIES = 5_000  # of one page


def parse(data: bytes, hints: Hints, name: str) -> ParsedPage:
    """Read one saved page; `name` only names it in messages.

    Entries that cannot be read are `problems` of the page, the others are its records.
    Raises ArchiveError when nothing of the page can be used.
    """
    unit = "line"
    try:
        page = decompress(data)
        format_ = hints.format or detect_format(page)
        if format_ == RECORDS:
            found = read_records(page)
        else:
            outline = read_outline(page, format_, hints.url)
            unit = outline.line_unit
            if len(outline.posts) > MAX_ENTRIES:
                raise ArchiveError(f"the page holds {len(outline.posts):,} posts, over {MAX_ENTRIES:,}: split it")
            found = date_page(remove_repeated_posts(outline), hints, hashlib.sha256(page).hexdigest())
    except ArchiveError as error:
        raise _located(error, unit).at(name) from error
    return replace(found, name=name, problems=tuple(_located(each, unit).at(name) for each in found.problems))


def _located(error: ArchiveError, unit: str) -> ArchiveError:
    """Say what a number counts where it does not count lines of the file."""
    if unit == "line" or not error.line:
        return error
    return ArchiveError(f"{unit} {error.line}: {error.reason}")
