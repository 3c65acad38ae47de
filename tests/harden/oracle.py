"""What any bytes on their way through the archive must do: pass whole or be refused with a reason.

Each function raises AssertionError, or whatever escaped, where the archive breaks its word.
"""

from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from daybook.archive.day_file import dump_day, load_day
from daybook.archive.from_record import entry_from_record
from daybook.archive.front_matter import load_front_matter
from daybook.archive.merge import merge_day
from daybook.core.errors import ArchiveError
from daybook.core.markdown import plain_text, render_markdown
from daybook.core.model import Day
from daybook.core.record import Record, dump_record, load_record
from daybook.parse import parse
from daybook.parse.input_files import read_hints
from daybook.parse.web.to_markdown import html_to_markdown

UTC = ZoneInfo("UTC")
NAMES = "p br hr em strong a code pre blockquote ul ol li h1 h2 h3 h4 h5 h6"
TAGS = frozenset(NAMES.split())
ATTRIBUTES = frozenset([("a", "href"), ("a", "title"), ("a", "rel"), ("ol", "start")])


class _Seen(HTMLParser):
    """The text of rendered HTML, and a complaint about whatever may not stand there."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            if (tag, name) not in ATTRIBUTES:
                self.wrong.append(f"{tag} {name}")
            scheme, colon, _ = (value or "").partition(":")
            if name == "href" and colon and scheme.isalpha() and scheme.lower() not in ("http", "https", "mailto"):
                self.wrong.append(str(value))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"declaration {decl}")


def seen(html: str) -> str:
    """Give the text a reader sees of rendered HTML; assert that nothing foreign stands in it."""
    reader = _Seen()
    reader.feed(html)
    reader.close()
    assert not reader.wrong, reader.wrong
    return "".join(reader.text)


def squeezed(text: str) -> str:
    """Leave white space out, which HTML shows as it likes."""
    return "".join(text.split())


def check_markdown(markdown: str) -> None:
    """A body is rendered with closed tags only, and `plain_text` is what the page shows."""
    assert squeezed(seen(render_markdown(markdown))) == squeezed(plain_text(markdown))


def check_fragment(html: str) -> None:
    """An HTML body becomes Markdown that shows what it showed, or is refused."""
    try:
        markdown = html_to_markdown(html)
    except ArchiveError:
        return
    check_markdown(markdown)
    assert "\n## " not in f"\n{markdown}"


def check_record(record: Record) -> None:
    """A record is the same after its line, and its entry the same after its day file, or refused."""
    try:
        assert load_record(dump_record(record)) == record
        arrival = entry_from_record(record, UTC)
        day = merge_day(Day(date=arrival.date, title=""), [arrival]).day
        text = dump_day(day)
    except ArchiveError:
        return
    assert load_day(text) == day
    check_markdown(day.entries[0].body)


def check_page(data: bytes, hints: dict[str, object]) -> None:
    """A page gives records that pass, or is refused; every line of it has one fate."""
    try:
        page = parse(data, read_hints(hints), "page")
    except ArchiveError:
        return
    numbers = [line.number for line in page.lines]
    assert len(numbers) == len(set(numbers)), "a line has two fates"
    for record in page.records:
        load_record(dump_record(record))
        check_record(record)


def check_record_line(line: bytes) -> None:
    """A line is a record that passes, or is refused."""
    try:
        record = load_record(line)
    except ArchiveError:
        return
    check_record(record)


def check_day_file(text: str) -> None:
    """A day file is read and written back to the same day, or is refused."""
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
    """Front matter is read, or refused with a line."""
    try:
        load_front_matter(text, frozenset({"title", "date", "aliases"}))
    except ArchiveError as error:
        assert error.line
