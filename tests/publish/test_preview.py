"""`make serve` reloads an open page after each build."""

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


def test_open_page_shows_the_next_build(served: tuple[str, Path], browser: Browser) -> None:
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
