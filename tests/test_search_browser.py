"""The search page in a real browser: over HTTP under a sub-path, and from a folder."""

import datetime as dt
import itertools
import json
import random
import re
import shutil
import tomllib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import jinja2
import msgspec
import pytest
from liveblog.search import MANIFEST_PATH, Document, index_files, lunr_script
from liveblog.search.analysis import fold
from liveblog.search.document import B, BOOSTS, FIELDS, K1, searched
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
THEME = ROOT / "theme"
ENTRIES = ROOT / "tests/fixtures/search/entries.toml"
BASE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'">
<title>{% block title %}{% endblock %}</title><script src="{{ root }}{{ static('js/links.js') }}" defer></script>
{% block scripts %}{% endblock %}</head><body><main>{% block main %}{% endblock %}</main></body></html>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


def written_entries() -> list[Document]:
    return msgspec.convert(tomllib.loads(ENTRIES.read_text())["entry"], list[Document])


def invented_entries(count: int) -> list[Document]:
    """Entries of random words over three quarters: lengths, repeats and ties as in a real archive."""
    chance = random.Random(7)
    stems = ["grain", "port", "ship", "harbour", "pilot", "money", "today", "policy", "relation", "running"]
    stems += [f"{a}{b}" for a in ("bal", "kor", "mer", "tun", "vis") for b in ("an", "etta", "ing", "ies", "ous")]
    stems += ["Su-35", "F-16", "10", "100", "2023", "__proto__", "constructor", "Türkiye", "𐌰𐌱", "the", "U.S."]
    weights = [1 / (place + 1) for place in range(len(stems))]
    documents = []
    for number in range(count):
        date = dt.date(2022, 10, 1) + dt.timedelta(days=number // 3)
        words = partial(chance.choices, stems, weights)
        documents.append(
            Document(
                path=f"{date:%Y/%m/%d}/#n{number % 3 + 1}",
                date=date,
                headline=" ".join(words(k=chance.randint(0, 6))),
                text=" ".join(words(k=chance.randint(0, 60))),
                names=tuple(words(k=chance.randint(0, 2))),
            )
        )
    return documents


def write_site(folder: Path, documents: list[Document]) -> None:
    """Write the search page and its files, and one page for each day."""
    by_day = [(date, tuple(day)) for date, day in itertools.groupby(documents, key=lambda d: d.date)]
    lunr_path, lunr = lunr_script()
    files = {lunr_path: lunr, **dict(index_files(by_day, None))}
    for script in (THEME / "static/js").glob("*.js"):
        files[f"static/js/{script.name}"] = script.read_bytes()
    for document in documents:
        path = document.path.partition("#")[0] + "index.html"
        files[path] = files.get(path, b"") + f'<h2 id="{document.path.partition("#")[2]}">x</h2>'.encode()
    loader = jinja2.ChoiceLoader(
        [jinja2.DictLoader({"base.html": BASE}), jinja2.FileSystemLoader(THEME / "templates")]
    )
    page = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    topics = [SimpleNamespace(slug=s, name=s.title(), kind="place") for s in ("almera", "aviation", "turkey")]
    files["search/index.html"] = (
        page.get_template("search.html")
        .render(
            root="../",
            static=lambda path: f"static/{path}",
            search_manifest=MANIFEST_PATH,
            lunr_script=lunr_path,
            topics=topics,
            strings=tomllib.loads((THEME / "strings.toml").read_text()),
            site=SimpleNamespace(zone_name="UTC"),
        )
        .encode()
    )
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("served") / "archive"
    write_site(made, written_entries())
    return made


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def serve(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    for place in serve(folder.parent):
        yield f"{place}/archive/search/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    page.close()
    assert problems == []


def results(page: Page) -> list[str]:
    """Wait for the status and return the anchors of the results."""
    page.wait_for_function("!/^(Searching…)?$/.test(document.querySelector('[role=status]').textContent)")
    links = page.eval_on_selector_all("main a[href]", "links => links.map(link => link.getAttribute('href'))")
    return [link.removeprefix("../").replace("index.html", "") for link in links if re.search("#[tn]", link)]


ASKED = {
    "grain": ["2023/04/11/#t0815", "2023/04/11/#t1130"],
    '"grain corridor"': ["2023/04/11/#t0815"],
    "grain -exchange": ["2023/04/11/#t0815"],
    "headline:corridor -exchange": ["2023/04/11/#t0815"],
    "pilo*": ["2023/06/02/#t1329", "2023/04/11/#t0815"],
    "Almera harbour": ["2023/04/11/#t0815"],
    "2500 tonnes": ["2023/04/11/#t0815"],
    "F-16": ["2023/05/20/#t0702"],
    "f16 su35 S-300": ["2023/05/20/#t0702"],
    "US": ["2023/05/20/#t0702"],
    "2023-05-19": ["2023/05/20/#t0702"],
    "Türkiye": ["2023/05/20/#n1"],
    "turkiye lodz": ["2023/05/20/#n1"],
    "київ": ["2023/05/20/#n1"],
    "Friday money": ["2023/04/11/#t1130"],
    "sirens": ["2023/06/01/#t2140"],
    "__proto__ constructor tostring": ["2023/06/02/#t1329"],
    "𐌰𐌱𐌲": ["2023/06/02/#t1329"],
    'strike "pilots': ["2023/06/02/#t1329"],
    "3:30 foo:bar": [],
    "absent": [],
    "xylophone grain": [],
}


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_finds_what_is_asked(page: Page, address: str, asked: str) -> None:
    page.goto(address)
    page.fill("#q", asked)
    page.press("#q", "Enter")
    assert results(page) == ASKED[asked]
