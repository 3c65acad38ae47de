"""Errands of readers on an invented archive of 500 days by three outlets: each in at most three steps."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from told_site import told_path

Serve = Callable[[Path], str]


@pytest.fixture(scope="module")
def address(told_site: Path, serve: Serve) -> str:
    return serve(told_site)


@pytest.fixture(params=[360, 1280])
def reader(request: pytest.FixtureRequest, page: Page) -> Page:
    """A page as wide as a phone, then as a desktop screen."""
    page.set_viewport_size({"width": request.param, "height": 780})
    return page


def test_what_happened_on_day_465(reader: Page, address: str) -> None:
    reader.goto(address)
    reader.get_by_role("textbox", name="Go to a day").fill("465")
    reader.keyboard.press("Enter")
    reader.wait_for_url(f"{address}{told_path(465)}")
    expect(reader.locator(".title")).to_have_text("Second crest passes Weide")
    assert reader.get_by_role("region", name="Also on Day 465").get_by_role("listitem").count() >= 2
    if reader.viewport_size == {"width": 360, "height": 780}:  # the first entry is in the first screen of a phone
        assert (reader.locator("#entries .entry-time").first.bounding_box() or {})["y"] <= 640


def test_jump_to_day_300_from_any_page_with_a_key(reader: Page, address: str) -> None:
    reader.goto(f"{address}topics/")
    reader.keyboard.press("g")
    reader.keyboard.type("27 October 2030")
    reader.keyboard.press("Enter")
    reader.wait_for_url(f"{address}{told_path(300)}")
    expect(reader.locator("h1")).to_contain_text("Day 300")


def test_first_and_last_mention_of_grain(reader: Page, address: str) -> None:
    reader.goto(f"{address}topics/")
    reader.get_by_role("main").get_by_role("link", name="Grain").first.click()
    facts = reader.locator(".facts")
    expect(facts).to_contain_text("Day 12 ·")
    expect(facts).to_contain_text("Day 481 ·")


def test_everything_about_weide_in_march_in_reading_order(reader: Page, address: str) -> None:
    reader.goto(f"{address}topics/weide/")
    reader.locator(".by-month a").nth(2).click()
    reader.wait_for_url(f"{address}topics/weide/2031/03/")
    days = reader.locator(".group > h2").all_text_contents()
    assert days == sorted(days) and days[0].startswith("Day 425")
    expect(reader.locator("main article").first).to_contain_text("Weide waits for power, night 1")


def test_what_was_changed_later_that_day(reader: Page, address: str) -> None:
    reader.goto(f"{address}{told_path(465)}")
    reader.get_by_role("link", name="Changed").click()
    expect(reader.locator("#t0420 ins").first).to_be_visible()


def test_read_last_week(reader: Page, address: str) -> None:
    reader.goto(address)
    reader.get_by_role("link", name="Read this week").click()
    reader.wait_for_url(re.compile(r"/2031/week/20/$"))
    expect(reader.locator(".reading-day")).to_have_count(4)
    reader.locator("main a[rel=prev]").first.click()
    expect(reader.locator(".reading-day")).to_have_count(7)
    expect(reader.locator(".reading-day .title")).to_have_count(7)


def test_follow_a_topic(reader: Page, address: str) -> None:
    reader.goto(f"{address}topics/dykes/")
    expect(reader.get_by_role("link", name="Atom feed")).to_have_attribute("href", "atom.xml")
    reader.get_by_role("button", name="Oldest first").click()
    days = reader.locator(".group > h3").all_text_contents()
    numbers = [int(re.findall(r"\d+", day)[0]) for day in days]
    assert numbers == sorted(numbers) and "order=oldest" in reader.url


def test_all_entries_of_one_outlet_on_a_day(reader: Page, address: str) -> None:
    reader.goto(f"{address}{told_path(465)}")
    reader.get_by_role("button", name="Radio Lenne 3").click()
    expect(reader.locator("#entries > article:visible")).to_have_count(3)
    reader.reload()
    expect(reader.locator("#entries > article:visible")).to_have_count(3)
    reader.get_by_role("button", name="All").click()
    expect(reader.locator("#entries > article:visible")).to_have_count(10)


def test_which_days_are_missing_and_which_licence(reader: Page, address: str) -> None:
    reader.goto(address)
    expect(reader.get_by_role("link", name="Licence: CC BY 4.0")).to_have_attribute("rel", "license")
    reader.get_by_role("contentinfo").get_by_role("link", name="About").click()
    expect(reader.locator("main")).to_contain_text("18 March 2030–19 March 2030, 7 November 2030")


def test_reports_of_one_event_are_folded_and_keep_their_anchors(reader: Page, address: str) -> None:
    reader.goto(f"{address}{told_path(465)}")
    expect(reader.locator("#t0652 .also a")).to_have_count(2)
    text = reader.locator("#t0658").get_by_text("the River Board wrote")
    expect(text).to_be_hidden()
    reader.locator("#t0652 .also a").first.click()
    expect(text).to_be_visible()
    ids = [article.get_attribute("id") for article in reader.locator("#entries > article").all()]
    assert ids == sorted(ids, key=str)


def test_print_a_day_on_four_pages_with_the_addresses_of_its_entries(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}{told_path(465)}")
    pages = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))
    assert 1 <= len(pages) <= 4
    page.emulate_media(media="print")
    assert page.locator("#entries .entry-address:visible").count() == 10
    page.close()


def test_the_key_t_leads_to_the_top(page: Page, address: str) -> None:
    page.goto(f"{address}{told_path(465)}#t1540")
    page.keyboard.press("t")
    page.wait_for_function("scrollY === 0")


def test_the_readers_own_clock(browser: Browser, address: str) -> None:
    page = browser.new_context(timezone_id="America/New_York").new_page()
    page.goto(f"{address}{told_path(465)}")
    assert page.locator(".reader-clock").count() == 0
    page.keyboard.press("?")
    page.get_by_label("Also show times on my own clock").check()
    expect(page.locator("#t0420 .reader-clock")).to_have_text("00:20 on your clock")
    page.reload()
    expect(page.locator("#t0420 .reader-clock")).to_have_text("00:20 on your clock")
    page.context.close()


def test_the_band_has_at_most_120_links_and_the_sums_of_its_table(page: Page, address: str) -> None:
    page.goto(address)
    links = page.locator(".band a")
    assert links.count() == 72
    named = [int(re.findall(r"(\d+) entr", link.get_attribute("aria-label") or "")[0]) for link in links.all()]
    cells = page.locator(".band-table td").all_text_contents()
    assert sum(named) == sum(map(int, cells)) == 1802
