"""Entry views and what surrounds them: word diffs, corrections, languages, topics, other years."""

import datetime as dt
import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_site import READING, load_reading_catalog

from daybook.archive.day_file import load_day_with_lines
from daybook.site.pages.calendar_pages import busiest_topics, same_date_in_other_years
from daybook.site.pages.day_page import correction_links
from daybook.site.pages.routes import date_ranges
from daybook.site.pages.topic_pages import topic_view, topics_by_letter
from daybook.site.views.entry_view import diff_html, diff_line_html
from daybook.site.views.view_models import TopicLink

words = st.text(st.sampled_from("ab <&\n"), max_size=40)


@given(words, words)
def test_a_diff_contains_both_texts_word_for_word(old: str, new: str) -> None:
    def read(html: str, left_out: str) -> list[str]:
        kept = re.sub(f"<{left_out}>.*?</{left_out}>", " ", html)
        return unescape(re.sub("<[^>]+>", " ", kept)).split()

    html = str(diff_html(old, new))
    assert read(html, "ins") == old.split()
    assert read(html, "del") == new.split()


def test_a_diff_marks_only_what_changed() -> None:
    assert diff_line_html("The bell rings", "The bell rings") == "The bell rings"
    assert diff_html("One.\n\nTwo.", "One.\n\nTwo and a half.") == (
        "<p>One. </p>\n<p> <del>Two.</del> <ins>Two and a half.</ins></p>"
    )
    large = "word " * 3000
    assert str(diff_line_html(large, large)).startswith("<del>word ")


def test_an_entry_shows_revisions_conflicts_and_missing_sources() -> None:
    bell, tower, _, note = load_reading_catalog().day_cache.views(dt.date(2031, 4, 9))
    (before,) = bell.revisions
    assert before.headline == "The bell rings <ins>on North Rock</ins>"
    assert before.source == bell.sources[0]
    (page,) = note.conflicts
    assert page.html == "<p>The oil is <del>very</del> low.</p>"
    assert [source.captured for source in tower.missing_from] == ["2031-04-09T13:30:00Z"]
    assert bell.updated == "2031-04-09T08:15:00Z"


def test_entries_with_the_same_text_are_related() -> None:
    catalog, date = load_reading_catalog(), dt.date(2030, 4, 9)
    first, again = catalog.day_cache.views(date)
    (other,) = catalog.related_links((date, first.anchor))
    assert (other.path, other.day, other.time) == (again.path, again.day, again.time)
    assert [other.path for other in catalog.related_links((date, again.anchor))] == [first.path]


def test_correction_links_have_the_line_of_the_entry() -> None:
    date = dt.date(2031, 4, 9)
    text = (READING / "content/days/2031/2031-04-09.md").read_text()
    rows, (_, lines) = text.split("\n"), load_day_with_lines(text)
    links = correction_links("https://forge.example/keepers/record/", READING / "content", date, lines)
    file = "https://forge.example/keepers/record/blob/HEAD/content/days/2031/2031-04-09.md?plain=1"
    assert links.pop("") == file
    assert links.keys() == {"t0610", "t0900", "t1330", "n1"}
    for anchor, link in links.items():
        place, _, line = link.partition("#L")
        assert place == file
        assert rows[int(line) - 1].startswith("## ") and f'[anchor]: # "{anchor}"' in rows[int(line) + 1]


def test_a_right_to_left_language_affects_only_its_own_text(reading_site: Path) -> None:
    page = (reading_site / "2031/04/09/index.html").read_text()
    assert '<h2 id="h-t0900" lang="ar" dir="rtl">منارة الشمال</h2>\n<div lang="ar" dir="rtl">' in page
    assert len(re.findall('<h2 [^>]*lang="', page)) == 1


def test_the_home_page_has_other_years_and_topics_of_thirty_days() -> None:
    catalog = load_reading_catalog()
    assert [day.date for day in same_date_in_other_years(catalog)] == [dt.date(2030, 4, 9)]
    assert [(topic.slug, topic.count) for topic in busiest_topics(catalog)] == [("north-rock", 2), ("weather", 1)]


def test_a_topic_has_its_first_and_last_mention_and_its_years() -> None:
    topic = topic_view(load_reading_catalog(), "north-rock")
    assert topic.first and topic.last
    assert (topic.first.path, topic.last.path) == ("2030/04/09/#t0610", "2031/04/09/#t1330")
    newest, oldest = topic.years
    assert (newest.year, newest.count, oldest.count) == (2031, 2, 1)
    april = newest.months[3]
    assert april and (april.path, april.level) == ("topics/north-rock/2031/04/", 4)
    assert newest.months[:3] == (None, None, None) and len(newest.months) == 12


@pytest.mark.parametrize(("name", "letter"), [("Österreich", "O"), ("élan", "E"), ("Київ", "К"), ("7 March", "7")])
def test_topics_are_sorted_by_letters_without_diacritics(name: str, letter: str) -> None:
    link = TopicLink(slug="x", name=name, kind="theme", path="topics/x/", count=0, days=0)
    assert topics_by_letter([link]) == ((letter, (link,)),)


@given(st.sets(st.dates(dt.date(2030, 1, 1), dt.date(2030, 3, 1))))
def test_date_ranges_contain_exactly_the_given_dates(dates: set[dt.date]) -> None:
    in_order = sorted(dates)
    found = [
        first + dt.timedelta(days=days)
        for first, last in date_ranges(in_order)
        for days in range((last - first).days + 1)
    ]
    assert found == in_order
