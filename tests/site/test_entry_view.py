"""What a reader is shown beside the text: changes, corrections, languages, other years, nearest days."""

import datetime as dt
import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_site import READING, build_reading_site, load_reading_catalog

from daybook.archive.day_file import load_day_with_lines
from daybook.site.pages.calendar_pages import busiest_topics, same_date_in_other_years
from daybook.site.pages.day_page import correction_links
from daybook.site.pages.routes import date_ranges
from daybook.site.pages.topic_pages import topic_view, topics_by_letter
from daybook.site.views.entry_view import diff_html, diff_line_html
from daybook.site.views.i18n import text_direction
from daybook.site.views.view_models import TopicLink

words = st.text(st.sampled_from("ab <&\n"), max_size=40)


@given(words, words)
def test_changes_hold_both_wordings_word_for_word(old: str, new: str) -> None:
    def read(html: str, left_out: str) -> list[str]:
        kept = re.sub(f"<{left_out}>.*?</{left_out}>", " ", html)
        return unescape(re.sub("<[^>]+>", " ", kept)).split()

    html = str(diff_html(old, new))
    assert read(html, "ins") == old.split()
    assert read(html, "del") == new.split()


def test_changes_are_small_where_little_changed() -> None:
    assert diff_line_html("The bell rings", "The bell rings") == "The bell rings"
    assert diff_html("One.\n\nTwo.", "One.\n\nTwo and a half.") == (
        "<p>One. </p>\n<p> <del>Two.</del> <ins>Two and a half.</ins></p>"
    )
    large = "word " * 3000
    assert str(diff_line_html(large, large)).startswith("<del>word ")


def test_an_entry_shows_what_changed_what_waits_and_what_is_gone() -> None:
    bell, tower, _, note = load_reading_catalog().day_cache.views(dt.date(2031, 4, 9))
    (before,) = bell.revisions
    assert before.headline == "The bell rings <ins>on North Rock</ins>"
    assert before.source == bell.sources[0]
    (page,) = note.conflicts
    assert page.html == "<p>The oil is <del>very</del> low.</p>"
    assert [source.captured for source in tower.missing_from] == ["2031-04-09T13:30:00Z"]
    assert bell.updated == "2031-04-09T08:15:00Z"


def test_entries_that_say_the_same_know_each_other() -> None:
    edition, date = load_reading_catalog(), dt.date(2030, 4, 9)
    first, again = edition.day_cache.views(date)
    (other,) = edition.related[date, first.anchor]
    assert (other.path, other.day, other.time) == (again.path, again.day, again.time)
    assert [other.path for other in edition.related[date, again.anchor]] == [first.path]


def test_correct_this_entry_leads_to_its_line() -> None:
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


def test_a_language_written_to_the_left_turns_its_own_text_only(tmp_path: Path) -> None:
    page = (build_reading_site(tmp_path) / "2031/04/09/index.html").read_text()
    assert '<h2 lang="ar" dir="rtl">منارة الشمال</h2>\n<div lang="ar" dir="rtl">' in page
    assert page.count('<h2 lang="') == 1
    assert [text_direction(lang) for lang in ("en", "he", "ur-PK", "az-Arab", "ks-Deva", "")] == [
        *("ltr", "rtl", "rtl", "rtl", "ltr", "ltr"),
    ]


def test_home_knows_other_years_and_the_last_thirty_days() -> None:
    edition = load_reading_catalog()
    assert [day.date for day in same_date_in_other_years(edition)] == [dt.date(2030, 4, 9)]
    assert [(topic.slug, topic.count) for topic in busiest_topics(edition)] == [("north-rock", 2), ("weather", 1)]


def test_a_topic_knows_its_first_and_last_mention_and_its_years() -> None:
    topic = topic_view(load_reading_catalog(), "north-rock")
    assert topic.first and topic.last
    assert (topic.first.path, topic.last.path) == ("2030/04/09/#t0610", "2031/04/09/#t1330")
    newest, oldest = topic.years
    assert (newest.year, newest.count, oldest.count) == (2031, 2, 1)
    april = newest.months[3]
    assert april and (april.path, april.level) == ("topics/north-rock/2031/04/", 4)
    assert newest.months[:3] == (None, None, None) and len(newest.months) == 12


@pytest.mark.parametrize(("name", "letter"), [("Österreich", "O"), ("élan", "E"), ("Київ", "К"), ("7 March", "7")])
def test_topics_stand_under_the_letter_a_reader_looks_for(name: str, letter: str) -> None:
    link = TopicLink(slug="x", name=name, kind="theme", path="topics/x/", count=0, days=0)
    assert topics_by_letter([link]) == ((letter, (link,)),)


@given(st.sets(st.dates(dt.date(2030, 1, 1), dt.date(2030, 3, 1))))
def test_runs_hold_every_date_and_no_other(dates: set[dt.date]) -> None:
    in_order = sorted(dates)
    found = [
        first + dt.timedelta(days=days)
        for first, last in date_ranges(in_order)
        for days in range((last - first).days + 1)
    ]
    assert found == in_order
