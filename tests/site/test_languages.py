"""Whole sites in other languages: no English word on any page in a site of invented words; German; Polish; Arabic."""

import re
import shutil
from pathlib import Path

import pytest
from builds import build_site
from paths import FIXTURES, ROOT
from pseudo_site import build_pseudo_site, english_words, pseudo, short_days
from visible_text import Text, ascii_words, visible_texts

from daybook.core.config import BuildPaths
from daybook.publish.checks import check_site

READING = FIXTURES / "site" / "reading"
# A page of each kind, by the template.
KINDS = {
    "index": "index.html",
    "day": "2031/04/09/index.html",
    "entry": "2031/04/09/t0610/index.html",
    "story": "stories/2031/04/08/t2250/index.html",
    "stories": "stories/index.html",
    "month": "2031/04/index.html",
    "week": "2031/week/15/index.html",
    "year": "2031/index.html",
    "days": "days/index.html",
    "topics": "topics/index.html",
    "topic": "topics/mole/index.html",
    "topic_month": "topics/mole/2031/04/index.html",
    "search": "search/index.html",
    "trends": "trends/index.html",
    "page": "about/index.html",
    "changes": "changes/index.html",
    "sources": "sources/index.html",
    "data": "data/index.html",
    "404": "404.html",
    "redirect": "topics/old-mole/index.html",
}


@pytest.fixture(scope="module")
def sites(pseudo_site: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """A site of invented words with everything that pages can show, an empty, a short and a long one."""
    folder = tmp_path_factory.mktemp("pseudo")
    return (
        pseudo_site,
        build_pseudo_site(folder / "empty", empty=True),
        build_pseudo_site(folder / "short", content_days=short_days("")),
        build_pseudo_site(folder / "long", content_days=short_days("2020-01-05")),
    )


@pytest.fixture(scope="module")
def texts(sites: tuple[Path, ...]) -> list[Text]:
    return [text for site in sites for text in visible_texts(site)]


def test_the_site_has_every_kind_of_page(sites: tuple[Path, ...]) -> None:
    templates = {path.stem for path in (ROOT / "theme" / "templates").glob("*.html")}
    assert templates - {"base", "dialogs", "excerpts"} == set(KINDS)
    assert [path for path in KINDS.values() if not (sites[0] / path).is_file()] == []
    assert (sites[0] / "day/99/index.html").is_file()


def test_no_english_word_is_on_any_page(texts: list[Text]) -> None:
    assert len(texts) > 5000
    assert sorted({(place, text.strip()) for place, text in texts if ascii_words(text)}) == []


def test_every_word_of_the_interface_is_on_some_page(texts: list[Text]) -> None:
    """A word that no page shows could be in English on it: the test above would not see it."""
    shown = "\n".join(" ".join(text.split()) for _, text in texts)
    missing = []
    for key, word in english_words().items():
        # Scripts choose plural forms for numbers; pages show at least one form.
        forms = [word] if isinstance(word, str) else list(word.values())
        if not any(all(part in shown for part in literal_parts(pseudo(form))) for form in forms):
            missing.append(key)
    assert missing == []


def literal_parts(text: str) -> list[str]:
    lines = re.split(r"\{\w+\}|\n", text)
    return [" ".join(line.split()) for line in lines if line.strip()]


def test_texts_are_found_wherever_a_reader_meets_them(sites: tuple[Path, ...], tmp_path: Path) -> None:
    """The tests above are worth as much as the function that finds the texts."""
    site = sites[0]
    places = {place.split(" ", 1)[1] for place, _ in visible_texts(site)}
    assert {
        *(
            "<title>",
            "<h1>",
            "<p>",
            "<a>",
            "<button>",
            "<option>",
            "<input placeholder>",
        ),
        *("<nav aria-label>", "<svg aria-label>", "<link title>", "<th abbr>", "<i title>", "<meta description>"),
        *("<meta og:title>", "<meta dcterms.title>", "JSON-LD", "<div data-words>"),
        *("<p data-patterns>", "<button data-newest>", "<button data-done>", "title", "<kbd>", "<figcaption>"),
        "Description",
    } <= places, sorted(places)
    page = tmp_path / "index.html"
    html = (site / "2031/04/09/index.html").read_text()
    for old, new in [("<h2", '<h2 title="Day"'), ("</h1>", " of</h1>"), ('placeholder="', 'placeholder="Any ')]:
        page.write_text(html.replace(old, new, 1))
        assert [text for _, text in visible_texts(tmp_path) if ascii_words(text)], new
    page.write_text(html)
    assert not [text for _, text in visible_texts(tmp_path) if ascii_words(text)]


def test_the_language_of_content_is_marked(sites: tuple[Path, ...]) -> None:
    page = (sites[0] / KINDS["day"]).read_text()
    assert '<html lang="el" dir="ltr">' in page
    assert '<p class="title" lang="ka" dir="ltr">' in page
    assert '<h2 id="h-t0900" lang="ar" dir="rtl">' in page
    assert '<h1><bdi lang="ka" dir="ltr">' in (sites[0] / KINDS["topic"]).read_text()
    about = (sites[0] / KINDS["page"]).read_text()
    assert "<h1>⟦" in about, "the built-in page is in the language of the interface"


def build(folder: Path, conf: str, strings: dict[str, str] | None = None, content: Path = READING / "content") -> Path:
    """Build an archive with settings and strings files of its own; return its site."""
    for tag, text in (strings or {}).items():
        (folder / "theme" / "strings").mkdir(parents=True, exist_ok=True)
        (folder / "theme" / "strings" / f"{tag}.toml").write_text(text)
    (folder / "conf.py").write_text((READING / "conf.py").read_text() + conf)
    paths = BuildPaths(content=content, output=folder / "site", conf=folder / "conf.py", cache=folder / "cache")
    build_site(paths)
    return paths.output


def test_a_german_archive(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(READING / "content", content)
    entries = "".join(f"## Meldung {number}\n\nDas Nordfeuer brannte.\n\n" for number in range(1234))
    (content / "days" / "2031" / "2031-04-10.md").write_text(f"---\ntitle: Licht\ndate: 2031-04-10\n---\n\n{entries}")
    topic = '---\nname: "Nordfeuer"\nkind: place\naliases:\n  - "Nordfeuer"\n  - "Feuer"\n  - "Leuchte"\n---\n'
    (content / "topics" / "nordfeuer.md").write_text(topic)
    site = build(tmp_path, 'DEFAULT_LANG = "de"\nENTRY_PAGES = "none"\n', content=content)
    home, day = (site / "index.html").read_text(), (site / "2031/04/09/index.html").read_text()
    assert '<html lang="de" dir="ltr">' in home
    assert '<time datetime="2031-04-09">Mittwoch, 9. April 2031</time>' in day
    assert "<title>Tag 367 · 9. April 2031: " in day and "4 Einträge, älteste zuerst" in day
    assert "1.234 Einträge" in (site / "2031/04/10/index.html").read_text()
    assert "1 Eintrag an 1 Tag" in (site / "topics/weather/index.html").read_text()
    assert 'abbr="Mittwoch">Mi</th>' in home and "April 2031" in home
    assert "Am selben Datum in anderen Jahren" not in home
    topic_page = (site / "topics/nordfeuer/index.html").read_text()
    assert "Andere Schreibweisen: Feuer und Leuchte" in topic_page
    assert (
        "Hier stehen die neuesten 50 von 1.234 Einträgen" in topic_page
        and "1.234 Einträge <small>an 1 Tag</small>" in topic_page
    )
    assert "Diesen Eintrag zitieren" in day
    assert list(check_site(site)) == []


def test_an_archive_changes_single_words_of_a_language(tmp_path: Path) -> None:
    site = build(tmp_path, 'DEFAULT_LANG = "de-AT"\n', {"de": '[page]\nabout = "Wer wir sind"\n'})
    home = (site / "index.html").read_text()
    assert '<html lang="de-AT" dir="ltr">' in home
    assert ">Wer wir sind</a>" in home and ">Themen</a>" in home


POLISH = '[counts.entries]\none = "{n} wpis"\nfew = "{n} wpisy"\nmany = "{n} wpisów"\n'
ARABIC = """\
[page]
days = "الأيام"

[counts.entries]
zero = "لا مدخلات"
one = "مدخل واحد"
two = "مدخلان"
few = "{n} مدخلات"
many = "{n} مدخلًا"
other = "{n} مدخل"
"""


def test_an_archive_adds_a_language_with_other_plurals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = build(tmp_path, 'DEFAULT_LANG = "pl"\n', {"pl": POLISH})
    page = (site / "2031/04/index.html").read_text()
    assert "<h1>kwiecień 2031</h1>" in page, "the name of the month alone"
    day = (site / "2031/04/09/index.html").read_text()
    assert "środa, 9 kwietnia 2031" in day, "the name of the month in a date"
    assert "4 wpisy" in page and "4 wpisy" in day
    assert re.search(r"<title>\s*kwiecień 2031 – ", page)


def test_an_archive_adds_a_language_from_right_to_left(tmp_path: Path) -> None:
    site = build(tmp_path, 'DEFAULT_LANG = "en"\nINTERFACE_LANG = "ar"\n', {"ar": ARABIC})
    page = (site / "2031/04/index.html").read_text()
    assert '<html lang="ar" dir="rtl">' in page and ">الأيام</a>" in page
    assert "4 مدخلات" in page
    assert '<span lang="en" dir="ltr">Fog, a bell' in page
    day = (site / "2031/04/09/index.html").read_text()
    assert ' lang="en" dir="ltr">The bell rings' in day and '<h2 id="h-t0900">منارة الشمال</h2>' in day


def test_words_without_a_translation_are_named(tmp_path: Path) -> None:
    (tmp_path / "theme" / "strings").mkdir(parents=True)
    (tmp_path / "theme" / "strings" / "pl.toml").write_text(POLISH)
    (tmp_path / "conf.py").write_text((READING / "conf.py").read_text() + 'DEFAULT_LANG = "pl"\n')
    paths = BuildPaths(
        content=READING / "content", output=tmp_path / "site", conf=tmp_path / "conf.py", cache=tmp_path / "cache"
    )
    (warning,) = build_site(paths)
    assert re.fullmatch(
        r"strings/pl\.toml: \d+ words in English: about\.changes, about\.citing, about\.contents, .*, …", warning
    )
