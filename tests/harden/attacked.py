"""An archive with attack strings in every field that a page, a record or a maintainer can fill."""

import contextlib
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from harden.oracle import UTC
from harden.trip import CONF
from liveblog.batches import read_record_files
from liveblog.characters import check_text
from liveblog.errors import ArchiveError
from liveblog.ingest import Target, ingest
from liveblog.site.build import Places, build

PER_DAY = 20  # each string is a page of its own, and each page reads its day anew
FIRST = dt.date(2031, 4, 8)
FIELDS = (
    *("headline", "text", "html", "markdown", "html link", "markdown link", "id", "author", "language"),
    *("source title", "source outlet", "source address", "standfirst", "lede", "caption", "credit"),
    *("topic name", "topic introduction", "page title", "page text", "site name"),
)


def attacked_site(strings: Sequence[str], folder: Path) -> Path:
    """Ingest and build an archive of attacks; give the folder of its site."""
    content = folder / "content"
    _write_topics(strings, content / "topics")
    _write_pages(strings, content / "pages")
    name = json.dumps("</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>")
    (folder / "conf.py").write_text(CONF.replace('"Harden"', name))
    rows = (json.dumps(record) for number, text in enumerate(strings) for record in _records(number, text))
    (folder / "in.jsonl").write_text("\n".join(rows))
    for reading in read_record_files([str(folder / "in.jsonl")]):
        ingest(reading.batch, Target(content=content, zone=UTC))
    places = Places(content=content, output=folder / "site", conf=folder / "conf.py", cache=folder / "cache")
    build(places)
    return folder / "site"


def _records(number: int, text: str) -> Iterator[dict[str, object]]:
    """Give the records of one string; those that are no record are refused on the way in."""
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


def _write_topics(strings: Sequence[str], folder: Path) -> None:
    folder.mkdir(parents=True)
    for number, text in enumerate(strings):
        line = " ".join(_writable(text).split()) or "x"
        prose = f"{_writable(text)}\n"
        (folder / f"t{number}.md").write_text(f"---\nname: {json.dumps(line)}\n---\n\n{prose}")


def _write_pages(strings: Sequence[str], folder: Path) -> None:
    folder.mkdir(parents=True)
    for number, text in enumerate(strings[::20]):
        title = json.dumps(_writable(text).strip() or "x")
        (folder / f"p{number}.md").write_text(f"---\ntitle: {title}\n---\n\n{_writable(text)}\n")


def _writable(text: str) -> str:
    """Give what a content file can hold of a text; the rest is refused, and by other tests."""
    return "".join(letter if _is_text(letter) else "\ufffd" for letter in text)


def _is_text(letter: str) -> bool:
    with contextlib.suppress(ArchiveError):
        check_text(letter)
        return True
    return False
