"""Tasks of readers in a real browser: on a phone, over HTTP and from a folder."""

import re

from playwright.sync_api import Page, expect


def inside(address: str, path: str) -> str:
    """Return the URL that a browser shows for a path of the site."""
    place, mark, anchor = path.partition("#")
    return address + (f"{place}index.html" if address.startswith("file:") else place) + mark + anchor


def test_search_open_a_result_and_go_back(page: Page, sample_address: str) -> None:
    page.goto(inside(sample_address, "search/"))
    page.locator("main input[name=q]").fill("grain")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("1")
    result = page.locator("main a[href*='#t']")
    expect(result).to_have_count(1)
    result.click()
    expect(page).to_have_url(inside(sample_address, "2023/06/01/#t2100"))
    entry = page.locator("article:target")
    expect(entry.locator("h2")).to_contain_text("grain")
    expect(entry).to_be_in_viewport()
    page.go_back()
    expect(page.locator("main input[name=q]")).to_have_value("grain")
    expect(page.locator("main a[href*='#t']")).to_have_count(1)


def test_open_the_latest_day_and_the_previous_evening(page: Page, sample_address: str) -> None:
    page.goto(inside(sample_address, ""))
    page.get_by_role("link", name=re.compile("Day 465")).first.click()
    expect(page).to_have_url(inside(sample_address, "2023/06/02/"))
    expect(page.locator("h1")).to_contain_text("Day 465")
    assert page.title().startswith("Day 465")
    times = page.locator("#entries article time").all_text_contents()
    assert times == sorted(times) and len(times) == 12
    page.locator(".previous-evening summary").click()
    evening = page.locator(".previous-evening a[href*='#t']")
    expect(evening).to_have_count(5)
    evening.last.click()
    expect(page).to_have_url(inside(sample_address, "2023/06/01/#t2152"))
    page.locator("a[rel=next]").first.click()
    expect(page).to_have_url(inside(sample_address, "2023/06/02/"))


def test_open_a_day_by_its_number(page: Page, sample_address: str) -> None:
    page.goto(inside(sample_address, "day/465/"))
    page.wait_for_url(inside(sample_address, "2023/06/02/"))
    expect(page.locator("h1")).to_contain_text("Day 465")


def test_follow_a_topic_across_days(page: Page, sample_address: str) -> None:
    page.goto(inside(sample_address, "topics/"))
    page.locator("main").get_by_role("link", name="Kyiv").first.click()
    expect(page).to_have_url(inside(sample_address, "topics/kyiv/"))
    main = page.locator("main")
    for day in ("Day 465", "Day 464"):
        expect(main).to_contain_text(day)
    expect(main).to_contain_text("Kiev")


def test_reverse_order_stays_in_the_url(page: Page, sample_address: str) -> None:
    page.goto(inside(sample_address, "2023/06/02/"))
    page.get_by_role("button", name="Newest first").click()
    expect(page.locator("#entries article").first).to_have_id("t1329")
    assert "order=newest" in page.url
    page.reload()
    expect(page.locator("#entries article").first).to_have_id("t1329")


def test_keyboard_shortcuts(page: Page, sample_address: str) -> None:
    page.goto(inside(sample_address, "2023/06/02/"))
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(inside(sample_address, "2023/06/01/"))
    page.keyboard.press("/")
    expect(page.locator("input[name=q]").first).to_be_focused()


def test_no_page_scrolls_sideways(page: Page, sample_address: str) -> None:
    for path in ("", "2023/06/02/", "2023/06/", "2023/", "days/", "topics/", "topics/kyiv/", "search/", "about/"):
        page.goto(inside(sample_address, path))
        for width in (320, 2560):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
