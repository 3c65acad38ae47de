"""Terms in JavaScript's order, and that order made short: the only place for both."""

from collections.abc import Sequence


def utf16(term: str) -> bytes:
    """Return a sort key in JavaScript's order of strings, by UTF-16 unit and not by code point."""
    return term.encode("utf-16-be")


def front_coded(terms: Sequence[str]) -> str:
    """Write sorted terms one a line: a digit, what it shares with the term before, and the rest."""
    lines: list[str] = []
    previous = ""
    for term in terms:
        shared = 0
        while shared < min(9, len(term), len(previous)) and term[shared] == previous[shared]:
            shared += 1
        if (shared < len(term) and ord(term[shared]) > 0xFFFF) or any(ord(c) > 0xFFFF for c in term[:shared]):
            shared = 0  # the browser counts such characters twice
        lines.append(f"{shared}{term[shared:]}")
        previous = term
    return "\n".join(lines)
