"""What several tests share: the content of a tiny archive, a browser, a local server."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import guard
import pytest
from checkouts import SAMPLE
from chromium import BrowserError, launch
from hypothesis import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from serving import Server

guard.install()
# A busy machine is no fault of a page: what an assertion waits for has a minute to come.
expect.set_options(timeout=60_000)

# In CI every property runs the same examples each time; `HYPOTHESIS_PROFILE=free` roams.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=200)
settings.register_profile("free", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


NO_BROWSER = "without a browser"
IN_CI = os.environ.get("CI") == "true"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="write the golden site anew")


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Count the tests that found no browser apart, so that one message tells of them and not a line for each."""
    return (NO_BROWSER, "b", "NO BROWSER") if report.skipped and NO_BROWSER in _reason(report) else None


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Let a run without a browser fail where CI=true."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get(NO_BROWSER) and exitstatus == pytest.ExitCode.OK and IN_CI:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests did not run for want of a browser, and how to get one."""
    reports = terminalreporter.stats.get(NO_BROWSER, [])
    if reports:
        files = Counter(report.nodeid.partition("::")[0] for report in reports)
        terminalreporter.section(NO_BROWSER)
        terminalreporter.line(_reason(reports[0]).partition(f"{NO_BROWSER}: ")[2])
        listed = ", ".join(f"{name} ({count})" for name, count in sorted(files.items()))
        result = "; with CI=true that is a failure" if IN_CI else ""
        terminalreporter.line(f"{len(reports)} tests did not run{result}: {listed}")


def _reason(report: pytest.TestReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else ""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium for the whole session; without one its tests are skipped, and the summary says so."""
    with sync_playwright() as playwright:
        try:
            instance = launch(playwright)
        except BrowserError as error:
            pytest.skip(f"{NO_BROWSER}: {error}")
        yield instance
        instance.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[object]:
    """A function that serves a folder and gives its address."""
    servers: list[Server] = []

    def start(folder: Path) -> str:
        servers.append(Server(folder))
        return servers[-1].url

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample of two days in the fixtures, built; the site lies in ``sub/path``."""
    from builds import build_site

    from daybook.core.config import BuildPaths

    root = tmp_path_factory.mktemp("sample")
    site = root / "sub" / "path"
    build_site(BuildPaths(content=SAMPLE / "content", output=site, conf=SAMPLE / "conf.py", cache=root / "cache"))
    return site


@pytest.fixture
def shipped() -> Iterator[tuple[Path, Path]]:
    """The shipped content folder, which may be missing, and its settings; for one test alone."""
    with guard.lifted():
        yield guard.CONTENT, guard.CONF


@pytest.fixture(params=["http", "file"])
def sample_address(request: pytest.FixtureRequest, sample_site: Path, serve: Callable[[Path], str]) -> str:
    """Where the sample begins: under a sub-path of a server, and in a folder."""
    if request.param == "http":
        return serve(sample_site.parent.parent) + "sub/path/"
    return sample_site.as_uri() + "/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a phone's width that fails the test on any script error or foreign request."""
    context = browser.new_context(viewport={"width": 360, "height": 780})
    wrong: list[str] = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    context.on("request", lambda request: wrong.append(request.url) if _foreign(request.url) else None)
    yield context.new_page()
    context.close()
    assert not wrong


def _foreign(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "file://", "data:"))
