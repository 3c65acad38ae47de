"""Measure what a query costs a reader: bytes to load, and time in the browser."""

import gzip
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Page

from bench.archive import Days
from daybook.search.analysis import fold

# For one query with nothing loaded: the files of its index, then those of its first five results, then of ten.
LOADED = """async ([q, typing]) => {
  const files = () => [...document.head.querySelectorAll("script:not([defer])")].map((script) => {
    script.remove();
    return new URL(script.src).pathname;
  });
  window.manifest ||= Daybook.indexFiles.readManifest(await Daybook.indexFiles.loadFile("manifest", "manifest.js"));
  const manifest = window.manifest;
  await Daybook.indexFiles.loadPart("../", "results");
  files();
  Daybook.indexFiles.reset();
  const asked = {q, from: "", to: "", accepts: null, sort: "relevance"};
  const answer = await Daybook.runQuery("../", manifest, asked, typing);
  const index = files();
  await Promise.all(answer.numbers.slice(0, 5).map((number) => Daybook.indexFiles.loadResult("../", manifest, number)));
  const five = files();
  await answer.next();
  return [index, five, files()];
}"""
# Milliseconds from the last key to the results on the page.
TYPED = """(q) => new Promise((resolve) => {
  const field = document.getElementById("q");
  const list = document.querySelector("ol.results");
  const status = document.querySelector("[role=status]");
  const { searching } = JSON.parse(document.getElementById("search").dataset.words);
  field.value = "";
  field.form.requestSubmit();
  const begin = () => {
    field.value = q;
    const started = performance.now();
    new MutationObserver((_, observer) => {
      if (status.textContent === searching) return;
      observer.disconnect();
      resolve(performance.now() - started);
    }).observe(status, {childList: true});
    field.dispatchEvent(new Event("input"));
  };
  const clear = () => list.ariaBusy === "false" && !list.children.length ? begin() : setTimeout(clear, 5);
  setTimeout(clear, 20);
})"""
# Milliseconds from Enter to the ranked results.
SENT = TYPED.replace('field.dispatchEvent(new Event("input"))', "field.form.requestSubmit()")


def word_pairs(days: Days, count: int) -> Iterator[tuple[str, str]]:
    """Yield random pairs of words of one entry, as a reader who looks for that entry might type them."""
    rng = random.Random(5)
    documents = [document for _, day in days for document in day]
    found = 0
    while found < count:
        words = fold(rng.choice(documents).text).split()
        candidates = sorted({word for word in words if word.isalnum() and len(word) > 3})
        if len(candidates) > 5:
            found += 1
            first, second = rng.sample(candidates, 2)
            yield first, second


def query_bytes(page: Page, site: Path, queries: Sequence[str], typing: bool) -> list[tuple[int, int, int]]:
    """Return for each query the compressed bytes of its index files, with five results, and with ten."""
    sizes: dict[str, int] = {}

    def size(path: str) -> int:
        if path not in sizes:
            sizes[path] = len(gzip.compress(Path(path).read_bytes(), 6))
        return sizes[path]

    costs = []
    for query in queries:
        index, five, ten = (sum(map(size, paths)) for paths in page.evaluate(LOADED, [query, typing]))
        costs.append((index, index + five, index + five + ten))
    return costs


def warm_times(page: Page, queries: Sequence[str], script: str) -> list[float]:
    """Return for each query the milliseconds to its results once its files are loaded."""
    times = []
    for query in queries:
        page.evaluate(script, query)
        times.append(page.evaluate(script, query))
    return times


def spread(values: Sequence[float], show: Callable[[float], str]) -> str:
    """Return the median and the 95th percentile as text."""
    ordered = sorted(values)
    return f"{show(ordered[len(ordered) // 2])} / {show(ordered[int(len(ordered) * 0.95)])}"
