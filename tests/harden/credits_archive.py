"""The archive under test: ingests the captures of a history and reads its day files as observations.

This is the one module of the credits test that knows how the archive stores an entry.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import UnsetType

from daybook.archive.content import find_day_files, read_day_with_lines
from daybook.archive.ingest import IngestOptions, IngestResult, ingest
from daybook.cli import main
from daybook.core.errors import ArchiveError
from daybook.core.model import Day, Entry, parse_entry_key
from daybook.parse.input_files import read_record_files
from harden.credits_judge import Key, Observations, StoredEntry, StoredWording
from harden.outlets import DAY, Capture

UTC = ZoneInfo("UTC")
_ENTRY_KEY = re.compile(r"\d{4}-\d{2}-\d{2}#\w+(?:-\d+)?")


def record_lines(capture: Capture) -> str:
    """Return the records of a capture, one JSON object on each line, in page order."""
    midnight = dt.datetime.combine(DAY, dt.time())
    source = {
        "url": capture.url,
        "title": capture.title,
        "outlet": capture.blog.outlet,
        "captured": capture.captured,
        "sha256": capture.name,
        "date": capture.blog.date.isoformat(),
    }
    rows = []
    for printing in capture.printings:
        wording = printing.wording
        at = f"{midnight + dt.timedelta(minutes=wording.minute):%Y-%m-%dT%H:%M}:00Z"
        row = {"at": at, "headline": wording.headline, "text": wording.body, "id": printing.id, "source": source}
        rows.append(json.dumps(row) + "\n")
    return "".join(rows)


class Archive:
    """An archive in a folder.

    `problems` collects what needs a person's decision, `reports` the entries that each other note of ingest names.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.content, self.conf = folder, folder / "content", folder / "conf.py"
        self.content.mkdir(parents=True, exist_ok=True)
        self.conf.write_text('SITENAME = "Harbour"\nFIRST_DAY = "2031-04-01"\n')
        self.problems: list[str] = []
        self.reports: set[frozenset[Key]] = set()

    def ingest(self, capture: Capture) -> None:
        """Ingest a capture as `make ingest RECORDS=…` does."""
        path = self.folder / f"{capture.name[:12]}.jsonl"
        path.write_text(record_lines(capture))
        for parsed in read_record_files([str(path)]):
            result: IngestResult = ingest(parsed, IngestOptions(content=self.content, zone=UTC))
            self.problems += [str(problem) for problem in (*parsed.problems, *result.errors, *result.decisions)]
            self._note(map(str, result.notes))

    def merge_day(self, date: str) -> None:
        """Join a day that two branches changed, as `make merge DAY=…` does."""
        environ = {"CONTENT": str(self.content), "CONF": str(self.conf), "DAY": date}
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as errors:
            if main(["merge"], environ) not in (0, 3):
                raise ArchiveError(errors.getvalue())
        self._note(errors.getvalue().splitlines())

    def _note(self, lines: Iterable[str]) -> None:
        self.reports |= {frozenset(map(_key, _ENTRY_KEY.findall(line))) for line in lines}

    def observations(self) -> Observations:
        """Read all day files."""
        entries: list[StoredEntry] = []
        redirects: dict[Key, Key] = {}
        for file in find_day_files(self.content):
            day, _ = read_day_with_lines(file)
            for entry in day.entries:
                key = (day.date.isoformat(), entry.anchor)
                if entry.moved:
                    redirects[key] = _key(entry.moved)
                elif not entry.withdrawn:
                    entries.append(_stored_entry(day, entry, key))
        return Observations(tuple(entries), redirects, frozenset(self.reports))


def _stored_entry(day: Day, entry: Entry, key: Key) -> StoredEntry:
    names = {source.key: source.sha256 for source in day.sources}

    def captures(keys: Iterable[str]) -> frozenset[str]:
        return frozenset(names[key] for key in keys)

    shown = StoredWording(_minute(day.date, entry.time), entry.headline, _text(entry.body), captures(entry.sources))
    former = tuple(
        StoredWording(
            _minute(wording.date or day.date, wording.time),
            wording.headline,
            _text(wording.body),
            captures(wording.sources),
        )
        for wording in (*entry.revisions, *entry.conflicts)
    )
    perhaps = (_key(entry.perhaps),) if entry.perhaps else ()
    return StoredEntry(key, shown, former, perhaps, captures(entry.carried))


def _minute(date: dt.date, time: dt.time | UnsetType | None) -> int | None:
    """Return a time in minutes from the start of `DAY`, None if the day file has none."""
    if time is None or isinstance(time, UnsetType):
        return None
    return (date - DAY).days * 1440 + 60 * time.hour + time.minute


def _text(markdown: str) -> str:
    """Return the text of a body; the invented texts contain nothing that Markdown could change except escapes."""
    return markdown.replace("\\", "")


def _key(text: str) -> Key:
    date, anchor = parse_entry_key(text)
    return date.isoformat(), anchor
