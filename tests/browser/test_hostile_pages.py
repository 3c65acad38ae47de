"""Attacks stored in every field of an archive, opened in a browser with and without the site's policy."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from daybook.publish.checks import check_site
from harden.attack_site import build_attack_site
from harden.browser import copy_without_policy, inspect_pages, list_pages, search_url
from harden.corpora import OWN, attacks

STRINGS = (*OWN, *attacks()[len(OWN) :: 60])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_attack_site(STRINGS, tmp_path_factory.mktemp("attacked"))


def test_the_check_finds_a_successful_attack(browser: Browser, serve: Callable[[Path], str], tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><p>A page that trusts</p><script>alert(1)</script>")
    (tmp_path / "a.html").write_text("<!doctype html><a href='javascript:1' style='x'><img src=https://a.example/x>")
    raw = inspect_pages(browser, serve(tmp_path), ["index.html", "a.html"])
    assert raw.executed and raw.foreign_requests and raw.foreign_markup > 1


@pytest.mark.parametrize("policy", ["with", "without"])
def test_no_attack_runs_loads_or_leaves_markup(
    browser: Browser, serve: Callable[[Path], str], site: Path, policy: str
) -> None:
    served = site if policy == "with" else copy_without_policy(site)
    paths = [path for path in list_pages(served) if not path.startswith("topics/t") or path.endswith("5/index.html")]
    findings = inspect_pages(browser, serve(served), [*paths, "search/?q=script", *map(search_url, STRINGS[::5])])
    assert findings.pages > 25
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
    assert held > len(STRINGS)
    for path in (site / "search" / "days").rglob("*.js"):
        name, _, body = path.read_text().partition(",")
        assert name.startswith('Daybook.receive("') and body.endswith(");\n")
        json.loads(body[:-3])
