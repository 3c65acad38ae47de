"""Invented live pages of four posts, as text copied from a page and as saved HTML, and what a reader must find.

A pattern says how each post is printed: ``{clock}``, ``{headline}`` and ``{text}``; for text also ``{hour}`` and
``{minute}``.
"""

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

POSTS = (
    ("14:05", "The ferry has left", "The ferry left the north quay with forty cars on board."),
    ("13:40", "Gate three is shut", "The harbour office shut the third gate after the wind rose."),
    ("12:10", "Pumps at work", "Two pumps were brought to the market square in the morning."),
    ("10:20", "Storm warning", "The weather office warned of a storm from the west."),
)
# Four other posts by their parts, for tests that print them in ways of their own.
HOURS = (18, 16, 14, 11)
HEADLINES = ("Weir closed", "Divers at the gate", "Owners are asked", "Barges wait")
TEXTS = (
    "The weir at Ostmoor is closed to all boats tonight.",
    "Divers looked at the northern gate for an hour.",
    "The harbour office asked owners to move their boats.",
    "Two barges wait above the lock at Ostmoor.",
)
READ = [(f"2031-06-10T{clock}:00Z", headline, text) for clock, headline, text in POSTS]
ARTICLE = '<article class="p"><time datetime="2031-06-10T{clock}:00Z">{clock}</time><h3>{headline}</h3><p>{text}</p>'


def read(source: str, name: str, **hints: str) -> ParsedPage:
    return parse(source.encode(), read_hints({"zone": "UTC", **hints}), name)


def entries(page: ParsedPage) -> list[tuple[str, str, str]]:
    return [(each.at, each.headline, str(each.markdown or each.text)) for each in page.records]


def copied(pattern: str, *, title: str = "Storm at the harbour – live\n\n10 June 2031", tail: str = "") -> ParsedPage:
    posts = [
        pattern.format(clock=clock, headline=headline, text=text, hour=clock[:2], minute=clock[3:])
        for clock, headline, text in POSTS
    ]
    return read("\n\n".join(filter(None, [title, *posts, tail])), "page.txt")


def saved(pattern: str, *, above: str = "", below: str = "", title: str = "Storm: live", **hints: str) -> ParsedPage:
    posts = "".join(pattern.format(clock=clock, headline=headline, text=text) for clock, headline, text in POSTS)
    head = f"<!doctype html><html><head><title>{title}</title></head><body><main><h1>{title}</h1>"
    return read(f"{head}{above}{posts}</main>{below}</body></html>", "page.html", **hints)
