"""Hypothesis strategies for hostile values: text with a meaning in Markdown, YAML, HTML, Jinja or a shell."""

import datetime as dt

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from msgspec import UNSET

from daybook.core.markdown import markdown_from_text
from daybook.core.model import (
    AnchorAllocator,
    DateBasis,
    Day,
    DayCaption,
    DaySource,
    Entry,
    Wording,
    carrying_sources,
    sort_day,
)

# For a property that takes more than 0.05 s of an example.
few_examples = settings(max_examples=settings().max_examples // 10)

PIECES = [
    *"abcXYZ 019.,;:!?-–—'\"’“”()[]{}<>#*_`~|\\/&%$@=+^",
    *("\n", "\n\n", "\u00a0", "\u2003", "\u200b", "\u2028", "\u202e", "é", "я", "中", "👇"),
    *(
        "---",
        "## ",
        "# ",
        "1. ",
        "- ",
        "> ",
        "```",
        "~~",
        "| a ",
        "|-|",
        "    ",
        "&amp;",
        "&#65;",
        "<b>",
        "</p>",
        "<!--",
    ),
    *("[x](y)", "![x](y)", "{{ 7*7 }}", "{% if %}", "{static}/x", "|filename|", "title: x", '[anchor]: # "t"'),
    *("12:30 ", "1329 GMT ", "http://a.example/?b=c&d", "javascript:alert(1)", "no", "null"),
]


BODIES = [
    *("- a\n- b", "> q\n\n### sub", "```\n# x\n```", "He ~~resigned~~ stays.", "a \\~~ b"),
    *("| Pier | Yes |\n| - | -: |\n| North \\| west | ~~85~~ 120 |", "> | a |\n> | --- |\n> | b |"),
]


def hostile_text(max_size: int = 12) -> st.SearchStrategy[str]:
    """Return texts of pieces that have a meaning in some format."""
    return st.lists(st.sampled_from(PIECES), max_size=max_size).map("".join)


def _line() -> st.SearchStrategy[str]:
    return hostile_text().map(lambda text: " ".join(text.split()))


def _entries() -> st.SearchStrategy[Entry]:
    minute = st.builds(dt.time, st.integers(0, 23), st.integers(0, 59))
    wording = st.builds(
        Wording,
        date=st.none() | st.just(dt.date(2031, 4, 8)),
        time=st.just(UNSET) | st.none() | minute,
        at=st.sampled_from(["", "2031-04-09T10:00:30Z"]),
        headline=hostile_text(),
        body=hostile_text(),
        source=st.sampled_from(["", "s1"]),
        sources=st.sampled_from([(), ("s1",), ("s2", "s1")]),
        digest=st.just("ab"),
    )
    slugs = st.sampled_from(["+nato", "-kyiv", "+grain-deal"])
    return st.builds(
        Entry,
        anchor=st.just(""),
        time=st.none() | minute,
        headline=_line(),
        body=hostile_text().map(markdown_from_text) | st.sampled_from(BODIES),
        sources=st.sampled_from([(), ("s1",), ("s1", "s2")]),
        ingested=st.sampled_from(["", "3fa9c2d1e0b45a77"]),
        topics=st.lists(slugs, unique=True).map(tuple),
        id=hostile_text(),
        authors=st.lists(hostile_text().filter(bool), max_size=2).map(tuple),
        key=st.booleans(),
        date_basis=st.none() | st.sampled_from(DateBasis),
        revisions=st.lists(wording, max_size=2).map(tuple),
        conflicts=st.lists(wording, max_size=1).map(tuple),
        missing_from=st.sampled_from([(), ("s2",)]),
        carried=st.sampled_from([(), ("s3", "s2")]),
        perhaps=st.sampled_from(["", "2031-04-08#t2359-2"]),
        story=st.sampled_from(["", "none", "new", "2031-04-08#t2359-2"]),
    )


def _anchored(entries: list[Entry]) -> tuple[Entry, ...]:
    anchors = AnchorAllocator(())
    return tuple(msgspec.structs.replace(entry, anchor=anchors.take(entry.time)) for entry in entries)


def days() -> st.SearchStrategy[Day]:
    """Return days that `dump_day` writes and `load_day` reads back unchanged."""
    found = st.builds(
        Day,
        zone=st.sampled_from(["", "Europe/Kyiv"]),
        date=st.dates(dt.date(1000, 1, 1), dt.date(9998, 12, 31)),
        title=_line(),
        lede=hostile_text().map(markdown_from_text),
        captions=st.lists(st.builds(DayCaption, text=hostile_text(), credit=hostile_text()), max_size=2).map(tuple),
        collected=st.sampled_from([(), ((0, 809),), ((0, 60), (1200, 1440))]),
        entries=st.lists(_entries(), max_size=4).map(_anchored),
    )
    return found.map(sort_day).flatmap(_with_sources)


def _with_sources(day: Day) -> st.SearchStrategy[Day]:
    """Add the sources that the entries of a day name."""
    named = {key for entry in day.entries for key in (*carrying_sources(entry), *entry.missing_from)}
    sources = [
        st.builds(
            DaySource,
            key=st.just(key),
            title=hostile_text(),
            first_title=hostile_text(),
            lede=st.lists(hostile_text(), max_size=2).map(tuple),
            printed_day=st.none() | st.integers(1, 999),
        )
        for key in sorted(named)
    ]
    return st.tuples(*sources).map(lambda sources: msgspec.structs.replace(day, sources=sources))
