"""axe finds no accessibility problem on any kind of page, in light and dark, on small and large screens."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from told_site import BUSY, told_path

KINDS = (
    *("", "2031/04/09/", "2031/04/08/", "2031/04/", "2031/", "days/", "topics/", "topics/north-rock/"),
    *("2031/week/15/", "2031/04/09/t0610/", "stories/", "trends/"),
    *("topics/north-rock/2031/04/", "search/", "search/?q=bell", "search/?q=bel", "about/", "404.html"),
    *("data/", "sources/", "changes/"),
)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # not each element that passes: a third less CPU time
}
OPEN_ALL = "for (const part of document.querySelectorAll('details')) part.open = true"


@pytest.fixture(scope="module")
def address(reading_site: Path, serve: Callable[[Path], str]) -> str:
    """Return the URL at which the invented archive is served."""
    return serve(reading_site)


# Pages of several outlets: reports of one event, a band of weeks, a story.
TOLD_KINDS = ("", told_path(BUSY), "stories/2031/03/16/t1540/")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_axe_finds_no_problem_on_pages_of_several_outlets(
    browser: Browser, told_site: Path, serve: Callable[[Path], str], width: int, scheme: str
) -> None:
    address = serve(told_site)
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    axe = Axe()
    for kind in TOLD_KINDS:
        page.goto(address + kind)
        page.evaluate(OPEN_ALL)
        report = axe.run(page, options=RULES)
        assert not report.violations_count, f"/{kind}: {report.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, kind
    page.close()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_axe_finds_no_problem(browser: Browser, address: str, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    axe, found = Axe(), []
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if address not in request.url else None)
    for kind in KINDS:
        page.goto(address + kind)
        if "?" in kind:
            page.locator("[role=status]", has_text="entr").first.wait_for()
        page.evaluate(OPEN_ALL)
        report = axe.run(page, options=RULES)
        found += [f"/{kind}: {report.generate_report()}"] if report.violations_count else []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, kind
    page.goto(f"{address}2031/04/09/")
    for opened in (".site-footer button",):
        page.locator(opened).click()
        report = axe.run(page, options=RULES)
        found += [f"{opened}: {report.generate_report()}"] if report.violations_count else []
        page.keyboard.press("Escape")
    page.close()
    assert not found, "\n".join(found)
    assert not foreign
