"""Cards: what they show, which pages name them, and what happens to letters that no font has."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from builds import build_site
from paths import FIXTURES, ROOT
from PIL import Image

from daybook.core.config import BuildPaths
from daybook.core.errors import ArchiveError
from daybook.site.exports.cards import FONTS, HEIGHT, WIDTH, Card, can_draw, draw_card, plain

READING = FIXTURES / "site" / "reading"
FILES = tuple((ROOT / "theme/static/fonts" / f"{name}.woff2").read_bytes() for name in FONTS)
SITEURL = "https://reading.example/archive"
HEADLINE_PLACE, COUNTER_PLACE = (64, 350, 1136, 600), (64, 110, 660, 280)


def card(**fields: object) -> Card:
    values: dict[str, object] = {
        "site": "The Aller flood",
        "counter": "Day 23",
        "date": "Tuesday, 23 March 2027",
        "iso_date": "2027-03-23",
        "by": "The Courier, 06:52",
        "headline": "Second crest passes Weide",
        "counts": (0, 2, *(0,) * 22),
        "collected": (True,) * 20 + (False,) * 4,
        "hour": 1,
    }
    return Card(**{**values, **fields})  # type: ignore[arg-type]


def pixels(drawn: Card, place: tuple[int, int, int, int] = (0, 0, WIDTH, HEIGHT)) -> bytes:
    return Image.open(BytesIO(draw_card(drawn, FILES))).crop(place).tobytes()


def is_blank(drawn: Card, place: tuple[int, int, int, int]) -> bool:
    return len(set(pixels(drawn, place))) == 1


def test_a_card_is_a_small_picture_of_the_size_that_its_pages_state() -> None:
    data = draw_card(card(), FILES)
    picture = Image.open(BytesIO(data))
    assert (picture.size, picture.mode, picture.format) == ((1200, 630), "P", "PNG")
    assert len(data) < 25_000
    assert data == draw_card(card(), FILES), "the same bytes each time"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("headline", "The levee holds"), ("counter", "Day 24"), ("date", "Monday"), ("by", "Nordpost")),
        *(("site", "Flood"), ("counts", (1,) * 24), ("collected", (True,) * 24), ("hour", -1)),
    ],
)
def test_everything_that_a_card_holds_is_drawn(name: str, value: object) -> None:
    counts = (0, 2, 1, *(0,) * 21)
    assert pixels(card(counts=counts)) != pixels(card(**{"counts": counts, name: value}))


@pytest.mark.parametrize(
    "text",
    ["Day 465", "Crème brûlée – “no”, £5", "Łódź, Gdańsk", "День 465", "дев’ять, п’ять", "Straße", "Gate №3 … 50 %"],
)
def test_latin_and_cyrillic_texts_can_be_drawn(text: str) -> None:
    assert can_draw(text, FILES)


@pytest.mark.parametrize("text", ["", " ", "اليوم 465", "第3天", "ημέρα", "เล", "🚧", "a\u0301\u0331 ऄ"])
def test_texts_with_other_letters_are_left_out_and_never_drawn_as_boxes(text: str) -> None:
    assert not can_draw(text, FILES)
    assert is_blank(card(headline=text), HEADLINE_PLACE)


def test_a_day_in_another_script_has_a_card_with_its_number_and_date_in_digits() -> None:
    arabic = card(counter="اليوم 23", date="الثلاثاء، 23 مارس 2027")
    assert pixels(arabic) == pixels(card(counter="23", date="2027-03-23"))
    assert not is_blank(arabic, COUNTER_PLACE)
    assert not is_blank(card(counter=""), COUNTER_PLACE), "a day before day 1"


def test_signs_that_carry_no_text_are_left_out() -> None:
    assert plain("Gate №3 🚧\u200f  closed\u00a0now") == "Gate №3 closed now"
    assert pixels(card(headline="Gate 🚧 closed")) == pixels(card(headline="Gate closed"))


def test_a_long_headline_stays_on_the_card() -> None:
    long = card(
        headline="The second crest of the river " * 30, by="An outlet with a very long name " * 9, site="X" * 999
    )
    edges = [(0, 0, 40, HEIGHT - 20), (WIDTH - 30, 0, WIDTH, HEIGHT - 20), (0, 590, WIDTH, HEIGHT - 20)]
    assert [place for place in edges if not is_blank(long, place)] == []


def build(folder: Path, siteurl: str, conf: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "conf.py").write_text((READING / "conf.py").read_text() + conf)
    paths = BuildPaths(
        content=READING / "content",
        output=folder / "site",
        conf=folder / "conf.py",
        cache=folder / "cache",
        siteurl=siteurl,
    )
    build_site(paths)
    return paths.output


def picture_of(page: Path) -> list[str]:
    return re.findall(r'<meta property="og:image" content="([^"]+)">', page.read_text())


def test_pages_name_their_own_card_or_that_of_their_day(tmp_path: Path) -> None:
    site = build(tmp_path, SITEURL)
    drawn = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("card.png")}
    named = {address for page in site.rglob("*.html") for address in picture_of(page)}
    assert {f"{SITEURL}/{path}" for path in drawn} == named, "each card is named, and each that is named exists"
    days = [path for path in drawn if path.count("/") == 3]
    assert len(days) == len(list(site.glob("2*/[01]*/*/entries.json"))) < len(drawn)
    pages = [page for page in site.glob("2*/[01]*/*/*/index.html") if 'http-equiv="refresh"' not in page.read_text()]
    for page in pages:
        (address,) = picture_of(page)
        assert address.rpartition("/")[0] in f"{SITEURL}/{page.parent.relative_to(site).as_posix()}"
    assert 'content="summary_large_image"' in pages[0].read_text()
    home = (site / "index.html").read_text()
    assert picture_of(site / "index.html") == [] and '<meta name="twitter:card" content="summary">' in home
    # A build with another name of the archive draws its cards again, one with other words on pages does not.
    (tmp_path / "theme" / "strings").mkdir(parents=True)
    (tmp_path / "theme" / "strings" / "en.toml").write_text('[page]\nabout = "Who we are"\n')
    times = {path: (site / path).stat().st_mtime_ns for path in drawn}
    build(tmp_path, SITEURL)
    assert {path: (site / path).stat().st_mtime_ns for path in drawn} == times
    build(tmp_path, SITEURL, "CARDS = False\n")
    assert not list(site.rglob("card.png")) and not any(map(picture_of, pages))


def test_a_site_without_an_address_has_no_cards(tmp_path: Path) -> None:
    site = build(tmp_path, "")
    assert not list(site.rglob("card.png"))
    assert not any(map(picture_of, site.rglob("*.html")))


def test_the_setting_is_true_or_false(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="CARDS: 'no' is neither True nor False"):
        build(tmp_path, "", "CARDS = 'no'\n")
