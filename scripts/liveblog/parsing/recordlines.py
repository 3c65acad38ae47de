"""A file of records → Page: the only place that takes entries as they are, read by another parser."""

from ..errors import ArchiveError
from ..records import Record, load_record
from .decoding import decode, refuse_many_lines
from .page import Fate, Line, Page


def read_records(data: bytes) -> Page:
    """Read one record a line; a line that is none is a problem, and the others count."""
    records: list[Record] = []
    lines: list[Line] = []
    problems: list[ArchiveError] = []
    whole = decode(data)
    refuse_many_lines(whole)
    for number, text in enumerate(whole.split("\n"), 1):
        if not text.strip():
            continue
        try:
            record = load_record(text)
        except ArchiveError as error:
            problems.append(ArchiveError(error.reason, line=number))
            lines.append(Line(number=number, fate=Fate.NOT_UNDERSTOOD, text=text[:80], why="no record"))
            continue
        records.append(record)
        lines.append(Line(number=number, fate=Fate.ENTRY, text=record.headline or text[:80]))
    return Page(records=tuple(records), lines=tuple(lines), problems=tuple(problems))
