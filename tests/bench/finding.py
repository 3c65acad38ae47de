"""Measure what the search finds: against an oracle of words, and the order of results beside other programs."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser
from searched_site import write_site
from words_oracle import KINDS, answers_of_page, oracle_documents, oracle_queries

from bench.pagefind import is_installed
from bench.relevance import NEED_SETS, ask_daybook, load_needs, mean_ndcg, need_records
from bench.relevance_peers import ask_fts5, ask_minisearch, ask_pagefind, install_minisearch
from bench.tables import Row

_DOCUMENTS = 400
_QUERIES = 300  # of each kind


def oracle_rows(browser: Browser) -> list[Row]:
    """Compare the results of queries of each kind with what they must find by docs/search.md."""
    documents = oracle_documents(_DOCUMENTS)
    expected = found = right = 0
    with tempfile.TemporaryDirectory() as folder:
        write_site(Path(folder), documents)
        page = browser.new_page()
        page.goto((Path(folder) / "search/index.html").as_uri())
        for kind in KINDS:
            queries = list(oracle_queries(documents, kind, _QUERIES))
            for query, answer in zip(queries, answers_of_page(page, queries), strict=True):
                expected += len(query.expected)
                found += len(answer)
                right += len({*query.expected} & {*answer})
        page.close()
    figure = f"oracle of words, {_QUERIES} queries of each of {len(KINDS)} kinds: recall, precision"
    return [Row(figure, "1.0, 1.0", f"{right / expected:.3f}, {right / found:.3f} ({expected:,} results)")]


def relevance_rows(browser: Browser) -> list[Row]:
    """Measure nDCG@10 over the needs of both sets, beside other programs."""
    records = need_records()
    sets = {name: load_needs(name) for name in NEED_SETS}
    queries = [need.query for needs in sets.values() for need in needs]
    answers = {"this search": ask_daybook(browser, records, queries)}
    answers |= {f"SQLite FTS5, {joined}": ask_fts5(records, queries, joined) for joined in ("AND", "OR")}
    if install_minisearch():
        answers["MiniSearch 7.2.0"] = ask_minisearch(records, queries, {})
        answers["MiniSearch 7.2.0, prefix and fuzzy"] = ask_minisearch(records, queries, {"prefix": True, "fuzzy": 0.2})
    if is_installed():
        answers["Pagefind"] = ask_pagefind(browser, records, queries)
    rows = []
    for program, answered in answers.items():
        halves, start = [], 0
        for needs in sets.values():
            halves.append(mean_ndcg(needs, answered[start : start + len(needs)]))
            start += len(needs)
        goal = "ahead of each below" if program == "this search" else ""
        measured = f"{halves[1]:.3f} ({halves[0]:.3f})"
        rows.append(Row(f"nDCG@10 of 30 needs set aside (of 30 for tuning): {program}", goal, measured))
    return rows
