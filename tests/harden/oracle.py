"""Checks for any input: it passes through the archive unchanged, or is refused with an ArchiveError.

Each function raises AssertionError, or the unexpected exception, where neither is the case.
"""

from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from merging import merge_into

from daybook.archive.day_file import dump_day, load_day
from daybook.archive.from_record import entry_from_record
from daybook.archive.front_matter import load_front_matter
from daybook.core.errors import ArchiveError
from daybook.core.markdown import plain_text, render_markdown
from daybook.core.model import Day
from daybook.core.record import Record, dump_record, load_record
from daybook.parse import parse
from daybook.parse.input_files import read_hints
from daybook.parse.web.to_markdown import html_to_markdown

UTC = ZoneInfo("UTC")
# What the HTML of an entry may contain.
TAGS = {
    *("p", "br", "hr", "em", "strong", "a", "code", "pre", "blockquote", "ul", "ol", "li"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
ATTRIBUTES = {("a", "href"), ("a", "title"), ("a", "rel"), ("ol", "start")}


class _TextReader(HTMLParser):
    """Collect the text of rendered HTML, and the markup that it must not contain."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.forbidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.forbidden.append(tag)
        for name, value in attrs:
            if (tag, name) not in ATTRIBUTES:
                self.forbidden.append(f"{tag} {name}")
            scheme, colon, _ = (value or "").partition(":")
            if name == "href" and colon and scheme.isalpha() and scheme.lower() not in ("http", "https", "mailto"):
                self.forbidden.append(str(value))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.forbidden.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.forbidden.append(f"declaration {decl}")


def visible_text(html: str) -> str:
    """Return the text of rendered HTML. Raises AssertionError for forbidden markup."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    assert not reader.forbidden, reader.forbidden
    return "".join(reader.text)


def without_spaces(text: str) -> str:
    """Return a text without white space, which HTML may collapse."""
    return "".join(text.split())


def check_markdown(markdown: str) -> None:
    """Check that a body is rendered with allowed markup only and shows what `plain_text` returns."""
    assert without_spaces(visible_text(render_markdown(markdown))) == without_spaces(plain_text(markdown))


def check_fragment(html: str) -> None:
    """Check that an HTML body becomes valid Markdown without entry headings, or is refused."""
    try:
        markdown = html_to_markdown(html)
    except ArchiveError:
        return
    check_markdown(markdown)
    assert "\n## " not in f"\n{markdown}"


def check_record(record: Record) -> None:
    """Check that a record survives its JSON line, and its entry the day file, or is refused."""
    try:
        assert load_record(dump_record(record)) == record
        incoming = entry_from_record(record, UTC)
        day = merge_into(Day(date=incoming.date, title=""), [incoming])
        text = dump_day(day)
    except ArchiveError:
        return
    assert load_day(text) == day
    check_markdown(day.entries[0].body)


def check_page(data: bytes, hints: dict[str, object]) -> None:
    """Check that a page gives valid records and one role for each line, or is refused."""
    try:
        page = parse(data, read_hints(hints), "page")
    except ArchiveError:
        return
    numbers = [line.number for line in page.lines]
    assert len(numbers) == len(set(numbers)), "a line has two roles"
    for record in page.records:
        load_record(dump_record(record))
        check_record(record)


def check_record_line(line: bytes) -> None:
    """Check that a line is a valid record, or is refused."""
    try:
        record = load_record(line)
    except ArchiveError:
        return
    check_record(record)


def check_day_file(text: str) -> None:
    """Check that a day file is read, and written and read again as the same day, or is refused."""
    try:
        day = load_day(text)
    except ArchiveError:
        return
    try:
        assert load_day(dump_day(day)) == day
    except ArchiveError:
        return
    for entry in day.entries:
        check_markdown(entry.body)


def check_front_matter(text: str) -> None:
    """Check that front matter is read, or refused with a line number."""
    try:
        load_front_matter(text, frozenset({"title", "date", "aliases"}))
    except ArchiveError as error:
        assert error.line
