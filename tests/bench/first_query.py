"""Measure the first query of a reader who has loaded nothing: bytes, requests, round trips, a slow phone."""

import gzip
import http.server
import threading
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

from msgspec import Struct
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from bench.query_costs import spread
from bench.tables import Row, wire_size

_FONTS = (".woff2", ".woff")
# The network and the phone that Lighthouse calls slow: 400 ms to the first byte of each answer, 400 kbit/s, a processor
# of a quarter of the speed.
_SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
_SLOWDOWN = 4
# So far apart that a request is sent after the end of another only if it waited for it.
_FAR = {"offline": False, "latency": 500, "downloadThroughput": -1, "uploadThroughput": -1}
_NOTE_FIRST_RESULT = """new MutationObserver((_, observer) => {
  if (!document.querySelector("li.result")) return;
  window.firstResult = performance.now();
  observer.disconnect();
}).observe(document, {childList: true, subtree: true});"""


class FirstQuery(Struct, frozen=True):
    """Bytes on the wire, requests and sequential round trips of a query, fonts apart."""

    size: int
    requests: int
    trips: int


class _CompressedHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files compressed, on connections that stay open, and lets browsers cache them."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file of the site."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        is_text = path.suffix not in (*_FONTS, ".png")
        body = _compressed(path) if is_text else path.read_bytes()
        if is_text:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


def first_query_rows(browser: Browser, site: Path, queries: Sequence[str], timed: int) -> list[Row]:
    """Measure each query in the search page of a whole site, and the time of the first `timed` of them."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_CompressedHandler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    costs = [_cost(browser, site, address, query) for query in queries]
    times = [_slow_time(browser, address, query) for query in queries[:timed]]
    server.shutdown()
    thread.join()
    server.server_close()
    longest = sum(cost.trips > 4 for cost in costs) / len(costs)
    trips = f"{sorted(cost.trips for cost in costs)[len(costs) // 2]}; a fifth in {longest:.0%} of queries"
    first = "first query of two words, page to ten results"
    return [
        Row(
            f"{first}: bytes, median / p95", "≤ 70 KB", spread([c.size / 1000 for c in costs], "{:.1f}".format) + " KB"
        ),
        Row(f"{first}: requests", "≤ 20", spread([cost.requests for cost in costs], str)),
        Row(f"{first}: sequential round trips", "4; a fifth in ≤ 10 %", trips),
        Row("first result, slow 3G and a processor four times slower", "≤ 5 s", spread(times, "{:.1f}".format) + " s"),
    ]


def _open(browser: Browser, network: dict[str, object]) -> tuple[BrowserContext, Page, CDPSession]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", network)
    page.add_init_script(_NOTE_FIRST_RESULT)
    return context, page, session


def _wait(page: Page) -> None:
    page.wait_for_selector("ol.results[aria-busy=false] li.result", state="attached", timeout=60_000)


def _cost(browser: Browser, site: Path, address: str, query: str) -> FirstQuery:
    """Load the search page with a query and look at its requests.

    The page is the first round trip, and what it names the second. Each later request belongs to the round trip after
    the last one that had ended when it was sent.
    """
    context, page, session = _open(browser, _FAR)
    trips: dict[str, int] = {}
    urls: dict[str, str] = {}
    ended: list[int] = []

    def on_sent(event: dict) -> None:
        url = event["request"]["url"]
        if url.startswith(address) and event["type"] in ("Document", "Stylesheet", "Script"):  # no fonts, no icon
            urls[event["requestId"]] = url
            trips[event["requestId"]] = 1 + max(ended, default=1) if trips else 1

    def on_ended(event: dict) -> None:
        ended.append(trips.get(event["requestId"], 1))

    session.on("Network.requestWillBeSent", on_sent)
    session.on("Network.loadingFinished", on_ended)
    page.goto(f"{address}search/?q={quote_plus(query)}")
    _wait(page)
    paths = [urlsplit(url).path.lstrip("/") for url in urls.values()]
    files = [site / path / "index.html" if path.endswith("/") else site / path for path in paths]
    context.close()
    return FirstQuery(sum(map(wire_size, files)), len(files), max(trips.values()))


def _slow_time(browser: Browser, address: str, query: str) -> float:
    """Return the seconds from the start of the navigation to the first result on a slow phone."""
    context, page, session = _open(browser, _SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWDOWN})
    page.goto(f"{address}search/?q={quote_plus(query)}", timeout=60_000)
    _wait(page)
    seconds: float = page.evaluate("window.firstResult") / 1000
    context.close()
    return seconds
