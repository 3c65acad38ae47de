"""Errands of readers on an invented archive of 500 days by three outlets: each in at most three steps.

A step is a click, a shortcut or Enter; typing is none. The errands run on a phone's screen in English, and on a desktop
screen with the interface in Ukrainian: names of buttons and links come from the words of the theme.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from paths import ROOT
from playwright.sync_api import Browser, Locator, Page, Route, expect
from shared import MakeOnce
from told_site import SETTINGS, build_told_site, told_date, told_path

from daybook.site.views.i18n import Language
from daybook.site.views.words import Words, load_interface

Serve = Callable[[Path], str]
_MOST_STEPS = 3


class Told(NamedTuple):
    """A served site with its words and its language."""

    address: str
    words: Words
    language: Language


def _told(site: Path, serve: Serve, lang: str) -> Told:
    interface = load_interface([ROOT / "theme"], "en", lang)
    return Told(serve(site), interface.words, interface.language)


@pytest.fixture(scope="module")
def english(told_site: Path, serve: Serve) -> Told:
    return _told(told_site, serve, "en")


@pytest.fixture(scope="module")
def ukrainian(once: MakeOnce, serve: Serve) -> Told:
    settings = SETTINGS + 'INTERFACE_LANG = "uk"\n'
    folder = once("told-uk", lambda folder: build_told_site(folder, settings=settings))
    return _told(folder / "site", serve, "uk")


class Reader:
    """A person at a page, whose steps are counted."""

    def __init__(self, page: Page, told: Told) -> None:
        self.page, self.words, self.language, self.root = page, told.words, told.language, told.address
        self.steps = 0

    def open(self, path: str = "") -> None:
        self.page.goto(self.root + path)

    def click(self, target: Locator) -> None:
        self.steps += 1
        target.click()

    def press(self, key: str) -> None:
        self.steps += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def is_at(self, path: str) -> None:
        expect(self.page).to_have_url(self.root + path)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("main").get_by_role("link", name=name).first

    def number(self, n: int) -> str:
        return str(self.words.day.number.format(n=n))


@pytest.fixture(
    params=[("english", 360), ("ukrainian", 1280)],  # each language and each width
    ids=lambda param: f"{param[0]}-{param[1]}",
)
def reader(request: pytest.FixtureRequest, page: Page) -> Iterator[Reader]:
    site, width = request.param
    page.set_viewport_size({"width": width, "height": 780})
    reader = Reader(page, request.getfixturevalue(site))
    yield reader
    assert reader.steps <= _MOST_STEPS


def test_what_happened_on_day_465(reader: Reader) -> None:
    reader.open()
    reader.page.get_by_role("textbox", name=reader.words.goto.label).fill("465")
    reader.press("Enter")
    reader.is_at(told_path(465))
    expect(reader.page.locator(".title")).to_have_text("Second crest passes Weide")
    glance = reader.page.get_by_role("region", name=reader.words.day.glance.format(day=reader.number(465)))
    assert glance.get_by_role("listitem").count() >= 2
    # The first entry is in the first screen of 780 px, on a phone with room for its beginning.
    most = 640 if (reader.page.viewport_size or {})["width"] == 360 else 740
    assert (reader.page.locator("#entries .entry-time").first.bounding_box() or {})["y"] <= most


def test_jump_to_day_300_from_any_page_with_a_key(reader: Reader) -> None:
    reader.open("topics/")
    reader.press("g")
    reader.type(reader.language.short_date(told_date(300)))  # 27 October 2030, 27 жовтня 2030 р.
    reader.press("Enter")
    reader.is_at(told_path(300))
    expect(reader.page.locator("h1")).to_contain_text(reader.number(300))


def test_what_is_typed_before_the_dialog_is_loaded_is_kept(reader: Reader) -> None:
    held: list[Route] = []
    reader.page.route("**/dialogs.*.js", lambda route: held.append(route))  # noqa: PLW0108 - needs a Python function
    reader.open("topics/")
    with reader.page.expect_request("**/dialogs.*.js"):
        reader.press("g")
    reader.type("300")
    reader.press("Enter")
    for route in held:
        route.continue_()
    reader.is_at(told_path(300))


def test_first_and_last_mention_of_grain(reader: Reader) -> None:
    reader.open()
    reader.press("g")
    reader.type("grain")
    reader.press("Enter")
    reader.is_at("topics/grain/")
    facts = reader.page.locator(".facts")
    expect(facts).to_contain_text(f"{reader.number(12)} ·")
    expect(facts).to_contain_text(f"{reader.number(481)} ·")


def test_everything_about_weide_in_march_in_reading_order(reader: Reader) -> None:
    reader.open("topics/")
    reader.click(reader.link("Weide"))
    reader.click(reader.page.locator(".by-month a").nth(2))
    reader.is_at("topics/weide/2031/03/")
    days = reader.page.locator(".group > h2").all_text_contents()
    assert days == sorted(days) and days[0].startswith(reader.number(425))
    expect(reader.page.locator("main article").first).to_contain_text("Weide waits for power, night 1")


def test_a_statement_cited_for_wikipedia(reader: Reader) -> None:
    reader.open("search/?q=Brandes+call")
    result = reader.page.locator("main a[href*='#t1120']").first
    expect(result).to_be_visible()
    reader.click(result)
    statement = reader.page.locator("article:target")
    expect(statement).to_contain_text("I will not guess")
    reader.click(statement.get_by_role("link", name=reader.words.cite.button_label))
    reader.is_at(f"{told_path(465)}t1120/#cite")
    form = reader.page.locator("#cite [data-form=wikipedia]")
    expect(form).to_contain_text("{{cite web |last=Falk |first=Ines |date=2031-04-10 |title=Brandes: the call of 03:10")
    expect(form).to_contain_text("|website=The Courier")
    expect(form).to_contain_text("|via=The Lenne flood}}")


def test_what_was_changed_later_that_day(reader: Reader) -> None:
    reader.open(told_path(465))
    reader.click(reader.page.get_by_role("link", name=reader.words.entry.changed))
    expect(reader.page.locator("#t0420 ins").first).to_be_visible()


def test_share_one_entry_with_a_title_and_a_text_of_its_own(reader: Reader) -> None:
    reader.open(f"{told_path(465)}#t1120")
    reader.click(reader.page.locator("article:target").get_by_role("link", name=reader.words.cite.button_label))
    reader.page.wait_for_url("**/t1120/#cite")
    metas = {
        name: reader.page.locator(f'meta[property="og:{name}"]').get_attribute("content")
        for name in ("title", "description")
    }
    assert metas == {
        "title": "Brandes: the call of 03:10 was not passed on",
        "description": "Minister Ada Brandes said that nobody had passed on the call of 03:10.",
    }


def test_read_last_week(reader: Reader) -> None:
    reader.open()
    reader.click(reader.link(reader.words.home.week))
    reader.is_at("2031/week/20/")
    expect(reader.page.locator(".reading-day")).to_have_count(4)
    reader.click(reader.page.locator("main a[rel=prev]").first)
    expect(reader.page.locator(".reading-day")).to_have_count(7)
    expect(reader.page.locator(".reading-day .title")).to_have_count(7)


def test_earlier_chapters_of_a_story(reader: Reader) -> None:
    reader.open(f"{told_path(465)}#t1540")
    entry = reader.page.locator("article:target")
    expect(entry).to_contain_text(reader.words.story.earlier)
    expect(entry.get_by_role("link", name="Turbine hall of Oster lock is pumped dry")).to_be_visible()
    reader.click(entry.get_by_role("link", name=reader.words.story.whole))
    chapters = reader.page.locator("main article h2, main .chapter h2, main h2").all_text_contents()
    assert [title.strip() for title in chapters][:4] == [
        "Oster lock stops: water in the turbine hall",
        "Divers find a crack in the gate of Oster lock",
        "Turbine hall of Oster lock is pumped dry",
        "Oster lock turns its turbine again",
    ]
    reader.page.get_by_role("button", name=reader.words.day.turn_newest).click()
    newest = reader.page.locator(".story-chapters > li").first
    expect(newest.locator("h2")).to_have_text("Oster lock turns its turbine again")
    expect(newest.locator("> :last-child")).to_have_class(re.compile("silence"))  # between this chapter and the next
    assert "order=newest" in reader.page.url


def test_follow_a_topic(reader: Reader) -> None:
    reader.open("topics/dykes/")
    expect(reader.page.get_by_role("link", name=reader.words.topic.atom)).to_have_attribute("href", "atom.xml")
    reader.click(reader.page.get_by_role("button", name=reader.words.day.turn_oldest))
    days = reader.page.locator(".group > h3").all_text_contents()
    numbers = [int(re.findall(r"\d+", day)[0]) for day in days]
    assert numbers == sorted(numbers) and "order=oldest" in reader.page.url


def test_all_entries_of_one_outlet_on_a_day_and_back(reader: Reader) -> None:
    reader.open(told_path(465))
    articles = reader.page.locator("#entries > article:visible")
    reader.click(reader.page.get_by_role("button", name="Radio Lenne 3"))
    expect(articles).to_have_count(3)
    reader.click(reader.page.locator("main a[rel=next]").first)
    reader.is_at(told_path(466))
    reader.page.go_back()
    expect(articles).to_have_count(3)  # going back leads to what was seen before
    reader.click(reader.page.get_by_role("button", name=reader.words.day.all_outlets))
    expect(articles).to_have_count(10)


def test_which_days_are_missing_and_which_licence(reader: Reader) -> None:
    reader.open()
    licence = reader.words.footer.license.format(name="CC BY 4.0")
    expect(reader.page.get_by_role("link", name=licence)).to_have_attribute("rel", "license")
    reader.click(reader.page.get_by_role("contentinfo").get_by_role("link", name=reader.words.page.about))
    for first, last in ((77, 78), (311, 311)):
        expect(reader.page.locator("main")).to_contain_text(
            reader.language.date_range(told_date(first), told_date(last))
        )
    expect(reader.page.locator("main")).to_contain_text(reader.words.about.missing_days.form(3).format(n=3))


@pytest.mark.parametrize("site", ["english", "ukrainian"])
def test_print_a_day_of_twelve_entries_on_four_pages_with_their_addresses(
    browser: Browser, site: str, request: pytest.FixtureRequest
) -> None:
    page = browser.new_page()
    page.goto(request.getfixturevalue(site).address + told_path(485))
    pages = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))
    assert 1 <= len(pages) <= 4
    page.emulate_media(media="print")
    assert page.locator("#entries .entry-address:visible").count() == 12
    page.close()


def test_reports_of_one_event_are_folded_and_keep_their_anchors(page: Page, english: Told) -> None:
    page.goto(f"{english.address}{told_path(465)}")
    expect(page.locator("#t0652 .also a")).to_have_count(2)
    text = page.locator("#t0658").get_by_text("the River Board wrote")
    expect(text).to_be_hidden()
    page.locator("#t0652 .also a").first.click()
    expect(text).to_be_visible()
    ids = [article.get_attribute("id") for article in page.locator("#entries > article").all()]
    assert ids == sorted(ids, key=str)


def test_the_box_leads_to_topics_and_months_and_searches_the_rest(page: Page, english: Told) -> None:
    for typed, path in {
        "Brandes": "topics/ada-brandes/",  # an alias
        "river": "topics/river-board/",  # the one topic that begins so
        "March 2031": "2031/03/",
        "#300": "day/300/",
        "10.4.2031": told_path(465),
        "burnt cable": "search/?q=burnt%20cable",
    }.items():
        page.goto(f"{english.address}days/")
        page.get_by_role("textbox", name=english.words.goto.label).fill(typed)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(re.escape(told_path(300) if path == "day/300/" else path.partition("?")[0])))
        assert "burnt" not in path or "burnt" in page.url


def test_the_key_t_leads_to_the_top(page: Page, english: Told) -> None:
    page.goto(f"{english.address}{told_path(465)}#t1540")
    page.keyboard.press("t")
    page.wait_for_function("scrollY === 0")


def test_the_readers_own_clock(browser: Browser, english: Told) -> None:
    page = browser.new_context(timezone_id="America/New_York").new_page()
    page.goto(f"{english.address}{told_path(465)}")
    assert page.locator(".reader-clock").count() == 0
    page.keyboard.press("?")
    page.get_by_label("Also show times on my own clock").check()
    expect(page.locator("#t0420 .reader-clock")).to_have_text("00:20 on your clock")
    page.reload()
    expect(page.locator("#t0420 .reader-clock")).to_have_text("00:20 on your clock")
    page.context.close()


def test_the_band_has_at_most_120_links_and_the_sums_of_its_table(page: Page, english: Told) -> None:
    page.goto(english.address)
    links = page.locator(".band a")
    assert links.count() == 72
    named = [int(re.findall(r"(\d+) entr", link.get_attribute("aria-label") or "")[0]) for link in links.all()]
    cells = page.locator(".band-table td").all_text_contents()
    assert sum(named) == sum(map(int, cells)) == 1804
