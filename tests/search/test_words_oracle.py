"""The search finds what the documented definition says, and nothing else: compared with an oracle that is not lunr."""

import pytest
from playwright.sync_api import Browser, Page
from searched_site import write_site
from words_oracle import KINDS, answers_of_page, oracle_documents, oracle_queries

DOCUMENTS = oracle_documents(120)
QUERIES = 12  # of each kind; `make bench` asks 300


@pytest.fixture(scope="module")
def search_page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Page:
    folder = tmp_path_factory.mktemp("oracle")
    write_site(folder, DOCUMENTS)
    page = browser.new_page()
    page.goto((folder / "search/index.html").as_uri())
    return page


@pytest.mark.parametrize("kind", KINDS)
def test_a_query_finds_what_its_definition_says(search_page: Page, kind: str) -> None:
    queries = list(oracle_queries(DOCUMENTS, kind, QUERIES))
    answers = answers_of_page(search_page, queries)
    assert any(query.expected for query in queries)
    wrong = [
        (query.q, query.filters, sorted({*query.expected} ^ {*answer}))
        for query, answer in zip(queries, answers, strict=True)
        if query.expected != answer
    ]
    assert wrong == []
