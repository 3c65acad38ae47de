"""Page → lines for a person: the only place that words what became of a page."""

from collections.abc import Iterable

from .page import Fate, Page


def report(page: Page) -> tuple[str, ...]:
    """Say what a page gave, what became of each of its lines, and what to look at."""
    lines = [f"{page.name}: {_entries(page)}"]
    for fate in Fate:
        numbers = [line.number for line in page.lines if line.fate is fate]
        if numbers or fate is Fate.NOT_UNDERSTOOD:
            lines.append(f"{page.name}: {fate.value} {len(numbers)}{_where(numbers)}")
    for line in page.lines:
        if line.fate in (Fate.BOILERPLATE, Fate.NOT_UNDERSTOOD):
            lines.append(f"{page.name}:{line.number}: {line.fate.value}{_why(line.why)}: {_short(line.text)}")
    lines += [f"{page.name}:{note.line or ''}: note: {note.text}".replace("::", ":") for note in page.notes]
    return (*lines, *(f"problem: {problem}" for problem in page.problems))


def _entries(page: Page) -> str:
    found = len(page.records)
    if not found:
        return "0 entries"
    instants = [record.at for record in page.records]
    return f"{found} {'entry' if found == 1 else 'entries'}, {instants[0]} down to {instants[-1]}"


def _where(numbers: Iterable[int]) -> str:
    """Write line numbers as ranges, ``(lines 24-30, 32)``."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    words = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
    return f" (lines {words})" if words else ""


def _why(why: str) -> str:
    return f" ({why})" if why else ""


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
