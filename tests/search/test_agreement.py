"""Compare with stock lunr over one whole index, and Python with JavaScript."""

import random
from pathlib import Path

from playwright.sync_api import Browser
from searched_site import invented_entries, results, write_site
from stock_lunr import compare_with_stock, open_script_page, random_queries, vocabulary

from daybook.search.analysis import fold
from daybook.site.views.theme import lunr_source

FOLD = "(texts) => texts.map(Daybook.analysis.fold)"


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
    signs += "άΐϋий\u0306ёїў\u0301مُةىآأک٣צהל״ש\u05c1\u05b8北京市ｶｰﾞ々〇กำ한글हिन्दीमंँड़।・৩๒"
    pieces = [*signs, "U.S.", "F-16", "2,500", "1,2345", "3.5", "e.g.", "'s", "Su-35s", "2023-06-02"]
    return ["".join(chance.choices(pieces, k=chance.randint(1, 14))) for _ in range(count)]


def test_python_and_javascript_fold_alike(browser: Browser, tmp_path: Path) -> None:
    write_site(tmp_path, invented_entries(1))
    page = open_script_page(browser, tmp_path)
    texts = awkward_texts(4000)
    found = page.evaluate(FOLD, texts)
    page.close()
    assert [(t, b) for t, b in zip(texts, found, strict=True) if fold(t) != b] == []


KEYS = """async () => {
  await Daybook.indexFiles.loadPart("../", "results");
  window.lunr = null;
  await Daybook.indexFiles.loadScript("lunr.js", () => Boolean(window.lunr));
  const node = (edges) => Object.assign(new lunr.TokenSet(), {edges});
  const one = node({1: {id: 234}}), other = node({1: {id: 2}, 3: {id: 4}});
  const stock = String(one) === String(other);
  Daybook.lunrIndex.fixTokenSets(lunr);
  return [stock, String(one) === String(other)];
}"""


def test_digits_do_not_collide_in_token_sets(browser: Browser, tmp_path: Path) -> None:
    """Stock lunr serializes both nodes as 01234 and merges them."""
    write_site(tmp_path, invented_entries(1))
    (tmp_path / "search/lunr.js").write_bytes(lunr_source().read_bytes())
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
  return [performance.now() - begun < 60000, shown.querySelectorAll("mark").length, none, some];
}"""


def test_a_repeated_word_and_a_pattern_of_many_stars_are_fast(browser: Browser, tmp_path: Path) -> None:
    write_site(tmp_path, invented_entries(1))
    page = browser.new_page()
    page.goto((tmp_path / "search/index.html").as_uri())
    results(page)
    found = page.evaluate(COSTS)
    page.close()
    assert found == [True, 44, "", "port|aa aba"]
