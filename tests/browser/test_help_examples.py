"""The examples of the help line, in five languages, over HTTP under a sub-path and from a folder without a network."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from searched_site import THEME, ask, results, write_site

from daybook.search.document import Document
from daybook.site.views.words import load_interface

# The kinds of queries in the order of the help line, and which of the entries of ARCHIVES its examples find.
KINDS = {"phrase": "a", "without": "ab", "headline": "c", "beginning": "ab", "near": "c", "either": "a"}
# Of each language three entries, headline and text, and for each kind another query with the entries that it finds.
ARCHIVES = {
    "en": (
        [
            ("Ships leave the port", "Grain crossed the Black Sea at night."),
            ("Storm closes the harbour", "The sea was black with oil; a ship waited."),
            ("Word from the market", "It says that prices fall."),
        ],
        {
            '"Black Sea"': "a",
            "sea -grain": "b",
            "headline:ship": "a",
            "ship*": "ab",
            "markit~": "c",
            "storm OR market": "bc",
        },
    ),
    "de": (
        [
            ("Schwarzes Meer: Schiffe laufen aus", "Korn und Getreide fahren nachts über das Schwarze Meer."),
            ("Sturm sperrt die Bucht", "Das Meer war schwarz vor Öl; ein Schiff wartete."),
            ("Ein Wort vom Markt", "Die Häuser am Platz sind geschmückt."),
        ],
        {
            '"Schwarze Meer"': "a",
            "Meer -Getreide": "b",
            "headline:Schiff": "a",
            "Schiff*": "ab",
            "Markd~": "c",
            "Sturm OR Haus": "bc",
        },
    ),
    "uk": (
        [
            ("Кораблі залишають порт", "Зерно вночі перетнуло Чорне море."),
            ("Шторм закрив гавань", "Море було чорне від нафти; корабель чекав."),
            ("Слово про ринок", "Ціни на хліб падають."),
        ],
        {
            '"Чорне море"': "a",
            "море -зерно": "b",
            "headline:порт": "a",
            "корабля": "ab",
            "ринак~": "c",
            "шторм OR ринок": "bc",
        },
    ),
    "ar": (
        [
            ("سفينتان تغادران الميناء", "عبرت الحبوب البحر الأسود ليلا."),
            ("العاصفة تغلق المرفأ", "كان البحر هادئا وانتظرت سفينة."),
            ("كلمة عن السوق", "الأسعار تنخفض."),
        ],
        {
            '"البحر الأسود"': "a",
            "البحر -الحبوب": "b",
            "headline:الميناء": "a",
            "الحبو*": "a",
            "السوك~": "c",
            "العاصفة OR السوق": "bc",
        },
    ),
    "zh": (
        [
            ("船只离开港口", "粮食在夜里穿过黑海，驶往 Marenholm。"),
            ("风暴关闭码头", "海面很黑，一艘船在 Marenholm 等待。"),
            ("市场上的词语", "价格下跌，Odessa 和 Tideport 照常营业。"),
        ],
        {
            '"黑海"': "a",
            "船 -粮食": "b",
            "headline:港口": "a",
            "船*": "ab",
            "Tidepart~": "c",
            "风暴 OR 市场": "bc",
        },
    ),
}


@pytest.mark.parametrize("lang", ARCHIVES)
def test_each_kind_of_query_in_the_help_line(
    page: Page, tmp_path: Path, serve: Callable[[Path], str], lang: str
) -> None:
    entries, queries = ARCHIVES[lang]
    examples = load_interface([THEME], lang).words["search"]["examples"]
    queries = queries | {examples[kind]: found for kind, found in KINDS.items()}
    documents = [
        Document(path=f"2031/04/0{n}/#n1", date=dt.date(2031, 4, n), headline=headline, text=text, lang=lang)
        for n, (headline, text) in enumerate(entries, start=1)
    ]
    paths = {letter: document.path for letter, document in zip("abc", documents, strict=True)}
    write_site(tmp_path / "sub", documents, lang)
    for address in (f"{serve(tmp_path)}sub/search/", (tmp_path / "sub/search/index.html").as_uri()):
        page.context.set_offline(address.startswith("file:"))
        page.goto(address)
        assert page.locator("#search-help kbd").all_inner_texts() == [examples[kind] for kind in KINDS]
        found = {}
        for query in queries:
            found[query] = set(ask(page, query))
        assert found == {query: {paths[letter] for letter in letters} for query, letters in queries.items()}
        page.fill("#q", next(iter(queries)))
        page.press("#q", "Enter")
        results(page)
        assert page.locator("li.result h2 a").first.get_attribute("dir") == "auto"
