"""Words of the interface, which are longer than English ones or run from right to left, fit on all screens."""

from collections.abc import Callable
from pathlib import Path

import pytest
from builds import build_site
from playwright.sync_api import Page
from reading_site import READING
from shared import MakeOnce

from daybook.core.config import BuildPaths

KINDS = (
    *("", "2031/04/09/", "2031/04/08/", "2031/04/", "2031/", "days/", "topics/", "topics/north-rock/"),
    *("topics/north-rock/2031/04/", "search/", "search/?q=bell", "about/", "404.html", "data/", "sources/", "changes/"),
)
# Texts that are wider than their field, table cell or button.
CUT = """() => {
  const width = (element, text) => {
    const context = document.createElement("canvas").getContext("2d");
    const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(element);
    context.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
    return context.measureText(text).width;
  };
  const room = (element) => {
    const { paddingLeft, paddingRight } = getComputedStyle(element);
    return element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) + 1;
  };
  const fields = [...document.querySelectorAll("input[placeholder]")].filter((field) => field.clientWidth);
  // On a narrow screen the search is an icon until it gets the focus.
  const icon = (field) => getComputedStyle(field, "::placeholder").color === "rgba(0, 0, 0, 0)";
  const long = fields.filter((field) => !icon(field) && width(field, field.placeholder) > room(field));
  const cut = long.map((field) => field.placeholder);
  const boxes = [...document.querySelectorAll("button, th, summary, label")].filter((box) => box.clientWidth > 1);
  return [...cut, ...boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent)];
}"""


@pytest.fixture(scope="module")
def address(once: MakeOnce, serve: Callable[[Path], str]) -> Callable[[str], str]:
    """Return a function that returns the URL of the archive with the interface in a language."""

    def build(folder: Path, lang: str) -> None:
        (folder / "conf.py").write_text((READING / "conf.py").read_text() + f'INTERFACE_LANG = "{lang}"\n')
        paths = BuildPaths(
            content=READING / "content", output=folder / "site", conf=folder / "conf.py", cache=folder / "cache"
        )
        build_site(paths)

    return lambda lang: serve(once(f"reading-{lang}", lambda folder: build(folder, lang)) / "site")


@pytest.mark.parametrize(("lang", "widths"), [("de", (320, 1280)), ("uk", (320,)), ("ar", (320,)), ("zh", (320,))])
def test_no_text_is_cut_or_makes_a_page_wider(
    page: Page, address: Callable[[str], str], lang: str, widths: tuple[int, ...]
) -> None:
    found: dict[tuple[str, int], object] = {}
    root = address(lang)
    for kind in KINDS:
        page.goto(root + kind)
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found[kind, width] = "the page is too wide"
            if cut := page.evaluate(CUT):
                found[kind, width] = cut
    assert found == {}
