"""What stands at the ends of posts in copied text and is no text of theirs: links to other stories, and bylines."""

import pytest
from live_pages import POSTS, READ, copied, entries, read

TITLES = ("Ferry firm to cut fares", "How the gates were built", "What we know of the flood", "Ten years of storms")
NAMES = ("Ida Kern", "Tom Weide", "Ida Kern", "Tom Weide")
OTHER_NAMES = ("Ida Kern", "Tom Weide", "Per Holm", "Olga Aller")
HEAD = "Storm at the harbour – live\n\n10 June 2031"


def with_ends(ends: list[str], above: str = "{clock}\n\n{headline}") -> str:
    shown = [
        "\n\n".join(filter(None, [above.format(clock=clock, headline=headline), text, end]))
        for (clock, headline, text), end in zip(POSTS, ends, strict=True)
    ]
    return "\n\n".join([HEAD, *shown])


@pytest.mark.parametrize(
    "box",
    [
        *("READ MORE\n\n{title}", "READ MORE: {title}", "Read more:\n{title}\nHarbour news", "LIRE AUSSI >> {title}"),
        *("Related\n{title}\nThe north quay explained\nA map of the gates", "Read more on this story\n{title}"),
        *("Mehr zum Thema\n\n{title}", "Lees ook\n{title}", "Leia também:\n{title}\n{title} in pictures"),
    ],
)
@pytest.mark.parametrize("having", [(0, 1, 2, 3), (0, 2), (0,), (3,)])
def test_links_to_other_stories_are_no_text(box: str, having: tuple[int, ...]) -> None:
    ends = [box.format(title=title) if index in having else "" for index, title in enumerate(TITLES)]
    page = read(with_ends(ends), "page.txt")
    assert entries(page) == READ
    assert not page.doubts


def test_a_text_goes_on_below_links_to_other_stories() -> None:
    text = "The crew of the ferry waved. Most of the cars were those of families from the north bank."
    page = read(with_ends([f"Related\n\n{TITLES[0]}\n\n{text}\n\nIt was the last ferry.", "", "", ""]), "page.txt")
    assert entries(page)[0][2] == f"{POSTS[0][2]}\n\n{text}\n\nIt was the last ferry."
    assert entries(page)[1:] == READ[1:]


@pytest.mark.parametrize(
    "byline",
    [
        *("By {name}", "Posted by {name}", "Reporting by {name}", "By {name}, in Weide", "By {name} | Harbour desk"),
        *("{name}", "— {name}", "{name}\nHarbour reporter", "{name}, harbour reporter", "Verfasst von {name}"),
    ],
)
def test_a_byline_at_the_end_of_posts_is_no_text(byline: str) -> None:
    page = read(with_ends([byline.format(name=name) for name in NAMES]), "page.txt")
    assert entries(page) == READ
    assert [record.authors for record in page.records] == [(name,) for name in NAMES]


def test_names_that_differ_below_all_posts() -> None:
    page = read(with_ends(list(OTHER_NAMES)), "page.txt")
    assert entries(page) == READ
    assert [record.authors for record in page.records] == [(name,) for name in OTHER_NAMES]


def test_the_name_below_a_quotation_is_text() -> None:
    quoted = "\n\n".join(
        f"{clock}\n\n{headline}\n\n“{text}”\n\n{name}"
        for (clock, headline, text), name in zip(POSTS, OTHER_NAMES, strict=True)
    )
    page = read(f"{HEAD}\n\n{quoted}", "page.txt")
    assert [text.splitlines()[-1] for _, _, text in entries(page)] == list(OTHER_NAMES)


def test_a_single_byline_with_a_label() -> None:
    page = read(with_ends(["", "By Ida Kern", "", ""]), "page.txt")
    assert entries(page) == READ
    assert page.records[1].authors == ("Ida Kern",)


@pytest.mark.parametrize(
    "above", ["{clock} {headline}\n\nBy Ida Kern", "{clock}\n\n{headline}\n\nBy Ida Kern in Weide"]
)
def test_a_byline_below_the_headline(above: str) -> None:
    page = read(with_ends([""] * 4, above), "page.txt")
    assert entries(page) == READ
    assert [record.authors for record in page.records] == [("Ida Kern",)] * 4


def test_initials_are_no_text() -> None:
    page = copied("{clock}\n\n{headline}\n\n{text}\n\n(ik)")
    assert entries(page) == READ
