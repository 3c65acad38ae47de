"""The page of trends: counts by month from the index, over HTTP and from a folder."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from reused_page import ReusedPage
from searched_site import results


@pytest.fixture
def folder(searched_site: Path) -> Path:
    return searched_site


@pytest.fixture(params=["http", "file"])
def address(request: pytest.FixtureRequest, folder: Path, serve: Callable[[Path], str]) -> str:
    if request.param == "http":
        return f"{serve(folder.parent)}archive/trends/"
    return (folder / "trends/index.html").as_uri()


@pytest.fixture
def page(reused_page: ReusedPage) -> Iterator[Page]:
    yield reused_page.open(1280, 720)
    errors = reused_page.errors
    reused_page.clear()
    assert errors == []


def cells(page: Page) -> list[list[str]]:
    page.wait_for_selector(".table table", state="attached")
    rows = "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
    found: list[list[str]] = page.locator(".table tr").evaluate_all(rows)
    return found


def test_months_are_counted_for_words_and_phrases_of_the_address(page: Page, address: str) -> None:
    page.goto(f'{address}?w=port&w="grain corridor"&w=absent')
    assert cells(page) == [
        ["Month", "port", '"grain corridor"', "absent"],
        ["April 2023", "1", "1", "0"],
        ["May 2023", "0", "0", "0"],
        ["June 2023", "2", "0", "0"],
    ]
    assert page.locator(".pictures section").count() == 3
    assert page.locator(".pictures section > p").all_inner_texts() == [
        "3 entries in all; most in June 2023: 2 entries.",
        "1 entry in all; most in April 2023: 1 entry.",
        "No entry has it.",
    ]
    assert page.locator(".pictures circle").count() == 3
    assert page.locator(".plot").first.locator("span").all_inner_texts() == ["2", "0", "April 2023", "June 2023"]


def test_a_point_leads_to_its_entries(page: Page, address: str) -> None:
    page.goto(f"{address}?w=port")
    cells(page)
    page.locator(".pictures section").first.locator("a").last.click()
    page.wait_for_url("**/search/**?q=port&from=2023-06-01&to=2023-06-30")
    assert len(results(page)) == 2


def test_the_form_writes_the_address_and_the_table_can_be_opened(page: Page, address: str) -> None:
    page.goto(address)
    page.fill("#trend-1", "port")
    page.fill("#trend-3", "sirens")
    page.press("#trend-3", "Enter")
    page.wait_for_url("**?w=port&w=sirens")
    assert cells(page)[0] == ["Month", "port", "sirens"]
    page.click("summary")
    page.locator("td a").first.click()
    page.wait_for_url("**?q=port&from=2023-04-01&to=2023-04-30")
    page.go_back()
    assert cells(page)[0] == ["Month", "port", "sirens"]
