"""Compare this search with unmodified lunr.js over one index of all documents, for the test and `make bench`."""

import random
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page
from searched_site import THEME

from daybook.search.analysis import fold
from daybook.search.document import BOOSTS, FIELDS, K1, B, Document, field_texts
from daybook.site.views.theme import load_assets, lunr_source

# Leaves stock lunr as `stock`; the search then loads its own, which is a part of it.
_BUILD_WHOLE_INDEX = """async ([documents, fields, boosts, k1, b]) => {
  window.stock = lunr;
  await Daybook.indexFiles.loadPart("../", "results");
  // Stock lunr joins label and node id without a separator: with digits, words of the whole index are lost.
  Daybook.lunrIndex.fixTokenSets(stock);
  const builder = new stock.Builder();
  builder.k1(k1);
  builder.b(b);
  fields.forEach((field, i) => builder.field(field, {boost: boosts[i]}));
  documents.forEach((texts, id) => builder.add(
    Object.fromEntries([["id", id], ...fields.map((f, i) => [f, Daybook.analysis.fold(texts[i])])])));
  window.whole = builder.build();
  window.whole.tokenSet = stock.TokenSet.fromArray(Object.keys(window.whole.invertedIndex).sort());
}"""
# Returns for each query the number of hits, or -1 where documents, order or scores differ. In the whole index each
# group is one required clause without weight, whose pipeline function turns one token into all of its words, and an
# optional clause for each word with its weight.
_COMPARE = """async (queries) => {
  const root = "../";
  const manifest = Daybook.indexFiles.readManifest(await Daybook.indexFiles.loadFile("manifest", "manifest.js"));
  await Daybook.indexFiles.loadPart(root, "results");
  const everywhere = new Daybook.expandTerms.LoadedShards(root, manifest);
  const countPostings = (term) => {
    const posting = whole.invertedIndex[term];
    return posting ? manifest.fields.reduce((sum, field) => sum + Object.keys(posting[field]).length, 0) : 0;
  };
  const reference = async (q) => {
    const query = Daybook.queryParser.parse(q, manifest.fields, false);
    const clauses = await Daybook.expandTerms.expand(everywhere, Daybook.queryParser.clausesOf(query), false);
    for (const clause of clauses) {
      // Stars and near words as stock lunr expands them, in the whole index.
      const pattern = clause.prefix ? clause.term + "*" : clause.wild && clause.term;
      const near = () => clause.distance && stock.TokenSet.fromFuzzyString(clause.term, clause.distance);
      const set = pattern ? stock.TokenSet.fromString(pattern) : near();
      if (set) clause.terms = new Set(whole.tokenSet.intersect(set).toArray());
    }
    const sets = [];
    const pipeline = new stock.Pipeline();
    const expandSet = (token) => sets[Number(String(token))].map((term) => token.clone().update(() => term));
    pipeline._stack.push(expandSet);
    let impossible = false;
    whole.pipeline = pipeline;
    const rest = [...clauses];
    const hits = whole.query((lunrQuery) => {
      for (const { items, prohibited } of query.groups) {
        const members = items.flatMap(({ clauses }) => clauses.map(() => rest.shift()));
        const terms = members.flatMap((clause) => [...clause.terms].sort());
        const { fields } = members[0];
        if (!terms.length) {
          impossible ||= !prohibited;
          continue;
        }
        const { REQUIRED, PROHIBITED } = stock.Query.presence;
        sets.push(terms);
        const presence = prohibited ? PROHIBITED : REQUIRED;
        lunrQuery.clause({term: String(sets.length - 1), fields, boost: 0, usePipeline: true, presence});
        if (prohibited) continue;
        for (const clause of members) {
          for (const [term, boost] of Daybook.lunrIndex.weigh(manifest.documents, clause, countPostings)) {
            lunrQuery.clause({term, fields, boost, usePipeline: false});
          }
        }
      }
    });
    return impossible ? [] : hits;
  };
  const compared = [];
  for (const q of queries) {
    const expected = await reference(q);
    manifest.common = new Set();
    const question = {q, from: "", to: "", sort: "relevance", accepts: null};
    const answer = await Daybook.runQuery(root, manifest, question, false);
    const { hits } = answer.found;
    const all = answer.candidates;
    const same = expected.length === all.length && expected.every(({ref, score}, i) =>
      Number(ref) === all[i] && (!hits || score === hits[i].score));
    compared.push(same ? all.length : -1);
  }
  return compared;
}"""


def open_script_page(browser: Browser, folder: Path) -> Page:
    """Open a page that loads only the script of the search page."""
    path = folder / "script.html"
    path.write_text(f'<meta charset=utf-8><script src="{load_assets([THEME]).static("js/search.js")}"></script>')
    page = browser.new_page()
    page.goto(path.as_uri())
    return page


def vocabulary(documents: list[Document]) -> list[str]:
    """Return all plain words of the documents, sorted."""
    texts = " ".join(text for document in documents for text in field_texts(document))
    return sorted({word for word in fold(texts).split() if word.isalnum()})


def random_queries(words: list[str], count: int) -> Iterator[str]:
    """Yield random queries of every kind but phrases and exclusions alone, in the syntax of the search field."""
    rng = random.Random(11)
    for _ in range(count):
        clauses = [_clause(words, rng, rng.choice(["", "", "", "-"])) for _ in range(rng.randint(0, 2))]
        yield " ".join([_clause(words, rng, ""), *clauses])


def _clause(words: list[str], rng: random.Random, sign: str) -> str:
    field, boost = rng.choice(["", "", "", "headline:", "topic:"]), rng.choice(["", "", "^3"])
    if sign or rng.random() > 0.15:
        return f"{sign}{field}{_shape(rng.choice(words), rng)}{boost}"
    return " OR ".join(rng.choice(words) for _ in range(rng.randint(2, 3)))


def _shape(word: str, rng: random.Random) -> str:
    """Return a word unchanged, quoted, as a prefix, with a star inside, or with an edit distance."""
    kind = rng.random()
    if len(word) < 3 or kind < 0.5:
        return word
    if kind < 0.6:
        return f'"{word}"'
    if kind < 0.8:
        return word[: rng.randint(2, 4)] + "*"
    if kind < 0.9:
        return "*" + word[-3:] if rng.random() < 0.3 else f"{word[:2]}*{word[-1]}"
    return word + "~1" if word.isalpha() else word


def compare_with_stock(page: Page, queries: list[str], documents: list[Document]) -> Iterator[tuple[str, int]]:
    """Run queries in both on the search page; yield each with its number of hits, or -1 where the results differ."""
    page.evaluate(lunr_source().read_text(encoding="utf-8"))
    page.evaluate(_BUILD_WHOLE_INDEX, [[list(field_texts(document)) for document in documents], FIELDS, BOOSTS, K1, B])
    for start in range(0, len(queries), 50):
        part = queries[start : start + 50]
        yield from zip(part, page.evaluate(_COMPARE, part), strict=True)
