"""Pages of an archive of many years: they do not grow with every day, and every day can be reached."""

import datetime as dt
import re

import pytest
from catalogs import load_content, write_day_files

from daybook.core.model import Day, DaySource, Entry
from daybook.site.builder import page_file, site_pages
from daybook.site.exports.discovery import last_changes
from daybook.site.load import LoadedSite
from daybook.site.pages import routes
from daybook.site.pages.band import MAX_LINKS, band_view
from daybook.site.pages.calendar_pages import days_page, same_date_in_other_years, year_views
from daybook.site.views.urls import month_url, year_url

FIRST_YEAR, YEARS = 2031, 16  # more than MAX_LINKS months
LINK = re.compile(r'href="(?:\.\./)*([^"]+)"')


def day_of(date: dt.date) -> Day:
    source = DaySource(
        key="3fa9c2d1", title=f"The gates, {date}", url=f"https://example.org/{date}", captured=f"{date}T12:00:00Z"
    )
    count = 2 if date.month == 4 else 1
    entries = tuple(
        Entry(
            anchor=f"t{8 + n:02}00",
            time=dt.time(8 + n),
            headline=f"The pilots count the boats behind gate {date.month} again, report {n} of {date:%d %m %Y}",
            body="Nobody waited.",
            sources=("3fa9c2d1",),
        )
        for n in range(count)
    )
    return Day(date=date, title="", zone="UTC", sources=(source,), entries=entries)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> LoadedSite:
    """Return an archive with a day in every month of sixteen years, and none in July of its third year."""
    dates = [dt.date(year, month, 9) for year in range(FIRST_YEAR, FIRST_YEAR + YEARS) for month in range(1, 13)]
    dates.remove(dt.date(FIRST_YEAR + 2, 7, 9))
    return load_content(write_day_files(tmp_path_factory.mktemp("long"), [day_of(date) for date in dates]))


def page(site: LoadedSite, path: str) -> str:
    route = next(route for route in site_pages(site) if route.path == path)
    return page_file(site, route).render().decode()


def test_the_page_of_all_days_links_all_years_and_months_and_draws_five_years(site: LoadedSite) -> None:
    html = page(site, "days/")
    dates = site.catalog.dates
    assert {month_url(date) for date in dates} | {year_url(date.year) for date in dates} <= set(LINK.findall(html))
    assert html.count('<ol class="heat">') == 5
    assert html.count('<ol class="month-links">') == YEARS - 5
    headings = re.findall(r'<h2 id="y(\d+)">', html)
    assert headings == [str(year) for year in reversed(range(FIRST_YEAR, FIRST_YEAR + YEARS))]


def test_a_square_of_a_day_is_in_the_column_of_its_weekday_and_the_row_of_its_week(site: LoadedSite) -> None:
    drawn = page(site, "days/").partition('<ol class="heat">')[2]
    squares = re.findall(r'<path class="l\d" d="M([\d.]+) ([\d.]+)h(\d)v\d', drawn)
    centres = [(float(x) + int(side) / 2, float(y) + int(side) / 2) for x, y, side in squares]
    shown = range(FIRST_YEAR + YEARS - 1, FIRST_YEAR + YEARS - 6, -1)
    expected = []
    for date in (dt.date(year, month, 9) for year in shown for month in range(1, 13)):
        before = (date.replace(day=1).weekday() - site.catalog.first_weekday) % 7  # cells before the first of the month
        expected.append((10 * ((before + 8) % 7) + 5, 10 * ((before + 8) // 7) + 5))
    assert centres == expected


def test_each_month_page_links_its_days(site: LoadedSite) -> None:
    months = [month for year in year_views(site.catalog) for month in year.months]
    assert [day.date for month in months for day in month.days] == list(site.catalog.dates)


def test_an_archive_of_five_years_is_drawn_in_full(site: LoadedSite) -> None:
    values = days_page(year_views(site.catalog)[:5]).values()
    assert [year.year for year in values["years"]] == [2035, 2034, 2033, 2032, 2031]
    assert values["earlier"] == ()


def test_the_band_of_sixteen_years_has_a_bar_a_month_and_a_row_a_year(site: LoadedSite) -> None:
    band = band_view(site.catalog)
    assert band is not None and (band.unit, band.row_kind) == ("month", "year")
    assert len(band.bars) == 12 * YEARS and len(band.links) == YEARS <= MAX_LINKS
    counts = site.catalog.counts["entries"]
    assert sum(count for _, count in band.rows) == sum(bar.count for bar in band.bars) == counts
    html = page(site, "")
    figure = html[html.index('<figure class="band">') : html.index("</figure>")]
    named = figure.count('class="b named"')
    drawn = sum(path.count("M") for path in re.findall(r'<path class="b" d="([^"]+)"', figure))
    assert named + drawn == len(site.catalog.dates) and named
    assert re.findall(r'class="gone"[^>]* d="([^"]+)"', figure) == ["M305 80V100"]


def test_the_home_page_has_ten_other_years(site: LoadedSite) -> None:
    others = same_date_in_other_years(site.catalog)
    assert [day.date.year for day in others] == list(range(2045, 2035, -1))


def test_the_page_of_sources_has_the_newest_and_leads_to_all(site: LoadedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "data/sources.csv" not in LINK.findall(page(site, "sources/"))
    monkeypatch.setattr(routes, "_MAX_SOURCES", 100)
    html = page(site, "sources/")
    addresses = re.findall(r'href="https://example\.org/(\S+)"', html)
    assert addresses == [date.isoformat() for date in reversed(site.catalog.dates)][:100]
    assert "data/sources.csv" in LINK.findall(html)


def test_an_earlier_year_adds_little_to_the_page_of_all_days(site: LoadedSite) -> None:
    years = year_views(site.catalog)
    long, short = (len(page_file(site, days_page(some)).render()) for some in (years, years[6:]))
    assert 0 < (long - short) / 6 < 2000


def test_times_of_months_and_years_in_sitemaps_are_those_of_their_newest_day(site: LoadedSite) -> None:
    catalog = site.catalog
    changed = {date: catalog.summary(date).changed for date in catalog.dates}
    march = dt.date(2040, 3, 9)
    times = last_changes(["", "2040/", "2040/03/", "2040/03/09/", "2033/07/", "about/"], catalog)
    year = [time for date, time in changed.items() if date.year == 2040]
    assert times == {
        "": max(changed.values()),
        "2040/": max(year),
        "2040/03/": changed[march],
        "2040/03/09/": changed[march],
        "2033/07/": "",
        "about/": "",
    }
    assert len(set(times.values())) == 4
