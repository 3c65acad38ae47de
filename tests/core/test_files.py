"""Files as wholes: whole or untouched, one at a time, UTF-8 or named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkouts import COMMAND_TIMEOUT
from paths import ROOT

from daybook.core.errors import ArchiveError, error_message
from daybook.core.files import lock_folders, read_text_file, replace_file, write_file_fast


def test_equal_bytes_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    assert replace_file(path, b"one", durable=True)
    before = path.stat()
    assert not replace_file(path, b"one", durable=True)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert replace_file(path, b"two", durable=False)
    assert path.read_bytes() == b"two"


def test_a_file_keeps_its_mode_and_a_new_one_has_that_of_the_umask(tmp_path: Path) -> None:
    names = ("a.md", "b.md", "c.html")
    before = os.umask(0o077)
    try:
        for path in (tmp_path / name for name in names[:2]):
            replace_file(path, b"one", durable=False)
        write_file_fast(f"{tmp_path}/c.html", b"one")
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in names] == [0o600] * 3
    (tmp_path / "b.md").chmod(0o640)
    for name in names[:2]:
        replace_file(tmp_path / name, b"two", durable=True)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in names] == [0o600, 0o640, 0o600]


@pytest.mark.parametrize("fault", ["write", "replace"])
def test_a_failing_disk_leaves_the_old_file_and_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    path = tmp_path / "a.txt"
    replace_file(path, b"old", durable=True)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if fault == "write":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left") as caught:
        replace_file(path, b"new", durable=True)
    assert caught.value.filename == str(path)
    assert [found.name for found in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_bytes() == b"old"


def test_a_full_disk_names_the_page_of_the_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left") as caught:
        write_file_fast(f"{tmp_path}/a.html", b"new")
    assert error_message(caught.value) == f"{tmp_path}/a.html: No space left on device"
    assert list(tmp_path.iterdir()) == []


def test_bytes_that_are_not_utf8_are_named_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"one\ntwo\nthr\xe9e\n")
    with pytest.raises(ArchiveError) as caught:
        read_text_file(path)
    assert str(caught.value) == f"{path}:3: not UTF-8 text; save the file as UTF-8"


def test_two_archives_share_no_output_at_one_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "conf.py").write_text('SITENAME = "Harbour"\nFIRST_DAY = "2031-04-08"\n')
    build = [sys.executable, str(ROOT / "scripts" / "build_site.py")]
    names = {"CONTENT": "two", "OUTPUT": "site", "CACHE": "cache", "CONF": "conf.py"}
    environment = {**os.environ, **names, "PYTHONPATH": os.pathsep.join(sys.path)}
    with lock_folders(tmp_path / "one", tmp_path / "site"), lock_folders(tmp_path / "site" / "..", tmp_path):
        other = subprocess.Popen(build, stderr=subprocess.PIPE, text=True, env=environment, cwd=tmp_path)
        assert other.stderr is not None
        assert other.stderr.readline() == "site: another ingest or build is at work; waiting for it\n"
        assert not any((tmp_path / "site").iterdir())
    assert other.wait(timeout=COMMAND_TIMEOUT) == 0
    other.stderr.close()


def test_a_second_process_waits_and_says_so(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from daybook.core.files import lock_folders\n"
    free = tmp_path / "free"
    code += f"with lock_folders(Path({str(tmp_path)!r})): print(Path({str(free)!r}).exists())"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with lock_folders(tmp_path):
        other = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        assert other.stderr is not None
        assert "another ingest or build is at work" in other.stderr.readline()
        free.touch()  # the last step before the lock is given back
    assert other.communicate(timeout=COMMAND_TIMEOUT)[0] == "True\n"


def test_what_a_killed_run_left_is_removed_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "days" / "2031"
    folder.mkdir(parents=True)
    (tmp_path / "ledger").mkdir()
    left = [folder / ".2031-04-09.md.a1b2c3_d.part", tmp_path / "ledger" / ".2031-04-09-0a1b2c3d.txt.zzzzzzzz.part"]
    left.append(tmp_path / ".addresses.txt.00000000.part")
    others = [folder / ".notes.part", folder / ".2031-04-09.md.swp", tmp_path / "pages" / ".about.md.a1b2c3d4.part"]
    others[-1].parent.mkdir()
    for path in (*left, *others):
        path.write_text("half a f")
    with lock_folders(tmp_path):
        assert [path.exists() for path in (*left, *others)] == [False] * 3 + [True] * 3
    said = capsys.readouterr().err.splitlines()
    assert sorted(line.partition(":")[0] for line in said) == sorted(map(str, left))
    with lock_folders(tmp_path):
        assert capsys.readouterr().err == ""


def test_a_part_has_the_name_that_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", lambda *_: os._exit(9))
    child = os.fork()
    if not child:
        replace_file(tmp_path / "days" / "2031" / "2031-04-09.md", b"new", durable=True)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert len(list(tmp_path.rglob("*.part"))) == 1
    with lock_folders(tmp_path):
        assert list(tmp_path.rglob("*.part")) == []
