"""Every kind of file that is read, and some that are refused, with the whole right reading beside each."""

import json
import re
from io import BytesIO
from pathlib import Path
from textwrap import dedent
from typing import Any
from zipfile import ZipFile

import pytest
from page_reading import reading, write_reading
from paths import FIXTURES, ROOT

from daybook.core.errors import ArchiveError
from daybook.parse import parse
from daybook.parse.base.page import Hints, Verdict
from daybook.parse.byte_test import may_hold_live_blog
from daybook.parse.input_files import parse_files
from daybook.parse.outlets import load_outlets
from daybook.parse.web import find_posts

FORMATS = FIXTURES / "formats"
FILES = sorted(path for path in FORMATS.iterdir() if path.with_name(f"{path.name}.json").exists())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_read_as_expected(path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))
    assert reading(path.read_bytes(), expected.pop("hints"), path.name) == expected


def test_the_generator_writes_the_reading_of_a_page_once(tmp_path: Path) -> None:
    page = tmp_path / "table.csv"
    page.write_bytes((FORMATS / "table.csv").read_bytes())
    written = write_reading(page, {})
    assert written.read_bytes() == (FORMATS / "table.csv.json").read_bytes()
    with pytest.raises(FileExistsError):
        write_reading(page, {})


def test_the_tutorial_of_a_layout_gives_the_entries_that_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, tutorial = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Add a page layout")
    blocks = re.findall(r"^   ```(\w+)\n(.*?)^   ```$", tutorial, re.DOTALL | re.MULTILINE)
    html, code, entries = (dedent(text) for name, text in blocks[:4] if name in ("html", "python", "json"))
    page = tmp_path / "tideway.html"
    page.write_text(html)
    assert json.loads(write_reading(page, {}).read_text()).get("entries", []) != json.loads(
        entries
    )  # it needs a layout
    module: dict[str, Any] = {}
    exec(code, module)
    monkeypatch.setattr(find_posts, "LAYOUTS", (*find_posts.LAYOUTS, module["TIDEWAY"]))
    page.with_name("tideway.html.json").unlink()
    assert json.loads(write_reading(page, {}).read_text())["entries"] == json.loads(entries)


def test_a_folder_of_mixed_files_names_what_each_is(tmp_path: Path) -> None:
    files = {Path(each.name).name: each for each in parse_files([str(FORMATS)], Hints())}
    assert files["report.pdf"].refusal == "save the page as HTML or plain text"
    assert (files["slack.json"].kind, files["slack.json"].problems) == ("Slack export", ())
    assert files["article.html"].refusal.startswith("nothing; if it is a live blog, name the file")
    assert files["feed.rss.xml"].kind == "feed"
    assert not files["unknown.json"].is_named
    (named,) = parse_files([str(FORMATS / "article.html")], Hints())
    assert named.is_named and named.page


@pytest.mark.parametrize(
    ("member", "kind"), [("word/document.xml", "Word"), ("xl/workbook.xml", "Excel"), ("a.txt", "ZIP")]
)
def test_an_office_file_is_refused_by_name(member: str, kind: str) -> None:
    data = BytesIO()
    with ZipFile(data, "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(ArchiveError, match=kind):
        parse(data.getvalue(), Hints(), "x")


REFUSED = {
    "Discord": b"==============\nGuild: Weide\nChannel: general\n==============\n\n[4/9/2031 2:05 PM] ann\nHello",
    "LINE": b"[LINE] Chat history with Weide\n2031/04/09\n14:05\tAnn\tHello",
    "sitemap": b'<?xml version="1.0"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url/></urlset>',
    "OPML": b'<?xml version="1.0"?><opml version="2.0"><body/></opml>',
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    "lines of JSON": b'{"event": 1}\n{"event": 2}\n',
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_read_is_refused_by_name(kind: str, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=kind):
        parse(REFUSED[kind], Hints(), "x")
    (tmp_path / "x").write_bytes(REFUSED[kind])
    (left_out,) = parse_files([str(tmp_path)], Hints())
    assert kind in left_out.kind and left_out.refusal and not left_out.problems


def test_an_article_about_an_export_is_no_export() -> None:
    page = parse(
        b"<!doctype html><title>Messages from Weide</title><h1>LINE and Discord</h1><p>Text.</p>", Hints(), "x"
    )
    assert page.kind == "HTML"


def test_the_byte_test_misses_no_live_blog_of_the_fixtures() -> None:
    pages = [path for folder in ("pages", "formats") for path in (FIXTURES / folder).glob("*.html")]
    live = [path for path in pages if path.stem not in ("article",)]
    assert [path.name for path in live if not may_hold_live_blog(path.read_bytes())] == []
    assert not may_hold_live_blog((FORMATS / "article.html").read_bytes())


def test_defaults_of_an_outlet_fill_in_what_the_page_lacks(tmp_path: Path) -> None:
    (tmp_path / "outlets.toml").write_text(
        '[[outlet]]\nhosts = ["quay.example"]\nname = "Quay News"\nzone = "Europe/Berlin"\nlang = "en"\n'
    )
    page = tmp_path / "page.html"
    page.write_text(
        '<!DOCTYPE html><link rel="canonical" href="https://www.quay.example/live"><title>Quay live</title>'
        "<h1>Quay live</h1><p>9 April 2031</p>"
        "<h2>14:05 Boats out</h2><p>Six boats left.</p><h2>13:40 Fog</h2><p>Fog came in.</p>"
    )
    (parsed,) = parse_files([str(page)], Hints(), load_outlets(tmp_path))
    record = parsed.records[0]
    assert (record.at, record.lang, record.source and record.source.outlet) == (
        "2031-04-09T14:05:00+02:00",
        "en",
        "Quay News",
    )
    (tmp_path / "outlets.toml").write_text('[[outlet]]\nname = "x"\n')
    with pytest.raises(ArchiveError, match="neither `hosts` nor `folders`"):
        load_outlets(tmp_path)


LIVE = "Quay live\n\n9 April 2031\n\n1405 GMT Boats out\n\nSix left.\n\n1340 GMT Fog\n\nFog came."
WEB = (
    "<!doctype html><title>Quay live</title><main><h1>Quay live</h1><p>9 April 2031</p><h3>14:05 GMT Boats out</h3>"
    "<p>Six left.</p><h3>13:40 GMT Fog</h3><p>Fog came.</p>"
)


@pytest.mark.parametrize("line", ["Load more", "Page 1 of 7", "Older posts", "Ältere Beiträge laden", "Charger plus"])
def test_a_page_that_is_a_part_of_its_live_blog_is_doubted(line: str) -> None:
    for text in (f"{LIVE}\n\n{line}\n", f"{WEB}<button>{line}</button>", f"{WEB}<p><a href=?p=2>{line}</a></p>"):
        assert [doubt.kind for doubt in parse(text.encode(), Hints(), "p").doubts] == ["part"]


@pytest.mark.parametrize(
    ("html", "is_part"),
    [
        ("<nav class=pagination><a>1</a><a href=?p=2>2</a><a>Next</a></nav>", True),
        ("<nav class=pagination>1</nav>", False),
        ("<p>Page 1 of 1</p>", False),
        ("<section class=comments><h2>Comments</h2><button>Load more</button></section>", False),
        ("<button>Load more comments</button>", False),
        ("<button style='display:none'>Load more</button>", False),
        (
            "<nav>News</nav><nav>Sport</nav><nav>Wind</nav><nav>Tide</nav><nav>Law</nav><button>Load more</button>",
            False,
        ),
    ],
)
def test_what_a_page_says_of_its_other_pages(html: str, is_part: bool) -> None:
    page = parse(f"{WEB}{html}".encode(), Hints(), "p")
    assert [doubt.kind for doubt in page.doubts] == ["part"] * is_part
    assert [record.text for record in page.records] == ["Six left.", "Fog came."]


def test_a_shell_without_posts_that_is_called_live_is_not_taken_for_an_article(tmp_path: Path) -> None:
    shell = "<!doctype html><title>Flood at Weide – live blog</title><h1>Flood at Weide</h1><div id=app></div>"
    (tmp_path / "shell.html").write_text(shell)
    (found,) = parse_files([str(tmp_path)], Hints())
    assert found.verdict is Verdict.NOT_UNDERSTOOD
