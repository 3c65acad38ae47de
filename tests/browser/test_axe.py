"""axe finds no accessibility problem on any kind of page, in light and dark, on small and large screens."""

from collections.abc import Callable, Iterator
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
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
# Pages of several outlets: reports of one event, a band of weeks, a story.
TOLD_KINDS = ("", told_path(BUSY), "stories/2031/03/16/t1540/")


def faults(page: Page, name: str) -> Iterator[str]:
    """Yield what axe finds on the open page, on a small light screen and then on a large dark one."""
    axe = Axe()
    for width, scheme in ((360, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        report = axe.run(page, options=RULES)
        axe = Axe("")  # the page has the script
        if report.violations_count:
            yield f"{name}, {scheme}: {report.generate_report()}"
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{name} is wider than {width} pixels"


def faults_of_kinds(page: Page, address: str, kinds: tuple[str, ...]) -> list[str]:
    """Return the faults of pages, with all parts open that a reader can open."""
    found: list[str] = []
    for kind in kinds:
        page.goto(address + kind)
        if "?" in kind:
            page.locator("[role=status]", has_text="entr").first.wait_for()
        page.evaluate(OPEN_ALL)
        found += faults(page, f"/{kind}")
    return found


def test_axe_finds_no_problem_on_pages_of_several_outlets(
    page: Page, told_site: Path, serve: Callable[[Path], str]
) -> None:
    assert faults_of_kinds(page, serve(told_site), TOLD_KINDS) == []


def test_axe_finds_no_problem(page: Page, reading_site: Path, serve: Callable[[Path], str]) -> None:
    address = serve(reading_site)
    assert faults_of_kinds(page, address, KINDS) == []
    page.goto(f"{address}2031/04/09/")
    page.locator(".site-footer button").click()
    assert list(faults(page, "the dialog of keys")) == []


def test_axe_finds_a_fault_on_either_screen(page: Page) -> None:
    page.set_content(
        "<!doctype html><html lang=en><title>Gate</title><main><h1>Gate</h1><p>Fog.</p></main>"
        "<style>@media (prefers-color-scheme: dark) { p { color: #777; background: #666 } }</style>"
    )
    (found,) = faults(page, "gate")
    assert found.startswith("gate, dark: ") and "color-contrast" in found
