"""`daybook commit`: the content folder and nothing else, with a subject that says what changed."""

import subprocess
from pathlib import Path

import pytest

from daybook import cli
from daybook.publish.repository import commit_subject

CONF = 'SITENAME = "Aller"\nFIRST_DAY = "2031-04-01"\n'
DAY = '---\ntitle: "Fog"\ndate: 2031-04-{number}\n---\n\n## 09:00 Fog\n\nNo ship moved.\n'


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("CONTENT", "OUTPUT", "CACHE", "CONF", "PUSH"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Ida")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ida@aller.example")
    (tmp_path / "pelican.conf.py").write_text(CONF)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    for number in ("09", "10"):
        path = tmp_path / "content" / "days" / "2031" / f"2031-04-{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(DAY.format(number=number))
    (tmp_path / "content" / "addresses.txt").write_text("/\n/2031/04/09/\n")
    return tmp_path


def test_only_the_content_is_committed(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(archive, "add", "pelican.conf.py")  # staged by a person, for a commit of its own
    assert cli.main(["commit"]) == 0
    assert git(archive, "log", "-1", "--format=%s").strip() == "content: 2031-04-09 to 2031-04-10, 2 addresses"
    assert git(archive, "status", "--porcelain").split() == ["A", "pelican.conf.py"]
    assert cli.main(["commit"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "content: nothing to commit"


def test_without_a_remote_a_push_fails_and_says_what_to_do(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["commit", "--push"]) == 1
    assert "git push failed" in capsys.readouterr().err


def test_outside_of_a_repository_the_message_is_that_of_git(
    archive: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(archive / "none"))
    assert cli.main(["commit"]) == 1
    assert "git status failed" in capsys.readouterr().err


def test_a_subject_is_short(archive: Path) -> None:
    assert commit_subject(["topics/ice.md"]) == "content: topics/ice.md"
    assert commit_subject(["ledger/a.txt"]) == "content: ledger"
    assert len(commit_subject(["pages/" + 90 * "x" + ".md"])) == 72
