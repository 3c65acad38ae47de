"""Words as readers type them, in eighteen languages: other forms, spellings and keyboards lead to the entry."""

import datetime as dt
from pathlib import Path

from playwright.sync_api import Page
from searched_site import ask, write_site

from daybook.search.document import Document

# Of each language an entry, and queries that find it and no other.
FORMS = {
    "en": ("The wolves fled as the children fell asleep.", ["wolf", "flee", "child", "falling asleep", "ﬂed"]),
    "de": (
        "Der Keller wurde geräumt, die Schlüssel der Brückenwache bot er an; der Deich ist gebrochen.",
        ["räumen", "raeumen", "schluessel", "Schlüsseln", "bieten", "brechen", "Wache", "brueckenwache", "keller*"],
    ),
    "fr": (
        "L'orage a détruit les bocaux de l'UE, qu'il a pris au château.",
        ["orage", "l’orage", "détruire", "bocal", "UE", "chateau", "prendre", '"qu\'il a"'],
    ),
    "es": ("Murió el pez de las niñas; dijeron adiós.", ["morir", "niña", "nina", "decir", "peces", "adios"]),
    "it": ("Dell'orto hanno preso le uova; l'asino è morto.", ["orto", "nell'orto", "prendere", "morire", "asini"]),
    "pt": ("Os limões e o melão caíram no chão.", ["limão", "limao", "melões", "cair", "CHÃO"]),
    "pl": ("Łódki z Gdyni poszły na dno o świcie.", ["łódka", "lodki", "Gdynia", "pójść", "świt"]),
    "uk": ("Об'єкт біля Львова, їжак, дві п’єси та діти.", ["обʼєкт", "об’єкти", "львів", "п'єса", "дитина", "ЇЖАКИ"]),
    "ru": ("Ёжик нашёл грибы; дети пошли домой.", ["ежик", "ёжики", "гриб", "ребёнок", "пойти"]),
    "tr": ("İzgi'nin ışıkları sokaklarda söndü.", ["izgi", "İZGİ", "IŞIK", "isik", "sokak"]),
    "ar": (
        "فتحت النوافذ في المكتب، وقرأ الوزراء التقارير عن السفينة ٣٤.",
        ["وزير", "تقرير", "سفن", "مكاتب", "النوافـذ", "نوافذ", "فُتِحَت", "34", "٣٤"],
    ),
    "he": ("הכלבים רצו לבתי הספר; דו״ח נכתב.", ["כלב", "לכלבים", "בית", 'דו"ח', "הדוח"]),
    "hi": ("गाड़ियाँ बन्द बाज़ार में खड़ी हैं।", ["गाड़ी", "गाडी", "गाड़ियों", "बंद", "बाजार"]),
    "zh": ("黄昏时渔民收起渔网。", ["渔民", "渔网", "黄昏", "渔 黄昏", "收起渔网"]),
    "ja": ("ﾊﾄが３羽、駅前の広場に集まった。", ["ハト", "3羽", "駅前", "広場", "鳩 OR ハト"]),
    "ko": ("고양이가 지붕에서 잠들었다.", ["고양이", "지붕", "지붕에서", "잠"]),
    "el": ("Οι λύκοι είδαν τις πόλεις του βορρά.", ["λύκος", "λυκοι", "ΛΥΚΟΙ", "βλέπω", "πόλη", "βορράς"]),
    "th": ("แมวดำนอนบนหลังคา ๑๒ ตัว", ["แมว", "หลังคา", "12"]),
}


def test_forms_and_spellings_of_a_word_find_its_entry(page: Page, tmp_path: Path) -> None:
    documents = [
        Document(path=f"2031/04/{n:02}/#n1", date=dt.date(2031, 4, n), headline="", text=text, lang=lang)
        for n, (lang, (text, _)) in enumerate(FORMS.items(), start=1)
    ]
    write_site(tmp_path, documents)
    page.goto((tmp_path / "search/index.html").as_uri())
    found, expected = {}, {}
    for document, (_, queries) in zip(documents, FORMS.values(), strict=True):
        for query in queries:
            found[query] = ask(page, query)
            expected[query] = [document.path]
    assert found == expected
