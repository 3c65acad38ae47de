"""Measure Pagefind on the same entries, one page each, if the package `pagefind[bin]` is installed."""

import html
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct
from playwright.sync_api import Browser

from bench.archive import Days
from bench.tables import wire_size

_SEARCH = """async (q) => {
  window.pagefind = window.pagefind || await import("./pagefind/pagefind.js");
  const {results} = await pagefind.search(q);
  await Promise.all(results.slice(0, 5).map((result) => result.data()));
  return performance.now();
}"""
_TIME = """async (q) => {
  const started = performance.now();
  const {results} = await pagefind.search(q);
  await Promise.all(results.slice(0, 5).map((result) => result.data()));
  return performance.now() - started;
}"""


class Pagefind(Struct, frozen=True):
    """The index in seconds, files and bytes; first and later queries in bytes, warm ones in milliseconds."""

    seconds: float
    files: int
    size: int
    first: list[int]
    later: list[int]
    warm: list[float]


def is_installed() -> bool:
    """Say whether `pagefind[bin]` is installed."""
    return find_spec("pagefind") is not None


def pagefind_command(site: Path) -> list[str]:
    """Return the command that indexes a built site."""
    return [sys.executable, "-m", "pagefind", "--site", str(site), "--quiet"]


def measure_pagefind(browser: Browser, days: Days, queries: Sequence[str], served: tuple[Path, str]) -> Pagefind:
    """Write and index a page for each entry, then search; `served` is the folder and its URL."""
    folder, address = served
    _write_pages(folder, days)
    started = time.perf_counter()
    subprocess.run(pagefind_command(folder), check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    files = [path for path in (folder / "pagefind").rglob("*") if path.is_file()]
    first = [_query_bytes(browser, folder, address, [query])[0] for query in queries[:8]]
    later = _query_bytes(browser, folder, address, queries)[1:]
    page = browser.new_page()
    page.goto(address)
    warm = []
    for query in queries:
        page.evaluate(_SEARCH, query)
        warm.append(page.evaluate(_TIME, query))
    page.close()
    return Pagefind(seconds, len(files), sum(path.stat().st_size for path in files), first, later, warm)


def _write_pages(folder: Path, days: Days) -> None:
    for _, day in days:
        for document in day:
            path = folder / document.path.replace("#", "") / "index.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            title, text = html.escape(document.headline), html.escape(document.text)
            path.write_text(f'<!doctype html><html lang="en"><title>{title}</title><h1>{title}</h1><p>{text}</p>')
    (folder / "index.html").write_text("<!doctype html><title>x</title>")


def _query_bytes(browser: Browser, folder: Path, address: str, queries: Sequence[str]) -> list[int]:
    """Return the bytes that each query loads, in turn; files that compression would enlarge count as they are."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    costs = []
    for query in queries:
        page.evaluate(_SEARCH, query)
        files = [folder / url.removeprefix(address).partition("?")[0] for url in requests]
        costs.append(sum(min(file.stat().st_size, wire_size(file)) for file in files))
        requests.clear()
    context.close()
    return costs
