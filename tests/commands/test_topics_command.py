"""`daybook topics`: names without a topic, by language, and topics that help nobody."""

from pathlib import Path

import pytest

from daybook.archive.frequent_names import frequent_names
from daybook.cli import main

HEAD = '---\ntitle: "Flut"\ndate: 2031-04-{day:02}\n---\n'


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pelican.conf.py").write_text('SITENAME = "Aller"\nFIRST_DAY = "2031-04-01"\nDEFAULT_LANG = "de"\n')
    days = tmp_path / "content" / "days" / "2031"
    days.mkdir(parents=True)
    (tmp_path / "content" / "topics").mkdir()
    for slug, name, alias in (("weide", "Weide", "Weide"), ("ice", "Eis", "Eisgang"), ("water", "Wasser", "Wasser")):
        topic = f'---\nname: "{name}"\naliases: ["{alias}"]\n---\n'
        (tmp_path / "content" / "topics" / f"{slug}.md").write_text(topic)
    for day in range(1, 25):
        text = "Das Wasser steigt weiter. Nun hilft Brandt in Weide, und der Deich hält. Auch hilft Ida Brandt."
        english = (
            '\n## 10:00 The water rises\n\n[anchor]: # "t1000"\n[lang]: # "en"\n\nNow Holm waits. The Wasser came.\n'
        )
        entry = f"\n## 09:00 Der Deich hält\n\n{text}\n{english if day < 5 else ''}"
        (days / f"2031-04-{day:02}.md").write_text(HEAD.format(day=day) + entry)
    return tmp_path


def test_names_by_language_with_counts_and_examples(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["topics"], {}) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "de: frequent names that no topic covers",
        "      24  Brandt  (2031-04-01#t0900, 2031-04-02#t0900, 2031-04-03#t0900)",
        "      24  Ida Brandt  (2031-04-01#t0900, 2031-04-02#t0900, 2031-04-03#t0900)",
        "en: frequent names that no topic covers",
        "       4  Holm  (2031-04-01#t1000, 2031-04-02#t1000, 2031-04-03#t1000)",
        "topics/ice.md: no entry has the topic Eis; correct its `aliases`",
        "topics/water.md: 28 of 28 entries have the topic Wasser: too common to be useful; narrow its `aliases`",
        "topics/weide.md: 24 of 28 entries have the topic Weide: too common to be useful; narrow its `aliases`",
    ]


def test_words_at_the_start_of_a_sentence_and_common_words_are_no_names() -> None:
    texts = [(str(number), "en", "Water rose. Then May came, and may stay. Some say may.") for number in range(9)]
    assert frequent_names(texts, lambda name: False) == []
    texts = [(str(number), "en", "They met Ada in LIVE words and NATO towns.") for number in range(9)]
    assert [each.name for each in frequent_names(texts, lambda name: False)] == ["Ada"]
    assert frequent_names(texts, lambda name: name == "Ada") == []


def test_a_number_that_is_none_is_refused(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["topics", "--most", "all"], {}) == 1
    assert "MOST=all is not a number" in capsys.readouterr().err
