"""Which days lists name: the busiest, or evenly spread ones where too many share the highest count."""

import datetime as dt

import pytest

from daybook.site.views.busiest_days import choose_busiest
from daybook.site.views.entry_view import shown_instant
from daybook.site.views.view_models import DayLink

_FIRST = dt.date(2031, 4, 1)


def _links(counts: tuple[int, ...]) -> list[DayLink]:
    dates = [_FIRST + dt.timedelta(days=number) for number in range(len(counts))]
    return [
        DayLink(
            date=date, number=number, path="", count=count, title="", headline="", headline_lang="", chosen="", main=()
        )
        for number, (date, count) in enumerate(zip(dates, counts, strict=True), start=1)
    ]


@pytest.mark.parametrize(
    ("counts", "most", "chosen", "are_busiest"),
    [
        ((2, 9, 4, 7, 1), 2, [2, 4], True),
        ((2, 9, 4, 4, 1), 2, [2], True),  # two days share the next count: neither is named
        ((3, 3, 0), 5, [], True),  # few days: all would be named
        ((), 5, [], True),
        ((5,) * 10, 5, [2, 4, 6, 8, 10], False),
        ((5,) * 31, 1, [16], False),
    ],
)
def test_days_are_named_if_they_are_busier_than_all_others(
    counts: tuple[int, ...], most: int, chosen: list[int], are_busiest: bool
) -> None:
    found = choose_busiest(_links(counts), most)
    assert ([link.number for link in found.days], found.are_busiest) == (chosen, are_busiest)


def test_a_month_of_one_day_names_it() -> None:
    assert [link.number for link in choose_busiest(_links((0, 3)), 1, may_be_all=True).days] == [2]


def test_an_instant_is_shown_in_the_zone_of_the_archive() -> None:
    zone = dt.timezone(dt.timedelta(hours=3))
    assert shown_instant("2031-04-09T22:30:00Z", zone) == dt.datetime(2031, 4, 10, 1, 30, tzinfo=zone)
    assert shown_instant("one evening in spring", zone) is None
    assert shown_instant("9999-12-31T23:00:00Z", zone) is None
