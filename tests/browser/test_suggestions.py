"""Suggestions in a search field: a combobox that loads nothing before the first key."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from reused_page import ReusedPage
from searched_site import results


@pytest.fixture
def folder(searched_site: Path) -> Path:
    return searched_site


@pytest.fixture(params=["http", "file"])
def address(request: pytest.FixtureRequest, folder: Path, serve: Callable[[Path], str]) -> str:
    if request.param == "http":
        return f"{serve(folder.parent)}archive/search/"
    return (folder / "search/index.html").as_uri()


@pytest.fixture
def page(reused_page: ReusedPage) -> Iterator[Page]:
    yield reused_page.open(1280, 720)
    errors = reused_page.errors
    reused_page.clear()
    assert errors == []


def suggested(page: Page, text: str) -> list[str]:
    """Type a text and return the suggestions, each as its parts joined by a bar."""
    page.fill("#q", "")
    page.locator("#q").press_sequentially(text)
    page.wait_for_selector("[role=listbox]:not([hidden]) [role=option]")
    return page.locator("[role=option]").evaluate_all(
        "options => options.map(option => [...option.children].map(part => part.textContent).join('|'))"
    )


def test_days_months_and_topics_are_suggested(page: Page, address: str) -> None:
    page.goto(address)
    assert suggested(page, "464")[0] == "Day|1 June 2023|Day 464"
    assert suggested(page, "1 jun") == ["Day|1 June 2023|Day 464"]
    assert suggested(page, "2023-06") == ["Month|June 2023|"]
    assert suggested(page, "alm") == ["Topic|Almera|3 entries", "Word|almera|"]


def test_a_word_completes_the_query_and_searches(page: Page, address: str) -> None:
    page.goto(address)
    assert suggested(page, "grain ex") == ["Word|grain exchange|"]
    page.press("#q", "ArrowDown")
    page.press("#q", "Enter")
    page.wait_for_url("**?q=grain+exchange")
    assert results(page) == ["2023/04/11/#t1130"]


def test_nothing_is_loaded_before_the_first_key(page: Page, address: str) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(address)
    page.wait_for_selector("#search:not([hidden])")
    page.click("#q")
    assert not [url for url in requested if "suggest" in url or "places" in url]
    suggested(page, "alm")
    assert [url for url in requested if "places" in url]


def test_the_keyboard_chooses_a_suggestion(page: Page, address: str) -> None:
    page.goto(address)
    field = page.locator("#q")
    assert (field.get_attribute("role"), field.get_attribute("aria-expanded")) == ("combobox", "false")
    suggested(page, "june 2023")
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") is None
    page.press("#q", "ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}[aria-selected=true]").count() == 1
    assert field.evaluate("field => document.activeElement === field")
    page.press("#q", "Escape")
    assert (field.get_attribute("aria-expanded"), field.input_value()) == ("false", "june 2023")
    suggested(page, "464")
    page.press("#q", "ArrowUp")
    page.press("#q", "Enter")
    page.wait_for_url("**/2023/06/01/**")


def test_a_click_opens_a_suggestion_and_enter_alone_searches(page: Page, address: str) -> None:
    page.goto(address)
    suggested(page, "almera")
    page.press("#q", "Enter")
    page.wait_for_url("**?q=almera")
    assert page.locator("[role=listbox]").is_hidden()
    suggested(page, "464")
    page.locator("[role=option]").first.click()
    page.wait_for_url("**/2023/06/01/**")


def test_the_open_list_has_no_accessibility_faults(page: Page, address: str) -> None:
    page.goto(address)
    suggested(page, "alm")
    page.press("#q", "ArrowDown")
    # The page of this test has no heading structure of its own: only the search is checked.
    found = Axe().run(page, context="#search").response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found] == []


def test_a_field_works_without_its_suggestions(page: Page, folder: Path) -> None:
    page.route("**/places.js", lambda route: route.abort())
    page.goto((folder / "search/index.html").as_uri())
    page.locator("#q").press_sequentially("sire")
    assert page.locator("[role=option]").count() == 0
    page.unroute("**/places.js")
    assert suggested(page, "alm")[0] == "Topic|Almera|3 entries"
