"""Mistakes of those who keep an archive: links, strange files, interrupted and doubled commands."""

import os
from pathlib import Path

import pytest

from daybook.cli import main

CONF = 'SITENAME = "Harbour"\nFIRST_DAY = "2031-04-08"\n'
RECORD = '{"at": "2031-04-09T10:00:00Z", "headline": "Rain", "text": "It rained on the quay."}\n'
DAY = "---\ntitle: x\ndate: 2031-04-09\n---\n\n## 10:00 Rain\n\nIt rained on the quay.\n"


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty archive that the environment names."""
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "entries.jsonl").write_text(RECORD)
    names = {"CONTENT": "content", "OUTPUT": "site", "CACHE": "cache", "CONF": "conf.py"}
    for name, path in names.items():
        monkeypatch.setenv(name, str(tmp_path / path))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "content"


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_ingest_writes_through_no_link(content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere = put(tmp_path / "elsewhere" / "2031-04-09.md", DAY)
    (content / "days").mkdir(parents=True)
    (content / "days" / "2031").symlink_to(elsewhere.parent)
    for arguments in ([], ["--records", "entries.jsonl"]):
        assert main(["ingest", *arguments]) == 1
        assert "days/2031: symbolic links are not allowed" in capsys.readouterr().err
    assert elsewhere.read_text() == DAY


def test_ingest_keeps_no_ledger_through_a_link(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "elsewhere").mkdir()
    content.mkdir()
    (content / "ledger").symlink_to(tmp_path / "elsewhere")
    page = put(tmp_path / "page.txt", "Harbour live\n\nApril 9, 2031\n\n10:00 GMT Rain\n\nIt rained on the quay.\n")
    assert main(["ingest", str(page)]) == 1
    assert "ledger: symbolic links are not allowed" in capsys.readouterr().err
    assert not (content / "days").exists() and not any((tmp_path / "elsewhere").iterdir())


def test_anchors_are_stored_beside_an_editors_lock_and_a_pipe_is_named(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = put(content / "days" / "2031" / "2031-04-09.md", DAY)
    day.with_name(".#2031-04-09.md").symlink_to("somebody@a-host.1234")
    assert main(["ingest"]) == 0
    assert '[anchor]: # "t1000"' in day.read_text()
    os.mkfifo(day.with_name("2031-04-10.md"))
    assert main(["ingest"]) == 1
    assert "2031-04-10.md: " in capsys.readouterr().err


@pytest.mark.parametrize("theme", ["'nowhere'", "7"])
def test_a_theme_that_is_not_there_is_named(content: Path, capsys: pytest.CaptureFixture[str], theme: str) -> None:
    Path("conf.py").write_text(f"{CONF}THEME = {theme}\n")
    assert main(["build"]) == 1
    assert f"conf.py: THEME: {theme.strip(chr(39))!r} is not a folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("DEFAULT_LANG = 5", 'DEFAULT_LANG must be non-empty text; set it, as in DEFAULT_LANG = "…"'),
        ('SITENAME = "Harb\\udce9"', "SITENAME: the character U+DCE9 is not allowed in text; remove it"),
        ("DATE_FORMATS = 5", "DATE_FORMATS must be a dictionary; correct it or delete it"),
        ("STATIC_EXCLUDES = 'drafts'", "STATIC_EXCLUDES must be a list; correct it or delete it"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_named(
    content: Path, capsys: pytest.CaptureFixture[str], setting: str, said: str
) -> None:
    Path("conf.py").write_text(f"{CONF}{setting}\n")
    assert main(["build"]) == 1
    assert capsys.readouterr().err == f"{content.parent / 'conf.py'}: {said}\n"


def test_what_is_no_site_alone_is_not_cleaned_away(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = put(content / "days" / "2031" / "2031-04-09.md", DAY)
    site = content.parent / "site"
    assert main(["build"]) == 0
    day.parent.parent.parent.rename(site / "content")
    with pytest.MonkeyPatch.context() as names:
        names.setenv("CONTENT", str(site / "content"))
        assert main(["clean"]) == 1
    assert f"{site}: CONTENT lies in it, {site / 'content'}, " in capsys.readouterr().err
    assert (site / "content" / "days" / "2031" / "2031-04-09.md").read_text() == DAY
    (site / "content").rename(content)
    assert main(["clean"]) == 0
    assert not site.exists()
    put(site / "index.html", "<p>mine</p>")
    put(content.parent / "new" / ".git" / "HEAD", "ref: refs/heads/main")
    for kept in ("site", "new"):
        with pytest.MonkeyPatch.context() as names:
            names.setenv("OUTPUT", str(content.parent / kept))
            assert main(["clean"]) == 0
        assert (content.parent / kept).exists()


@pytest.mark.parametrize("port", ["eighty", "99999"])
def test_an_impossible_port_is_named(
    content: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("PORT", port)
    monkeypatch.setattr("daybook.commands.build._build_in_subprocess", lambda config, environ: True)
    assert main(["serve"]) == 1
    assert capsys.readouterr().err.startswith(f"PORT={port}: ")


PAGE = "Harbour live\n\nApril 9, 2031\n\n1329 GMT Rain on the quay\n\nIt rained on the quay all day.\n"


def test_nothing_in_a_folder_of_pages_is_passed_over_without_a_word(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = put(Path("saved") / "a.txt", PAGE).parent
    put(Path("elsewhere") / "b.txt", PAGE)
    put(saved / ".git" / "HEAD", "ref: refs/heads/main\n")
    (saved / "gone.txt").symlink_to("nowhere")
    (saved / "more").symlink_to("../elsewhere")
    os.mkfifo(saved / "pipe.txt")
    assert main(["ingest", "saved"]) == 1
    told = capsys.readouterr()
    assert [line.partition(": ")[0] for line in told.err.splitlines()] == [
        *("saved/gone.txt", "saved/more", "saved/pipe.txt")
    ]
    assert "HEAD" not in told.out
    assert (content / "days" / "2031" / "2031-04-09.md").exists()


def test_a_name_that_is_no_text_stops_no_ingest(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(Path("saved") / "caf\udce9\x1b[31m\nentries: 9.txt", PAGE)
    assert main(["ingest", "saved"]) == 0
    (ledger,) = (content / "ledger").iterdir()
    assert ledger.read_text().startswith("page: caf\\udce9\\x1b[31m\\nentries: 9.txt\nsha256: ")
    assert "\x1b" not in capsys.readouterr().out


def test_what_is_no_page_is_not_read_to_its_end(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Path("film.mp4").open("wb") as film:
        film.truncate(20_000_000_000)  # a hole, which takes no room on the disk
    assert main(["ingest", "film.mp4", "/dev/zero"]) == 1
    assert "film.mp4: the page has more than 50,000,000 bytes; save it in parts\n" in capsys.readouterr().err
