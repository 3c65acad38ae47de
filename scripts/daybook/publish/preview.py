"""A preview of a site on 127.0.0.1 whose open pages follow each build: the only home of a server.

The files stay as they are: a page gets the script that waits for the next build while it is sent.
"""

import http.server
import threading
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_SCRIPT, _STATE = "/-preview.js", "/-preview"


_OURS = ("127.0.0.1", "localhost")


_WAIT = 20  # seconds that a page's question stays open


_FOLLOW = f"""\
const follow = (seen) =>
  fetch("{_STATE}?seen=" + seen).then((answer) => answer.text()).then(
    (state) => (seen && state !== seen ? location.reload() : follow(state)),
    () => setTimeout(follow, 1000, seen),
  );
follow("");
"""


class BuildCounter:
    """How many builds there were; pages wait here for the next."""

    def __init__(self) -> None:
        self._count = 1
        self._changed = threading.Condition()

    def count_build(self) -> None:
        """Say that a build has changed the site."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait_after(self, seen: str) -> str:
        """Give the count as soon as it is not `seen`, or after a while."""
        with self._changed:
            self._changed.wait_for(lambda: str(self._count) != seen, timeout=_WAIT)
            return str(self._count)


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Send files, and to pages what makes them follow."""

    def __init__(self, *arguments: object, folder: Path, builds: BuildCounter) -> None:
        self._builds = builds
        super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer one request; a name that is not this machine's is that of a site which would read the preview."""
        if urlsplit(f"//{self.headers.get('Host', '')}").hostname not in _OURS:
            self.send_error(421)
            return
        address = urlsplit(self.path)
        path = Path(self.translate_path(address.path))
        page = path / "index.html" if address.path.endswith("/") else path
        if address.path == _SCRIPT:
            self._send(_FOLLOW.encode(), "text/javascript")
        elif address.path == _STATE:
            self._send(self._builds.wait_after(parse_qs(address.query).get("seen", [""])[0]).encode(), "text/plain")
        elif page.suffix == ".html" and page.is_file():
            text = page.read_bytes().replace(b"</head>", f'<script src="{_SCRIPT}" defer></script></head>'.encode(), 1)
            self._send(text, "text/html; charset=utf-8")
        else:
            super().do_GET()

    def end_headers(self) -> None:
        """Let a browser keep nothing: the next look may be after the next build."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request: what matters is what the build says."""

    def _send(self, data: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def start_server(folder: Path, port: int, builds: BuildCounter) -> http.server.ThreadingHTTPServer:
    """Serve a folder in threads that end with this process; give the server, to be shut down."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, folder=folder, builds=builds))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
