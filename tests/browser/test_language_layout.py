"""Words of the interface, which are longer than English ones or run from right to left, fit on all screens."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from builds import build_site
from playwright.sync_api import Browser
from reading_site import READING

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
def address(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> Callable[[str], str]:
    """Return a function that returns the URL of the archive with the interface in a language."""

    @cache
    def build(lang: str) -> str:
        folder = tmp_path_factory.mktemp(lang)
        (folder / "conf.py").write_text((READING / "conf.py").read_text() + f'INTERFACE_LANG = "{lang}"\n')
        paths = BuildPaths(
            content=READING / "content", output=folder / "site", conf=folder / "conf.py", cache=folder / "cache"
        )
        build_site(paths)
        return serve(paths.output)

    return build


@pytest.mark.parametrize(("lang", "width"), [("de", 320), ("de", 1280), ("uk", 320), ("ar", 320), ("zh", 320)])
def test_no_text_is_cut_or_makes_a_page_wider(
    browser: Browser, address: Callable[[str], str], lang: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    found: dict[str, object] = {}
    for kind in KINDS:
        page.goto(address(lang) + kind)
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[kind] = "the page is too wide"
        if cut := page.evaluate(CUT):
            found[kind] = cut
    page.close()
    assert found == {}
