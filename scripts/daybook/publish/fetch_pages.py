"""Save the live blogs that a maintainer lists, for `daybook fetch`: one request at a time, as robots.txt allows."""

import datetime as dt
import json
import re
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen
from urllib.robotparser import RobotFileParser

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.files import read_text_file, replace_file
from daybook.core.text import is_url

_TIMEOUT = 60  # seconds
_PAUSE = 5.0  # seconds between requests to one host, unless its robots.txt asks for more
_MAX_SIZE = 50_000_000  # bytes, as much as a page may have
_AGENT = "Daybook"


class FetchedPage(Struct, frozen=True):
    """An address of the list: the file that it was saved to, or why it was not."""

    url: str
    path: Path | None = None
    reason: str = ""


def load_page_list(path: Path) -> list[str]:
    """Read a list of addresses, one a line; empty lines and lines that begin with # do not count."""
    urls = []
    for number, line in enumerate(read_text_file(path).split("\n"), start=1):
        url = line.strip()
        if url and not url.startswith("#"):
            if not is_url(url):
                reason = f"{url[:60]!r} is not an address; write one on each line, such as https://example.org/live"
                raise ArchiveError(reason, path=path, line=number)
            urls.append(url)
    return list(dict.fromkeys(urls))


def fetch_pages(
    urls: list[str], folder: Path, contact: str = "", pause: float = _PAUSE, sleep: Callable[[float], None] = time.sleep
) -> Iterator[FetchedPage]:
    """Save each page with its address and time of capture to a folder; yield what became of it.

    `contact` is sent to the hosts, so that they can ask. A page is saved under a name made of its address and the time
    that its host states, next to a file of hints for `daybook ingest`.
    """
    robots = _Robots(f"{_AGENT} (+{contact})" if contact else _AGENT)
    for url in urls:
        if robots.has_rules_for(url):
            sleep(max(pause, robots.delay(url)))
        reason = robots.refusal(url)
        yield FetchedPage(url, reason=reason) if reason else _fetch_page(url, folder, robots)


class _Robots(HTTPRedirectHandler):
    """What the robots.txt of each host allows; as a handler of urllib, also for addresses that a page redirects to."""

    def __init__(self, agent: str) -> None:
        self.headers = {"User-Agent": agent}
        self._rules: dict[str, RobotFileParser | str] = {}  # by scheme and host; text says why there are none

    def has_rules_for(self, url: str) -> bool:
        """Return whether the robots.txt of a URL's host was requested."""
        return _host(url) in self._rules

    def delay(self, url: str) -> float:
        """Return the seconds between two requests that the host of a URL asks for, 0 if it does not."""
        rules = self._rules[_host(url)]
        return float(rules.crawl_delay(_AGENT) or 0) if isinstance(rules, RobotFileParser) else 0

    def refusal(self, url: str) -> str:
        """Return why a URL may not be requested; "" if it may."""
        host = _host(url)
        if host not in self._rules:
            self._rules[host] = self._read(host)
        rules = self._rules[host]
        if isinstance(rules, str):
            return rules
        allowed = rules.can_fetch(_AGENT, url)
        return "" if allowed else "the robots.txt of its host does not allow it; save it by hand if you may"

    def redirect_request(  # noqa: PLR0913, PLR0917 - as in urllib
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Return the request for an address that a page redirects to; an URLError if it may not be requested."""
        reason = self.refusal(newurl) if is_url(newurl) else "only addresses of the web are read"
        if reason:
            raise URLError(f"it redirects to {newurl}: {reason}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)

    def _read(self, host: str) -> RobotFileParser | str:
        """Return the rules of a host, or why they could not be read: then nothing is requested from it."""
        rules = RobotFileParser()
        try:
            with urlopen(Request(f"{host}/robots.txt", headers=self.headers), timeout=_TIMEOUT) as answer:
                rules.parse(answer.read(_MAX_SIZE).decode("utf-8", "replace").splitlines())
        except HTTPError as error:
            if error.code in (401, 403) or error.code >= 500:  # RFC 9309: unavailable is not allowed
                return f"its host's robots.txt answers with status {error.code}"
            rules.parse([])
        except (URLError, OSError, HTTPException) as error:
            return f"its host's robots.txt cannot be read: {getattr(error, 'reason', error)}"
        return rules


def _host(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


def _fetch_page(url: str, folder: Path, robots: _Robots) -> FetchedPage:
    try:
        with build_opener(robots).open(Request(url, headers=robots.headers), timeout=_TIMEOUT) as answer:
            data, stated = answer.read(_MAX_SIZE + 1), answer.headers.get("Date", "")
    except (URLError, OSError, HTTPException) as error:
        return FetchedPage(url, reason=f"cannot be read: {getattr(error, 'reason', error)}")
    if len(data) > _MAX_SIZE:
        return FetchedPage(url, reason=f"is larger than {_MAX_SIZE:,} bytes")
    try:
        captured = parsedate_to_datetime(stated).astimezone(dt.UTC)
    except (TypeError, ValueError):
        captured = dt.datetime.now(dt.UTC)  # a capture has a time, and the host does not state it
    stem = re.sub(r"[^a-z0-9]+", "-", url.partition("://")[2].lower()).strip("-")[:100]
    path = folder / f"{stem}-{captured:%Y%m%dT%H%M%SZ}.html"
    folder.mkdir(parents=True, exist_ok=True)
    hints = f'url = {json.dumps(url)}\ncaptured = "{captured:%Y-%m-%dT%H:%M:%SZ}"\n'
    replace_file(path.with_name(f"{path.name}.toml"), hints.encode(), durable=False)
    replace_file(path, data, durable=False)
    return FetchedPage(url, path)
