"""Parse saved pages into records.

- `base`: shared types; bytes to text lines
- `time`: dates and times; dating of posts
- `text`: reader of plain text pages
- `web`: reader of HTML pages and JSON-LD
- `readers`: readers of feeds, exports and other data
- `containers`: gzip files and web archives
- `saved_pages`: MHTML, and what browsers and the Wayback Machine add to a page
- `formats`: detection of formats; records files
- `byte_test`: whether the bytes of a page may hold a live blog
- `outlets`: defaults for the pages of an outlet
- `input_files`: files and folders named on the command line, with their hint files

A module imports only from modules above it in this list. `parse` is a pure function of bytes and hints.
"""

import hashlib
import re
from collections.abc import Iterator

from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.parse.base.decode import MAX_LINES, decode_page, find_encoding
from daybook.parse.base.page import Doubt, Hints, Outline, ParsedPage
from daybook.parse.containers import decompress
from daybook.parse.formats import KINDS, READERS, RECORDS, detect_format, is_markup, read_records
from daybook.parse.saved_pages import unwrap_page
from daybook.parse.time.dating import date_page
from daybook.parse.web.match_posts import remove_repeated_posts

_PAGE_OF = re.compile(
    r"\W*(?:page|seite|pagina|página)\s?(\d{1,4})\s?(?:of|von|sur|de|di|/)\s?(\d{1,4})\W*", re.IGNORECASE
)
_LONGEST_PAGE_OF = 30  # characters
MAX_ENTRIES = 5_000  # posts of one page; a page with more is a mistake or an attack


def parse(data: bytes, hints: Hints, name: str) -> ParsedPage:
    """Parse one saved page or records file, gzipped or not; messages call it `name`.

    Posts that cannot be read are `problems` of the page.

    Raises:
        ArchiveError: Nothing on the page can be used.
    """
    unit = "line"
    try:
        unpacked = decompress(data)
        digest = hashlib.sha256(unpacked).hexdigest()
        unpacked, hints, saved_as = unwrap_page(unpacked, hints)
        encoding = find_encoding(hints.encoding)
        format_ = hints.format or detect_format(unpacked, encoding)
        if format_ == RECORDS:
            if unpacked.count(b"\n") > MAX_LINES:
                raise ArchiveError(f"the file has more than {MAX_LINES:,} lines; split it")
            page = replace(read_records(unpacked, encoding), kind=KINDS[RECORDS])
        else:
            decoded = decode_page(unpacked, encoding, is_html=is_markup(format_))
            outline = READERS[format_](decoded.text, hints.url)
            unit, outline = outline.line_unit, replace(outline, notes=(*decoded.notes, *outline.notes))
            if len(outline.posts) > MAX_ENTRIES:
                raise ArchiveError(f"the page has more than {MAX_ENTRIES:,} posts; save it in parts")
            outline = replace(outline, doubts=(*outline.doubts, *_part_doubts(outline)))
            page = date_page(remove_repeated_posts(outline), hints, digest)
            page = replace(page, kind=" · ".join(filter(None, (outline.kind or KINDS[format_], saved_as))))
    except ArchiveError as error:
        raise _with_unit(error, unit).at(name) from error
    return replace(
        page, name=name, sha256=digest, problems=tuple(_with_unit(each, unit).at(name) for each in page.problems)
    )


def _part_doubts(outline: Outline) -> Iterator[Doubt]:
    """Yield a doubt for the first line that says that the page holds only a part of its live blog."""
    if not outline.posts or any(doubt.kind == "part" for doubt in outline.doubts):
        return
    for line in outline.lines:
        pages = _PAGE_OF.fullmatch(line.text) if len(line.text) < _LONGEST_PAGE_OF else None
        if line.reason == "load-more" or (pages and int(pages[2]) > 1):
            told = f"{line.text!r}: only a part of the live blog; open the rest of it in the browser and save it again"
            yield Doubt(kind="part", line=line.number, text=told)
            return


def _with_unit(error: ArchiveError, unit: str) -> ArchiveError:
    """Move a number that does not count lines of the file into the reason: "block 12: …"."""
    in_file = unit == "line" or not error.line
    return error if in_file else ArchiveError(f"{unit} {error.line}: {error.reason}")
