"""Compare this search with unmodified lunr.js over one index of all documents, for the test and `make bench`."""

import random
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page
from searched_site import THEME

from daybook.search.analysis import Analyzer, fold
from daybook.search.document import BOOSTS, FIELDS, K1, B, Document, field_texts
from daybook.site.views.theme import load_assets, lunr_script

_BUILD_WHOLE_INDEX = """([documents, fields, boosts, k1, b]) => {
  const builder = new lunr.Builder();
  builder.pipeline.add(...Daybook.analysis.pipeline);
  builder.searchPipeline.add(...Daybook.analysis.pipeline);
  builder.k1(k1);
  builder.b(b);
  fields.forEach((field, i) => builder.field(field, {boost: boosts[i]}));
  documents.forEach((texts, id) => builder.add(
    Object.fromEntries([["id", id], ...fields.map((f, i) => [f, Daybook.analysis.fold(texts[i])])])));
  window.whole = builder.build();
}"""
# Returns for each query the number of hits, or -1 where documents, order or scores differ.
_COMPARE = """async (queries) => {
  const manifest = Daybook.indexFiles.readManifest(await Daybook.indexFiles.loadFile("manifest", "manifest.js"));
  const compared = [];
  for (const [reader, stock] of queries) {
    const expected = whole.search(stock);
    const {clauses} = Daybook.queryParser.parse(reader, manifest.fields, false);
    const {hits} = await Daybook.lunrIndex.search("../", manifest, clauses);
    const same = hits.length === expected.length && expected.every(({ref, score}, i) =>
      Number(ref) === hits[i].number && score === hits[i].score);
    compared.push(same ? hits.length : -1);
  }
  return compared;
}"""

Query = tuple[str, str]


def open_lunr_page(browser: Browser, folder: Path) -> Page:
    """Open a page that loads only lunr.js and the search scripts of the theme."""
    path = folder / "lunr.html"
    scripts = (lunr_script()[0], load_assets([THEME]).static("js/search.js"))
    path.write_text("<meta charset=utf-8>" + "".join(f'<script src="{src}"></script>' for src in scripts))
    page = browser.new_page()
    page.goto(path.as_uri())
    return page


def vocabulary(documents: list[Document]) -> list[str]:
    """Return all plain words of the documents, sorted."""
    texts = " ".join(text for document in documents for text in field_texts(document))
    terms = Analyzer().terms
    return sorted({word for word in fold(texts).split() if word.isalnum() and terms(word)})


def random_queries(words: list[str], count: int) -> Iterator[Query]:
    """Yield random queries of every kind, each in the syntax of the search field and in that of lunr."""
    rng = random.Random(11)
    for _ in range(count):
        clauses = []
        for _ in range(rng.randint(1, 3)):
            sign, field = rng.choice(["", "", "", "-"]), rng.choice(["", "", "", "headline:", "topic:"])
            clauses.append((sign, f"{field}{_shape(rng.choice(words), rng)}{rng.choice(['', '', '^3'])}"))
        yield " ".join(sign + term for sign, term in clauses), " ".join((sign or "+") + term for sign, term in clauses)


def _shape(word: str, rng: random.Random) -> str:
    """Return a word unchanged, as a prefix, with a wildcard inside, or with an edit distance."""
    kind = rng.random()
    if len(word) < 3 or kind < 0.6:
        return word
    if kind < 0.8:
        return word[: rng.randint(2, 4)] + "*"
    if kind < 0.9 and not any(letter.isdigit() for letter in word):
        return "*" + word[-3:] if rng.random() < 0.3 else f"{word[:2]}*{word[-1]}"
    return word + "~1" if word.isascii() and word.isalpha() else word


def compare_with_stock(page: Page, queries: list[Query], documents: list[Document]) -> Iterator[tuple[Query, int]]:
    """Run queries in both on the search page; yield each with its number of hits, or -1 where the results differ.

    The whole index is built first, while lunr.js is still unmodified.
    """
    page.evaluate(_BUILD_WHOLE_INDEX, [[list(field_texts(document)) for document in documents], FIELDS, BOOSTS, K1, B])
    for start in range(0, len(queries), 50):
        part = queries[start : start + 50]
        yield from zip(part, page.evaluate(_COMPARE, part), strict=True)
