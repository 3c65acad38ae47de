"""Times in copied text that are no posts: a list of the page's own key events, and the comments of readers."""

import pytest
from live_pages import POSTS, READ, copied, entries, read

FEED = "\n\n".join(f"{clock}\n{headline}\n{text}" for clock, headline, text in POSTS)
HEAD = "Storm at the harbour – live\n10 June 2031"
KEY_POSTS = [POSTS[index] for index in (0, 2, 3)]


def key_list(pattern: str) -> str:
    return "\n".join(pattern.format(clock=clock, headline=headline) for clock, headline, _ in KEY_POSTS)


@pytest.mark.parametrize("heading", ["Key events\n", "Das Wichtigste im Überblick\n", "À retenir\n", ""])
@pytest.mark.parametrize("pattern", ["{clock}\n{headline}", "{clock} {headline}", "{headline}\n{clock}"])
def test_a_list_of_key_events_above_the_posts(heading: str, pattern: str) -> None:
    page = read(f"{HEAD}\n\n{heading}{key_list(pattern)}\n\nLive feed\n\n{FEED}", "page.txt")
    assert entries(page) == READ
    assert not page.doubts
    listed = [line for line in page.lines if line.reason == "list of posts"]
    assert {line.text for line in listed} >= {headline for _, headline, _ in KEY_POSTS if "\n" in pattern}


@pytest.mark.parametrize("pattern", ["{clock}\n{headline}", "{clock} {headline}", "{headline}\n{clock}"])
def test_a_list_of_key_events_below_the_posts(pattern: str) -> None:
    page = read(f"{HEAD}\n\n{FEED}\n\nThe most important\n{key_list(pattern)}", "page.txt")
    assert entries(page) == READ
    assert not page.doubts


def test_a_list_above_posts_whose_headlines_are_above_their_times() -> None:
    feed = "\n\n".join(f"{headline}\n{clock}\n{text}" for clock, headline, text in POSTS)
    page = read(f"{HEAD}\n\nKey events\n{key_list('{clock} {headline}')}\n\n{feed}", "page.txt")
    assert entries(page) == READ
    assert not page.doubts


def test_a_list_with_other_words_than_the_posts_is_a_doubt() -> None:
    listed = "\n".join(f"{clock} News of {place}" for (clock, _, _), place in zip(KEY_POSTS, "ABC", strict=True))
    page = read(f"{HEAD}\n\n{listed}\n\nThe storm came in the night.\n\n{FEED}", "page.txt")
    assert entries(page) == READ
    assert [doubt.kind for doubt in page.doubts] == ["rival"]


def test_posts_without_a_text_are_no_list() -> None:
    lines = "\n".join(f"{clock} {headline}" for clock, headline, _ in POSTS)
    page = read(f"{HEAD}\n\n{lines}", "page.txt")
    assert entries(page) == [(at, headline, "") for at, headline, _ in READ]


COMMENTS = (("Ida K.", "14:31", "I saw the ferry leave, it was full of cars from end to end, and the crew waved."),)
COMMENTS += (("Tom", "13:55", "Is the third gate the one by the market?"), ("fan", "12:40", "Good work, pumps!"))


@pytest.mark.parametrize(
    ("heading", "reply", "pattern"),
    [
        ("Comments (3)", "Reply", "{name}\n{clock}\n{text}"),
        ("3 Kommentare", "Antworten", "{name}\n{clock}\n{text}"),
        ("Commentaires", "", "{name}\n{clock}\n{text}"),
        ("Leserkommentare", "", "{name} {clock}\n{text}"),
        ("Join the conversation", "", "{name}\n10 June 2031 at {clock}\n{text}"),
        ("", "Répondre", "{name}\n{clock}\n{text}"),
        ("Комментарии", "Ответить", "{name}\n{clock}\n{text}"),
    ],
)
def test_comments_of_readers_are_no_posts(heading: str, reply: str, pattern: str) -> None:
    shown = [pattern.format(name=name, clock=clock, text=text) for name, clock, text in COMMENTS]
    below = "\n".join([*filter(None, [heading]), *("\n".join(filter(None, [each, reply])) for each in shown)])
    page = read(f"{HEAD}\n\n{FEED}\n\n{below}", "page.txt")
    assert entries(page) == READ
    assert not page.doubts


def test_comments_that_only_names_show_are_a_doubt() -> None:
    below = "\n".join(f"{name}\n{clock}\n{text}" for name, clock, text in COMMENTS)
    page = read(f"{HEAD}\n\n{FEED}\n\n{below}", "page.txt")
    assert entries(page) == READ
    assert [doubt.kind for doubt in page.doubts] == ["end"]


def test_a_counter_of_comments_below_each_post_ends_nothing() -> None:
    page = copied("{clock}\n{headline}\n\n{text}\n\n3 comments")
    assert entries(page) == READ
    assert not page.doubts


def test_posts_below_a_line_that_names_comments_are_kept_with_a_doubt() -> None:
    first, second, *others = (f"{clock}\n{headline}\n{text}" for clock, headline, text in POSTS)
    page = read("\n\n".join([HEAD, first, second, "Discussion", *others]), "page.txt")
    assert [at for at, _, _ in entries(page)] == [at for at, _, _ in READ]
    assert [doubt.kind for doubt in page.doubts] == ["rival"]


def test_the_clock_of_the_site_above_the_title_is_no_post() -> None:
    page = read(f"Menu\nSearch\n14:35\n\n{HEAD}\n\n{FEED}", "page.txt")
    assert entries(page) == READ
    assert not page.doubts


def test_a_post_with_the_word_live_is_kept() -> None:
    page = read(
        f"Storm at the harbour – live\n10 June 2031\n\n14:35\nLive: the mayor\nThe mayor speaks.\n\n{FEED}", "page.txt"
    )
    assert entries(page) == [("2031-06-10T14:35:00Z", "Live: the mayor", "The mayor speaks."), *READ]


def test_a_headline_that_names_a_comment_is_no_heading_of_comments() -> None:
    feed = FEED.replace("13:40\nGate three is shut", "13:40\nDiscussion")
    page = read(f"{HEAD}\n\n{feed}", "page.txt")
    assert [headline for _, headline, _ in entries(page)] == [
        "The ferry has left",
        "Discussion",
        *(h for _, h, _ in READ[2:]),
    ]
    assert not page.doubts


NEWEST = (("14:28", "The road to the mill is open"), ("14:02", "Court puts off the case"), ("9:40", "The fair is here"))


@pytest.mark.parametrize("heading", ["Právě se děje", "Just in", "Dernières infos", "Свежие новости"])
@pytest.mark.parametrize("pattern", ["{clock}\n{title}", "{clock} {title}", "{title}\n{clock}"])
@pytest.mark.parametrize("between", ["", "Les plus lus\n1\nThe cat of the pier\n2\nThe soup of the week\n\n"])
def test_the_newest_stories_below_the_posts_are_no_posts(heading: str, pattern: str, between: str) -> None:
    titles = "\n".join(pattern.format(clock=clock, title=title) for clock, title in NEWEST)
    page = read(f"{HEAD}\n\n{FEED}\n\n{between}{heading}\n{titles}\n\nContact  Imprint\n© Gazette", "page.txt")
    assert entries(page) == READ
    assert not page.doubts


def test_a_list_with_a_heading_that_is_not_known_is_a_doubt() -> None:
    titles = "\n".join(f"{clock}\n{title}" for clock, title in NEWEST)
    page = read(f"{HEAD}\n\n{FEED}\n\nOut and about\n{titles}", "page.txt")
    assert entries(page) == READ
    assert [doubt.kind for doubt in page.doubts] == ["end"]


def test_last_posts_that_are_headlines_are_kept() -> None:
    first = "\n".join(f"11:{50 - number}\n{title}" for number, (_, title) in enumerate(NEWEST))
    page = read(f"{HEAD}\n\n{FEED}\n\n{first}", "page.txt")
    assert [headline for _, headline, _ in entries(page)][4:] == [title for _, title in NEWEST]


def test_newest_stories_above_posts_with_a_text_are_posts() -> None:
    posts = [f"{clock}\n{headline}\n{text}" for clock, headline, text in POSTS]
    page = read("\n\n".join([HEAD, posts[0], "Latest news", *posts[1:]]), "page.txt")
    assert len(page.records) == len(POSTS)
