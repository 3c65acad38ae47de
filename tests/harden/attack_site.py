"""An archive with attack strings in every field that a page, a record or a maintainer can fill in."""

import contextlib
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from builds import build_site
from msgspec.structs import replace

from daybook.archive.content import day_file_path
from daybook.archive.day_file import dump_day, load_day
from daybook.archive.ingest import IngestOptions, ingest, write_ledger
from daybook.core.config import BuildPaths
from daybook.core.errors import ArchiveError
from daybook.core.files import read_text_file
from daybook.core.model import AnchorAllocator, Day, Entry, Wording, sort_day
from daybook.core.text import check_characters
from daybook.parse.input_files import parse_files, read_hints, read_record_files
from harden.oracle import UTC
from harden.round_trip import CONF

PER_DAY = 20  # strings; few, since each is a page of its own and each page reads its day again
FIRST = dt.date(2031, 4, 8)
FIELDS = (
    *("headline", "text", "html", "markdown", "html link", "markdown link", "id", "author", "language"),
    *("source title", "source outlet", "source address", "standfirst", "lede", "caption", "credit"),
    *("topic name", "topic alias", "topic introduction", "page title", "page text", "site name"),
    *("revision", "conflict", "reason of a withdrawal", "name of a saved file"),
)


def build_attack_site(strings: Sequence[str], folder: Path) -> Path:
    """Ingest and build an archive of attacks; return the folder of its site."""
    content = folder / "content"
    _write_topics(strings, content / "topics")
    _write_pages(strings, content / "pages")
    name = json.dumps("</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>")
    (folder / "conf.py").write_text(CONF.replace('"Harden"', name))
    rows = (json.dumps(record) for number, text in enumerate(strings) for record in _records(number, text))
    (folder / "in.jsonl").write_text("\n".join(rows))
    _write_saved_pages(strings, folder / "saved")
    target = IngestOptions(content=content, zone=UTC)
    readings = [*read_record_files([str(folder / "in.jsonl")])]
    for reading in (*readings, *parse_files([str(folder / "saved")], read_hints({"zone": "UTC"}))):
        ingest(reading, target)
        if reading.page:
            write_ledger(reading.page, target)
    _edit_day_files(strings, content)
    paths = BuildPaths(content=content, output=folder / "site", conf=folder / "conf.py", cache=folder / "cache")
    build_site(paths)
    return folder / "site"


def _records(number: int, text: str) -> Iterator[dict[str, object]]:
    """Yield records with one string in all fields; ingest refuses those that are invalid."""
    date = FIRST + dt.timedelta(days=number // PER_DAY)
    at = dt.datetime.combine(date, dt.time(), UTC) + dt.timedelta(minutes=70 * (number % PER_DAY))
    stamp: dict[str, object] = {"at": at.isoformat(), "topics": [f"t{number}"]}
    source = {"date": date.isoformat(), **dict.fromkeys(("title", "outlet", "standfirst"), text)}
    source |= {"lede": [text], "captions": [{"text": text, "credit": text}]}
    yield stamp | {"headline": text, "text": text, "authors": [text], "lang": text, "id": text, "source": source}
    yield stamp | {"html": text, "source": {"date": date.isoformat(), "url": text}}
    yield stamp | {"text": text, "source": {"date": date.isoformat(), "url": f"https://a.example/{text}"}}
    yield stamp | {"html": f"<p><a href=\"{text}\">html link</a> <a href='{text}'>{number}</a></p>"}
    yield stamp | {"markdown": text}
    yield stamp | {"markdown": f"[markdown link](<{text}>) [{number}]({text})"}
    yield {"at": at.isoformat(), "text": f"{number} of {text}", "topics": [text]}


def _write_saved_pages(strings: Sequence[str], folder: Path) -> None:
    """Write pages whose file names are attacks, as far as the file system allows."""
    folder.mkdir()
    for number, text in enumerate(strings[::20]):
        at = FIRST + dt.timedelta(days=number)
        name = text.encode("utf-8", "replace").replace(b"/", b" ").replace(b"\0", b" ")[:200].decode("utf-8", "ignore")
        posts = (
            f'<article id="post-{number}-{minute}"><time datetime="{at:%Y-%m-%d}T23:{minute}:00Z">23:{minute}</time>'
            f"<h2>Board {minute} is read</h2><p>They read board {minute} of {number} today.</p></article>"
            for minute in range(50, 55)
        )
        title = f"Boards of {at:%d %B %Y}"
        page = f"<!doctype html><title>{title}</title><main><h1>{title}</h1>{''.join(posts)}</main>"
        (folder / f"{number}{name}").write_text(page)


def _edit_day_files(strings: Sequence[str], content: Path) -> None:
    """Add to day files what maintainers and later captures add: revisions, conflicts, reasons of withdrawals."""
    for start in range(0, len(strings), PER_DAY):
        path = day_file_path(content, FIRST + dt.timedelta(days=start // PER_DAY))
        day = load_day(read_text_file(path))
        entries = list(day.entries)
        anchors = AnchorAllocator(entry.anchor for entry in entries)
        for number, text in enumerate(map(_writable, strings[start : start + PER_DAY])):
            wording = Wording(headline=" ".join(text.split()), body=text)
            corrected = replace(entries[number], revisions=(wording,), conflicts=(wording,))
            tombstone = Entry(anchor=anchors.take(None), withdrawn=text.strip() or "x")
            entries[number] = corrected if _is_valid(replace(day, entries=(corrected,))) else entries[number]
            entries += [tombstone] if _is_valid(replace(day, entries=(tombstone,))) else []
        path.write_text(dump_day(sort_day(replace(day, entries=tuple(entries)))))


def _is_valid(day: Day) -> bool:
    with contextlib.suppress(ArchiveError):
        return load_day(dump_day(day)) == day
    return False


def _write_topics(strings: Sequence[str], folder: Path) -> None:
    folder.mkdir(parents=True)
    for number, text in enumerate(strings):
        line = " ".join(_writable(text).split()) or "x"
        prose = f"{_writable(text)}\n"
        front = f"name: {json.dumps(line)}\naliases: {json.dumps([f'x{number} {line}'])}\n"
        (folder / f"t{number}.md").write_text(f"---\n{front}---\n\n{prose}")


def _write_pages(strings: Sequence[str], folder: Path) -> None:
    folder.mkdir(parents=True)
    for number, text in enumerate(strings[::20]):
        title = json.dumps(_writable(text).strip() or "x")
        (folder / f"p{number}.md").write_text(f"---\ntitle: {title}\n---\n\n{_writable(text)}\n")


def _writable(text: str) -> str:
    """Return a text with U+FFFD in place of characters that a content file must not contain."""
    return "".join(letter if _is_allowed(letter) else "\ufffd" for letter in text)


def _is_allowed(letter: str) -> bool:
    with contextlib.suppress(ArchiveError):
        check_characters(letter)
        return True
    return False
