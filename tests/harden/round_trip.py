"""Send hostile strings from pages and records to the built site and compare what it shows.

Every string is sent in three ways: as the headline and text of a record, as the HTML of a record, and in a sentence
of a saved page. The built HTML must show it unchanged, or the input must have been refused with a reason.
"""

import datetime as dt
import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from builds import build_site
from catalogs import load_days
from msgspec import Struct

from daybook.archive.ingest import IngestOptions, ingest
from daybook.core.config import BuildPaths
from daybook.parse.base.decode import clean_characters
from daybook.parse.input_files import parse_files, read_hints, read_record_files
from harden.oracle import UTC

PER_DAY = 400
FIRST = dt.date(2031, 4, 8)
CONF = 'SITENAME = "Harden"\nFIRST_DAY = "2031-04-08"\nTIMEZONE = "UTC"\n'
HTML_SPACES = " \t\n\r\f"


class Tally(Struct):
    """The numbers of strings sent, shown unchanged and, by reason, refused."""

    sent: int = 0
    shown: int = 0
    refused: Counter[str] = Counter()

    @property
    def lost(self) -> int:
        """Return the number of strings that were neither shown nor refused."""
        return self.sent - self.shown - sum(self.refused.values())

    def __str__(self) -> str:
        reasons = "; ".join(f"{count} × {reason}" for reason, count in self.refused.most_common())
        return f"{self.sent:,} sent, {self.shown:,} shown unchanged, {self.lost} lost; refused: {reasons or 'none'}"


def round_trip(strings: Sequence[str], folder: Path) -> Tally:
    """Send strings through an archive in `folder`. Raises AssertionError where one is shown changed."""
    tally = Tally(sent=3 * len(strings), refused=Counter())
    (folder / "conf.py").write_text(f'{CONF}ENTRY_PAGES = "none"\n')  # `_shown` reads the pages of days
    lines = [line for number, text in enumerate(strings) for line in _record_lines(number, text)]
    (folder / "in.jsonl").write_text("\n".join(lines))
    (folder / "pages").mkdir()
    for start in range(0, len(strings), PER_DAY):
        page = folder / "pages" / f"{start:06}.html"
        page.write_bytes(_page(start, strings[start : start + PER_DAY]))
    target = IngestOptions(content=folder / "content", zone=UTC)
    readings = [*read_record_files([str(folder / "in.jsonl")])]
    readings += parse_files([str(folder / "pages")], read_hints({"zone": "UTC"}))
    for reading in readings:
        problems = (*reading.problems, *ingest(reading, target).errors)
        tally.refused.update(_reason_kind(problem.reason) for problem in problems)
    paths = BuildPaths(
        content=folder / "content", output=folder / "site", conf=folder / "conf.py", cache=folder / "cache"
    )
    build_site(paths)
    tally.shown = sum(_shown(strings, folder))
    return tally


def _record_lines(number: int, text: str) -> Iterable[str]:
    at = dt.datetime.combine(FIRST, dt.time(), UTC) + _offset(number)
    common = {"at": at.isoformat(), "id": f"r{number}", "headline": text, "text": text}
    yield json.dumps(common)
    body = {"at": at.isoformat(), "id": f"h{number}", "html": f"<p>{html.escape(text)}</p>"}
    yield json.dumps(body)


def _offset(number: int) -> dt.timedelta:
    return dt.timedelta(days=number // PER_DAY, minutes=3 * (number % PER_DAY))


def _page(first: int, strings: Sequence[str]) -> bytes:
    """Return a live-blog page as a browser saves it, with a string in a sentence of each post."""
    date = FIRST + dt.timedelta(days=first // PER_DAY)
    posts = []
    for number, text in enumerate(strings, start=first):
        at = dt.datetime.combine(FIRST, dt.time(), UTC) + _offset(number)
        sentence = f"They read {html.escape(text)} from the board number{number}n today."
        posts.append(
            f'<article id="post-{number + 10_000}"><time datetime="{at.isoformat()}">{at:%H:%M}</time>'
            f"<h2>Board number {number} is read</h2><p>{sentence}</p></article>"
        )
    head = f"<!doctype html><meta charset=utf-8><title>Boards of {date}</title><body><main><h1>Boards of {date}</h1>"
    return f"{head}{''.join(posts)}</main>".encode("utf-8", "replace")


def _shown(strings: Sequence[str], folder: Path) -> Iterable[bool]:
    """Yield True for each entry of the built site that shows its string. Raises AssertionError for others."""
    for day in load_days(folder / "content"):
        soup = BeautifulSoup((folder / "site" / f"{day.date:%Y/%m/%d}" / "index.html").read_text(), "lxml")
        tags = {str(tag["id"]): tag for tag in soup.find_all(id=True) if isinstance(tag, Tag)}
        for entry in day.entries:
            assert entry.anchor in tags, f"{day.date}#{entry.anchor} is not on its page"
            tag = tags[entry.anchor]
            shown = tag.get_text()
            if entry.id[:1] == "r":
                text = strings[int(entry.id[1:])]
                assert _without_html_spaces(_without_blank_paragraphs(text)) in _without_html_spaces(shown), (
                    text,
                    shown,
                )
                assert _without_spaces(text) in _without_spaces(_heading_text(tag)), (text, _heading_text(tag))
            elif entry.id[:1] == "h":
                text = strings[int(entry.id[1:])]
                assert _without_spaces(text) in _without_spaces(shown), (text, shown)
            else:
                number = int(entry.body.split("board number")[-1].split("n ")[0])
                sentence = f"They read {_in_html(strings[number])} from the board number{number}n today."
                assert _without_spaces(sentence) in _without_spaces(shown), (sentence, shown)
            yield True


def _heading_text(tag: Tag) -> str:
    heading = tag.find(["h2", "h3", "h4"])
    return heading.get_text() if heading else ""


def _without_html_spaces(text: str) -> str:
    return "".join(character for character in text if character not in HTML_SPACES)


def _without_blank_paragraphs(text: str) -> str:
    # A paragraph that consists of spaces, of any kind, is dropped.
    return "".join(part for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")) if part.strip())


def _in_html(text: str) -> str:
    """Return a text as a saved page can contain it: form feeds become spaces, lone surrogates are replaced."""
    return clean_characters(text.replace("\f", " ").encode("utf-8", "replace").decode())


def _without_spaces(text: str) -> str:
    # HTML and headlines collapse spaces of all kinds, and drop those at the edges.
    return "".join(text.split())


def _reason_kind(reason: str) -> str:
    """Return the part of a reason that is the same for all strings."""
    return re.split(r""": '| "|U\+|; | \((?:byte|char)""", reason, maxsplit=1)[0][:70]
