"""Take the README's pictures of an invented archive: `make pictures`."""

import tempfile
from pathlib import Path

from chromium import FLAGS, launch
from paths import ROOT
from PIL import Image
from playwright.sync_api import sync_playwright
from serving import Server
from told_site import BUSY, build_told_site, told_path

PICTURES = ROOT / "docs" / "pictures"
SHOTS = [
    ("home", "", {"width": 1280, "height": 940}, "light"),
    ("day", told_path(BUSY), {"width": 390, "height": 840}, "dark"),
    ("story", "stories/2031/03/16/t1540/", {"width": 390, "height": 840}, "light"),
]


def main() -> None:
    # Over HTTP: a page that a browser opens from a folder may not load fonts.
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = build_told_site(Path(folder), settings='ENTRY_PAGES = "none"\n')
        browser = launch(playwright, FLAGS)
        with Server(site) as server:
            for name, path, size, scheme in SHOTS:
                page = browser.new_page(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
                for _ in range(2):  # fonts are optional: the first view may be without them
                    page.goto(server.url + path)
                    page.evaluate("document.fonts.ready.then(() => 0)")
                file = PICTURES / f"{name}.png"
                page.screenshot(path=file)
                Image.open(file).convert("RGB").quantize(128).save(file, optimize=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
