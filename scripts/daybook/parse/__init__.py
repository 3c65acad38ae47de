"""Parse saved pages into records.

- `base`: shared types; bytes to text lines
- `time`: dates and times; dating of posts
- `text`: reader of plain text pages
- `web`: reader of HTML pages and JSON-LD
- `readers`: readers of feeds, exports and other data
- `warc_records`: a WARC file or a range of it → the bytes of records
- `containers`: gzip files and web archives
- `byte_test`: whether the bytes of a page may hold a live blog
- `saved_pages`: MHTML, and what browsers and the Wayback Machine add to a page
- `formats`: detection of formats; records files
- `outlets`: defaults for the pages of an outlet
- `input_files`: files and folders named on the command line, with their hint files

A module imports only from modules above it in this list. `parse` is a pure function of bytes and hints.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from daybook.core.errors import ArchiveError
from daybook.parse.base.decode import MAX_LINES, decode_page, find_encoding
from daybook.parse.base.page import ClassifiedLine, Doubt, Hints, LineRole, Outline, ParsedPage
from daybook.parse.containers import decompress
from daybook.parse.formats import KINDS, READERS, RECORDS, detect_format, is_markup, read_records
from daybook.parse.saved_pages import unwrap_page
from daybook.parse.text.classify import is_sentence, match_boilerplate
from daybook.parse.time.dating import date_page
from daybook.parse.web.match_posts import remove_repeated_posts

# What says that a page holds only a part of its live blog
_PAGE_OF_ALONE = re.compile(r"\W{0,3}(\d{1,3}) ?/ ?(\d{1,3})\W{0,3}")
_PAGE_OF_IN_NAVIGATION = re.compile(r"\W{0,3}(\d{1,3}) [^\W\d_]{1,5} (\d{1,3})\W{0,3}")  # "1 of 7"
_NUMBER = re.compile(r"\d+")
_IN_ROW = re.compile(r"\d{1,3}|…|\.\.\.")
_PAGE_NUMBERS = re.compile(r"(?:\W|page|seite)*1\W+2(?:\W+\d{1,4})*(?:\W+[^\W\d]{1,15}){0,3}\W*", re.IGNORECASE)
_LONGEST_CONTROL = 60  # characters of a control that loads more
_ROW = 9  # first links of a row of pages
_NEAR = 5  # lines from the posts to a control that does not say what it loads
_NO_TEXT = (LineRole.BOILERPLATE, LineRole.NOT_UNDERSTOOD)
_OTHER_REGIONS = ("comments", "related", "newsletter", "advert")
_BARE_CONTROL = re.compile(r"\W*\w+(?: \w+)?\W*")
_SHOWN = 40  # characters of a line in a message
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
            doubts = (*outline.doubts, *_part_doubts(outline), *_pinned_doubts(outline))
            outline = replace(outline, doubts=doubts)
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
    own = {number for post in outline.posts for number in post.line_numbers}
    first, last = min(own, default=0), max(own, default=0)
    row: list[str] = []  # of links to pages below the posts
    for line in outline.lines:
        if line.number in own or line.reason in _OTHER_REGIONS:
            continue
        is_below = line.number > last
        if is_below and line.role in _NO_TEXT and len(row) < _ROW and _IN_ROW.fullmatch(line.text):
            row.append(line.text)
            continue
        told = _row_of_pages(row) or _part_told(outline, line, first, last)
        row = []
        if told:
            yield _part_doubt(line.number, told)
            return
    if told := _row_of_pages(row):
        yield _part_doubt(outline.lines[-1].number, told)


def _part_doubt(line: int, told: str) -> Doubt:
    cure = "only a part of the live blog; open the rest of it in the browser and save it again"
    return Doubt(kind="part", line=line, text=f"{told!r}: {cure}")


def _row_of_pages(row: Sequence[str]) -> str:
    """Return links to the pages 1, 2 and so on as one text; "" if some lines are no such row."""
    numbers = [int(text) for text in row if text.isdecimal()]
    return " ".join(row) if numbers[:2] == [1, 2] and numbers == sorted(numbers) else ""


def _part_told(outline: Outline, line: ClassifiedLine, first: int, last: int) -> str:
    """Return the text of a line that counts the pages or posts of the live blog, or loads more of it; else ""."""
    text, is_below = line.text, line.number > last
    pages = _PAGE_OF_ALONE.fullmatch(text)
    if line.reason == "navigation":
        pages = pages or _PAGE_OF_IN_NAVIGATION.fullmatch(text)
    if pages and (is_below or line.number < first) and 1 < int(pages[2]) >= int(pages[1]):
        return text
    if line.role not in _NO_TEXT or len(text) > _LONGEST_CONTROL:
        return ""
    if is_below and _PAGE_NUMBERS.fullmatch(text):
        return text
    rule = match_boilerplate(text)
    if rule is None:
        return ""
    if rule.name in ("page-of", "count-of"):
        counts = [int(number) for number in _NUMBER.findall(text)]
        return text if counts[-1] > 1 and (rule.name == "page-of" or counts[-1] > counts[-2]) else ""
    if outline.has_more_in_data:
        return ""  # a button that loads what the data of the page has already
    if rule.name in ("next-page", "paywall"):
        return text if is_below else ""
    is_bare = _BARE_CONTROL.fullmatch(text) is not None
    is_near = line.number - last <= _NEAR
    same = [each.number for each in outline.lines if each.text == text]
    is_of_each_post = len(same) > 1 and any(first < number < last for number in same)
    return text if rule.name == "load-more" and (is_near or not is_bare) and not is_of_each_post else ""


def _pinned_doubts(outline: Outline) -> Iterator[Doubt]:
    """Yield a doubt if a text that is pinned above the posts has no time: it is kept as a part of the lede."""
    first = min((post.line for post in outline.posts), default=0)
    above = [line for line in outline.lines if line.number < first]
    pin = next((line for line in above if line.role is LineRole.BOILERPLATE and line.reason == "pinned"), None)
    below = [line for line in above if pin and line.number > pin.number and line.role is LineRole.LEDE]
    if any(is_sentence(line.text) for line in below):  # else a name above a time
        shown = below[0].text[:_SHOWN]
        reason = f"the text that is pinned above the posts has no time; it is kept in the lede: {shown!r}"
        yield Doubt(kind="untimed", line=below[0].number, text=reason)


def _with_unit(error: ArchiveError, unit: str) -> ArchiveError:
    """Move a number that does not count lines of the file into the reason: "block 12: …"."""
    in_file = unit == "line" or not error.line
    return error if in_file else ArchiveError(f"{unit} {error.line}: {error.reason}")
