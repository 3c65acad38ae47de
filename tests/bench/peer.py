"""Pagefind over the same entries, one page each, when it is installed beside the tests."""

import gzip
import html
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct
from playwright.sync_api import Browser

from archive import Days

ASK = """async (q) => {
  window.pagefind = window.pagefind || await import("./pagefind/pagefind.js");
  const {results} = await pagefind.search(q);
  await Promise.all(results.slice(0, 5).map((result) => result.data()));
  return performance.now();
}"""
TIME = """async (q) => {
  const started = performance.now();
  const {results} = await pagefind.search(q);
  await Promise.all(results.slice(0, 5).map((result) => result.data()));
  return performance.now() - started;
}"""


class Pagefind(Struct, frozen=True):
    """Its seconds, files and bytes; what a first query costs, what later ones do, and their warm milliseconds."""

    seconds: float
    files: int
    size: int
    first: list[int]
    later: list[int]
    warm: list[float]


def is_installed() -> bool:
    """Say whether `pagefind[bin]` is there."""
    return find_spec("pagefind") is not None


def measure_pagefind(browser: Browser, days: Days, queries: Sequence[str], served: tuple[Path, str]) -> Pagefind:
    """Index a page an entry in a served folder and ask it; `served` is the folder and its address."""
    folder, address = served
    _write_pages(folder, days)
    started = time.perf_counter()
    command = [sys.executable, "-m", "pagefind", "--site", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    made = [path for path in (folder / "pagefind").rglob("*") if path.is_file()]
    first = [_bytes_of(browser, folder, address, [query])[0] for query in queries[:8]]
    later = _bytes_of(browser, folder, address, queries)[1:]
    page = browser.new_page()
    page.goto(address)
    warm = []
    for query in queries:
        page.evaluate(ASK, query)
        warm.append(page.evaluate(TIME, query))
    page.close()
    return Pagefind(seconds, len(made), sum(path.stat().st_size for path in made), first, later, warm)


def _write_pages(folder: Path, days: Days) -> None:
    for _, day in days:
        for document in day:
            path = folder / document.path.replace("#", "") / "index.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            title, text = html.escape(document.headline), html.escape(document.text)
            path.write_text(f'<!doctype html><html lang="en"><title>{title}</title><h1>{title}</h1><p>{text}</p>')
    (folder / "index.html").write_text("<!doctype html><title>x</title>")


def _bytes_of(browser: Browser, folder: Path, address: str, queries: Sequence[str]) -> list[int]:
    """Give what each query in turn asks the server for, gzipped where it is not already."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    costs = []
    for query in queries:
        page.evaluate(ASK, query)
        files = [folder / url.removeprefix(address).partition("?")[0] for url in asked]
        costs.append(sum(_wire_size(file) for file in files))
        asked.clear()
    context.close()
    return costs


def _wire_size(file: Path) -> int:
    data = file.read_bytes()
    return min(len(data), len(gzip.compress(data, 6)))
