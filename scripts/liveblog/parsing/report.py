"""Page → lines for a person: the only place that words what became of a page."""

from collections.abc import Iterable

from .page import Fate, Page


def report(page: Page) -> tuple[str, ...]:
    """Say what a page gave, what became of each of its lines, and what to look at."""
    lines = [f"{page.name}: {_entries(page)}"]
    for fate in Fate:
        numbers = [line.number for line in page.lines if line.fate is fate]
        if numbers or fate is Fate.NOT_UNDERSTOOD:
            lines.append(f"{page.name}: {fate.value} {len(numbers)}{_where(numbers, page.unit)}")
    for line in page.lines:
        if line.fate in (Fate.BOILERPLATE, Fate.NOT_UNDERSTOOD):
            place = _place(page, line.number)
            lines.append(f"{place}: {line.fate.value}{_why(line.why)}: {_short(line.text)}")
    lines += [f"{_place(page, note.line)}: note: {note.text}" for note in page.notes]
    return (*lines, *(f"problem: {problem}" for problem in page.problems))


def _place(page: Page, number: int) -> str:
    """Write where something stands: ``page.txt:17``, ``page.html: block 17``, or the page alone."""
    if not number:
        return page.name
    return f"{page.name}:{number}" if page.unit == "line" else f"{page.name}: {page.unit} {number}"


def _entries(page: Page) -> str:
    found = len(page.records)
    if not found:
        return "0 entries"
    instants = [record.at or str(record.date) for record in page.records]
    return f"{found} {'entry' if found == 1 else 'entries'}, {instants[0]} down to {instants[-1]}"


def _where(numbers: Iterable[int], unit: str) -> str:
    """Write line numbers as ranges, ``(lines 24-30, 32)``."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    words = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
    return f" ({unit}s {words})" if words else ""


def _why(why: str) -> str:
    return f" ({why})" if why else ""


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
