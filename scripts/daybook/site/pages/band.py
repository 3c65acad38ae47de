"""The band of the home page: the whole event as bars, one for each day, week or month, and its named days."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby

from msgspec import Struct

from daybook.site.views.busiest_days import choose_busiest
from daybook.site.views.catalog import Catalog
from daybook.site.views.urls import day_url, month_url, week_url, year_url
from daybook.site.views.view_models import DayLink

MAX_LINKS = 120
_MAX_DAYS, _MAX_WEEKS = 120, 260  # as many days have a bar each, as many weeks; a longer event has a bar a month
_BUSIEST = 5  # days that are named if no turning points are written
_ONE_DAY = dt.timedelta(days=1)


class Bar(Struct, frozen=True, kw_only=True):
    """A bar: its first date, entries, and how many of its days have a page; `named` if one of them is."""

    first: dt.date
    count: int
    days: int
    level: int  # height from 0 to 100
    named: bool


class BandLink(Struct, frozen=True, kw_only=True):
    """A link over one or more bars: their position, the page, what it is, its entries."""

    start: int
    width: int
    path: str
    first: dt.date
    kind: str  # day, week, month or year
    number: int  # of the day or week, 0 for a month or year
    count: int


class NamedDay(Struct, frozen=True, kw_only=True):
    """A turning point or one of the busiest days: its bar, and the words for it, "" for the headline of the day."""

    day: DayLink
    bar: int
    text: str


class Band(Struct, frozen=True, kw_only=True):
    """The band. `years` are positions at which a year begins; `rows` are the sums of its table, by `row_kind`."""

    unit: str  # day, week or month
    bars: tuple[Bar, ...]
    links: tuple[BandLink, ...]
    named: tuple[NamedDay, ...]
    kind: str  # of the named days: turning (a person wrote them), busiest, or spread
    years: tuple[tuple[int, int], ...]
    rows: tuple[tuple[dt.date, int], ...]
    row_kind: str  # day, month or year


def band_view(catalog: Catalog) -> Band | None:
    """Return the band of an archive; None without days."""
    if not catalog.dates:
        return None
    first, last = catalog.dates[0], catalog.dates[-1]
    length = (last - first).days + 1
    weeks = (_monday(last) - _monday(first)).days // 7 + 1
    if length <= _MAX_DAYS:
        unit, begin = "day", _day
    elif weeks <= _MAX_WEEKS:
        unit, begin = "week", _monday
    else:
        unit, begin = "month", _month
    bars = _bars(catalog, unit, begin)
    position = {bar.first: number for number, bar in enumerate(bars)}
    points = {point.date: point.text for point in catalog.turning_points if point.date in catalog.links}
    busiest = choose_busiest(catalog.links.values(), _BUSIEST)
    chosen = list(points) or [link.date for link in busiest.days]
    starts = [(number, max(bar.first, first).year) for number, bar in enumerate(bars)]
    links = _links(catalog, unit, bars)
    row_kind = "day" if unit == "day" else "year" if any(link.kind == "year" for link in links) else "month"
    by_row = {"day": _day, "month": _month, "year": _year}[row_kind]
    rows = [
        (row, sum(catalog.links[date].count for date in dates)) for row, dates in groupby(catalog.dates, key=by_row)
    ]
    named_bars = {position[begin(date)] for date in chosen}
    return Band(
        unit=unit,
        bars=tuple(
            Bar(first=bar.first, count=bar.count, days=bar.days, level=bar.level, named=number in named_bars)
            for number, bar in enumerate(bars)
        ),
        links=links,
        named=tuple(
            NamedDay(day=catalog.links[date], bar=position[begin(date)], text=points.get(date, ""))
            for date in sorted(chosen)
        ),
        kind="turning" if points else "busiest" if busiest.are_busiest else "spread",
        years=tuple(next(group) for _, group in groupby(starts, key=lambda pair: pair[1])),
        rows=tuple(rows),
        row_kind=row_kind,
    )


def _bars(catalog: Catalog, unit: str, begin: Callable[[dt.date], dt.date]) -> list[Bar]:
    counts: Counter[dt.date] = Counter()
    days: Counter[dt.date] = Counter()
    for date, link in catalog.links.items():
        counts[begin(date)] += link.count
        days[begin(date)] += 1
    most = max(counts.values(), default=0) or 1
    starts, current, last = [], begin(catalog.dates[0]), catalog.dates[-1]
    while current <= last:
        starts.append(current)
        step = {"day": _ONE_DAY, "week": 7 * _ONE_DAY, "month": 32 * _ONE_DAY}[unit]
        current = begin(current + step) if last - current >= step or begin(last) > current else last + _ONE_DAY
    return [
        Bar(
            first=start,
            count=counts[start],
            days=days[start],
            level=max(3, round(100 * counts[start] / most)) if counts[start] else 0,
            named=False,
        )
        for start in starts
    ]


def _links(catalog: Catalog, unit: str, bars: list[Bar]) -> tuple[BandLink, ...]:
    """Return at most MAX_LINKS links, from the smallest kind of page that the bars allow."""
    if unit == "day":
        links = [
            BandLink(
                start=n, width=1, path=day_url(bar.first), first=bar.first, kind="day", count=bar.count,
                number=catalog.links[bar.first].number or 0,
            )
            for n, bar in enumerate(bars)
            if bar.days
        ]  # fmt: skip
        return tuple(links)
    if unit == "week" and len(bars) <= MAX_LINKS:
        return tuple(
            BandLink(
                start=n, width=1, path=week_url(bar.first), first=bar.first, kind="week", count=bar.count,
                number=bar.first.isocalendar().week,
            )
            for n, bar in enumerate(bars)
            if bar.days
        )  # fmt: skip
    months = {_month(bar.first) for bar in bars}
    by_month = len(months) <= MAX_LINKS
    key = _month if by_month else _year
    return tuple(_group_links(catalog, enumerate(bars), key, "month" if by_month else "year"))


def _group_links(
    catalog: Catalog, bars: Iterable[tuple[int, Bar]], key: Callable[[dt.date], dt.date], kind: str
) -> Iterable[BandLink]:
    sums: Counter[dt.date] = Counter()
    for date, link in catalog.links.items():
        sums[key(date)] += link.count
    pages = {key(date) for date in catalog.dates}
    for first, group in groupby(bars, key=lambda pair: key(pair[1].first)):
        numbers = [number for number, _ in group]
        if first in pages:
            path = month_url(first) if kind == "month" else year_url(first.year)
            yield BandLink(
                start=numbers[0], width=len(numbers), path=path, first=first, kind=kind, number=0, count=sums[first]
            )


def _monday(date: dt.date) -> dt.date:
    # The first possible dates have no Monday before them.
    return date - dt.timedelta(days=min(date.weekday(), (date - dt.date.min).days))


def _day(date: dt.date) -> dt.date:
    return date


def _year(date: dt.date) -> dt.date:
    return date.replace(month=1, day=1)


def _month(date: dt.date) -> dt.date:
    return date.replace(day=1)
