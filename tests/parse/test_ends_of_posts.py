"""What stands at the ends of posts in copied text and is no text of theirs: links to other stories, and bylines."""

import pytest
from live_pages import ARTICLE, POSTS, READ, copied, entries, read, saved

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


@pytest.mark.parametrize(
    "told",
    [
        *("Last modified on Tue 10 Jun 2031 16.20 BST", "Last modified: 10 June 2031", "WEIDE, 10 June 2031"),
        *("Ultimo aggiornamento: 10 giugno 2031, 16:20", "Ultimo aggiornamento 16:20", "10 June 2031, 16:20"),
        *("This article was last modified on 10 June 2031 at 16:20", "Stand: 10.06.2031, 16:20 Uhr"),
        *("First published on Tue 10 Jun 2031 09.00 BST", "Opublikowano: 10.06.2031 09:00"),
        *("Publié le 10 juin 2031 à 09h00, mis à jour le 10 juin 2031 à 16h20", "Mis à jour il y a 3 minutes"),
        *(
            "First published on 10 June 2031\n\nLast modified on 10 June 2031",
            "Última actualización: 10/06/2031, 16:20",
        ),
    ],
)
def test_the_time_of_the_page_below_the_last_post(told: str) -> None:
    page = read(with_ends(["", "", "", told]), "page.txt")
    assert entries(page) == READ
    assert not page.doubts
    assert not page.problems


@pytest.mark.parametrize(
    "text", ["Updated figures: 12 of 40 cars", "The gates were shut on 10 June 2031", "Stand: 16:20"]
)
def test_a_last_line_that_tells_of_something_else_stays(text: str) -> None:
    page = read(with_ends(["", "", "", f"{text} were counted by the harbour office."]), "page.txt")
    assert entries(page)[-1][2].endswith("were counted by the harbour office.")


@pytest.mark.parametrize(
    "control",
    [
        *(
            "The rest of the article continues below the video",
            "Article continues after ad",
            "Juttu jatkuu mainoksen alla",
        ),
        *("Der Artikel geht unter dem Video weiter", "Tekst gaat verder onder de foto", "La suite après la publicité"),
    ],
)
def test_a_line_that_names_what_interrupts_a_post_is_no_text(control: str) -> None:
    page = read(with_ends([f"{control}\n\nThe crew waved.", "", "", ""]), "page.txt")
    assert entries(page)[0][2] == f"{POSTS[0][2]}\n\nThe crew waved."
    assert entries(page)[1:] == READ[1:]


PINNED = "What we know so far\n\nThe storm has reached the harbour. Gate three is shut, and pumps are at work."


@pytest.mark.parametrize("mark", ["Pinned", "📌 Pinned post", "Angeheftet", "Épinglé"])
def test_a_pinned_text_above_the_posts_has_no_time(mark: str) -> None:
    feed = with_ends([""] * 4).removeprefix(HEAD)
    page = read(f"{HEAD}\n\n{mark}\n\n{PINNED}{feed}", "page.txt")
    assert entries(page) == READ
    assert [doubt.kind for doubt in page.doubts] == ["untimed"]


def test_a_pinned_text_between_posts_is_an_entry_without_a_time() -> None:
    page = read(with_ends([f"Pinned\n\n{PINNED}", "", "", ""]), "page.txt")
    assert entries(page)[:1] + entries(page)[2:] == READ
    pinned = page.records[1]
    assert (str(pinned.date), pinned.headline, not pinned.at) == ("2031-06-10", "What we know so far", True)
    assert [doubt.kind for doubt in page.doubts] == ["untimed"]


def test_a_pinned_text_above_posts_that_flow() -> None:
    posts = "".join(f"<p><b>{clock}</b></p><h3>{headline}</h3><p>{text}</p>" for clock, headline, text in POSTS)
    pinned = (
        "<p>Pinned</p><h3>What we know so far</h3><p>The storm has reached the harbour, and gate three is shut.</p>"
    )
    page = read(f"<title>Storm: live</title><h1>Storm: live</h1><p>10 June 2031</p>{pinned}{posts}", "page.html")
    assert entries(page) == READ
    assert [doubt.kind for doubt in page.doubts] == ["untimed"]


@pytest.mark.parametrize(
    "words",
    [
        *("Tags: ferry, gates", "ΕΤΙΚΕΤΕΣ: πλοίο", "Follow the Gazette on Facebook.", "Folgen Sie uns auf Instagram"),
        *("Ακολουθήστε την Εφημερίδα στα κοινωνικά δίκτυα\nΕΤΙΚΕΤΕΣ: πλοίο, λιμάνι", "Seguici sui social"),
        *("Поделиться\nВКонтакте\nТелеграм", "Поделиться\nБерег\nПричал", "Share\nQuayNet\nPierChat\n\nTags: ferry"),
    ],
)
def test_words_to_readers_below_the_last_post_are_no_text(words: str) -> None:
    page = copied("{clock}\n\n{headline}\n\n{text}", tail=words)
    assert entries(page) == READ
    assert not page.doubts


@pytest.mark.parametrize("words", ["Follow the road to the mill.", "#ferry #gates", "She wrote so on Facebook."])
def test_a_last_line_that_is_like_words_to_readers_stays(words: str) -> None:
    page = copied("{clock}\n\n{headline}\n\n{text}", tail=words)
    assert entries(page)[-1][2] == f"{POSTS[-1][2]}\n\n{words}"


def test_a_share_button_in_each_post_does_not_make_its_text_links() -> None:
    page = copied("{clock}\n{headline}\nShare\nOn the ground\nFrom the quay\n\n{text}")
    assert [text.endswith(own) for (_, _, text), (_, _, own) in zip(entries(page), POSTS, strict=True)] == [True] * 4


SIGNED = (
    *("{name} · Link", "{name} | Share", "By {name} | Share", "{name} · Share · Link", "{name} – Copy link"),
    *("{name} / Permalink", "{name} | Teilen", "{name}, Reporterin | Teilen", "{name} | Link kopieren"),
    *("{name} · Partager", "{name} • Compartir", "{name} | Condividi", "{name} · Поделиться", "{name} · Dela"),
    *("Link · {name}", "{name} ↗ Share", "{name} · 14:05 · Link", "{name} | Comment", "{name} · シェア"),
)


@pytest.mark.parametrize("signed", SIGNED)
@pytest.mark.parametrize("names", [("Ida Kern", "Otto Brand", "Mia Holm", "Jan Dorn"), ("Ida Kern",) * 4])
def test_a_name_beside_controls_is_the_author(names: tuple[str, ...], signed: str) -> None:
    lines = [signed.format(name=name) for name in names]
    copied_posts = [
        f"{clock}\n\n{headline}\n\n{text}\n\n{line}" for (clock, headline, text), line in zip(POSTS, lines, strict=True)
    ]
    html = [
        [
            pattern.format(clock=clock, headline=headline, text=text, line=line)
            for (clock, headline, text), line in zip(POSTS, lines, strict=True)
        ]
        for pattern in (
            ARTICLE + "<footer>{line}</footer></article>",
            ARTICLE + "<p>{line}</p></article>",
            "<h3>{clock} {headline}</h3><p>{text}</p><p>{line}</p>",
        )
    ]
    pages = [read("\n\n".join(["Storm – live\n\n10 June 2031", *copied_posts]), "page.txt")]
    pages += [saved("", above=f"<p>10 June 2031</p>{''.join(posts)}") for posts in html]
    for page in pages:
        assert entries(page) == READ
        assert [record.authors for record in page.records] == [(name,) for name in names]
        assert {each.reason for each in page.lines if each.text in lines} == {"byline"}


@pytest.mark.parametrize("line", ["Save Story | Share", "Copy Link · Share", "Weide Mole · Weide Quay", "Rail Link"])
def test_controls_and_places_are_no_authors(line: str) -> None:
    page = copied(f"{{clock}}\n\n{{headline}}\n\n{{text}}\n\n{line}")
    assert [record.authors for record in page.records] == [()] * 4
