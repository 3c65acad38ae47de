"""Text that could make a page too wide or reverse the text beside it, on a phone."""

from collections.abc import Callable
from pathlib import Path

from builds import build_site
from playwright.sync_api import Browser

from daybook.core.config import BuildPaths
from harden.round_trip import CONF

LONG = "W" * 300
DAY = f"""\
---
title: "{LONG}"
date: 2031-04-09
sources:
  - {{"key": "s1", "title": "\u202e{LONG}", "outlet": "Quay Paper", "url": "https://a.example/"}}
---

## 13:29 {LONG}

[anchor]: # "t1329"
[source]: # "s1"
[author]: # "{LONG}"
[topics]: # "+x"

    {LONG}

- {LONG}
"""
PAGES = ("", "2031/04/09/", "2031/04/", "2031/", "topics/", "topics/x/", "topics/x/2031/04/", f"search/?q={LONG}")


def test_long_words_fit_and_reversed_text_is_isolated(
    browser: Browser, serve: Callable[[Path], str], tmp_path: Path
) -> None:
    content = tmp_path / "content"
    for name, text in (("days/2031/2031-04-09.md", DAY), ("topics/x.md", f'---\nname: "{LONG}"\n---\n')):
        (content / name).parent.mkdir(parents=True)
        (content / name).write_text(text)
    (tmp_path / "conf.py").write_text(CONF)
    build_site(
        BuildPaths(content=content, output=tmp_path / "site", conf=tmp_path / "conf.py", cache=tmp_path / "cache")
    )
    address = serve(tmp_path / "site")
    page = browser.new_page(viewport={"width": 360, "height": 800})
    for path in PAGES:
        page.goto(address + path)
        if "?" in path:
            page.wait_for_selector("main a[href*='#t1329']")
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path
    page.goto(f"{address}2031/04/09/")
    assert page.locator("cite a").evaluate("(link) => getComputedStyle(link).unicodeBidi") == "isolate"
    page.close()
