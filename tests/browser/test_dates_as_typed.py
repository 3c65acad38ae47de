"""Days and months as readers type them, in each language that the interface has: the first row leads there."""

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Page
from searched_site import THEME, ask, write_site

from daybook.search.document import Document

# The entries are on 2 June 2023, day 465. What leads to its month ends in a bar.
TYPED = {
    "ar": [
        *("465", "٤٦٥", "اليوم 465", "اليوم ٤٦٥", "2 يونيو 2023", "٢ يونيو ٢٠٢٣", "الجمعة، 2 يونيو 2023"),
        *("2 حزيران 2023", "2 يونيو/حزيران 2023", "2/6/2023", "يونيو 2023|", "حزيران ٢٠٢٣|"),
    ],
    "de": [
        *("465", "Tag 465", "465. Tag", "2. Juni 2023", "2 juni 2023", "2. Jun. 2023", "Freitag, 2. Juni 2023"),
        *("2.6.2023", "02.06.2023", "Juni 2023|"),
    ],
    "en": [
        *("465", "#465", "day 465", "465th day", "2 June 2023", "June 2nd, 2023", "2nd of June 2023", "2/6/2023"),
        *("Friday 2 June 2023", "2023-06-02", "2023/06/02", "２ June ２０２３", "June 2023|", "2023-06|"),
    ],
    "es": [
        *("465", "día 465", "dia 465", "2 de junio de 2023", "2 junio 2023", "2 de junio del 2023"),
        *("2 de jun. de 2023", "viernes, 2 de junio de 2023", "junio de 2023|", "junio 2023|"),
    ],
    "fr": [
        *("465", "jour 465", "465e jour", "2 juin 2023", "vendredi 2 juin 2023", "2/6/2023", "juin 2023|"),
    ],
    "uk": [
        *("465", "день 465", "465-й день", "2 червня 2023", "2 червня 2023 р.", "2 червня 2023 року", "02.06.2023"),
        *("п'ятниця, 2 червня 2023", "2 черв. 2023", "червень 2023|", "червня 2023|"),
    ],
    "zh": [
        *("465", "第465天", "第 465 天", "465天", "2023年6月2日", "2023 年 6 月 2 日", "２０２３年６月２日"),
        *("2023年06月02日", "2023年6月2日星期五", "二〇二三年六月二日", "2023-06-02", "2023年6月|"),
    ],
}


def test_each_language_of_the_interface_is_there() -> None:
    assert sorted(TYPED) == sorted(path.stem for path in (THEME / "strings").glob("*.toml"))


@pytest.mark.parametrize("lang", TYPED)
def test_a_day_or_month_as_typed_leads_there(page: Page, tmp_path: Path, lang: str) -> None:
    day = dt.date(2023, 6, 2)
    documents = [Document(path=f"2023/06/02/#n{n}", date=day, headline="Bell", text="", lang=lang) for n in (1, 2)]
    write_site(tmp_path, documents, lang)
    page.goto((tmp_path / "search/index.html").as_uri())
    found = {}
    for text in TYPED[lang]:
        ask(page, text.removesuffix("|"))
        found[text] = page.locator(".ways a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    day_page, month_page = "../2023/06/02/index.html", "../2023/06/index.html"
    assert found == {text: [month_page if text.endswith("|") else day_page] for text in TYPED[lang]}


def test_other_numbers_and_words_are_no_dates(page: Page, tmp_path: Path) -> None:
    write_site(tmp_path, [Document(path="2023/06/02/#n1", date=dt.date(2023, 6, 2), headline="Bell", text="")])
    page.goto((tmp_path / "search/index.html").as_uri())
    for text in ("2 June drones 2023", "31 June 2023", "day 465 night", "may", "465 days", "F-16", "1-1", "2023-6-2-1"):
        ask(page, text)
        assert page.locator(".ways a").count() == 0, text
