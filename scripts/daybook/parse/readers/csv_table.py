"""Read a table in CSV (RFC 4180), also with semicolons or tabs: one row for each post, below a row of names.

Known names: `at`, `time`, `date` and `published` (an instant, or date and time in two columns), `headline` and `title`,
`text`, `body`, `content` and `description`, `author`, `id`, `url`. Names of other columns are reported. If the names
are in another language, the columns are known by their content, with a doubt.
"""

import csv
import re
from io import StringIO

from daybook.core.errors import ArchiveError
from daybook.parse.base.page import Doubt, Note, Outline
from daybook.parse.readers.base import Update, outline_of_updates, read_time
from daybook.parse.readers.csv_columns import FIELDS, columns_by_content, csv_delimiter
from daybook.parse.time.instants import MachineTime
from daybook.parse.time.printed import parse_clock_time, parse_date_line, resolve_date
from daybook.parse.web.to_markdown import escape_html, html_from_text

_LONGEST_CELL = 1_000_000  # characters
_MAX_ROWS = 20_000
_PARTIAL_TIME = re.compile(r"\d{1,2}[.:]\d{2}(?:[.:]\d{2})?")


def read_csv(text: str, url: str = "") -> Outline:
    """Read a table; raises ArchiveError if its first row does not name a time and a text."""
    text = text.lstrip("\ufeff")
    delimiter = csv_delimiter(text.partition("\n")[0].rstrip("\r"))
    inferred: tuple[str, ...] = ()
    if not delimiter:
        delimiter, inferred = columns_by_content(text)
    if not delimiter:
        raise ArchiveError("the first row names no column for time and text; name them `at` and `text`", line=1)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ArchiveError(f"not CSV: {error}; correct the quotes of this row", line=reader.line_num) from error
    if len(rows) > _MAX_ROWS:
        raise ArchiveError(f"the table has more than {_MAX_ROWS:,} rows; split it")
    names = list(inferred) or [FIELDS.get(name.strip().lower(), "") for name in rows[0][1]]
    if "text" not in names:  # a column of texts whose name is unknown
        known_by_content = columns_by_content(text)[1]
        place = known_by_content.index("text") if "text" in known_by_content else -1
        if place >= 0 and not names[place]:
            names[place] = "text"
            inferred = tuple(field if field == "text" else "" for field in names)
    unused = [name.strip() for name, field in zip(rows[0][1], names, strict=True) if not field and name.strip()]
    doubts = []
    if inferred:
        known = [f"{name.strip()!r} as `{field}`" for name, field in zip(rows[0][1], inferred, strict=True) if field]
        cure = "if that is wrong, rename them"
        doubts.append(
            Doubt(kind="rival", line=1, text=f"columns are known by their content: {', '.join(known)}; {cure}")
        )
    updates = []
    for line, row in rows[1:]:
        cells: dict[str, str] = {}
        for field, cell in zip(names, row, strict=False):
            cells[field] = cells.get(field) or cell.strip()
        if len(row) != len(names):
            doubts.append(Doubt(kind="left out", text=f"line {line} has {len(row)} cells instead of {len(names)}"))
        time = _time(cells)
        if time is None:
            stated = " ".join(filter(None, (cells.get(name, "") for name in ("at", "date", "time"))))
            doubts.append(Doubt(kind="untimed", text=f"line {line}: no time can be read from {stated[:40]!r}"))
        body = cells.get("text", "")
        updates.append(
            Update(
                id=cells.get("id") or cells.get("url", ""),
                time=time,
                updated=read_time(cells.get("updated", "")),
                title=escape_html(cells.get("headline", "")),
                html=body if re.search(r"</\w+>|<br", body) else html_from_text(body),
                authors=[escape_html(cells.get("author", ""))],
            )
        )
    notes = [Note(0, f"columns that are not used: {', '.join(unused[:20])}")] if unused else []
    return outline_of_updates(updates, Outline(url=url, notes=tuple(notes), doubts=tuple(doubts)))


def _time(cells: dict[str, str]) -> MachineTime | None:
    """Return the time of a row: an instant, else a date and a clock time, as machines or people write them."""
    for name in ("at", "date", "time"):
        found = read_time(cells.get(name, ""))
        if found and found.date and (found.clock is not None or not cells.get("time")):
            return found
    stated = cells.get("at") or f"{cells.get('date', '')} {cells.get('time', '')}".strip()
    clocks = list(_PARTIAL_TIME.finditer(stated))
    for clock in reversed(clocks):
        rest = f"{stated[: clock.start()]} {stated[clock.end() :]}".replace(",", " ").strip()
        stamp = parse_clock_time(stated[clock.start() :])
        date_text = re.sub(rf"\s{re.escape(stamp.zone)}$", "", rest) if stamp and stamp.zone else rest
        machine, date = read_time(date_text), parse_date_line(date_text, 0)
        if stamp and not stamp.fault and (date or (machine and machine.date)):
            day = machine.date if machine and machine.date else resolve_date(date) if date and date.year else None
            if day:
                return MachineTime(printed=stated, date=day, clock=stamp.clock, zone=stamp.zone)
    date = parse_date_line(stated, 0)
    return MachineTime(printed=stated, date=resolve_date(date)) if date and date.year else None
