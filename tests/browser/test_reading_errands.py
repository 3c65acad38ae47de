"""Tasks of readers of a day in a real browser: cite, reverse the order, navigate."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from reading_site import SITEURL

Serve = Callable[[Path], str]


@pytest.fixture(scope="module")
def address(reading_site: Path, serve: Serve) -> str:
    """Return the URL at which the invented archive of two years is served."""
    return serve(reading_site)


def test_search_cite_and_go_to_the_previous_day(page: Page, sample_site: Path, serve: Serve) -> None:
    root = serve(sample_site)
    page.goto(f"{root}search/")
    page.locator("main input[name=q]").fill("grain")
    page.keyboard.press("Enter")
    page.locator("main a[href*='#t']").click()
    expect(page).to_have_url(f"{root}2023/06/01/#t2100")
    page.locator("article:target").get_by_role("link", name="Cite this entry").click()
    expect(page).to_have_url(f"{root}2023/06/01/t2100/#cite")
    expect(page.locator("#cite [data-form=text]")).to_contain_text("21:00 UTC")
    expect(page.locator("#cite [data-form=wikipedia]")).to_contain_text("{{cite web |")
    page.goto(f"{root}2023/06/02/")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("h1")).to_contain_text("Day 464")


def test_reversing_the_order_moves_entries_and_is_announced(page: Page, address: str) -> None:
    page.goto(f"{address}2031/04/09/")
    page.get_by_role("button", name="Newest first").click()
    expect(page.get_by_role("status").first).to_have_text("4 entries, newest first")
    ids = [article.get_attribute("id") for article in page.locator("#entries article").all()]
    assert ids == ["n1", "t1330", "t0900", "t0610"]
    page.goto(f"{address}2031/04/09/?order=newest#t0610")
    expect(page.locator("#t0610")).to_be_in_viewport()
    page.get_by_role("button", name="Oldest first").click()
    assert page.url == f"{address}2031/04/09/#t0610"


def test_keys_move_the_focus_between_entries(page: Page, address: str) -> None:
    page.goto(f"{address}2031/04/09/")
    for expected in ("t0610", "t0900"):
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.closest('article').id") == expected
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('article').id") == "t0610"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_changes_of_an_entry_can_be_opened(page: Page, address: str) -> None:
    page.goto(f"{address}2031/04/09/")
    bell = page.locator("#t0610")
    bell.get_by_text("What changed").click()
    expect(bell.locator("ins")).to_have_text(["on North Rock", "ten past"])
    expect(bell.get_by_role("link", name="Correct this entry")).to_have_attribute(
        "href", re.compile(r"blob/HEAD/content/days/2031/2031-04-09\.md\?plain=1#L12$")
    )


def test_related_entries_are_linked(page: Page, address: str) -> None:
    page.goto(f"{address}2030/04/09/#t0610")
    page.locator("#t0610").get_by_role("link", name="08:00").click()
    expect(page.locator("article:target")).to_contain_text("The lamp, once more")


def test_a_missing_address_leads_to_the_nearest_day(browser: Browser, hosted_reading_site: Path) -> None:
    site = hosted_reading_site
    page = browser.new_page()

    def host(route, request) -> None:  # type: ignore[no-untyped-def]
        path = site / request.url.removeprefix(f"{SITEURL}/")
        found = path if path.is_file() else site / "404.html"
        route.fulfill(status=200 if found is path else 404, path=found)

    page.route(f"{SITEURL}/**", host)
    nearest = {
        "2030/12/01/": "2031/04/08/",
        "2030/04/": "2030/04/09/",
        "2029/": "2030/04/09/",
        "2031/04/11/": "2031/04/09/",
        "day/5/": "2030/04/09/",
        "day/99999/": "2031/04/09/",
    }
    for missing, day in nearest.items():
        page.goto(f"{SITEURL}/{missing}")
        expect(page.locator("#nearest a")).to_have_attribute("href", f"{SITEURL}/{day}")
    page.goto(f"{SITEURL}/nothing/of/the/kind")
    expect(page.locator("#nearest")).to_be_hidden()
    page.close()


def test_the_site_works_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="Read Day 367").click()
    expect(page.locator("article")).to_have_count(4)
    expect(page.get_by_role("region", name="Cite")).to_contain_text("Day 367 · 9 April 2031")
    assert page.locator("main button:visible").count() == 0
    page.locator(".entry-footer").get_by_role("link", name="North Rock").first.click()
    page.locator(".by-month a").last.click()
    expect(page).to_have_url(f"{address}topics/north-rock/2030/04/")
    context.close()
