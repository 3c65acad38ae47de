"""Topics: the aliases in text, mistakes in topic files, and topics of no or nearly every entry."""

import datetime as dt
from pathlib import Path

import pytest
from builds import build_site
from catalogs import load_catalog, write_day_files
from hypothesis import given
from hypothesis import strategies as st

from daybook.archive.topics import build_topic_matcher, entry_topics, load_topic
from daybook.core.config import BuildPaths
from daybook.core.errors import ArchiveError
from daybook.core.markdown import plain_text
from daybook.core.model import Day, Entry, Topic
from daybook.search.analysis import Analyzer
from daybook.site.builder import build_warnings

TOPICS = [
    Topic(slug="north-sea", name="North Sea", aliases=("North Sea",)),
    Topic(slug="sea", name="Sea", aliases=("sea",)),
    Topic(slug="turkiye", name="Türkiye", aliases=("Türkiye", "Turkey"), exclusions=("Turkey Point",)),
    Topic(slug="us", name="US", aliases=("US", "U.S.")),
    Topic(slug="f-16", name="F-16", aliases=("F-16",)),
]


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("On the North Sea coast", "north-sea"),
        ("The sea and the North Sea", "north-sea sea"),
        ("SEA change", "sea"),
        ("seaside, overseas", ""),
        ("Turkey’s minister; a turkey", "turkiye"),
        ("Tu\u0308rkiye in another normal form", "turkiye"),
        ("Turkey Point is a place", ""),
        ("warning us that", ""),
        ("the US-led talks", "us"),
        ("the U.S. said", "us"),
        ("F-16s and F-160", ""),
        ("an F-16, a Russia–US row", "f-16 us"),
        ("", ""),
    ],
)
def test_aliases_match_whole_words_the_longest_first(text: str, slugs: str) -> None:
    assert build_topic_matcher(TOPICS).find_topics(text) == set(slugs.split())


# Each list has spellings that a reader takes for the same.
APOSTROPHES = "'`´ʹʻʼʽʾʿ‘’‛′＇"
HYPHENS = "-\u2010\u2011\u2012\u2013\u2212\u05be\uff0d"
SPACES = [
    " ",
    "  ",
    "\u00a0",
    "\u2007",
    "\u2009",
    "\u200a",
    "\u202f",
    "\u205f",
    "\u3000",
    "\n",
    "\t",
    " \u00a0",
    "\u2028",
]
INVISIBLE = [
    "",
    "",
    "",
    "\u00ad",
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u200e",
    "\u061c",
    "\u2067",
    "\u2069",
    "\ufe0f",
]
JOINS = {"'": list(APOSTROPHES), "-": list(HYPHENS), " ": SPACES}
LETTERS = {"e": ["e", "é", "e\u0301", "ẽ"], "o": ["o", "ø", "ő"], "l": ["l", "ł"], "s": ["s", "ş"], "n": ["n", "ñ"]}


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """Return a name of several words, and another spelling of it."""
    name = draw(st.text("elonsrt", min_size=2, max_size=6)).capitalize()
    other = name
    for _ in range(draw(st.integers(1, 3))):
        sign = draw(st.sampled_from("'- "))
        word = draw(st.text("elonsrt", min_size=2, max_size=6))
        name += sign + word
        other += draw(st.sampled_from(JOINS[sign]))
        other += "".join(draw(st.sampled_from(LETTERS.get(c, [c]))) + draw(st.sampled_from(INVISIBLE)) for c in word)
    return name, other


def find(alias: str, text: str, exclusion: str = "") -> bool:
    exclusions = (exclusion,) if exclusion else ()
    topic = Topic(slug="a", name="A", aliases=(alias,), exclusions=exclusions)
    return build_topic_matcher([topic]).find_topics(text) == {"a"}


@given(spellings())
def test_an_alias_is_found_in_every_spelling(pair: tuple[str, str]) -> None:
    for alias, other in (pair, pair[::-1]):
        assert find(alias, f"Rain in {other}, again")
        assert find(alias, other)
        assert not find(alias, f"Rain in {other}x") and not find(alias, f"Rain in 1{other}")
        assert find(alias.lower(), f"({other.upper()})")
        assert not find(alias, f"Rain in {other} lane", f"{alias} lane")


@given(spellings())
def test_topics_and_search_make_the_same_spellings_equal(pair: tuple[str, str]) -> None:
    alias, other = (Analyzer().words(text) for text in pair)
    assert alias == other


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("Lower-Gate", "the Lower—Gate"),
        ("Lower-Gate", "the Lower - Gate"),
        ("Lower-Gate", "the Lower, Gate"),
        ("Lower Gate", "the Lower. Gate"),
        ("Lower Gate", "on the Lower\n\nGate keepers"),
        ("Lower Gate", "LOWER GATE"),
        ("Gate", "the gate"),
        ("Ta'iz", "Ta iz"),
        ("ल", "लि"),
    ],
)
def test_other_words_are_not_found(alias: str, text: str) -> None:
    assert not find(alias, text)


@pytest.mark.parametrize(
    ("alias", "text"),
    [
        ("straße", "STRASSE"),
        ("Straße", "Strasse"),
        ("US", "the U.S. Navy"),
        ("U.S. Navy", "the US Navy"),
        ("St. Mary", "by St. Mary"),
        ("Inc.", "Lamp Inc, Weide"),
        ("1,000 lamps", "with 1000 lamps"),
        ("ʻOkina", "the 'Okina"),
        ("水门", "水门今晚关闭。"),
        ("เขื่อน", "ที่เขื่อนใหญ่"),
        ("Weide", "Weide's and Weide’s"),
    ],
)
def test_the_same_words_are_found(alias: str, text: str) -> None:
    assert find(alias, text)


def test_aliases_that_differ_only_in_their_spelling_are_one() -> None:
    spellings = [Topic(slug="a", name="A", aliases=("Ta'iz", "Ta’iz")), Topic(slug="b", name="B", aliases=("Taʼiz",))]
    assert build_topic_matcher(spellings[:1]).find_topics("in Taʿiz") == {"a"}
    with pytest.raises(ArchiveError, match="the alias 'Taʼiz' belongs to two topics: a and b"):
        build_topic_matcher(spellings)


@pytest.mark.parametrize("count", [1, 12])
def test_a_topic_of_no_entry_is_a_warning(tmp_path: Path, count: int) -> None:
    (tmp_path / "topics").mkdir()
    for n in range(count):
        (tmp_path / "topics" / f"lamp-{n:02}.md").write_text(
            f'---\nname: "Lamp {n}"\naliases: ["lamp {n} is lit"]\n---\n'
        )
    (tmp_path / "topics" / "rain.md").write_text('---\nname: "Rain"\n---\n')
    assert list(build_warnings(load_catalog(tmp_path), ())) == []  # there is no entry at all yet
    entry = Entry(anchor="n1", headline="Lamps", topics=("+rain", "-lamp-00"))
    write_day_files(tmp_path, [Day(date=dt.date(2031, 4, 9), title="Harbour", entries=(entry,))])
    first, *others = build_warnings(load_catalog(tmp_path), ())
    assert first == (
        "topics/lamp-00.md: no entry has the topic Lamp 0; correct its `aliases`, or add it to an entry as +lamp-00"
    )
    assert len(others) == min(count - 1, 10)
    assert others[9:] == (["topics that no entry has: 2 more"] if count == 12 else [])


def test_an_entry_can_add_and_remove_topics() -> None:
    entry = Entry(anchor="t0800", headline="Turkey", body="by the *sea*", topics=("-turkiye", "+rain"))
    assert entry_topics(entry, plain_text(entry.body), build_topic_matcher(TOPICS)) == ("rain", "sea")


def test_an_alias_of_two_topics_is_an_error() -> None:
    with pytest.raises(ArchiveError, match="two topics: a and b"):
        build_topic_matcher([Topic(slug="a", name="A", aliases=("Xy",)), Topic(slug="b", name="B", aliases=("Xy",))])


def test_a_topic_file_is_read() -> None:
    text = '---\nname: "Levee"\nkind: place\naliases:\n  - "levee"\n  - dyke\n---\n\nA wall of earth.\n'
    assert load_topic(text, "levee") == Topic(
        slug="levee", name="Levee", kind="place", aliases=("levee", "dyke"), introduction="A wall of earth."
    )


@pytest.mark.parametrize(
    ("text", "slug", "line", "reason"),
    [
        ("---\nname: X\n---\n", "../x", 0, "invalid file name"),
        ("---\nkind: place\n---\n", "x", 1, "needs a `name`"),
        ("---\nname: X\nkind: planet\n---\n", "x", 3, "unknown kind"),
        ("---\nname: X\naliases:\n  - a\n---\n", "x", 3, "two characters"),
        ('---\nname: X\naliases:\n  - ""\n---\n', "x", 3, "two characters"),
        ("---\nname: X\naliases:\n  - the\n---\n", "x", 3, "too common"),
        ('---\nname: X\naliases:\n  - "-x"\n---\n', "x", 3, "must begin with"),
        ('---\nname: X\naliases:\n  - "ʼʼ"\n---\n', "x", 3, "must have a letter"),
        ("---\nname: X\nsave_as: y\n---\n", "x", 3, "unknown key"),
    ],
)
def test_a_mistake_in_a_topic_file_has_its_line(text: str, slug: str, line: int, reason: str) -> None:
    with pytest.raises(ArchiveError, match=reason) as caught:
        load_topic(text, slug)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("entries", "of", "warning"),
    [(200, 161, "161 of 200 entries have the topic Ferry"), (200, 160, ""), (199, 199, "")],
)
def test_a_topic_of_nearly_every_entry_is_a_warning(tmp_path: Path, entries: int, of: int, warning: str) -> None:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "ferry.md").write_text('---\nname: "Ferry"\naliases: ["ferry"]\n---\n')
    entries_of_day = (Entry(anchor=f"n{n + 1}", headline="The ferry" if n < of else "Rain") for n in range(entries))
    write_day_files(tmp_path, [Day(date=dt.date(2031, 4, 9), title="Harbour", entries=tuple(entries_of_day))])
    lines = list(build_warnings(load_catalog(tmp_path), ()))
    assert lines == ([f"{warning}: too common to be useful; narrow the aliases in topics/ferry.md"] if warning else [])


def test_warnings_are_repeated_by_a_build_without_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries_of_day = tuple(Entry(anchor=f"n{n}", headline="Rain", topics=("+rain",)) for n in range(1, 201))
    write_day_files(tmp_path / "content", [Day(date=dt.date(2031, 4, 9), title="Harbour", entries=entries_of_day)])
    (tmp_path / "conf.py").write_text('SITENAME = "Harbour"\nFIRST_DAY = "2031-04-08"\n')
    paths = BuildPaths(
        content=tmp_path / "content", output=tmp_path / "site", conf=tmp_path / "conf.py", cache=tmp_path / "cache"
    )
    first, again = build_site(paths), build_site(paths)
    assert "nothing changed" in capsys.readouterr().out
    assert first == again == ("200 of 200 entries have the topic rain: too common to be useful; records name it",)
