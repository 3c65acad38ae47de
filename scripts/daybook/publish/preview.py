"""Serve a built site on 127.0.0.1 and reload its open pages after each build.

The files stay unchanged: the script that waits for the next build is added to a page when it is sent.
"""

import http.server
import io
import os
import threading
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qs, urlsplit

_SCRIPT_PATH, _BUILD_PATH = "/-preview.js", "/-preview"
_OWN_HOSTS = ("127.0.0.1", "localhost")
_REFUSED_METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
_POLL_TIMEOUT = 20  # seconds until a request for the next build is answered without one
_RELOAD_SCRIPT = f"""\
const follow = (seen) =>
  fetch("{_BUILD_PATH}?seen=" + seen).then((answer) => answer.text()).then(
    (build) => (seen && build !== seen ? location.reload() : follow(build)),
    () => setTimeout(follow, 1000, seen),
  );
follow("");
"""


class BuildCounter:
    """Count builds; threads can wait for the next one."""

    def __init__(self) -> None:
        """Start with the first build, which has been done."""
        self._count = 1
        self._changed = threading.Condition()

    def count_build(self) -> None:
        """Record that a build has changed the site."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait_after(self, seen: str) -> str:
        """Return the count as soon as it differs from `seen`, or after a timeout."""
        with self._changed:
            self._changed.wait_for(lambda: str(self._count) != seen, timeout=_POLL_TIMEOUT)
            return str(self._count)


def start_server(folder: Path, port: int, builds: BuildCounter) -> http.server.ThreadingHTTPServer:
    """Serve a folder in daemon threads; return the server, which the caller shuts down.

    Raises OSError if the port is in use or not allowed, OverflowError if it is not between 0 and 65535.
    """
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, folder=folder, builds=builds))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Send files as they are, and pages with the reload script; answer HEAD as GET, without the body."""

    def __init__(self, *arguments: object, folder: Path, builds: BuildCounter) -> None:
        self._builds = builds
        super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

    def parse_request(self) -> bool:
        """Read the head of a request; return whether to answer it, after an error if not.

        Another host name than the own ones is that of a site that reads the preview by DNS rebinding.
        """
        if not super().parse_request():
            return False
        if not self.path.startswith("/") or len(self.headers.get_all("Host", [])) != 1:
            self.send_error(400)  # the address of another site, as for a proxy, or not exactly one name
        elif _host_name(self.headers["Host"]) not in _OWN_HOSTS:
            self.send_error(421)
        elif self.command in _REFUSED_METHODS:
            self.send_response(405)
            self.send_header("Allow", "GET, HEAD")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            return True
        return False

    def send_head(self) -> BinaryIO | None:
        """Send the status and the headers of an answer to GET or HEAD, and return the body, None after an error."""
        url = urlsplit(self.path)
        path = Path(self.translate_path(url.path))
        page = path / "index.html" if url.path.endswith("/") else path
        if url.path == _SCRIPT_PATH:
            return self._send_head(_RELOAD_SCRIPT.encode(), "text/javascript")
        if url.path == _BUILD_PATH:
            build = self._builds.wait_after(parse_qs(url.query).get("seen", [""])[0])
            return self._send_head(build.encode(), "text/plain")
        if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises an error for a name that is too long
            self.send_error(404)
            return None
        if page.suffix == ".html" and page.is_file():
            script = f'<script src="{_SCRIPT_PATH}" defer></script></head>'
            html = page.read_bytes().replace(b"</head>", script.encode(), 1)
            return self._send_head(html, "text/html; charset=utf-8")
        return super().send_head()

    def list_directory(self, path: object) -> None:
        """Answer that there is no such page: a host does not list folders either."""
        self.send_error(404)

    def end_headers(self) -> None:
        """Forbid caching, because any file may change with the next build."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Do not log requests: they would hide the messages of builds."""

    def _send_head(self, data: bytes, content_type: str) -> BinaryIO:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return io.BytesIO(data)


def _host_name(host: str) -> str | None:
    """Return the name in a Host header, without the port; None if it is not one."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:  # a bracket without the other one
        return None
