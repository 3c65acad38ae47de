"""Files are replaced atomically, folders are locked, invalid UTF-8 is reported."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkouts import COMMAND_TIMEOUT

from daybook.archive.content import ADDRESS_LIST
from daybook.archive.story_files import STORY_ADDRESSES
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


def test_file_keeps_its_mode_and_new_file_follows_the_umask(tmp_path: Path) -> None:
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
def test_disk_error_leaves_the_old_file_and_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    path = tmp_path / "a.txt"
    replace_file(path, b"old", durable=True)

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if fault == "write":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space left") as caught:
        replace_file(path, b"new", durable=True)
    assert caught.value.filename == str(path)
    assert [found.name for found in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_bytes() == b"old"


def test_error_on_full_disk_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", fail)
    with pytest.raises(OSError, match="No space left") as caught:
        write_file_fast(f"{tmp_path}/a.html", b"new")
    assert error_message(caught.value) == f"{tmp_path}/a.html: No space left on device"
    assert list(tmp_path.iterdir()) == []


def test_invalid_utf8_is_reported_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"one\ntwo\nthr\xe9e\n")
    with pytest.raises(ArchiveError) as caught:
        read_text_file(path)
    assert str(caught.value) == f"{path}:3: not UTF-8 text; save the file as UTF-8"


def test_two_archives_do_not_write_one_output_at_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "conf.py").write_text('SITENAME = "Harbour"\nFIRST_DAY = "2031-04-08"\n')
    build = [sys.executable, "-m", "daybook", "build"]
    names = {"CONTENT": "two", "OUTPUT": "site", "CACHE": "cache", "CONF": "conf.py"}
    environment = {**os.environ, **names, "PYTHONPATH": os.pathsep.join(sys.path)}
    with lock_folders(tmp_path / "one", tmp_path / "site"), lock_folders(tmp_path / "site" / "..", tmp_path):
        other = subprocess.Popen(build, stderr=subprocess.PIPE, text=True, env=environment, cwd=tmp_path)
        assert other.stderr is not None
        assert other.stderr.readline() == "site: another ingest or build is running; waiting for it\n"
        assert not any((tmp_path / "site").iterdir())
    assert other.wait(timeout=COMMAND_TIMEOUT) == 0
    other.stderr.close()


def test_second_process_reports_and_waits(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from daybook.core.files import lock_folders\n"
    free = tmp_path / "free"
    code += f"with lock_folders(Path({str(tmp_path)!r})): print(Path({str(free)!r}).exists())"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with lock_folders(tmp_path):
        other = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        assert other.stderr is not None
        assert "another ingest or build is running" in other.stderr.readline()
        free.touch()  # the last step before the lock is released
    assert other.communicate(timeout=COMMAND_TIMEOUT)[0] == "True\n"


def test_only_temporary_files_of_commands_are_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "days" / "2031"
    folder.mkdir(parents=True)
    (tmp_path / "ledger").mkdir()
    stale = [folder / ".2031-04-09.md.a1b2c3_d.part", tmp_path / "ledger" / ".2031-04-09-0a1b2c3d.txt.zzzzzzzz.part"]
    stale.append(tmp_path / ".addresses.txt.00000000.part")
    others = [folder / ".notes.part", folder / ".2031-04-09.md.swp", tmp_path / "pages" / ".about.md.a1b2c3d4.part"]
    others[-1].parent.mkdir()
    for path in (*stale, *others):
        path.write_text("half a f")
    with lock_folders(tmp_path):
        assert [path.exists() for path in (*stale, *others)] == [False] * 3 + [True] * 3
    messages = capsys.readouterr().err.splitlines()
    assert sorted(line.partition(":")[0] for line in messages) == sorted(map(str, stale))
    with lock_folders(tmp_path):
        assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "name",
    ["days/2031/2031-04-09.md", "ledger/2031-04-09-0a1b2c3d.txt", ADDRESS_LIST, STORY_ADDRESSES],
)
def test_temporary_file_of_a_killed_process_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(os, "replace", lambda *_: os._exit(9))
    child = os.fork()
    if not child:
        replace_file(tmp_path / name, b"new", durable=True)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert len(list(tmp_path.rglob("*.part"))) == 1
    with lock_folders(tmp_path):
        assert list(tmp_path.rglob("*.part")) == []


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_an_error_names_the_file_and_not_its_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(path: str, *_: int) -> int:
        raise OSError(number, os.strerror(number), path)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OSError, match=r"/addresses\.txt'$"):
        replace_file(tmp_path / "addresses.txt", b"new", durable=False)
