"""The search page in Chromium: over HTTP under a sub-path, and from a folder."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from checkouts import COMMAND_TIMEOUT
from playwright.sync_api import Browser, Page, expect
from reused_page import ReusedPage
from searched_site import ask, invented_entries, results, write_site, written_entries

from daybook.search.document import Document

EXPECTED = {
    "grain": ["2023/04/11/#t1130", "2023/04/11/#t0815"],
    '"grain corridor"': ["2023/04/11/#t0815"],
    '-"grain corridor" grain': ["2023/04/11/#t1130"],
    "grain -exchange": ["2023/04/11/#t0815"],
    "headline:corridor -exchange": ["2023/04/11/#t0815"],
    "pilo*": ["2023/06/02/#t1329", "2023/04/11/#t0815"],
    "Almera harbour": ["2023/04/11/#t0815"],
    "2500 tonnes": ["2023/04/11/#t0815"],
    "F-16": ["2023/05/20/#t0702"],
    "f16 su35 S-300": ["2023/05/20/#t0702"],
    "US": ["2023/05/20/#t0702"],
    "2023-05-19": ["2023/05/20/#t0702"],
    "Türkiye": ["2023/05/20/#n1"],
    "turkiye lodz": ["2023/05/20/#n1"],
    "київ": ["2023/05/20/#n1"],
    "Friday money": ["2023/04/11/#t1130"],
    "sirens": ["2023/06/01/#t2140"],
    "__proto__ constructor tostring": ["2023/06/02/#t1329"],
    "𐌰𐌱𐌲": ["2023/06/02/#t1329"],
    'strike "pilots': ["2023/06/02/#t1329"],
    "3:30 foo:bar": [],
    "absent": [],
    "xylophone grain": [],
    "*": [],
    "*ilots": ["2023/06/02/#t1329", "2023/04/11/#t0815"],
    "gr*n exchange": ["2023/04/11/#t1130"],
    "wo*rd": [],
    "pilats~": ["2023/06/02/#t1329", "2023/04/11/#t0815"],
    "sirans~1 tawn~": ["2023/06/01/#t2140"],
    '"to be"': [],
    "sirens OR (jets OR absent)": ["2023/05/20/#t0702", "2023/06/01/#t2140"],
    "grain NOT exchange": ["2023/04/11/#t0815"],
    '"without grain"': ["2023/04/11/#t1130"],
    '"corridor of the exchange"': ["2023/04/11/#t1130"],
    '"F 16"': ["2023/05/20/#t0702"],
    "siren": ["2023/06/01/#t2140"],
    '"siren"': [],
    "envoy meeting": ["2023/05/20/#n1"],
    "envoy meet": ["2023/05/20/#n1"],
    "envoy leaving": [],
}


OLD = Document(path="2017/05/04/#n1", date=dt.date(2017, 5, 4), headline="Lantern lit", text="A lantern.")


@pytest.fixture
def folder(searched_site: Path) -> Path:
    return searched_site


@pytest.fixture
def address(folder: Path, serve: Callable[[Path], str]) -> str:
    return f"{serve(folder.parent)}archive/search/"


@pytest.fixture
def page(reused_page: ReusedPage) -> Iterator[Page]:
    yield reused_page.open(1280, 720)
    errors = reused_page.errors
    reused_page.clear()
    assert errors == []


def status(page: Page) -> str:
    return page.inner_text("[role=status]")


def test_queries_find_the_expected_entries(page: Page, address: str) -> None:
    found = {}
    page.goto(address)
    for query in EXPECTED:
        found[query] = ask(page, query)
        none = (
            "No entry has all of the words." if page.locator(".tiers h2").count() else "No entries match this search."
        )
        assert status(page) == [none, "1 entry", "2 entries"][len(found[query])], query
    assert found == EXPECTED


def test_a_result_shows_day_time_and_topics_and_opens_its_entry(page: Page, address: str) -> None:
    page.goto(f"{address}?q=mayor+hurt")
    assert results(page) == ["2023/06/01/#t2140"]
    item = page.locator("li.result")
    assert "Day 464 · 1 June 2023, 21:40 UTC" in item.inner_text()
    assert item.locator("p.snippet mark").all_inner_texts() == ["hurt", "mayor"]
    assert item.locator(".topics a").all_inner_texts() == ["Almera"]
    item.locator("h2 a").click()
    page.wait_for_url("**/archive/2023/06/01/#t2140")
    assert page.locator("#t2140").count() == 1


def test_works_from_a_folder(page: Page, folder: Path) -> None:
    page.goto((folder / "search/index.html").as_uri())
    page.fill("#q", "sirens")
    page.press("#q", "Enter")
    assert results(page) == ["2023/06/01/#t2140"]
    assert page.url.endswith("index.html?q=sirens")
    page.locator("li.result h2 a").click()
    page.wait_for_url("**/archive/2023/06/01/index.html#t2140")
    assert page.locator("#t2140").count() == 1


def test_an_unfinished_word_is_a_prefix_only_while_typing(page: Page, address: str) -> None:
    page.goto(f"{address}?q=ha")
    assert results(page) == []
    page.focus("#q")
    page.keyboard.press("End")
    page.keyboard.type("r")
    page.wait_for_selector("li.result")
    assert results(page) == ["2023/04/11/#t0815"]
    page.press("#q", "Enter")
    assert results(page) == []


def test_the_scripts_for_results_load_with_the_first_key(page: Page, address: str) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(address)
    assert results(page) == []
    assert status(page) == ""
    assert not any("/search_results." in url for url in requested)
    page.focus("#q")
    with page.expect_response(lambda response: "/search_results." in response.url):
        page.keyboard.type("s")


def test_filters_order_and_history_are_in_the_address(page: Page, address: str) -> None:
    page.goto(f"{address}?q=port&sort=oldest")
    assert results(page) == ["2023/04/11/#t0815", "2023/06/01/#t2140", "2023/06/02/#t1329"]
    page.check("[name=topic][value=aviation]")  # the address has `sort`, so the filters are open
    page.wait_for_url("**topic=aviation**")
    assert results(page) == ["2023/06/02/#t1329"]
    assert page.url.endswith("?q=port&topic=aviation&sort=oldest")
    page.go_back()
    assert len(results(page)) == 3
    page.go_forward()
    assert results(page) == ["2023/06/02/#t1329"]
    page.goto(f"{address}?q=port&from=2023-05-01&to=2023-06-01")
    assert results(page) == ["2023/06/01/#t2140"]
    page.goto(f"{address}?topic=almera")
    assert results(page) == ["2023/06/02/#t1329", "2023/06/01/#t2140", "2023/04/11/#t0815"]


WARNINGS = {
    'strike "pilots': "quotation mark",
    "p*": "p*",
    "wo-rd*s": "wo-rd*s",
    "*": "*",
    "grain~7": "grain~7",
    "grain OR": "OR",
    "harboured": "harbour",
}


@pytest.mark.parametrize("query", WARNINGS, ids=str)
def test_a_query_that_is_read_otherwise_has_a_warning(page: Page, address: str, query: str) -> None:
    page.goto(address)
    page.fill("#q", query)
    page.press("#q", "Enter")
    results(page)
    assert WARNINGS[query] in page.inner_text(".notes")


def test_ten_results_are_shown_and_more_on_request(page: Page, tmp_path: Path) -> None:
    documents = invented_entries(40)
    write_site(tmp_path, [*documents[:-1], msgspec.structs.replace(documents[-1], text="zephyr")])
    page.goto((tmp_path / "search/index.html").as_uri() + "?q=-zephyr")
    assert results(page)[0] == documents[-2].path
    assert page.locator("li.result").count() == 10
    assert status(page) == "39 entries"
    page.click("text=Show more")
    page.wait_for_selector("li.result:nth-child(11)")
    assert page.locator("li.result").count() == 20


def test_markup_in_an_entry_is_text(page: Page, address: str) -> None:
    page.goto(f"{address}?q=quiet+strike")
    assert results(page) == ["2023/06/02/#t1329"]
    assert page.inner_text("li.result h2") == 'Port <b>pilots</b> & the "quiet" strike'
    assert page.locator("li.result b").count() == 0


def test_arrow_keys_move_through_the_results(page: Page, address: str) -> None:
    page.goto(f"{address}?q=grain")
    found = results(page)
    page.press("#q", "ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('href')").endswith(found[1])
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "q"


def test_without_javascript_the_page_links_to_days_and_topics(browser: Browser, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    hrefs = page.locator("noscript a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    page.close()
    assert hrefs == ["../days/", "../topics/"]


def test_a_missing_search_script_is_reported_by_the_page_itself(browser: Browser, address: str) -> None:
    page = browser.new_page()  # not the fixture: the manifest calls a function that does not exist
    page.route("**/static/js/search.*.js", lambda route: route.abort())
    page.goto(f"{address}?q=pilots")
    assert page.locator("#search-waiting").is_visible()
    page.unroute("**/static/js/search.*.js")
    page.click("#search-waiting a")
    assert len(results(page)) == 2
    assert page.locator("#search-waiting").count() == 0
    assert page.locator("[role=status]").count() == 1
    page.close()


def test_a_similar_word_is_suggested_if_nothing_is_found(page: Page, address: str) -> None:
    page.goto(f"{address}?q=harbuor")
    assert results(page) == []
    page.click(".notes a")
    page.wait_for_selector("li.result")
    assert results(page) == ["2023/04/11/#t0815"]
    assert page.input_value("#q") == "harbour"


def test_a_name_is_found_in_all_spellings_or_only_one(page: Page, address: str) -> None:
    page.goto(f"{address}?q=Almira")
    found = results(page)
    assert "2023/06/01/#t2140" in found
    assert "Almera, Almira and Альмера" in page.inner_text(".notes")
    page.click(".notes a")
    page.wait_for_url("**?q=%22Almira%22")
    assert results(page) == []
    page.goto(f"{address}?q=Almera")
    assert results(page) == found


def test_an_opened_entry_has_the_words_marked(page: Page, folder: Path) -> None:
    page.goto((folder / "search/index.html").as_uri() + "?q=pilo*+strike")
    results(page)
    page.locator("li.result h2 a").first.click()
    page.wait_for_url("**/2023/06/02/index.html#t1329")
    marks = page.locator("#t1329 mark").all_inner_texts()
    assert {word.lower() for word in marks} == {"pilots", "strike"}
    page.goto((folder / "2023/06/02/index.html").as_uri())
    assert page.locator("mark").count() == 0


NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {get() { throw new DOMException("refused", "SecurityError"); }});"""


def test_a_result_opens_without_session_storage(browser: Browser, address: str) -> None:
    page = browser.new_page()  # not the fixture: an init script stays
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(NO_STORAGE)
    page.goto(f"{address}?q=sirens")
    assert results(page) == ["2023/06/01/#t2140"]
    page.locator("li.result h2 a").click()
    page.wait_for_url("**/2023/06/01/#t2140")
    assert page.locator("mark").count() == 0
    page.close()
    assert errors == []


def counts(page: Page) -> list[str]:
    """Return the values of all facets with their counts."""
    return [text.strip() for text in page.locator(".facet li").all_inner_texts()]


def test_counts_load_for_the_years_of_the_results(page: Page, tmp_path: Path) -> None:
    write_site(tmp_path, [OLD, *written_entries()])
    address = (tmp_path / "search/index.html").as_uri()
    for query, count, years in (("q=port", 3, {"2020"}), ("q=lantern", 1, {"2015"}), ("sort=newest", 0, set())):
        page.goto(f"{address}?{query}")
        assert len(results(page)) == count
        page.evaluate("document.querySelector('details').open = true")
        if count:
            page.wait_for_selector(".facets svg")
        sources = page.locator("script[src]").evaluate_all("scripts => scripts.map(script => script.src)")
        assert {source.partition(".js")[0][-4:] for source in sources if "/facets-" in source} == years


def test_a_count_sets_its_filter(page: Page, address: str) -> None:
    page.goto(f"{address}?q=port")
    assert len(results(page)) == 3
    page.click("summary")
    page.wait_for_selector(".facets input")
    assert page.locator(".facets .histogram rect").count() == 3
    assert counts(page) == ["Almera 3", "Aviation 1", "Places 3", "Themes 1"]
    page.select_option(".bounds label:first-child select", "2023-06")
    page.wait_for_url("**?q=port&from=2023-06-01&to=2023-06-30")
    assert len(results(page)) == 2
    page.check(".facet [value=theme]")
    page.wait_for_url("**kind=theme**")
    assert results(page) == ["2023/06/02/#t1329"]
    # Counts are those of the present results; of a facet that is chosen, what its other values would add.
    page.wait_for_selector(".facet [value=theme]:checked")
    assert counts(page) == ["Almera 1", "Aviation 1", "Themes 1", "Places 2"]


def test_filters_opened_without_a_query_have_nothing_to_count(page: Page, address: str) -> None:
    page.goto(address)
    page.click("summary")
    expect(page.locator("#search-from")).to_be_visible()
    page.wait_for_timeout(300)
    expect(page.locator(".status")).to_have_text("")
    expect(page.locator(".facets input")).to_have_count(0)


def test_filters_have_several_values_and_can_be_removed(page: Page, address: str) -> None:
    page.goto(f"{address}?topic=aviation&topic=turkey")
    both = results(page)
    assert len(both) > 1
    removers = page.locator(".active-filters button")
    assert removers.all_inner_texts() == ["Topics: Aviation ×", "Topics: Turkey ×", "Remove all filters"]
    page.click("[aria-label='Remove the filter Topics: Turkey']")
    page.wait_for_url("**?topic=aviation")
    assert set(results(page)) < set(both)
    page.click(".active-filters button")
    page.wait_for_url("**/search/")
    assert results(page) == []
    assert page.locator(".active-filters button").count() == 0


def test_a_range_of_day_numbers_is_a_range_of_dates(page: Page, address: str) -> None:
    page.goto(address)
    page.click("summary")
    page.fill("#search-first-day", "464")
    page.press("#search-first-day", "Tab")
    page.wait_for_url("**?from=2023-06-01")
    page.fill("#search-last-day", "464")
    page.press("#search-last-day", "Tab")
    page.wait_for_url("**?from=2023-06-01&to=2023-06-01")
    assert results(page) == ["2023/06/01/#t2140"]


def test_the_histogram_selects_the_months_that_a_pointer_covers(page: Page, address: str) -> None:
    page.goto(f"{address}?q=port")
    results(page)
    page.click("summary")
    page.wait_for_selector(".histogram rect")
    page.locator(".histogram").scroll_into_view_if_needed()
    box = page.locator(".histogram").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 9)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 9)
    page.mouse.up()
    page.wait_for_url("**?q=port&from=2023-05-01&to=2023-06-30")
    assert len(results(page)) == 2


def test_time_runs_from_right_to_left_as_the_months_below_it(page: Page, tmp_path: Path) -> None:
    write_site(tmp_path, written_entries(), "ar")
    page.goto((tmp_path / "search/index.html").as_uri() + "?q=port&sort=oldest")
    results(page)
    page.wait_for_selector(".histogram rect")
    bars = page.locator(".histogram rect").evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().x)")
    assert len(bars) == 3 and bars == sorted(bars, reverse=True)
    page.locator(".histogram").scroll_into_view_if_needed()
    box = page.locator(".histogram").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + 9)
    page.wait_for_url("**from=2023-04-01&to=2023-04-30**")
    page.goto((tmp_path / "trends/index.html").as_uri() + "?w=port")
    page.wait_for_selector(".pictures circle")
    points = page.locator(".pictures circle").evaluate_all(
        "points => points.map(point => Number(point.getAttribute('cx')))"
    )
    assert len(points) == 2 and points == sorted(points, reverse=True)


WAYS = {
    "day 464": {"2023/06/01/"},
    "464": {"2023/06/01/"},
    "1 June 2023": {"2023/06/01/"},
    "June 1st, 2023": {"2023/06/01/"},
    "2023-06-01": {"2023/06/01/"},
    "June 2023": {"2023/06/"},
    "2023-06": {"2023/06/"},
    "aviation": {"topics/aviation/"},
    "465": {"2023/06/02/"},
    "day 463": set(),
    "1 July 2023": set(),
    "June": set(),
    "aviat": set(),
}


def test_a_query_that_names_a_day_month_or_topic_leads_there(page: Page, address: str) -> None:
    found = {}
    page.goto(address)
    for query in WAYS:
        page.fill("#q", query)
        page.press("#q", "Enter")
        results(page)
        links = page.locator(".ways a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        found[query] = {link.removeprefix("../") for link in links}
    assert found == WAYS
    page.goto(f"{address}?q=Aviation")
    results(page)
    assert page.locator(".ways a").inner_text() == "Topic: Aviation, 2 entries since Day 452 · 20 May 2023"


def test_the_names_of_places_are_loaded_only_for_a_query_that_may_be_one(page: Page, address: str) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))

    def loads_places(query: str) -> bool:
        loaded.clear()
        page.goto(f"{address}?q={query}")
        results(page)
        return any(url.endswith("/places.js") for url in loaded)

    may_be = {"aviation": True, "port almera": True, "465": True, "sirens 5": True, "sirens tower": False}
    assert {query: loads_places(query) for query in may_be} == may_be


def test_repeats_are_folded_under_the_first_and_counted(page: Page, tmp_path: Path) -> None:
    first, second, third, *others = invented_entries(30)
    text = "Water rose above the old mark at noon, and 40 families left the lower streets of the town by boat."
    told = [
        msgspec.structs.replace(first, headline="Lower town leaves", text=text),
        msgspec.structs.replace(second, headline="Families leave lower town", text=f"{text} More is expected."),
        msgspec.structs.replace(third, headline="Another flood", text=text.replace("40", "7 of 90")),
    ]
    write_site(tmp_path, [*told, *others])
    page.goto((tmp_path / "search/index.html").as_uri() + "?q=families+streets&sort=oldest")
    assert sorted(results(page)) == sorted(document.path for document in told)
    assert status(page) == "3 entries"
    assert page.locator("li.result").count() == 2
    assert page.locator("li.result").first.locator(".repeats li").count() == 1
    assert page.locator(".repeats summary").inner_text() == "1 more entry on this"


def test_dates_may_be_months_or_a_day_number(page: Page, address: str) -> None:
    page.goto(f"{address}?from=2023-04&to=2023-05")
    assert results(page)[-1] == "2023/04/11/#t0815"
    assert page.input_value("#search-to") == "2023-05-31"
    page.goto(f"{address}?day=464")
    assert results(page) == ["2023/06/01/#t2140"]


def test_too_many_results_are_ranked_only_when_submitted(page: Page, tmp_path: Path) -> None:
    documents = invented_entries(1100)
    write_site(tmp_path, [msgspec.structs.replace(d, text=f"zephyr {d.text}") for d in documents])
    page.goto((tmp_path / "search/index.html").as_uri())
    page.focus("#q")
    page.keyboard.type("zephyr")
    page.wait_for_selector(".notes a")
    assert results(page)[0].startswith(documents[-1].path[:10])
    newest = results(page)
    page.press("#q", "Enter")
    page.wait_for_selector(".notes:empty", state="attached")
    assert results(page) != newest


def test_many_stars_and_a_long_word_do_not_block_the_page(page: Page, tmp_path: Path) -> None:
    # The word comes from a saved page and the query from a link: together they must not freeze the tab.
    first, *others = invented_entries(20)
    write_site(tmp_path, [msgspec.structs.replace(first, text=f"{'a' * 300} aabaab"), *others])
    index = (tmp_path / "search/index.html").as_uri()
    queries = {
        f"*{'a*' * 12}b": [],  # too many stars: searched as words
        "aa*aa*aa*aa": [first.path],
        "aab*ab": [first.path],
        "aab*bab": [],
        "a" * 300: [first.path],
    }
    for query, found in queries.items():
        page.goto(f"{index}?q={query}")
        page.wait_for_selector("ol[aria-busy=false]", state="attached", timeout=1000 * COMMAND_TIMEOUT)
        assert results(page) == found, query


def test_a_query_without_a_hit_says_so_above_entries_that_have_some_of_the_words(page: Page, address: str) -> None:
    said = {}
    for query in ("sirens exchange", "absent", "sirens"):
        page.goto(f"{address}?q={query}")
        results(page)
        said[query] = (status(page), page.locator("ol[data-tier=any] > li").count())
    assert said == {
        "sirens exchange": ("No entry has all of the words.", 2),
        "absent": ("No entries match this search.", 0),
        "sirens": ("1 entry", 0),
    }
