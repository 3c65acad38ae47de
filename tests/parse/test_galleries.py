"""Counters and buttons of a series of pictures are no text: "Photo gallery: 12 images", "1/12"."""

import pytest
from live_pages import ARTICLE, POSTS, READ, entries, read, saved

from daybook.parse.base.page import LineRole, ParsedPage

LINES = (
    *("Photo gallery: 12 images", "12 images", "1/12", "(1/12)", "Image 1 of 12", "View all 12 images", "📷 12 photos"),
    *(
        "Bildstrecke: 8 Bilder",
        "Bild 1 von 8",
        "Alle 8 Bilder anzeigen",
        "Galerie photos : 8 images",
        "Voir les 8 photos",
    ),
    *(
        "Galería: 8 fotos",
        "Foto 1 de 8",
        "Galleria fotografica: 8 immagini",
        "Fotoserie: 8 foto’s",
        "Bildspel: 8 bilder",
    ),
    *("Galeria: 8 zdjęć", "Fotogalerie: 8 fotek", "Kuvagalleria: 8 kuvaa", "Фотогалерея: 8 фото", "Galeri: 8 fotoğraf"),
    *("Φωτογαλερί: 8 φωτογραφίες", "写真ギャラリー（8枚）", "图集：8张", "معرض الصور", "화보"),
)
TEXTS = ("12 images were taken of it.", "A gallery of the town was shut.", "120/3", "In Weide 8 Bilder hingen schief.")


def posts_with(line: str, beside: str) -> ParsedPage:
    """Return a page whose second post has a line between two paragraphs."""
    more = beside.format(line=line)
    posts = [
        ARTICLE.format(clock=clock, headline=headline, text=text)
        + (f"{more}</article>" if index == 1 else "</article>")
        for index, (clock, headline, text) in enumerate(POSTS)
    ]
    return saved("", above="".join(posts))


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_a_gallery_is_no_text(line: str) -> None:
    posts = [
        f"{clock}\n\n{headline}\n\n{text}" + (f"\n\n{line}\n\nThe wind fell at noon." if index == 1 else "")
        for index, (clock, headline, text) in enumerate(POSTS)
    ]
    copied = read("\n\n".join(["Storm – live\n\n10 June 2031", *posts]), "page.txt")
    for page in (copied, posts_with(line, "<div class=g><span>{line}</span></div><p>The wind fell at noon.</p>")):
        right = [f"{text}\n\nThe wind fell at noon." if index == 1 else text for index, (_, _, text) in enumerate(READ)]
        assert [text for _, _, text in entries(page)] == right
        [named] = [each for each in page.lines if each.text == line]
        assert (named.role, named.reason) == (LineRole.BOILERPLATE, "gallery")


@pytest.mark.parametrize("line", LINES)
def test_a_counter_in_a_figure_is_no_caption(line: str) -> None:
    figure = '<figure><img src="https://quay.example/a.jpg" alt="The crane" width=600>{}</figure>'
    page = posts_with(line, figure.format("<figcaption>{line}</figcaption>"))
    assert entries(page)[1][2] == f"{READ[1][2]}\\\n[Picture: The crane](<https://quay.example/a.jpg>)"
    page = posts_with(line, figure.format("<figcaption><div>{line}</div><p>The gap.</p></figcaption>"))
    assert entries(page)[1][2] == f"{READ[1][2]}\\\n[Picture: The gap.](<https://quay.example/a.jpg>)"


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_counts_pictures_stays(text: str) -> None:
    assert text in entries(posts_with(text, "<p>{line}</p>"))[1][2]
