"""The definition of right: stock lunr over one whole index, and ours over shards, answer alike."""

import random
from pathlib import Path

from playwright.sync_api import Browser, Page
from searched_site import invented_entries, results, write_site

from liveblog.search import Document, lunr_script
from liveblog.search.analysis import Analyser, fold
from liveblog.search.document import BOOSTS, FIELDS, K1, B, searched

WHOLE = """([documents, fields, boosts, k1, b, queries]) => {
  const builder = new lunr.Builder();
  builder.pipeline.add(...Daybook.words.pipeline);
  builder.searchPipeline.add(...Daybook.words.pipeline);
  builder.k1(k1);
  builder.b(b);
  fields.forEach((field, i) => builder.field(field, {boost: boosts[i]}));
  documents.forEach((texts, id) => builder.add(
    Object.fromEntries([["id", id], ...fields.map((f, i) => [f, Daybook.words.fold(texts[i])])])));
  const index = builder.build();
  return queries.map(query => index.search(query).map(({ref, score}) => [Number(ref), score]));
}"""
SHARDS = """async (queries) => {
  const manifest = Daybook.shards.readManifest(await Daybook.shards.load("manifest", "manifest.js"));
  return Promise.all(queries.map(async (query) => {
    const {clauses} = Daybook.query.parse(query, manifest.fields, false);
    const {hits} = await Daybook.index.search("../", manifest, clauses);
    return hits.map(({number, score}) => [number, score]);
  }));
}"""
FOLD = "(texts) => texts.map(Daybook.words.fold)"
TERMS = "(words) => words.map(word => Daybook.words.term(Daybook.words.trim(word)))"


def bare_page(browser: Browser, folder: Path) -> Page:
    """A page with nothing but stock lunr and our words."""
    path = folder / "bare.html"
    scripts = (lunr_script()[0], "static/js/search-words.js")
    path.write_text("<meta charset=utf-8>" + "".join(f'<script src="{src}"></script>' for src in scripts))
    page = browser.new_page()
    page.goto(path.as_uri())
    return page


def invented_queries(documents: list[Document], count: int) -> list[tuple[str, str]]:
    """Queries of every kind, each as a reader types it and as stock lunr is asked the same."""
    chance = random.Random(11)
    texts = " ".join(text for document in documents for text in searched(document))
    terms = Analyser().terms
    words = [*sorted({word for word in fold(texts).split() if word.isalnum() and terms(word)}), "absent"]
    queries = []
    for _ in range(count):
        asked = []
        for _ in range(chance.randint(1, 3)):
            word, sign = chance.choice(words), chance.choice(["", "", "", "-"])
            field = chance.choice(["", "", "", "headline:", "topic:"])
            star = "*" if len(word) > 2 and chance.random() < 0.3 else ""
            boost = chance.choice(["", "", "^3"])
            asked.append((sign, f"{field}{word[: chance.randint(2, 4)] if star else word}{star}{boost}"))
        reader = " ".join(sign + rest for sign, rest in asked)
        queries.append((reader, " ".join((sign or "+") + rest for sign, rest in asked)))
    return queries


def test_shards_answer_as_the_whole_index(browser: Browser, tmp_path: Path) -> None:
    documents = invented_entries(200)
    write_site(tmp_path, documents)
    queries = invented_queries(documents, 400)
    whole, sharded = bare_page(browser, tmp_path), browser.new_page()
    sharded.goto((tmp_path / "search/index.html").as_uri())
    given = [list(searched(document)) for document in documents]
    expected = whole.evaluate(WHOLE, [given, FIELDS, BOOSTS, K1, B, [stock for _, stock in queries]])
    found = sharded.evaluate(SHARDS, [reader for reader, _ in queries])
    whole.close()
    sharded.close()
    assert sum(map(bool, expected)) > 200
    assert [q for q, a, b in zip(queries, expected, found, strict=True) if a != b] == []


def awkward_texts(count: int) -> list[str]:
    """Strings of the signs and letters that the two languages could treat differently."""
    chance = random.Random(3)
    signs = "aB9é'’`.,-–—‑−_/ \t\n\u00a0\u00ad\u200b\u2028\u3000İıßŁøΣς𐌰😀½²ﬁǺЇ½٣०\u0301\x1c\x85…\"&€"
    pieces = [*signs, "U.S.", "F-16", "2,500", "1,2345", "3.5", "e.g.", "'s", "Su-35s", "2023-06-02"]
    return ["".join(chance.choices(pieces, k=chance.randint(1, 14))) for _ in range(count)]


def test_both_sides_fold_alike(browser: Browser, tmp_path: Path) -> None:
    write_site(tmp_path, invented_entries(1))
    page = bare_page(browser, tmp_path)
    texts = awkward_texts(4000)
    found = page.evaluate(FOLD, texts)
    page.close()
    assert [(t, b) for t, b in zip(texts, found, strict=True) if fold(t) != b] == []


def test_both_sides_stem_alike(browser: Browser, tmp_path: Path) -> None:
    """Words made of every ending the two stemmers know, `y` after each letter among them."""
    write_site(tmp_path, invented_entries(1))
    page = bare_page(browser, tmp_path)
    stems = ["t", "turk", "mon", "tod", "happ", "sk", "yell", "agre", "fil", "rat", "hop", "a1b", "bb", "c's"]
    ends = [
        "y",
        "ey",
        "ay",
        "oy",
        "uy",
        "ies",
        "ied",
        "eed",
        "ing",
        "ed",
        "ational",
        "tional",
        "enci",
        "izer",
    ]
    ends += ["bli", "ousli", "logi", "ness", "ful", "icate", "ement", "ion", "s", "ss", "ll"]
    letters = "abdegilnorstuyz0"
    words = [s + e + f for s in stems for e in ends for f in ("", *ends)]
    words += [s + a + "y" for s in stems for a in letters]
    words += [a + b + c for a in letters for b in letters for c in letters]
    found = page.evaluate(TERMS, words)
    page.close()
    analyser = Analyser()
    ours = ["".join(analyser.terms(word)) for word in words]
    assert [(w, a, b) for w, a, b in zip(words, ours, found, strict=True) if a != b] == []


KEYS = """() => {
  const node = (edges) => Object.assign(new lunr.TokenSet(), {edges});
  const one = node({1: {id: 234}}), other = node({1: {id: 2}, 3: {id: 4}});
  const stock = String(one) === String(other);
  Daybook.index.guardTokenSets();
  return [stock, String(one) === String(other)];
}"""


def test_digits_do_not_collide_in_token_sets(browser: Browser, tmp_path: Path) -> None:
    """Stock lunr writes both nodes as 01234 and takes them for one."""
    write_site(tmp_path, invented_entries(1))
    page = browser.new_page()
    page.goto((tmp_path / "search/index.html").as_uri())
    results(page)
    collides = page.evaluate(KEYS)
    page.close()
    assert collides == [True, False]
