"""Views of pages: day numbers, neighbours, calendars, topics, from a small invented archive."""

import datetime as dt
import itertools
import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from catalogs import CONF, load_catalog, write_day_files
from hypothesis import given
from hypothesis import strategies as st
from paths import FIXTURES
from strategies import few_examples

from daybook.core.config import BuildPaths, Config, load_config
from daybook.core.errors import ArchiveError
from daybook.core.model import Day, Entry
from daybook.site.pages.calendar_pages import month_views, shade_level, shade_steps, year_views
from daybook.site.pages.day_page import day_view
from daybook.site.pages.entry_pages import nearest_entry
from daybook.site.pages.routes import number_redirects, overview_pages
from daybook.site.pages.topic_pages import topic_months, topic_view
from daybook.site.views.catalog import Catalog
from daybook.site.views.entry_view import headline_from_text
from daybook.site.views.urls import file_to_url, relative_root, url_to_file

HARBOUR = FIXTURES / "site"
LINK = re.compile(r'href="\0([^"]+)"')
MARCH, EIGHTH, NINTH = dt.date(2031, 3, 31), dt.date(2031, 4, 8), dt.date(2031, 4, 9)


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config(BuildPaths(conf=CONF))


@pytest.fixture(scope="module")
def harbour() -> Catalog:
    return load_catalog(HARBOUR / "content")


def test_days_are_numbered_from_the_first_day(harbour: Catalog) -> None:
    numbers = {date: link.number for date, link in harbour.links.items()}
    assert numbers == {MARCH: None, EIGHTH: 1, NINTH: 2}


def test_neighbours_are_the_nearest_days_that_exist(harbour: Catalog) -> None:
    first, middle, last = (day_view(harbour, date) for date in (MARCH, EIGHTH, NINTH))
    names = [harbour.links[date] for date in (MARCH, EIGHTH, NINTH)]
    assert (first.previous, first.next) == (None, names[1])
    assert (middle.previous, middle.next) == (names[0], names[2])
    assert (last.previous, last.next) == (names[1], None)


@pytest.mark.parametrize(("setting", "before", "after"), [("key", 1, 5), ("all", 2, 4), ("none", None, None)])
def test_the_nearest_entry_with_a_page_may_be_many_days_away(
    tmp_path: Path, setting: str, before: int | None, after: int | None
) -> None:
    days = [
        Day(
            date=dt.date(2031, 4, number),
            title="",
            zone="UTC",
            entries=(Entry(anchor="t0800", time=dt.time(8), headline="Ebb", body="Low.", key=number in (1, 5)),),
        )
        for number in range(1, 6)
    ]
    conf = tmp_path / "conf.py"
    conf.write_text(f"{CONF.read_text()}\nENTRY_PAGES = {setting!r}\n")
    catalog = load_catalog(write_day_files(tmp_path / "content", days), conf)
    found = [nearest_entry(catalog, dt.date(2031, 4, 3), step) for step in (-1, 1)]
    assert [link and link.day.date.day for link in found] == [before, after]
    assert nearest_entry(catalog, dt.date(2031, 4, 1), -1) is None
    assert nearest_entry(catalog, dt.date(2031, 4, 5), 1) is None


def test_previous_evening_has_entries_from_the_next_live_blog(harbour: Catalog) -> None:
    assert [entry.path for entry in day_view(harbour, NINTH).previous_evening] == ["2031/04/08/#t2240"]
    assert [source.title for source in day_view(harbour, EIGHTH).carried_by] == ["Harbour live, 9 April"]
    assert day_view(harbour, EIGHTH).previous_evening == ()


def test_a_printed_number_that_differs_is_marked(harbour: Catalog) -> None:
    agreeing, other = day_view(harbour, EIGHTH).sources
    assert (agreeing.counts_differently, agreeing.our_number) == (False, 1)
    assert (other.counts_differently, other.printed_day, other.our_number) == (True, 3, 2)


def test_local_clocks_have_the_shift_of_their_date(harbour: Catalog) -> None:
    morning, night, untimed = harbour.day_cache.views(EIGHTH)
    assert [(clock.place, clock.time, clock.shift) for clock in morning.clocks] == [("Kyiv", dt.time(12, 15), 0)]
    assert [(clock.time, clock.shift) for clock in night.clocks] == [(dt.time(1, 40), 1)]
    assert night.instant == "2031-04-08T22:40:00Z"
    assert (untimed.clocks, untimed.instant, untimed.anchor) == ((), "", "n1")


def test_a_missing_headline_is_derived_and_marked(harbour: Catalog) -> None:
    fog, boat = harbour.day_cache.views(NINTH)
    assert fog.derived and not boat.derived
    assert fog.headline == "Fog came in from the sea and the harbour master closed the northern channel to…"


@given(st.text(min_size=1))
def test_a_derived_headline_is_short_and_begins_like_the_text(text: str) -> None:
    made = headline_from_text(text)
    assert len(made) <= 81
    assert text.startswith(made.removesuffix("…"))


def test_an_unknown_source_is_an_error(tmp_path: Path) -> None:
    day = Day(date=NINTH, title="", entries=(Entry(anchor="t0005", sources=("s9",), body="Fog."),))
    with pytest.raises(ArchiveError, match="refers to source 's9', which is not in `sources`"):
        load_catalog(write_day_files(tmp_path, [day]))


def test_topics_of_a_day_have_the_counts_of_the_day(harbour: Catalog) -> None:
    (topic,) = [link for link in day_view(harbour, EIGHTH).topics if link.slug == "north-mole"]
    assert (topic.count, topic.days) == (2, 1)
    assert [link.slug for link in harbour.day_cache.views(NINTH)[1].topics] == ["weather"]
    assert topic_view(harbour, "weather").declared is False
    assert [link.slug for link in topic_view(harbour, "ferry").related] == ["north-mole"]


def test_a_calendar_distinguishes_empty_days_from_missing_days(tmp_path: Path) -> None:
    days = (
        Day(date=EIGHTH, title="", entries=(Entry(anchor="t0900", time=dt.time(9)),)),
        Day(date=NINTH, title=""),
    )
    (month,) = month_views(load_catalog(write_day_files(tmp_path, days)))
    cells = {cell.date: cell for week in month.weeks for cell in week}
    assert all(len(week) == 7 and week[0].date.weekday() == 0 for week in month.weeks)
    assert (cells[EIGHTH].level, cells[NINTH].level) == (3, 0)
    assert cells[NINTH].day is not None and cells[dt.date(2031, 4, 10)].day is None
    assert not cells[MARCH].in_month


def test_months_and_years_have_their_neighbours(harbour: Catalog) -> None:
    march, april = month_views(harbour)
    assert (march.previous, march.next) == (None, ("2031/04/", dt.date(2031, 4, 1)))
    assert (april.previous, april.next, april.count) == (("2031/03/", dt.date(2031, 3, 1)), None, 5)
    (year,) = year_views(harbour)
    assert (year.year, year.days, year.count, year.previous, year.next) == (2031, 3, 6, None, None)


@given(st.lists(st.integers(0, 500)))
def test_shade_levels_grow_with_the_count(counts: list[int]) -> None:
    steps = shade_steps(tuple(counts))
    levels = [shade_level(count, steps) for count in sorted(counts)]
    assert levels == sorted(levels)
    assert all((shade == 0) == (count == 0) for shade, count in zip(levels, sorted(counts), strict=True))
    assert all(shade <= 4 for shade in levels)


def test_days_are_shaded_in_comparison_with_their_year(tmp_path: Path) -> None:
    def day(date: dt.date, count: int) -> Day:
        entries = tuple(Entry(anchor=f"t{hour:02}00", time=dt.time(hour)) for hour in range(count))
        return Day(date=date, title="", entries=entries)

    def levels(days: tuple[Day, ...], folder: str) -> list[int]:
        months = month_views(load_catalog(write_day_files(tmp_path / folder, days)))
        cells = (cell for month in months for week in month.weeks for cell in week)
        return [cell.level for cell in cells if cell.day and cell.in_month]

    days = (day(dt.date(2031, 3, 1), 1), day(dt.date(2031, 3, 2), 9), day(dt.date(2032, 3, 1), 1))
    assert levels(days, "before") == [2, 4, 3]
    assert levels((*days, day(dt.date(2032, 3, 2), 9)), "after") == [2, 4, 2, 4]


def test_equal_days_get_a_middle_shade_and_the_busiest_the_darkest() -> None:
    assert shade_level(17, shade_steps((17,) * 9)) == 3
    steps = shade_steps((1, 2, 3, 4, 5, 6, 7, 8))
    assert [shade_level(count, steps) for count in (1, 2, 3, 4, 5, 6, 7, 8)] == [1, 1, 2, 2, 3, 3, 4, 4]


@given(st.sampled_from(["", "404.html", "2031/04/08/", "topics/ferry/2031/04/", "day/1/"]))
def test_relative_root_leads_to_the_root(path: str) -> None:
    assert file_to_url(url_to_file(path)) == path
    depth = len(Path(url_to_file(path)).parts) - 1
    assert relative_root(path) == ("../" * depth or "./")


dates = st.dates(dt.date(2030, 11, 1), dt.date(2031, 3, 1))


@few_examples
@given(st.dictionaries(dates, st.integers(0, 70), max_size=6))
def test_every_entry_is_on_one_page_of_a_topic_month(sizes: dict[dt.date, int]) -> None:
    days = [
        Day(
            date=date,
            title="",
            entries=tuple(Entry(anchor=f"n{n}", body=f"x{n}", topics=("+ferry",)) for n in range(1, size + 1)),
        )
        for date, size in sorted(sizes.items())
    ]
    with tempfile.TemporaryDirectory() as folder:
        catalog = load_catalog(write_day_files(Path(folder), days))
        if not any(sizes.values()):
            assert catalog.topics == {}
            return
        view, pages = (
            topic_view(catalog, "ferry"),
            [page for _, pages in sorted(topic_months(catalog).items()) for page in pages],
        )
        months = [page.values()["month"] for page in pages]
    shown = [LINK.findall(entry)[0] for month in months for group in month.groups for entry in group.entries]
    newest = [LINK.findall(entry)[0] for group in view.newest for entry in group.entries]
    everything = [link.path + f"#n{n}" for link in catalog.links.values() for n in range(1, link.count + 1)]
    assert shown == everything, "a month is read from its first entry on"
    assert newest == everything[::-1][:50]
    assert [(month.path, month.count) for month in reversed(view.months)] == [
        (month.path, month.count) for month in months
    ]


def test_every_page_has_one_route(harbour: Catalog) -> None:
    months = itertools.chain.from_iterable(topic_months(harbour).values())
    routes = (*overview_pages(harbour), *number_redirects(harbour, harbour.dates), *months)
    paths = Counter(page.path for page in routes)
    assert paths["day/1/"] == 1 and "2031/04/" in paths and "topics/weather/2031/04/" in paths
    assert set(paths.values()) == {1}
