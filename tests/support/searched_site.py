"""A search page with its index, written without Pelican, for the tests of the search."""

import datetime as dt
import itertools
import random
import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import partial
from html import escape
from pathlib import Path
from types import SimpleNamespace

import jinja2
import msgspec
from paths import ROOT
from playwright.sync_api import Page

from daybook.core.hashing import digest
from daybook.incremental.cache import BuildCache
from daybook.incremental.output import OutputFile, OutputGroup
from daybook.search.document import Document, SearchDay
from daybook.search.index import MANIFEST_PATH, index_files
from daybook.site.exports.search_places import PLACES_PATH, dump_places
from daybook.site.pages.routes import date_ranges
from daybook.site.views.theme import Assets, load_assets
from daybook.site.views.words import load_interface

THEME = ROOT / "theme"
ENTRIES = ROOT / "tests/fixtures/search/entries.toml"
BASE = """<!doctype html><html lang="{{ language.tag }}" dir="{{ language.dir }}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'">
<title>{% block title %}{% endblock %}</title>
<script src="{{ root }}{% block script %}{{ static('js/page.js') }}{% endblock %}" defer></script>
{% block scripts %}{% endblock %}</head><body><main>{% block main %}{% endblock %}</main></body></html>"""

FIRST_DAY = dt.date(2022, 2, 23)
TOPICS = [
    SimpleNamespace(slug="almera", name="Almera", kind="place"),
    SimpleNamespace(slug="aviation", name="Aviation", kind="theme"),
    SimpleNamespace(slug="turkey", name="Turkey", kind="place"),
]
SYNONYMS = [["Almera", "Almira", "Альмера"]]

Days = list[tuple[dt.date, tuple[Document, ...]]]


def written_entries() -> list[Document]:
    """Return the hand-written documents of the fixture."""
    return msgspec.convert(tomllib.loads(ENTRIES.read_text(encoding="utf-8"))["entry"], list[Document])


def invented_entries(count: int) -> list[Document]:
    """Return documents of random words over several months, with repeated words and equal scores."""
    rng = random.Random(7)
    stems = ["grain", "port", "ship", "harbour", "pilot", "money", "today", "policy", "relation", "running"]
    endings = ("an", "etta", "ing", "ies", "ous")
    stems += [start + end for start in ("bal", "kor", "mer", "tun", "vis") for end in endings]
    stems += [
        "Su-35",
        "F-16",
        "10",
        "100",
        "2023",
        "__proto__",
        "constructor",
        "Türkiye",
        "𐌰𐌱",
        "the",
        "U.S.",
    ]
    weights = [1 / (number + 1) for number in range(len(stems))]
    documents = []
    for number in range(count):
        date = dt.date(2022, 10, 1) + dt.timedelta(days=number // 3 * 4)
        words = partial(rng.choices, stems, weights)
        document = Document(
            path=f"{date:%Y/%m/%d}/#n{number % 3 + 1}",
            date=date,
            headline=" ".join(words(k=rng.randint(0, 6))),
            text=" ".join(words(k=rng.randint(0, 60))),
            names=tuple(words(k=rng.randint(0, 2))),
        )
        documents.append(document)
    return documents


def by_day(documents: list[Document]) -> Days:
    """Group documents in time order by day."""
    return [(date, tuple(day)) for date, day in itertools.groupby(documents, key=lambda d: d.date)]


def to_search_days(days: Iterable[tuple[dt.date, tuple[Document, ...]]]) -> list[SearchDay]:
    """Convert days to the input of the index."""
    return [SearchDay(date, len(day), digest(day), partial(tuple, day)) for date, day in days]


def single_files(items: Iterable[OutputFile | OutputGroup]) -> list[OutputFile]:
    """Return output files, and those of groups."""
    parts = (item.files() if isinstance(item, OutputGroup) else [item] for item in items)
    return [file for part in parts for file in part]


def search_files(
    days: Iterable[tuple[dt.date, tuple[Document, ...]]],
    synonyms: Sequence[Sequence[str]] = (),
    cache: Path | None = None,
) -> dict[str, bytes]:
    """Return all files of the index by path; `cache` is the file of the build cache, if any."""
    opened = BuildCache(cache)
    files = single_files(index_files(to_search_days(days), opened, synonyms))
    contents = {file.path: file.render() for file in files}
    opened.close()
    assert len(contents) == len(files)
    return contents


def write_site(folder: Path, documents: list[Document], lang: str = "en") -> None:
    """Write the search page, the index, and a page for each day; the interface is that of an archive in `lang`."""
    assets = load_assets([THEME])
    files = {**search_files(by_day(documents), SYNONYMS), **assets.files}
    for date, day in by_day(documents):
        files[f"{date:%Y/%m/%d}/index.html"] = _day_page(day, assets).encode()
    for name in ("search", "trends"):
        files[f"{name}/index.html"] = _page(name, assets, lang).encode()
    files[PLACES_PATH] = _places(documents, lang)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def _day_page(day: tuple[Document, ...], assets: Assets) -> str:
    articles = "".join(
        f'<article id="{document.path.partition("#")[2]}"><h2>{escape(document.headline)}</h2>'
        f"<p>{escape(document.text)}</p></article>"
        for document in day
    )
    script = f'<script src="../../../{assets.static("js/highlight.js")}"></script>'
    return f'<!doctype html><meta charset="utf-8">{articles}{script}'


def _places(documents: list[Document], lang: str) -> bytes:
    """Return the file of days and topics."""
    ranges = date_ranges(sorted({document.date for document in documents}))
    days = [[date.isoformat() for date in part] for part in ranges]
    topics = []
    for topic in TOPICS:
        dates = [document.date for document in documents if topic.slug in document.topics]
        if dates:
            topics.append([topic.slug, topic.name, topic.kind, len(dates), min(dates).isoformat()])
    return dump_places(topics, days, FIRST_DAY, load_interface([THEME], lang))


def _page(name: str, assets: Assets, lang: str) -> str:
    loader = [jinja2.DictLoader({"base.html": BASE}), jinja2.FileSystemLoader(THEME / "templates")]
    interface = load_interface([THEME], lang)
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(loader), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template(f"{name}.html").render(
        root="../",
        static=assets.static,
        search_manifest=MANIFEST_PATH,
        names_outlets=True,
        strings=interface.words,
        language=interface.language,
        site=SimpleNamespace(zone_name="UTC", first_day=FIRST_DAY),
    )


def ask(page: Page, query: str) -> list[str]:
    """Search for a text without typing it, which takes a third of the CPU time, and return what `results` does."""
    page.eval_on_selector("#q", "(field, query) => { field.value = query; field.form.requestSubmit(); }", query)
    return results(page)


def results(page: Page) -> list[str]:
    """Wait for the results with all words of the search and return their addresses, relative to the site's root."""
    page.wait_for_selector("ol.results[aria-busy=false]", state="attached")
    links = page.eval_on_selector_all(
        "ol[data-tier=all] a[href]", "links => links.map(link => link.getAttribute('href'))"
    )
    return [link.removeprefix("../").replace("index.html", "") for link in links if re.search("#[tn]", link)]
