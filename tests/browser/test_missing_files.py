"""Each file that the search loads may be missing or damaged: a message says so, and the button below it tries again."""

import datetime as dt
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reused_page import ReusedPage
from searched_site import results, write_site, written_entries

from daybook.search.document import Document

FAILED = "Part of the search did not load."
# An entry of an older quarter, so that the index has a second segment.
OLD = Document(path="2022/03/01/#n1", date=dt.date(2022, 3, 1), headline="Port pilots rest", text="Nothing moved.")
FOUND = {"2023/06/02/#t1329", "2023/04/11/#t0815", OLD.path}
# Of each kind of file a pattern and a query that needs it.
FILES = {
    "manifest": ("search/manifest*.js", "search/?q=pilots"),
    "shard of the latest days": ("search/recent-*.js", "search/?q=pilots"),
    "shard": ("search/base-*.js", "search/?q=pilots"),
    "results": ("search/days/*.js", "search/?q=pilots"),
    "texts for a phrase": ("search/days/*.js", "search/?q=%22port%20pilots%22"),
    "script of results": ("static/js/search_results.*.js", "search/?q=pilots"),
    "vocabulary": ("search/vocabulary-*.js", "search/?q=pilats~"),
    "script of the vocabulary": ("static/js/search_vocabulary.*.js", "search/?q=*ilots"),
    "facets": ("search/facets-*.js", "search/?q=pilots&kind=place"),
    "counts of facets": ("search/facets-*.js", "search/?q=pilots&sort=oldest"),
    "script of facets": ("static/js/search_facets.*.js", "search/?q=pilots&kind=place"),
    "days and topics": ("search/places.js", "search/?q=2%20pilots"),
    "script of days and topics": ("static/js/suggest.*.js", "search/?q=2%20pilots"),
    "manifest for trends": ("search/manifest*.js", "trends/?w=pilots"),
    "shard for trends": ("search/recent-*.js", "trends/?w=pilots"),
    "texts for a phrase in trends": ("search/days/*.js", "trends/?w=%22port%20pilots%22"),
    "script of results for trends": ("static/js/search_results.*.js", "trends/?w=pilots"),
}
DAMAGES: dict[str, Callable[[bytes], bytes] | None] = {
    "missing": None,
    "cut off": lambda content: content[: len(content) // 2],
    "another page": lambda content: b"<!doctype html><title>Not found</title>",
}
EXPECTED = {"2%20pilots": set(), "%22port%20pilots%22": {OLD.path}, "pilots&kind=place": FOUND - {OLD.path}}
# The times of changed files, in seconds; browsers do not reuse a file that claims to be of the future.
CLOCK = itertools.count(4_000_000_000, 10)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("searched") / "sub"
    write_site(folder, [OLD, *written_entries()])
    for path in folder.rglob("*"):
        _date(path)
    return folder


def _date(path: Path) -> None:
    """Give a file a time in the future, another at each call: a browser must ask for it again in the next test."""
    os.utime(path, (now := next(CLOCK), now))


@pytest.fixture(params=["http", "folder"])
def address(request: pytest.FixtureRequest, site: Path, serve: Callable[[Path], str]) -> Callable[[str], str]:
    """Return a function that returns the address of a page: under a sub-path, or in a folder without a network."""
    if request.param == "http":
        root = serve(site.parent)
        return lambda path: f"{root}sub/{path}"
    return lambda path: (site / path.partition("?")[0] / "index.html").as_uri() + "?" + path.partition("?")[2]


@pytest.fixture
def page(reused_page: ReusedPage, address: Callable[[str], str]) -> Iterator[Page]:
    """Lend a page that shows errors of files that do not load."""
    page = reused_page.open(1280, 720)
    page.context.set_offline(address("").startswith("file:"))
    yield page
    reused_page.clear()


@contextmanager
def damaged(site: Path, pattern: str, damage: Callable[[bytes], bytes] | None) -> Iterator[None]:
    """Damage the files of a pattern or, without a damage, remove them; restore them at the end."""
    contents = {path: path.read_bytes() for path in site.glob(pattern)}
    assert contents, pattern

    def write(path: Path, content: bytes) -> None:
        path.write_bytes(content)
        _date(path)

    for path, content in contents.items():
        if damage:
            write(path, damage(content))
        else:
            path.unlink()
    try:
        yield
    finally:
        for path, content in contents.items():
            write(path, content)


@pytest.mark.parametrize("kind", FILES)
def test_a_missing_or_damaged_file_is_reported_and_can_be_retried(
    page: Page, site: Path, address: Callable[[str], str], kind: str
) -> None:
    pattern, query = FILES[kind]
    status, retry = page.locator("[role=status]").first, page.locator("[data-retry]")
    for damage, change in DAMAGES.items():
        if damage == "another page" and kind != "shard":
            continue
        # A folder and a server give the same bytes, and a missing file is one event of the browser for both.
        if damage == ("cut off" if address("").startswith("file:") else "missing") and kind != "shard":
            continue
        with damaged(site, pattern, change):
            page.goto(address(query))
            expect(status).to_have_text(FAILED)
            assert page.locator("li.result").count() == 0, damage
            # While the file is damaged, trying again says so again.
            retry.click()
            expect(retry).to_be_visible()
            expect(status).to_have_text(FAILED)
        retry.click()
        if query.startswith("trends/"):
            page.wait_for_selector(".pictures svg")
        else:
            assert set(results(page)) == EXPECTED.get(query.partition("=")[2], FOUND), damage
        assert retry.is_hidden(), damage
        expect(status).not_to_have_text(FAILED)


SCRIPTS = [("search", "search/?q=pilots"), ("search", "trends/?w=pilots"), ("trends", "trends/?w=pilots")]


@pytest.mark.parametrize(("script", "path"), SCRIPTS)
def test_a_missing_search_script_is_reported_by_the_page_itself(
    page: Page, site: Path, address: Callable[[str], str], script: str, path: str
) -> None:
    for damage in ("missing", "cut off"):
        with damaged(site, f"static/js/{script}.*.js", DAMAGES[damage]):
            page.goto(address(path))
            expect(page.locator("#search-waiting")).to_be_visible()
        page.click("#search-waiting a")
        page.wait_for_selector("li.result, .pictures svg")
        assert page.locator("#search-waiting").count() == 0, damage


def test_counts_that_do_not_load_are_reported(page: Page, site: Path, address: Callable[[str], str]) -> None:
    with damaged(site, "search/facets-*.js", None):
        page.goto(address("search/?q=pilots"))
        assert set(results(page)) == FOUND
        page.click("summary")  # opens the filters, which need the file
        expect(page.locator("[role=status]")).to_have_text(FAILED)
    page.click("[data-retry]")
    assert set(results(page)) == FOUND
    page.wait_for_selector(".facets input")


def test_words_for_an_offer_that_do_not_load_are_reported(
    page: Page, site: Path, address: Callable[[str], str]
) -> None:
    with damaged(site, "search/vocabulary-*.js", None):
        page.goto(address("search/?q=pilats"))
        expect(page.locator("[role=status]")).to_have_text(FAILED)
    page.click("[data-retry]")
    page.wait_for_selector(".notes a")
