"""What scripts show of the interface comes from its strings file: a site of invented words, searched in a browser."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pseudo_site import SITEURL, english_words, pseudo
from searched_site import results
from visible_text import ascii_words

# The words of a query may be in ASCII letters; a message repeats them.
QUERIES = {
    "მოლი": "",
    "მოლი*": "",
    "ნავმისადგომი": "search.spellings",
    '"მოლი 7"': "",
    "ზზზზზზ": "search.none",
    "მოლზა": "search.did_you_mean",
    'მოლი "ზარი': "search.notes.quote",
    "ა*ბ*გ*დ*ე": "search.notes.star",
    "ა*": "search.notes.short",
    "მოლი~7": "search.notes.far",
    "მოლი OR": "search.notes.operator",
}


@pytest.fixture(scope="module")
def address(pseudo_site: Path, serve: Callable[[Path], str]) -> str:
    return serve(pseudo_site)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def beginning(key: str) -> str:
    """Return the first literal part of a word in invented letters."""
    word = english_words()[key]
    assert isinstance(word, str)
    return next(part for part in re.split(r"\{\w+\}", pseudo(word)) if part.strip("⟦⟧ ")).strip()


def english(text: str, query: str = "") -> list[str]:
    """Return the words with ASCII letters among the lines of a text, without those of a query."""
    return [word for line in text.splitlines() for word in ascii_words(line) if word not in query.split()]


def test_the_messages_of_the_search(page: Page, address: str) -> None:
    page.goto(f"{address}search/")
    page.locator("#search details summary").click()
    for query, key in QUERIES.items():
        page.fill("#q", query)
        page.press("#q", "Enter")
        results(page)
        if key == "search.did_you_mean":
            page.locator(".notes a").first.wait_for()
        shown = page.inner_text("#search")
        assert english(shown, query) == [], query
        assert not key or beginning(key) in shown, query


def test_the_counts_of_the_search_are_those_of_the_language(page: Page, address: str) -> None:
    page.goto(f"{address}search/?q=მოლი")
    results(page)
    status = page.inner_text("[role=status]")
    assert re.fullmatch(re.escape(pseudo("{n} entries")).replace(r"\{n\}", "6\\d"), status), status
    page.locator("#search details summary").click()
    page.locator(".facets svg").first.wait_for()
    assert english(page.inner_text(".facets")) == []
    label = page.get_attribute(".facets svg", "aria-label") or ""
    assert label.startswith(pseudo("Entries by month")) and "Ιανουάριος 2031" in label
    assert "10 Ιανουαρίου 2031" in page.locator("li.result").all_inner_texts()[-1]
    page.goto(f"{address}search/?q=განათდა")
    results(page)
    assert page.inner_text("[role=status]") == pseudo("1 entry")


def test_the_search_says_what_it_could_not_load(page: Page, address: str) -> None:
    page.route("**/search/recent-*.js", lambda route: route.abort())
    page.route("**/search/days/*", lambda route: route.abort())
    page.goto(f"{address}search/?q=მოლი")
    results(page)
    assert page.inner_text("[role=status]") == pseudo("Part of the search did not load.")
    assert english(page.inner_text("body")) == []


def test_the_page_of_a_day_after_its_scripts_have_run(page: Page, address: str) -> None:
    page.goto(f"{address}2031/04/09/")
    page.locator("#turn").click()
    newest = pseudo("{entries}, newest first").format(entries=pseudo("6 entries"))
    expect(page.locator("#status")).to_have_text(newest)
    page.locator("#t0610 .copy").click()
    expect(page.locator("#status")).to_have_text(pseudo("Link copied"))
    page.locator("#t0610 .cite-link").click()
    citation = page.inner_text("#cite [data-form=text]")
    assert pseudo("Day 99") in citation and "9 Απριλίου 2031" in citation
    page.locator("#cite button", has_text=pseudo("Copy")).first.click()
    expect(page.locator("#cite [role=status]")).to_have_text(pseudo("Copied"))
    page.locator(".site-footer button").click()
    assert english(page.inner_text("#help")) == []


def test_the_nearest_day_of_an_unknown_address(page: Page, address: str) -> None:
    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(f"{SITEURL}/")
        route.fulfill(response=route.fetch(url=address + (path if path.startswith("static/") else "404.html")))

    page.route(f"{SITEURL}/**", answer)
    page.goto(f"{SITEURL}/2031/01/09/")
    sentence = pseudo(str(english_words()["missing.nearest"]))
    assert page.inner_text("#nearest") == sentence.format(day="10 Ιανουαρίου 2031")
    assert english(page.inner_text("body")) == []
    page.unroute_all(behavior="wait")  # an answer may still be under way, such as that for the icon
