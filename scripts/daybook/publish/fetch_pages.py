"""Save the live blogs that a maintainer lists, for `daybook fetch`: one request at a time, as robots.txt allows."""

import datetime as dt
import json
import re
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
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
    agent = f"{_AGENT} (+{contact})" if contact else _AGENT
    robots: dict[str, RobotFileParser | str] = {}
    for url in urls:
        host = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        if host not in robots:
            robots[host] = _read_robots(host, agent)
        else:
            rules = robots[host]
            delay = rules.crawl_delay(_AGENT) if isinstance(rules, RobotFileParser) else None
            sleep(max(pause, float(delay or 0)))
        rules = robots[host]
        if isinstance(rules, str):
            yield FetchedPage(url, reason=rules)
        elif not rules.can_fetch(_AGENT, url):
            yield FetchedPage(url, reason="the robots.txt of its host does not allow it; save it by hand if you may")
        else:
            yield _fetch_page(url, folder, agent)


def _read_robots(host: str, agent: str) -> RobotFileParser | str:
    """Return the rules of a host, or why they could not be read: then nothing is requested from it."""
    rules = RobotFileParser()
    try:
        with urlopen(Request(f"{host}/robots.txt", headers={"User-Agent": agent}), timeout=_TIMEOUT) as answer:
            rules.parse(answer.read(_MAX_SIZE).decode("utf-8", "replace").splitlines())
    except HTTPError as error:
        if error.code in (401, 403) or error.code >= 500:  # RFC 9309: unavailable is not allowed
            return f"its host's robots.txt answers with status {error.code}"
        rules.parse([])
    except (URLError, OSError, HTTPException) as error:
        return f"its host's robots.txt cannot be read: {getattr(error, 'reason', error)}"
    return rules


def _fetch_page(url: str, folder: Path, agent: str) -> FetchedPage:
    try:
        with urlopen(Request(url, headers={"User-Agent": agent}), timeout=_TIMEOUT) as answer:
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
