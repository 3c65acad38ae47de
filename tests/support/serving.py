"""A local HTTP server for the folder of a site."""

import functools
import http.server
import threading
from pathlib import Path


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


class _QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore errors: a browser that leaves a page early closes the connection."""


class Server:
    """Serve a folder on a free port of 127.0.0.1 until `stop` is called; `url` ends in a slash."""

    def __init__(self, folder: Path) -> None:
        self._http = _QuietServer(("127.0.0.1", 0), functools.partial(_QuietHandler, directory=str(folder)))
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/"
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop the server and free its port."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
