"""Test that words of an outlet to its readers at the end of a copied page are no text of its last post."""

import pytest

from daybook.parse import parse
from daybook.parse.base.page import ParsedPage
from daybook.parse.input_files import read_hints

POSTS = "Quay live\n9 April 2031\n\n14:05\nThe boat is in.\n\n13:10\nThe boat is late.\n\n12:00\nThe boat has left.\n"
BESIDE = "Quay live\n9 April 2031\n\n14:05 – The boat is in.\n\n13:10 – It is late.\n\n12:00 – The boat has left.\n"
CHRONICLE = "Quay in April\n\n9 April 2031\n\nThe boat has left.\n\n10 April 2031\n\nThe boat has left.\n"


def read(text: str) -> ParsedPage:
    return parse(text.encode(), read_hints({"zone": "UTC"}), "page.txt")


@pytest.mark.parametrize("page", [POSTS, BESIDE, CHRONICLE])
@pytest.mark.parametrize(
    "words",
    [
        "Tags: quay, boat",
        "Ετικέτες: λιμάνι, πλοίο",
        "Source: quay.example",
        "Zdroj: pristav.example\nSdílet",
        "Fehler gefunden? Jetzt melden",
        "この記事へのご意見はこちら\n港だより minato.example",
        "हमारा ऐप डाउनलोड करें",
        "Baca juga: kapal kedua",
        "ข่าวที่เกี่ยวข้อง\n3 เรื่องของท่าเรือ",
        "संबंधित खबरें\nनाव का इतिहास",
        "Още по темата\nКорабът от 1900 година",
    ],
)
def test_words_below_the_last_post_are_no_text(page: str, words: str) -> None:
    found = read(f"{page}\n{words}\n")
    assert str(found.records[-1].text) == "The boat has left."
    assert (found.doubts, [line for line in found.lines if line.role.value == "not understood"]) == ((), [])


@pytest.mark.parametrize("page", [POSTS, CHRONICLE])
@pytest.mark.parametrize("words", ["Help for all: quay.example", "A map of the quay is at quay.example."])
def test_an_address_in_the_text_is_kept(page: str, words: str) -> None:
    assert str(read(f"{page}\n{words}\n").records[-1].text) == f"The boat has left.\n\n{words}"


def test_an_address_in_the_paragraph_of_the_text_is_kept() -> None:
    assert str(read(f"{POSTS}quay.example\n").records[-1].text) == "The boat has left. quay.example"


def test_controls_below_the_days_of_a_chronicle_are_no_text() -> None:
    days = "9 April 2031\n\nThe boat has left.\nShare\n\n10 April 2031\n\nIt is back.\nShare\n\nMost read\nA\n"
    page = read(f"Quay\n\n{days}")
    assert [str(each.text) for each in page.records] == ["The boat has left.", "It is back."]


@pytest.mark.parametrize("advert", ["विज्ञापन", "โฆษณา", "Hirdetés", "Διαφήμιση", "광고", "Quảng cáo"])
def test_adverts_between_posts_are_no_text(advert: str) -> None:
    page = read(POSTS.replace("\n\n13:10", f"\n\n{advert}\n\n13:10"))
    assert str(page.records[0].text) == "The boat is in."


@pytest.mark.parametrize("link", ["▶関連記事 港のいま", "【関連記事】港のいま", "[관련기사] 항구", "延伸閱讀：港口"])
def test_a_link_to_another_story_between_posts_is_no_text(link: str) -> None:
    page = read(POSTS.replace("\n\n13:10", f"\n\n{link}\n\n13:10"))
    assert str(page.records[0].text) == "The boat is in."
    assert page.doubts == ()


@pytest.mark.parametrize("label", ["更新", " 最終更新", " Updated"])
def test_the_time_of_the_last_change_above_the_lede_is_no_post(label: str) -> None:
    posts = "午後2時5分\n船が入港\n船が入りました。\n\n午後1時10分\n船が遅れる\n船が遅れます。\n\n"
    head = f"【随時更新】港の船\n2031年4月9日(水) 14時5分{label}\n\n船の動きです。\n\n港の地図です。\n\n"
    page = read(f"{head}{posts}午前9時\n船が出港\n船が出ました。\n")
    assert [each.headline for each in page.records] == ["船が入港", "船が遅れる", "船が出港"]
    assert str(page.records[0].date or page.records[0].at)[:10] == "2031-04-09"


FOUR = f"{POSTS}\n11:00\nThe boat is at the quay.\n"


@pytest.mark.parametrize("line", ["Quay of the year", "Зоряне небо", "Jadi anggota"])
def test_one_short_line_below_the_last_post_is_a_doubt(line: str) -> None:
    page = read(f"{FOUR}\n{line}\n")
    assert str(page.records[-1].text) == f"The boat is at the quay.\n\n{line}"
    assert [(each.kind, line in each.text) for each in page.doubts] == [("end", True)]


def test_a_short_line_that_other_posts_end_with_too_is_no_doubt() -> None:
    page = read(f"{FOUR}\nBy the quay\n".replace("\n\n13:10", "\n\nAt the pier\n\n13:10"))
    assert page.doubts == ()


def test_a_sentence_below_the_last_post_is_no_doubt() -> None:
    assert read(f"{FOUR}\nIt is old.\n").doubts == ()


THAI = ("น้ำเริ่มลดลงที่ตลาดเก่า ร้านค้าเปิดขายของแล้ว", "เรือข้ามฟากหยุดวิ่งตลอดทั้งวันเพราะลมแรง", "ฝนตกหนักตลอดคืนที่ท่าเรือและตลาด")


@pytest.mark.parametrize("date", ["5 ตุลาคม 2574", "5 ต.ค. 2574", "วันอาทิตย์ที่ 5 ตุลาคม พ.ศ. 2574"])
def test_links_below_a_text_without_full_stops(date: str) -> None:
    posts = "\n\n".join(
        f"เวลา {clock} น.\nหัวข้อข่าว\n{text}" for clock, text in zip(("17.30", "14.15", "9.05"), THAI, strict=True)
    )
    page = read(f"เกาะติดสด ท่าเรือ\n{date}\n\n{posts}\n\nดวงวันนี้\nผลสลาก\nราคาทอง\n")
    assert [str(each.text) for each in page.records] == list(THAI)
    assert [each.at[:10] for each in page.records] == ["2031-10-05"] * 3
    assert [each.kind for each in page.doubts] == ["end"]
