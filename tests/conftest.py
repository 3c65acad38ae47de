"""Shared fixtures: the sample site, a browser, a local server; and the report of a run without a browser."""

import os
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
from release_wheel import build_wheel
from serving import Server
from told_site import build_told_site

from daybook.core.config import BuildPaths

guard.install()
expect.set_options(timeout=60_000)  # milliseconds; a busy machine must not fail a test

# By default every run tries the same examples; HYPOTHESIS_PROFILE=free tries new ones.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=200)
settings.register_profile("free", deadline=None, max_examples=5000)
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
    servers: list[Server] = []

    def start(folder: Path) -> str:
        servers.append(Server(folder))
        return servers[-1].url

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sample archive of two days below ``sub/path`` and return the site's folder."""
    root = tmp_path_factory.mktemp("sample")
    site = root / "sub" / "path"
    build_site(BuildPaths(content=SAMPLE / "content", output=site, conf=SAMPLE / "conf.py", cache=root / "cache"))
    return site


@pytest.fixture(scope="session")
def told_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the invented archive of 500 days by three outlets and return the site's folder."""
    return build_told_site(tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of this checkout, in a folder of its own."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))


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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page as wide as a phone; script errors and requests to other hosts fail the test."""
    context = browser.new_context(viewport={"width": 360, "height": 780})
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    context.on("request", lambda request: faults.append(request.url) if _is_external(request.url) else None)
    yield context.new_page()
    context.close()
    assert not faults


def _is_external(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "file://", "data:"))
