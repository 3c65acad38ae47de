"""Ages of posts, "5 minutes ago": of two units, beside a clock in any order, and what is no author before a stamp."""

import pytest
from live_pages import POSTS, READ, copied, entries, read, saved

from daybook.parse.time.tokens import find_times, separate_ages

TWO_UNITS = (
    *("2 hours 5 minutes ago", "2 hours, 5 minutes ago", "2 hours and 5 minutes ago", "2h 5m ago", "2h5m ago"),
    *("2 t. 5 min. siden", "for 2 timer og 5 minutter siden", "för 2 tim 5 min sedan", "2 tuntia 5 minuuttia sitten"),
    *("vor 2 Std. 5 Min.", "vor 2 Stunden und 5 Minuten", "2 u. 5 min. geleden", "2 uur en 5 minuten geleden"),
    *(
        "il y a 2 h 05",
        "il y a 2 heures et 5 minutes",
        "hace 2 h 5 min",
        "há 2 horas e 5 minutos",
        "2 ore e 5 minuti fa",
    ),
    *(
        "2 godz. 5 min temu",
        "2 ч. 5 мин. назад",
        "2 години 5 хвилин тому",
        "2 órája és 5 perce",
        "2 saat 5 dakika önce",
    ),
    *("πριν από 2 ώρες και 5 λεπτά", "2時間5分前", "2小时5分钟前", "2시간 5분 전"),
)


@pytest.mark.parametrize("text", TWO_UNITS)
def test_an_age_of_two_units(text: str) -> None:
    assert [(token.age, text[token.start :].startswith(text)) for token in find_times(text)] == [(7500, True)]


def test_a_unit_that_is_not_known_is_no_age() -> None:
    assert not list(find_times("2 xq. 5 min. ago"))
    assert [token.age for token in find_times("14 comments, 5 minutes ago")] == [300]


@pytest.mark.parametrize("age", ["{hours} hours {minutes} minutes ago", "vor {hours} Std. {minutes} Min."])
def test_posts_with_ages_of_two_units(age: str) -> None:
    """The page was saved at 16:30, so that 14:05 was 2 hours and 25 minutes ago."""
    shown = []
    for clock, headline, text in POSTS:
        minutes = 16 * 60 + 30 - int(clock[:2]) * 60 - int(clock[3:])
        shown.append(f"{age.format(hours=minutes // 60, minutes=minutes % 60)}\n\n{headline}\n\n{text}")
    page = read("\n\n".join(["Storm – live", "10 June 2031", *shown]), "page.txt", captured="2031-06-10T16:30:00Z")
    assert entries(page) == READ
    assert not page.doubts


@pytest.mark.parametrize(
    "stamp",
    [
        *("Il y a 8 minutes\n{hour} h {minute}", "Il y a 2 heures\n\n{hour} h {minute} min", "{hour} h {minute} min"),
        *("Il y a 2 heures | {hour} h {minute}", "{hour} h {minute} · Il y a 8 minutes", "Il y a 1 heure à {clock}"),
        *("vor 5 Minuten, {clock} Uhr", "{clock} (for 5 minutter siden)", "{clock} · 1 t. 24 min. siden"),
    ],
)
def test_an_age_beside_a_clock_is_neither_headline_nor_stamp(stamp: str) -> None:
    page = copied(f"{stamp}\n\n{{headline}}\n\n{{text}}")
    assert entries(page) == READ
    assert [record.authors for record in page.records] == [()] * 4
    assert not page.doubts


@pytest.mark.parametrize(
    "stamp",
    [
        *("7h agoTue 10 Jun 2031 at {clock}", "2 hours agoJun 10, 2031 {clock}", "2h agoTuesday {clock}"),
        *("vor 2 StundenDi 10. Juni 2031, {clock}", "il y a 7 hMardi 10 juin 2031 à {clock}"),
        "2h ago Tuesday {clock}",
    ],
)
def test_an_age_joined_to_a_date_is_no_clock(stamp: str) -> None:
    """Copied pages often have no space between the age of a post and its date: "7h" is not seven o'clock."""
    page = copied(f"{stamp}\n\n{{headline}}\n\n{{text}}")
    assert entries(page) == READ
    assert not page.doubts


@pytest.mark.parametrize("text", ["há 2 horas 23/10/2031 15h58", "il y a 2 heures 23-10-2031 15:58"])
def test_a_date_after_an_age_is_no_number_of_minutes(text: str) -> None:
    [age, clock] = find_times(text)
    assert (age.age, clock.clock) == (7200, 15 * 3600 + 58 * 60)
    assert clock.date and (clock.date.day, clock.date.month, clock.date.year) == (23, 10, 2031)


def test_a_clock_with_a_half_of_the_day_before_an_age() -> None:
    [clock, age] = find_times("3:40pm20m ago")
    assert (clock.clock, age.age) == (15 * 3600 + 40 * 60, 1200)


AGES = (
    *(
        "7h ago",
        "vor 7 Std.",
        "il y a 7 h",
        "hace 7 horas",
        "há 7 horas",
        "7 ore fa",
        "7 timmar sedan",
        "7 uur geleden",
    ),
    *("7 часов назад", "7 годин тому", "πριν 7 ώρες", "7 saat önce", "منذ 7 ساعات", "7時間前", "7小时前", "7시간 전"),
)


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize(
    "stamp",
    [
        *("{clock}{age}", "{clock}:30{age}", "{clock} Uhr{age}", "{clock} GMT{age}", "{hour}.{minute}{age}"),
        *("{hour}h{minute}{age}", "{age}{clock}", "{age} {clock}", "10 June 2031, {clock}{age}"),
    ],
)
def test_an_age_joined_to_a_clock_in_copied_text(stamp: str, age: str) -> None:
    page = copied(stamp.replace("{age}", age) + "\n{headline}\n{text}")
    assert [(at[:16], headline, text) for at, headline, text in entries(page)] == [
        (at[:16], headline, text) for at, headline, text in READ
    ]
    assert not page.doubts


@pytest.mark.parametrize("age", ["7h ago", "vor 7 Std.", "il y a 7 h", "7 часов назад"])
def test_a_headline_joined_to_an_age(age: str) -> None:
    page = copied(f"{{clock}}{age}{{headline}}\n{{text}}")
    assert entries(page) == READ
    assert not page.doubts


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize(
    "stamp",
    [
        *("<p><time>{clock}</time><span class=ago>{age}</span></p>", "<p><b>{clock}</b><i>{age}</i></p>"),
        *("<div>{clock}<span class=ago>{age}</span></div>", "<p><b>{clock}</b>{age}</p>"),
    ],
)
def test_an_age_joined_to_a_clock_in_elements(stamp: str, age: str) -> None:
    pattern = f"<article class=p>{stamp}<h3>{{headline}}</h3><p>{{text}}</p></article>".replace("{age}", age)
    page = saved(pattern, above="<p>10 June 2031</p>")
    assert entries(page) == READ
    assert not page.doubts


@pytest.mark.parametrize(
    "line", ["14:0512 boats left", "14:05 7 hours ago the gate was shut.", "14:057 to 3", "x14:057h"]
)
def test_a_number_joined_to_a_clock_is_no_age(line: str) -> None:
    assert separate_ages(line) == line


@pytest.mark.parametrize("between", ["</span><span>", " • ", "</span><br><span>", "</span></div><div><span>"])
def test_an_age_beside_a_clock_in_elements(between: str) -> None:
    pattern = (
        f'<li class="post"><div class="time"><span>Il y a 8 minutes{between}{{clock}}</span></div>'
        "<h2>{headline}</h2><p>{text}</p></li>"
    )
    page = saved(pattern.replace("{clock}", "{clock}"), above="<p>10 June 2031</p>", title="Tempête : en direct")
    assert entries(page) == READ
    assert not page.doubts


@pytest.mark.parametrize("stamp", ["</div><div><span class=at>{}", "<span class=at>10.06.2031 {}"])
@pytest.mark.parametrize("first", ["il y a 8 minutes", "il y a très peu de temps"])
def test_ages_above_stamps_are_no_text(first: str, stamp: str) -> None:
    """An age and a stamp in one row are one block, unless the age is not known."""
    posts = ""
    for number, (clock, headline, text) in enumerate(POSTS):
        age = first if number == 0 else f"il y a {number + 1} heures"
        times = f"<div><span class=age>{age}</span>{stamp.format(clock)}</span></div>"
        posts += f"<li class=post><div class=times>{times}</div><h3>{headline}</h3><p>{text}</p></li>"
    html = f"<!doctype html><title>Storm – live</title><main><h1>Storm – live</h1><p>10 June 2031</p><ul>{posts}</ul>"
    page = read(html, "page.html")
    assert entries(page) == READ


@pytest.mark.parametrize("label", ["Analysis", "Video", "Kl.", "klo", "Ore", "Godz.", "Um", "À", "Hora:"])
def test_one_word_before_a_stamp_is_no_author(label: str) -> None:
    page = copied(f"{label} {{clock}}\n\n{{headline}}\n\n{{text}}")
    assert entries(page) == READ
    assert [record.authors for record in page.records] == [()] * 4


def test_a_name_before_a_stamp_is_an_author() -> None:
    page = copied("Ida Kern {clock}\n\n{headline}\n\n{text}")
    assert entries(page) == READ
    assert [record.authors for record in page.records] == [("Ida Kern",)] * 4
