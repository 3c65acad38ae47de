"""`daybook fetch` and the workflow that ingests by schedule, against a server of this computer."""

import http.server
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from checkouts import run
from paths import ROOT

from daybook.cli import main
from daybook.core.errors import ArchiveError
from daybook.publish.fetch_pages import fetch_pages, load_page_list

PAGE = """\
<!doctype html><html lang="en"><head><title>The Aller flood, live</title></head><body><main>
<article class="post"><time datetime="2031-04-09T09:00:00Z">09:00</time><h2>Fog</h2><p>No ship moved.</p></article>
<article class="post"><time datetime="2031-04-09T08:00:00Z">08:00</time><h2>Ice</h2><p>The quay was white.</p></article>
<article class="post"><time datetime="2031-04-09T07:00:00Z">07:00</time><h2>Dawn</h2><p>It was calm.</p></article>
</main></body></html>
"""
ROBOTS = "User-agent: *\nDisallow: /private/\nCrawl-delay: 9\n"


class _Handler(http.server.BaseHTTPRequestHandler):
    requests: list[tuple[str, str]] = []
    files: dict[str, tuple[int, str]] = {}

    def do_GET(self) -> None:
        self.requests.append((self.path, self.headers["User-Agent"]))
        status, text = self.files.get(self.path, (404, ""))
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if 300 <= status < 400:
            self.send_header("Location", text)
        self.end_headers()
        self.wfile.write(text.encode())

    def date_time_string(self, timestamp: float | None = None) -> str:
        return "Wed, 09 Apr 2031 10:00:00 GMT"

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    _Handler.requests, _Handler.files = (
        [],
        {"/robots.txt": (200, ROBOTS), "/live": (200, PAGE), "/private/live": (200, PAGE)},
    )
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()


def test_pages_are_saved_with_address_and_time_and_robots_txt_is_respected(server: str, tmp_path: Path) -> None:
    pauses: list[float] = []
    urls = [f"{server}/live", f"{server}/private/live", f"{server}/gone"]
    saved, forbidden, gone = fetch_pages(urls, tmp_path / "saved", "mailto:desk@aller.example", sleep=pauses.append)
    assert saved.path and re.fullmatch(r"127-0-0-1-\d+-live-20310409T100000Z\.html", saved.path.name)
    assert saved.path.read_text() == PAGE
    hints = (tmp_path / "saved" / f"{saved.path.name}.toml").read_text()
    assert hints == f'url = "{server}/live"\ncaptured = "2031-04-09T10:00:00Z"\n'
    assert forbidden.path is None and "robots.txt of its host does not allow it" in forbidden.reason
    assert gone.path is None and "cannot be read" in gone.reason
    assert [path for path, _ in _Handler.requests] == ["/robots.txt", "/live", "/gone"]
    assert {agent for _, agent in _Handler.requests} == {"Daybook (+mailto:desk@aller.example)"}
    assert pauses == [9.0, 9.0], "as the host asks, and more than five seconds"


def test_without_readable_rules_nothing_is_requested(server: str, tmp_path: Path) -> None:
    _Handler.files["/robots.txt"] = (503, "")
    (page,) = fetch_pages([f"{server}/live"], tmp_path)
    assert "answers with status 503" in page.reason and [path for path, _ in _Handler.requests] == ["/robots.txt"]
    _Handler.files["/robots.txt"] = (404, "")
    (page,) = fetch_pages([f"{server}/live"], tmp_path)
    assert page.path, "a host without the file allows everything"


def test_a_redirect_is_followed_only_where_robots_txt_allows_it(server: str, tmp_path: Path) -> None:
    other = server.replace("127.0.0.1", "localhost")
    targets = [
        "/live",
        f"{other}/live",
        "/private/live",
        f"{other}/private/live",
        "file:///etc/hostname",
        "ftp://a.example/",
    ]
    _Handler.files |= {f"/{number}": (302, target) for number, target in enumerate(targets)}
    pages = list(fetch_pages([f"{server}/{number}" for number in range(len(targets))], tmp_path, sleep=lambda _: None))
    assert [page.path is not None for page in pages] == [True, True, False, False, False, False]
    assert "it redirects to" in pages[2].reason and "robots.txt of its host does not allow it" in pages[3].reason
    requested = [path for path, _ in _Handler.requests]
    assert requested == ["/robots.txt", "/0", "/live", "/1", "/robots.txt", "/live", "/2", "/3", "/4", "/5"]


def test_a_list_has_one_address_a_line(tmp_path: Path) -> None:
    (tmp_path / "pages.txt").write_text("# Aller\nhttps://paper.example/live\n\nhttps://paper.example/live\n")
    assert load_page_list(tmp_path / "pages.txt") == ["https://paper.example/live"]
    (tmp_path / "pages.txt").write_text("paper.example/live\n")
    with pytest.raises(ArchiveError, match=r"pages\.txt:1: 'paper\.example/live' is not an address"):
        load_page_list(tmp_path / "pages.txt")


def test_the_scheduled_workflow_takes_new_pages_commits_them_and_publishes(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "pelican.conf.py").write_text('SITENAME = "Aller"\nFIRST_DAY = "2031-04-01"\n')
    (archive / "pages.txt").write_text(f"{server}/live\n")
    (archive / ".gitignore").write_bytes((ROOT / "scripts/daybook/publish/skeleton/gitignore").read_bytes())
    forge = tmp_path / "forge.git"
    for command in (
        f"git init -q --bare -b main {forge}",
        "git init -q -b main && git add -A && git -c user.name=I -c user.email=i@aller.example commit -qm Start",
        f"git remote add origin {forge} && git push -q origin main",
    ):
        assert run(command, archive).returncode == 0
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ingest.yml").read_text())
    for step in workflow["jobs"]["ingest"]["steps"]:
        if "run" in step:
            variables = {name: text for name, text in step.get("env", {}).items() if not name.startswith("GIT_CONFIG")}
            program = f"PYTHONPATH={ROOT / 'scripts'} {sys.executable} -m daybook"
            done = run(step["run"].replace("make", program), archive, **variables)
            assert done.returncode == 0, f"{step['run']}\n{done.stdout}\n{done.stderr}"
    show = ["git", "-C", str(forge), "show", "main:content/days/2031/2031-04-09.md"]
    day = subprocess.run(show, capture_output=True, text=True, check=True).stdout
    assert "## 09:00 Fog" in day and f'"url": "{server}/live"' in day and '"captured": "2031-04-09T10:00:00Z"' in day
    published = workflow["jobs"]["publish"]
    assert published["uses"] == "./.github/workflows/publish.yml" and published["needs"] == ["ingest"]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pelican.conf.py").write_text('SITENAME = "Aller"\nFIRST_DAY = "2031-04-01"\n')
    assert main(["fetch"], {}) == 0, "without a list nothing is requested"
