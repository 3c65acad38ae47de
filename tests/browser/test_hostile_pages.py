"""Attacks stored in every field of an archive, opened in a browser with and without the site's policy."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser
from shared import MakeOnce

from daybook.publish.checks import check_site
from harden.attack_site import build_attack_site
from harden.browser import copy_without_policy, inspect_pages, list_pages, search_url
from harden.corpora import OWN, attacks

ENTRY = re.compile(r"\d{4}/\d\d/\d\d/[tn]\d")  # the beginning of the path of an entry's page


def strings() -> tuple[str, ...]:
    """Return a sample: `make harden PARTS=pages` stores all attacks and opens all pages."""
    return (*OWN, *attacks()[len(OWN) :: 240])


@pytest.fixture(scope="module")
def site(once: MakeOnce) -> Path:
    return once("attacked", lambda folder: build_attack_site(strings(), folder)) / "site"


def test_the_check_finds_a_successful_attack(browser: Browser, serve: Callable[[Path], str], tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><p>A page that trusts</p><script>alert(1)</script>")
    (tmp_path / "a.html").write_text("<!doctype html><a href='javascript:1' style='x'><img src=https://a.example/x>")
    raw = inspect_pages(browser, serve(tmp_path), ["index.html", "a.html"])
    assert raw.executed and raw.foreign_requests and raw.foreign_markup > 1


@pytest.mark.parametrize("policy", ["with", "without"])
def test_no_attack_runs_loads_or_leaves_markup(
    browser: Browser, serve: Callable[[Path], str], site: Path, tmp_path: Path, policy: str
) -> None:
    served = site if policy == "with" else copy_without_policy(site, tmp_path / "without-policy")
    # A day page has all that the pages of its entries have.
    entries = [path for path in list_pages(served) if ENTRY.match(path)]
    others = [path for path in list_pages(served) if not ENTRY.match(path)]
    paths = [path for path in others if not path.startswith("topics/t") or path.endswith("5/index.html")]
    searches = ["search/?q=script", *map(search_url, strings()[::5])]
    opened = [*paths, *entries[::9], *searches]
    if policy == "with":
        opened = opened[::3]  # what runs under the policy also runs without it
    findings = inspect_pages(browser, serve(served), opened)
    assert findings.pages == len(opened) > 15
    assert (findings.executed, findings.foreign_requests, findings.foreign_markup) == (0, 0, 0), findings.examples


def test_no_page_contains_markup_of_an_attack(site: Path) -> None:
    assert [
        str(fault) for fault in check_site(site) if "blocked by" in fault.reason or "elsewhere" in fault.reason
    ] == []


def test_no_text_ends_a_script_or_a_data_file(site: Path) -> None:
    held = 0
    for path in sorted(site.glob("2*/[01]*/*/index.html")):
        data = BeautifulSoup(path.read_text(), "lxml").find("script", type="application/ld+json")
        assert data is not None
        held += len(json.loads(data.get_text())["liveBlogUpdate"])
    assert held > len(strings())
    for path in (site / "search" / "days").rglob("*.js"):
        name, _, body = path.read_text().partition(",")
        assert name.startswith('Daybook.receive("') and body.endswith(");\n")
        json.loads(body[:-3])
