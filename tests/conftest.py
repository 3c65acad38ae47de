"""Shared fixtures: the sample site, a browser, a local server; and the report of a run without a browser."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import guard
import pytest
from builds import build_site
from chromium import BrowserError, launch
from hypothesis import settings
from paths import SAMPLE
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pseudo_site import build_pseudo_site
from reading_site import SITEURL, build_reading_site
from release_wheel import build_wheel
from reused_page import ReusedPage
from searched_site import write_site, written_entries
from serving import Server
from shared import MakeOnce, make_once
from told_site import SETTINGS, build_told_site

from daybook.core import progress
from daybook.core.config import BuildPaths

guard.install()
# Templates and modules that are compiled once are kept, as under `make`: else each build compiles all templates.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
progress._FIRST = 600.0  # seconds: what a build prints must not depend on the speed of the machine
expect.set_options(timeout=60_000)  # milliseconds; a busy machine must not fail a test

# By default every run tries the same examples; HYPOTHESIS_PROFILE=free, as in `make harden`, tries many new ones.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60)
settings.register_profile("free", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

NO_BROWSER = "without a browser"
IN_CI = os.environ.get("CI") == "true"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="overwrite the expected files with the results")


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Count tests without a browser as a kind of their own, for one message instead of one for each."""
    return (NO_BROWSER, "b", "NO BROWSER") if report.skipped and NO_BROWSER in _reason(report) else None


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With CI=true, fail a run that had no browser."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get(NO_BROWSER) and exitstatus == pytest.ExitCode.OK and IN_CI:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the tests that did not run without a browser, and say how to install one."""
    reports = terminalreporter.stats.get(NO_BROWSER, [])
    if reports:
        files = Counter(report.nodeid.partition("::")[0] for report in reports)
        terminalreporter.section(NO_BROWSER)
        terminalreporter.line(_reason(reports[0]).partition(f"{NO_BROWSER}: ")[2])
        names = ", ".join(f"{name} ({count})" for name, count in sorted(files.items()))
        consequence = "; with CI=true that is a failure" if IN_CI else ""
        terminalreporter.line(f"{len(reports)} tests did not run{consequence}: {names}")


def _reason(report: pytest.TestReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else ""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start a headless Chromium for the session; without one, skip its tests and say so in the summary."""
    with sync_playwright() as playwright:
        try:
            instance = launch(playwright)
        except BrowserError as error:
            pytest.skip(f"{NO_BROWSER}: {error}")
        yield instance
        instance.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Return a function that serves a folder and returns its URL."""
    servers: dict[Path, Server] = {}

    def start(folder: Path) -> str:
        if folder not in servers:
            servers[folder] = Server(folder)
        return servers[folder].url

    yield start
    for server in servers.values():
        server.stop()


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """Return the function that fills a folder once for all processes of the run: `shared.make_once`."""
    return make_once(tmp_path_factory)


@pytest.fixture(scope="session")
def sample_site(once: MakeOnce) -> Path:
    """Build the sample archive of two days below ``sub/path`` and return the site's folder."""

    def build(root: Path) -> None:
        site, cache = root / "sub" / "path", root / "cache"
        build_site(BuildPaths(content=SAMPLE / "content", output=site, conf=SAMPLE / "conf.py", cache=cache))

    return once("sample", build) / "sub" / "path"


@pytest.fixture(scope="session")
def reading_site(once: MakeOnce) -> Path:
    """Build the archive of two years that shows every feature of a page and return the site's folder."""
    return once("reading", build_reading_site) / "site"


@pytest.fixture(scope="session")
def hosted_reading_site(once: MakeOnce) -> Path:
    """Build the same archive for the address `reading_site.SITEURL` and return the site's folder."""
    return once("hosted", lambda folder: build_reading_site(folder, SITEURL)) / "site"


@pytest.fixture(scope="session")
def told_site(once: MakeOnce) -> Path:
    """Build the invented archive of 500 days by three outlets and return the site's folder."""
    return once("told", lambda folder: build_told_site(folder, settings=SETTINGS)) / "site"


@pytest.fixture(scope="session")
def pseudo_site(once: MakeOnce) -> Path:
    """Build the site of invented words with everything that pages can show and return its folder."""
    return once("pseudo", build_pseudo_site) / "site"


@pytest.fixture(scope="session")
def searched_site(once: MakeOnce) -> Path:
    """Write the search page and the index of the hand-written entries and return the folder, ``…/archive``."""
    return once("searched", lambda folder: write_site(folder / "archive", written_entries())) / "archive"


@pytest.fixture(scope="session")
def wheel(once: MakeOnce) -> Path:
    """Return the wheel of this checkout, in a folder of its own."""
    return next(once("wheel", build_wheel).glob("*.whl"))


@pytest.fixture
def shipped() -> Iterator[tuple[Path, Path]]:
    """Return the shipped content folder, which may be missing, and its settings, for the one test that reads them."""
    with guard.allowed():
        yield guard.CONTENT, guard.CONF


@pytest.fixture(params=["http", "file"])
def sample_address(request: pytest.FixtureRequest, sample_site: Path, serve: Callable[[Path], str]) -> str:
    """Return the URL of the sample site: under a path of a server, then in a folder."""
    if request.param == "http":
        return serve(sample_site.parent.parent) + "sub/path/"
    return sample_site.as_uri() + "/"


@pytest.fixture(scope="session")
def reused_page(browser: Browser) -> ReusedPage:
    """Return the page that the fixtures `page` lend to one test after another."""
    return ReusedPage(browser)


@pytest.fixture
def page(reused_page: ReusedPage) -> Iterator[Page]:
    """Lend a page as wide as a phone; script errors and requests to other hosts fail the test."""
    yield reused_page.open(360, 780)
    faults = [*reused_page.errors, *reused_page.complaints, *filter(_is_external, reused_page.requests)]
    reused_page.clear()
    assert not faults


def _is_external(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "file://", "data:"))
