"""`make serve` reloads an open page after each build, and answers only requests that a browser makes for the site."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkouts import COMMAND_TIMEOUT
from paths import FIXTURES, ROOT
from playwright.sync_api import Browser

from daybook.publish.preview import BuildCounter, start_server

HARBOUR = FIXTURES / "site"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Run the command on a free port; yield the URL and the content folder."""
    content = tmp_path / "content"
    shutil.copytree(HARBOUR / "content", content)
    paths = {"CONTENT": content, "OUTPUT": tmp_path / "site", "CACHE": tmp_path / "cache"}
    environment = {**os.environ, **{name: str(path) for name, path in paths.items()}}
    environment |= {"CONF": str(HARBOUR / "conf.py"), "PORT": "0", "PYTHONPATH": str(ROOT / "scripts")}
    command = [sys.executable, "-u", "-m", "daybook", "serve"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    line = next(row for row in process.stdout if row.startswith("Serving"))
    yield line.split(" on ")[1].split()[0], content
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=COMMAND_TIMEOUT)


def test_open_page_shows_the_next_build(browser: Browser, served: tuple[str, Path]) -> None:
    address, content = served
    page = browser.new_page()
    page.goto(f"{address}2031/04/09/")
    day = content / "days/2031/2031-04-09.md"
    day.write_text(day.read_text() + "\n## 23:59 The last boat is in\n\nIt came in late.\n")
    page.wait_for_selector("#t2359", timeout=1000 * COMMAND_TIMEOUT)
    page.close()


def test_only_pages_get_the_reload_script(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<html><head></head></html>")
    (tmp_path / "a.js").write_text("one()")
    builds = BuildCounter()
    server = start_server(tmp_path, 0, builds)
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        page, script = (urllib.request.urlopen(address + name).read() for name in ("", "a.js"))
        state = urllib.request.urlopen(f"{address}-preview?seen=").read()
        builds.count_build()
        # DNS rebinding: another host name that resolves to 127.0.0.1.
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(address, headers={"Host": "a.example"}))
        status = refused.value.code
        refused.value.close()
        assert urllib.request.urlopen(f"{address}-preview?seen={state.decode()}").read() != state
    finally:
        server.shutdown()
        server.server_close()
    assert status == 421
    assert page == b'<html><head><script src="/-preview.js" defer></script></head></html>'
    assert script == b"one()"
    assert (tmp_path / "index.html").read_text() == "<html><head></head></html>"


@pytest.fixture(scope="module")  # to stop a server takes up to half a second
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve a small site, next to a file that is not part of it; yield the port."""
    folder = tmp_path_factory.mktemp("preview")
    (folder / "secret.txt").write_text("not part of the site")
    site = folder / "site"
    (site / "static").mkdir(parents=True)
    (site / "index.html").write_text("<html><head></head>Home</html>")
    (site / "static" / "a.js").write_text("one()")
    (site / "about").mkdir()
    (site / "about" / "index.html").write_text("<html><head></head>About</html>")
    server = start_server(site, 0, BuildCounter())
    yield int(server.server_address[1])
    server.shutdown()
    server.server_close()


def answer(port: int, method: str, target: str, *hosts: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Send a request as it is; return status, headers without the date, and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=COMMAND_TIMEOUT)
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in (*(("Host", host) for host in hosts), *headers.items()):
        connection.putheader(name, value)
    connection.endheaders()
    reply = connection.getresponse()
    found = {name: value for name, value in reply.getheaders() if name != "Date"}
    body = reply.read()
    connection.close()
    return reply.status, found, body


STATUSES = {
    "/": 200,
    "/index.html": 200,
    "/about/?q=1": 200,
    "/about": 301,
    "/static/a.js": 200,
    "/-preview.js": 200,
    "/-preview": 200,
    "/-preview?seen=0": 200,
    "/static/": 404,
    "/absent/": 404,
    "/absent.html": 404,
    "/../secret.txt": 404,
    "/%2e%2e/secret.txt": 404,
    "/static/..%2f..%2f..%2fsecret.txt": 404,
    "//secret.txt": 404,
    "/a%00b.html": 404,
    f"/{'x' * 300}.html": 404,
    "http://127.0.0.1/": 400,
    "*": 400,
}


@pytest.mark.parametrize("target", STATUSES, ids=lambda target: target[:30])
def test_head_is_answered_as_get_without_the_body(port: int, target: str) -> None:
    host = f"localhost:{port}"
    got, head = (answer(port, method, target, host) for method in ("GET", "HEAD"))
    assert got[0] == STATUSES[target]
    assert head == (got[0], got[1], b"")
    assert int(got[1]["Content-Length"]) == len(got[2])
    assert got[1]["Cache-Control"] == "no-store"
    assert b"not part of the site" not in got[2]


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        (["127.0.0.1"], 200),
        (["localhost:8000"], 200),
        (["LOCALHOST"], 200),
        (["a.example"], 421),
        (["127.0.0.1.a.example"], 421),
        (["localhost@a.example"], 421),
        (["["], 421),
        ([""], 421),
        ([], 400),
        (["localhost", "a.example"], 400),
    ],
)
@pytest.mark.parametrize("target", ["/", "/static/a.js", "/-preview.js", "/-preview?seen=0", "/about"])
def test_every_method_refuses_other_hosts(port: int, target: str, hosts: list[str], status: int) -> None:
    for method in ("GET", "HEAD", "POST"):
        expected = {200: 301 if target == "/about" else 200}.get(status, status)
        if status == 200 and method == "POST":
            expected = 405
        assert answer(port, method, target, *hosts)[0] == expected, method


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(port: int, method: str) -> None:
    status, headers, body = answer(port, method, "/", "localhost")
    assert (status, headers["Allow"], body) == (405, "GET, HEAD", b"")
    assert answer(port, "BREW", "/", "localhost")[0] == 501


def test_part_of_a_file_is_not_sent_as_the_whole(port: int) -> None:
    """A server may ignore Range; then the answer says that it is the whole file."""
    status, headers, body = answer(port, "GET", "/static/a.js", "localhost", Range="bytes=1-2")
    assert (status, body) == (200, b"one()")
    assert "Content-Range" not in headers
