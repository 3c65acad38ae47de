"""Topics: the aliases in text, mistakes in topic files, and topics of nearly every entry."""

import datetime as dt
from pathlib import Path

import pytest
from builds import build_site
from catalogs import load_catalog, write_day_files

from daybook.archive.topics import build_topic_matcher, entry_topics, load_topic
from daybook.core.config import BuildPaths
from daybook.core.errors import ArchiveError
from daybook.core.markdown import plain_text
from daybook.core.model import Day, Entry, Topic
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
