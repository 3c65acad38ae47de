"""Take the README's screenshots of the built site: `make pictures`."""

import os
from pathlib import Path

from chromium import launch
from paths import ROOT
from playwright.sync_api import sync_playwright

PICTURES = ROOT / "docs" / "pictures"
SHOTS = [
    ("day", "2023/06/02/", {"width": 1280, "height": 800}, "light"),
    ("home", "", {"width": 390, "height": 800}, "dark"),
]


def main() -> None:
    site = Path(os.environ.get("OUTPUT") or "output").resolve()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for name, path, size, scheme in SHOTS:
            page = browser.new_page(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
            for _ in range(2):  # fonts are optional: the first view may be without them
                page.goto(f"{site.as_uri()}/{path}index.html")
                page.evaluate("document.fonts.ready.then(() => 0)")
            page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
