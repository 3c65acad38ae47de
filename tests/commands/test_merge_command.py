"""`daybook merge`: a day that two branches changed, joined from git."""

import datetime as dt
import os
import subprocess
from pathlib import Path

import pytest

from daybook.archive.content import day_file_path
from daybook.archive.day_file import load_day
from daybook.archive.ingest import IngestOptions, ingest
from daybook.cli import main
from daybook.core.config import BuildPaths, load_config
from daybook.core.record import PageSource, Record
from daybook.parse.input_files import ParsedFile

DATE = dt.date(2031, 5, 5)
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_COMMITTER_NAME": "A",
}
GIT |= {"GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_EMAIL": "a@example.org"}


class Repository:
    def __init__(self, folder: Path) -> None:
        self.folder, self.content, self.conf = folder, folder / "content", folder / "conf.py"
        self.conf.write_text('SITENAME = "Harbour"\nFIRST_DAY = "2031-01-01"\n')
        self.day_file = day_file_path(self.content, DATE)
        self.git("init", "--quiet", "--initial-branch=main")
        self.put("pier", "07:00", "The first ferry left the pier in fog.")
        self.commit()
        self.git("branch", "theirs")

    def git(self, *arguments: str) -> int:
        environ = {**os.environ, **GIT}
        command = ["git", "-C", str(self.folder), *arguments]
        return subprocess.run(command, env=environ, capture_output=True, check=False).returncode

    def commit(self) -> None:
        assert self.git("add", "--all") == self.git("commit", "--quiet", "--message=x") == 0

    def put(self, outlet: str, clock: str, text: str, *, captured: str = "", day: int = 5) -> None:
        captured = captured or f"2031-05-05T{clock[:2]}:59:00Z"
        source = PageSource(url=f"https://{outlet}.example/5", outlet=outlet, date=DATE, captured=captured)
        record = Record(at=f"2031-05-{day:02}T{clock}:00Z", text=text, source=source)
        options = IngestOptions(content=self.content, zone=load_config(BuildPaths(conf=self.conf)).zone)
        assert ingest(ParsedFile(name="page", records=(record,)), options).errors == ()

    def edit(self, old: str, new: str) -> None:
        text = self.day_file.read_text()
        assert old in text
        self.day_file.write_text(text.replace(old, new))

    def run(self, command: str = "merge") -> int:
        return main([command], {"CONTENT": str(self.content), "CONF": str(self.conf)})


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_pages_of_two_outlets_keep_their_outlets(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.put("post", "09:15", "The fog lifts over the roads.")
    repository.commit()
    repository.git("switch", "--quiet", "theirs")
    repository.put("horn", "08:45", "Forty ships wait in the roads.")
    repository.commit()
    repository.git("switch", "--quiet", "main")
    assert repository.git("merge", "theirs") == 1, "git cannot join the sources"
    assert repository.run("check") == 1
    assert "run make merge" in capsys.readouterr().err
    assert repository.run() == 0
    day = load_day(repository.day_file.read_text())
    outlets = {source.key: source.outlet for source in day.sources}
    assert [(entry.body, *(outlets[key] for key in entry.sources)) for entry in day.entries] == [
        ("The first ferry left the pier in fog.", "pier"),
        ("Forty ships wait in the roads.", "horn"),
        ("The fog lifts over the roads.", "post"),
    ]
    before = repository.day_file.read_bytes()
    assert repository.run() == 0
    assert repository.day_file.read_bytes() == before, "a second run changes nothing"
    assert repository.git("commit", "--quiet", "--no-edit") == 0


def test_edits_on_both_branches_are_named_with_both_texts(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.edit("in fog.", "in thick fog.")
    repository.commit()
    repository.git("switch", "--quiet", "theirs")
    repository.edit("in fog.", "in the fog, late.")
    repository.commit()
    repository.git("switch", "--quiet", "main")
    assert repository.git("merge", "theirs") == 1
    assert repository.run() == 3
    assert "The first ferry left the pier in the fog, late." in capsys.readouterr().err
    (entry,) = load_day(repository.day_file.read_text()).entries
    assert entry.body == "The first ferry left the pier in thick fog."
    assert [wording.body for wording in entry.conflicts] == ["The first ferry left the pier in the fog, late."]


def test_the_captures_of_both_branches_decide_where_an_entry_stands(repository: Repository) -> None:
    """A page moved the entry across midnight on one branch; a later capture on the other one moved it back."""
    text = "The last ferry of the day came in at midnight, with nine people aboard."
    repository.put("pier", "23:59", text, captured="2031-05-06T01:00:00Z")
    repository.commit()
    repository.git("branch", "--force", "theirs")
    repository.put("pier", "23:58", text, captured="2031-05-06T03:00:00Z")
    repository.commit()
    repository.git("switch", "--quiet", "theirs")
    repository.put("pier", "00:01", text, captured="2031-05-06T02:00:00Z", day=6)
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "theirs")
    assert repository.run() == 0
    entry = load_day(repository.day_file.read_text()).entries[-1]
    assert (entry.body, str(entry.time), entry.moved) == (text, "23:58:00", "")
    assert [(str(old.date), str(old.time)) for old in entry.revisions] == [
        ("None", "23:59:00"),
        ("2031-05-06", "00:01:00"),
    ]


def test_an_entry_that_this_branch_moved_is_found_on_its_new_day(repository: Repository) -> None:
    """Only this branch changed the day that the entry was moved to; the other one has a wording of the day before."""
    text = "The last ferry of the day came in at midnight, with nine people aboard."
    repository.put("pier", "23:59", text, captured="2031-05-06T01:00:00Z")
    repository.commit()
    repository.git("branch", "--force", "theirs")
    repository.put("pier", "00:01", text, captured="2031-05-06T03:00:00Z", day=6)
    repository.commit()
    repository.git("switch", "--quiet", "theirs")
    repository.put("pier", "23:58", text, captured="2031-05-06T02:00:00Z")
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "theirs")
    assert repository.run() == 0
    stub = load_day(repository.day_file.read_text()).entries[-1]
    assert (stub.anchor, str(stub.time), stub.moved) == ("t2359", "23:59:00", "2031-05-06#t0001")
    (entry,) = load_day(day_file_path(repository.content, dt.date(2031, 5, 6)).read_text()).entries
    assert (entry.body, str(entry.time)) == (text, "00:01:00")
    assert [(str(old.date), str(old.time)) for old in entry.revisions] == [
        ("2031-05-05", "23:59:00"),
        ("2031-05-05", "23:58:00"),
    ]


def test_an_edit_after_the_merge_is_not_lost(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    for branch, outlet in (("main", "post"), ("theirs", "horn")):
        repository.git("switch", "--quiet", branch)
        repository.put(outlet, "09:15", f"The {outlet} has news of the fog.")
        repository.commit()
    repository.git("switch", "--quiet", "main")
    assert repository.git("merge", "theirs") == 1
    assert repository.run() == 0
    repository.edit("news of the fog", "old news of the fog")
    repository.git("add", "--all")
    assert repository.run() == 1
    assert "edited since git merged it" in capsys.readouterr().err
    assert "old news" in repository.day_file.read_text()


def test_without_a_merge_the_command_says_so(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    assert repository.run() == 1
    assert "run git merge first" in capsys.readouterr().err
