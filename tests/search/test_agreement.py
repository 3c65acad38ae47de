"""Compare with stock lunr over one whole index, and Python with JavaScript."""

import random
from pathlib import Path

from playwright.sync_api import Browser
from searched_site import invented_entries, results, write_site
from stock_lunr import compare_with_stock, open_lunr_page, random_queries, vocabulary

from daybook.search.analysis import Analyzer, fold

FOLD = "(texts) => texts.map(Daybook.analysis.fold)"
TERMS = "(words) => words.map(word => Daybook.analysis.termOf(Daybook.analysis.trim(word)))"


def test_shards_give_the_results_of_one_whole_index(browser: Browser, tmp_path: Path) -> None:
    documents = invented_entries(200)
    write_site(tmp_path, documents)
    words = [*vocabulary(documents), "absent"]
    page = browser.new_page()
    page.goto((tmp_path / "search/index.html").as_uri())
    found = list(compare_with_stock(page, list(random_queries(words, 600)), documents))
    page.close()
    assert sum(hits > 0 for _, hits in found) > 300
    assert [query for query, hits in found if hits < 0] == []


def awkward_texts(count: int) -> list[str]:
    """Return strings of characters that Python and JavaScript could treat differently."""
    chance = random.Random(3)
    signs = "aB9é'’`.,-–—‑−_/ \t\n\u00a0\u00ad\u200b\u2028\u3000İıßŁøΣς𐌰😀½²ﬁǺЇ½٣०\u0301\x1c\x85…\"&€"
    signs += "´ʿ‘ʹ᾽־⸗Æẞ\u2066\u061c\ufe0f\u212a"
    pieces = [*signs, "U.S.", "F-16", "2,500", "1,2345", "3.5", "e.g.", "'s", "Su-35s", "2023-06-02"]
    return ["".join(chance.choices(pieces, k=chance.randint(1, 14))) for _ in range(count)]


def test_python_and_javascript_fold_alike(browser: Browser, tmp_path: Path) -> None:
    write_site(tmp_path, invented_entries(1))
    page = open_lunr_page(browser, tmp_path)
    texts = awkward_texts(4000)
    found = page.evaluate(FOLD, texts)
    page.close()
    assert [(t, b) for t, b in zip(texts, found, strict=True) if fold(t) != b] == []


def test_python_and_javascript_stem_alike(browser: Browser, tmp_path: Path) -> None:
    """Stem words with every ending that the two stemmers know, and with `y` after each letter."""
    write_site(tmp_path, invented_entries(1))
    page = open_lunr_page(browser, tmp_path)
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
    analyzer = Analyzer()
    ours = ["".join(analyzer.terms(word)) for word in words]
    assert [(w, a, b) for w, a, b in zip(words, ours, found, strict=True) if a != b] == []


KEYS = """() => {
  const node = (edges) => Object.assign(new lunr.TokenSet(), {edges});
  const one = node({1: {id: 234}}), other = node({1: {id: 2}, 3: {id: 4}});
  const stock = String(one) === String(other);
  Daybook.lunrIndex.fixTokenSets();
  return [stock, String(one) === String(other)];
}"""


def test_digits_do_not_collide_in_token_sets(browser: Browser, tmp_path: Path) -> None:
    """Stock lunr serializes both nodes as 01234 and merges them."""
    write_site(tmp_path, invented_entries(1))
    page = browser.new_page()
    page.goto((tmp_path / "search/index.html").as_uri())
    results(page)
    collides = page.evaluate(KEYS)
    page.close()
    assert collides == [True, False]


COSTS = """async () => {
  const { root } = document.getElementById("search").dataset;
  await Promise.all(["results", "vocabulary"].map((name) => Daybook.indexFiles.loadPart(root, name)));
  const starred = (pattern, ...terms) =>
    [...Daybook.vocabulary.expand(new Map(terms.map((term) => [term, 1])), { wild: true, term: pattern })].join(" ");
  const begun = performance.now();
  const shown = document.createElement("p");
  Daybook.snippet.appendMarked(shown, "port ".repeat(60000), [{ term: "port", fields: ["text"] }], true);
  const none = starred("a*".repeat(12) + "b", "a".repeat(80));
  const some = starred("*p*rt*", "port", "tropical", "pt") + "|" + starred("a*a", "a", "aa", "aba");
  return [performance.now() - begun < 5000, shown.querySelectorAll("mark").length, none, some];
}"""


def test_a_repeated_word_and_a_pattern_of_many_stars_are_fast(browser: Browser, tmp_path: Path) -> None:
    write_site(tmp_path, invented_entries(1))
    page = browser.new_page()
    page.goto((tmp_path / "search/index.html").as_uri())
    results(page)
    found = page.evaluate(COSTS)
    page.close()
    assert found == [True, 44, "", "port|aa aba"]
