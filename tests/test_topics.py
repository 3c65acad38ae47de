"""Topics: whole words, longest first, and what a topic file must not say."""

import pytest

from liveblog.errors import ArchiveError
from liveblog.markup import plain_text
from liveblog.model import Entry, Topic
from liveblog.topics import load_topic, make_matcher, topics_of

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
        ("told us that", ""),
        ("the US-led talks", "us"),
        ("the U.S. said", "us"),
        ("F-16s and F-160", ""),
        ("an F-16, a Russia–US row", "f-16 us"),
        ("", ""),
    ],
)
def test_matching(text: str, slugs: str) -> None:
    assert make_matcher(TOPICS).matches(text) == set(slugs.split())


def test_an_entry_may_add_and_take_away() -> None:
    entry = Entry(anchor="t0800", headline="Turkey", body="by the *sea*", topics=("-turkiye", "+rain"))
    assert topics_of(entry, plain_text(entry.body), make_matcher(TOPICS)) == ("rain", "sea")


def test_an_alias_of_two_topics_is_refused() -> None:
    with pytest.raises(ArchiveError, match="two topics: a and b"):
        make_matcher([Topic(slug="a", name="A", aliases=("Xy",)), Topic(slug="b", name="B", aliases=("Xy",))])


def test_a_topic_file() -> None:
    text = '---\nname: "Levee"\nkind: place\naliases:\n  - "levee"\n  - dyke\n---\n\nA wall of earth.\n'
    assert load_topic(text, "levee") == Topic(
        slug="levee", name="Levee", kind="place", aliases=("levee", "dyke"), introduction="A wall of earth."
    )


@pytest.mark.parametrize(
    ("text", "slug", "line", "reason"),
    [
        ("---\nname: X\n---\n", "../x", 0, "impossible topic"),
        ("---\nkind: place\n---\n", "x", 1, "needs a `name`"),
        ("---\nname: X\nkind: planet\n---\n", "x", 3, "unknown kind"),
        ("---\nname: X\naliases:\n  - a\n---\n", "x", 3, "two letters"),
        ('---\nname: X\naliases:\n  - ""\n---\n', "x", 3, "two letters"),
        ("---\nname: X\naliases:\n  - the\n---\n", "x", 3, "so common"),
        ('---\nname: X\naliases:\n  - "-x"\n---\n', "x", 3, "must begin with"),
        ("---\nname: X\nsave_as: y\n---\n", "x", 3, "unknown key"),
    ],
)
def test_a_bad_topic_file_is_named(text: str, slug: str, line: int, reason: str) -> None:
    with pytest.raises(ArchiveError, match=reason) as caught:
        load_topic(text, slug)
    assert caught.value.line == line
