"""What a query costs a reader: bytes over the wire, and time in the browser."""

import gzip
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Page

from archive import Days
from daybook.search.analysis import Analyzer, fold

# For one query in an empty browser: what its index asked for, then its first five cards, then its first ten.
ASKED = """async ([q, typing]) => {
  const files = () => [...document.head.querySelectorAll("script:not([defer])")].map((script) => {
    script.remove();
    return new URL(script.src).pathname;
  });
  window.held ||= Daybook.indexFiles.readManifest(await Daybook.indexFiles.loadFile("manifest", "manifest.js"));
  const manifest = window.held;
  await Daybook.indexFiles.loadPart("../", "results");
  files();
  Daybook.indexFiles.reset();
  const asked = {q, from: "", to: "", topic: "", kinds: null, sort: "relevance"};
  const answer = await Daybook.runQuery("../", manifest, asked, typing);
  const index = files();
  await Promise.all(answer.numbers.slice(0, 5).map((number) => Daybook.indexFiles.loadResult("../", manifest, number)));
  const five = files();
  await answer.next();
  return [index, five, files()];
}"""
# From the last key to the answer on the page.
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
# From Enter to the ranked answer, on an empty list before.
SENT = TYPED.replace('field.dispatchEvent(new Event("input"))', "field.form.requestSubmit()")


def asked_words(days: Days, count: int) -> Iterator[tuple[str, str]]:
    """Yield pairs of words that stand together in some entry, as a reader who looks for it would type them."""
    chance = random.Random(5)
    documents = [document for _, day in days for document in day]
    terms = Analyzer().terms
    found = 0
    while found < count:
        words = fold(chance.choice(documents).text).split()
        known = sorted({word for word in words if word.isalnum() and len(word) > 3 and terms(word)})
        if len(known) > 5:
            found += 1
            first, second = chance.sample(known, 2)
            yield first, second


def bytes_of(page: Page, site: Path, queries: Sequence[str], typing: bool) -> list[tuple[int, int, int]]:
    """Give for each query the gzipped bytes of its index files, with five results, and with ten."""
    sizes: dict[str, int] = {}

    def size(path: str) -> int:
        if path not in sizes:
            sizes[path] = len(gzip.compress(Path(path).read_bytes(), 6))
        return sizes[path]

    costs = []
    for query in queries:
        index, five, ten = (sum(map(size, paths)) for paths in page.evaluate(ASKED, [query, typing]))
        costs.append((index, index + five, index + five + ten))
    return costs


def warm_times(page: Page, queries: Sequence[str], script: str) -> list[float]:
    """Give for each query the milliseconds to its answer when its files are there already."""
    times = []
    for query in queries:
        page.evaluate(script, query)
        times.append(page.evaluate(script, query))
    return times


def spread(values: Sequence[float], show: Callable[[float], str]) -> str:
    """Show the median and the 95th percentile."""
    known = sorted(values)
    return f"{show(known[len(known) // 2])} / {show(known[int(len(known) * 0.95)])}"
