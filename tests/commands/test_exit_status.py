"""How commands end where the terminal, the pipe or the disk behind them fails: a status, never a traceback."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from checkouts import COMMAND_TIMEOUT
from paths import ROOT

from daybook.cli import run_command
from daybook.core.errors import ArchiveError

CONF = 'SITENAME = "Harbour"\nFIRST_DAY = "2031-04-08"\n'
DAY = "---\ntitle: x\ndate: 2031-04-09\n---\n\n## 10:00 Rain\n\nIt rained on the quay.\n"
PAGE = "Harbour live\n\nApril 9, 2031\n\n1329 GMT Rain on the quay\n\nIt rained on the quay all day.\n"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with an archive of one day, and a saved page."""
    day = tmp_path / "content" / "days" / "2031" / "2031-04-09.md"
    day.parent.mkdir(parents=True)
    day.write_text(DAY)
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "page.txt").write_text(PAGE)
    return tmp_path


def shell(words: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell in which `$DAYBOOK` is the program."""
    return subprocess.run(
        ["/bin/sh", "-c", words], cwd=folder, env=environment(variables), capture_output=True, text=True, check=False
    )


def environment(variables: dict[str, str]) -> dict[str, str]:
    path = os.pathsep.join(map(str, (ROOT / "scripts", ROOT / "tests")))
    names = {"CONTENT": "content", "OUTPUT": "site", "CACHE": "cache", "CONF": "conf.py", "PYTHONPATH": path}
    known = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return {**known, **names, "DAYBOOK": f"{sys.executable} -m daybook", **variables}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize("command", ["parse page.txt", "ingest page.txt", "build"])
def test_output_that_cannot_be_written_is_told(archive: Path, command: str) -> None:
    done = shell(f"$DAYBOOK {command} >/dev/full", archive)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "standard output: No space left on device")
    assert "Traceback" not in done.stderr


def test_a_pipe_that_nobody_reads_ends_quietly(archive: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "daybook", "parse", "page.txt"]
    done = subprocess.run(
        command, cwd=archive, env=environment({}), stdout=writer, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writer)
    assert done.returncode == 141
    assert "Error" not in done.stderr and "Exception" not in done.stderr


@pytest.mark.parametrize("command", ["parse page.txt", "ingest --records -", "build"])
def test_a_stream_may_be_closed(archive: Path, command: str) -> None:
    done = shell(f"$DAYBOOK {command} <&- >&- 2>said || cat said >&2", archive)
    assert done.stderr == ""
    assert shell(f"$DAYBOOK {command} <&- >said 2>&-", archive).returncode == 0


def test_a_terminal_without_the_letters_is_no_mistake(archive: Path) -> None:
    done = shell("$DAYBOOK build", archive, OUTPUT="café", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Site built: caf\\xe9/index.html" in done.stdout


def test_a_file_that_is_not_there_is_named_beside_the_mistakes_of_others(archive: Path) -> None:
    (archive / "bad.md").write_text(DAY.replace("10:00", "10:99"))
    done = shell("$DAYBOOK check gone.md bad.md", archive)
    assert done.returncode == 1
    assert done.stderr.startswith("gone.md: No such file or directory\nbad.md:6: invalid time 10:99")


def test_who_interrupts_a_command_is_told_nothing(archive: Path) -> None:
    os.mkfifo(archive / "records")  # to open it takes until somebody writes
    command = [sys.executable, "-m", "daybook", "ingest", "--records", "records"]
    process = subprocess.Popen(command, cwd=archive, env=environment({}), stderr=subprocess.PIPE, text=True)
    with (archive / "records").open("wb"):  # the command is at work now
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=COMMAND_TIMEOUT)[1] == ""
    assert process.returncode == 130


def test_a_mistake_is_one_line_and_a_status(capsys: pytest.CaptureFixture[str]) -> None:
    def mistaken() -> int:
        raise ArchiveError("no such entry", path="a.md", line=3)

    def unreadable() -> int:
        return len(Path("no\nsuch").read_bytes())

    assert [run_command(mistaken), run_command(unreadable), run_command(lambda: 0)] == [1, 1, 0]
    assert capsys.readouterr().err == "a.md:3: no such entry\nno\\nsuch: No such file or directory\n"
