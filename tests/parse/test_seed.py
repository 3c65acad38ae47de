"""The page the archive starts from, when it is at hand: every entry and paragraph on the site."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from builds import build_site
from catalogs import load_days
from paths import ROOT, SAMPLE
from playwright.sync_api import Page, expect

from daybook.archive.ingest import IngestOptions, ingest
from daybook.archive.merge import Outcome
from daybook.core.config import BuildPaths, load_config
from daybook.core.markdown import plain_text
from daybook.parse.base.page import Hints
from daybook.parse.input_files import parse_files, read_record_files

SHARED = ROOT.parent / "shared"
SEED = SHARED / "seed" / "000_dd5e29a7ee6c67cc.txt"
CONF = SAMPLE / "conf.py"

needs_seed = pytest.mark.skipif(not SEED.exists(), reason="the page the archive starts from is not at hand")


@pytest.fixture(scope="module")
def seed_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("seed")
    (reading,) = parse_files([str(SEED)], Hints())
    assert reading.not_understood == 0
    account = ingest(reading, IngestOptions(content=root / "content", zone=load_config(BuildPaths(conf=CONF)).zone))
    assert account.outcomes == {Outcome.NEW: 17}
    build_site(BuildPaths(content=root / "content", output=root / "site", conf=CONF, cache=root / "cache"))
    return root


class Paragraphs(HTMLParser):
    """Collects the text of each paragraph inside an article."""

    def __init__(self) -> None:
        super().__init__()
        self.article, self.texts, self.open = 0, [], False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.article += tag == "article"
        self.open = tag == "p" and not attrs and bool(self.article)
        if self.open:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.article -= tag == "article"
        self.open = self.open and tag != "p"

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts[-1] += data


@needs_seed
def test_every_entry_and_paragraph_is_on_the_site(seed_site: Path) -> None:
    expected = json.loads(SEED.with_name("expected.json").read_text())
    lines = SEED.read_text().split("\n")
    stamps = sorted(entry["source_line"] for entry in expected["entries"])
    end = next(item["line"] for item in expected["boilerplate"] if item["line"] > stamps[-1])
    body = [line for number, line in enumerate(lines, 1) if stamps[0] < number < end and number not in stamps and line]
    shown: list[str] = []
    for day in ("02", "01"):
        collector = Paragraphs()
        collector.feed((seed_site / "site" / "2023" / "06" / day / "index.html").read_text())
        shown += collector.texts
    assert len(body) == len(shown) == expected["counts"]["entry_paragraphs"]
    assert sorted(shown) == sorted(body)
    first, second = load_days(seed_site / "content")
    assert (len(first.entries), len(second.entries)) == (5, 12)
    assert plain_text(second.lede).split("\n\n") == expected["lede_paragraphs"]
    made = [f"{day.date}T{entry.time:%H:%M}:00Z {entry.headline}" for day in (first, second) for entry in day.entries]
    assert sorted(made) == sorted(f"{entry['datetime']} {entry['headline']}" for entry in expected["entries"])


@needs_seed
def test_the_counter_and_no_boilerplate(seed_site: Path) -> None:
    pages = {path: path.read_text() for path in (seed_site / "site").rglob("*.html")}
    heading = re.search(r"<h1>.*?</h1>", pages[seed_site / "site" / "2023" / "06" / "02" / "index.html"], re.S)
    assert heading and "Day 465" in heading[0]
    for text in pages.values():
        for residue in ("Loading...", "Follow more updates", "Route 6", "click here"):
            assert residue not in text


@needs_seed
@pytest.mark.parametrize(
    ("words", "anchors"), [("Berdyansk", {"t1245"}), ("grain", {"t2100"}), ("Zelenskyy", {"t2152"})]
)
def test_search_opens_the_right_entry(
    seed_site: Path, serve: Callable[[Path], str], page: Page, words: str, anchors: set[str]
) -> None:
    page.goto(f"{serve(seed_site / 'site')}search/?q={words}")
    results = page.locator("main a[href*='#t']")
    expect(results).not_to_have_count(0)
    assert {href.rpartition("#")[2] for href in results.evaluate_all("links => links.map(a => a.href)")} == anchors
    results.first.click()
    expect(page.locator("article:target")).to_be_in_viewport()
    expect(page.locator("article:target")).to_contain_text(words)


@pytest.mark.skipif(not (SHARED / "corpus").exists(), reason="the corpus is not at hand")
def test_a_thousand_dispatches_come_through_once(tmp_path: Path) -> None:
    import gzip  # noqa: PLC0415

    with gzip.open(SHARED / "corpus" / "dispatches.jsonl.gz") as file:
        lines = [file.readline() for _ in range(1000)]
    (tmp_path / "records.jsonl").write_bytes(b"".join(lines))
    (reading,) = read_record_files([str(tmp_path / "records.jsonl")])
    account = ingest(reading, IngestOptions(content=tmp_path / "content", zone=load_config(BuildPaths(conf=CONF)).zone))
    assert account.outcomes == {Outcome.NEW: 1000}
    build_site(BuildPaths(content=tmp_path / "content", output=tmp_path / "site", conf=CONF, cache=tmp_path / "cache"))
    shown = sum(
        path.read_text().count("<article id=") for path in (tmp_path / "site").glob("[0-9]*/[01][0-9]/*/index.html")
    )
    assert shown == 1000
    slugs = {slug for line in lines for slug in msgspec.json.decode(line)["topics"]}
    assert {path.parent.name for path in (tmp_path / "site" / "topics").glob("*/index.html")} == slugs
