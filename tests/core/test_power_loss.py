"""After a power loss nothing that a finished command wrote is missing, and no file is half written."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from paths import ROOT

from daybook.core.files import lock_folders, replace_file
from harden.power_loss import Disk, Operation, PowerLossCounts, check_next_run, check_operations, read_tree, record

DAY = '---\ntitle: "Harbour"\ndate: 2031-04-09\n---\n\n## 08:00 The lamp is lit\n\nIt burns.\n'


def test_no_power_loss_loses_or_damages_a_file() -> None:
    folders = (ROOT / "scripts", ROOT / "tests" / "support", ROOT / "tests")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders)), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "harden.power_loss"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    count = json.loads(done.stdout)
    assert count["moments"] > 100 and count["states"] > 200
    assert (count["lost"], count["torn"], count["examples"]) == (0, 0, [])


def write(path: Path, text: str, *, sync_file: bool = True, sync_folder: bool = True) -> None:
    """Replace a file, with or without the steps that make it last."""
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    os.write(descriptor, text.encode())
    if sync_file:
        os.fsync(descriptor)
    os.close(descriptor)
    part.replace(path)
    if sync_folder:
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def write_in_place(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC)
    os.write(descriptor, DAY.replace("burns", "smokes").encode())
    os.fsync(descriptor)
    os.close(descriptor)


def write_in_new_folder(path: Path) -> None:
    folder = path.parent.parent / "2032"
    folder.mkdir()
    write(folder / "2032-01-02.md", DAY.replace("2031-04-09", "2032-01-02"))


NEW = DAY.replace("burns", "smokes")
CARELESS: dict[str, tuple[Callable[[Path], None], str]] = {
    "no sync of the file": (lambda path: write(path, NEW, sync_file=False), "torn"),
    "no sync of the folder": (lambda path: write(path.with_name("2031-04-10.md"), NEW, sync_folder=False), "lost"),
    "no sync of a new folder": (write_in_new_folder, "lost"),
    "in place": (write_in_place, "torn"),
    "removed": (lambda path: path.unlink(), "lost"),
}


def count_faults(tmp_path: Path, command: Callable[[Path], object]) -> PowerLossCounts:
    """Let the power fail during a command that changes one day file."""
    path = tmp_path / "content" / "days" / "2031" / "2031-04-09.md"
    path.parent.mkdir(parents=True)
    path.write_text(DAY)
    count, disk = PowerLossCounts(), Disk(read_tree(tmp_path / "content"))

    def run() -> int:
        command(path)
        return 0

    check_operations(disk, record([run], tmp_path / "content"), count)
    assert disk.tree() == read_tree(tmp_path / "content")
    return count


@pytest.mark.parametrize("name", CARELESS)
def test_the_check_finds_a_careless_writer(tmp_path: Path, name: str) -> None:
    command, fault = CARELESS[name]
    assert getattr(count_faults(tmp_path, command), fault) > 0


def test_the_check_accepts_a_durable_writer(tmp_path: Path) -> None:
    def durable(path: Path) -> None:
        replace_file(path, NEW.encode(), durable=True)
        new = path.parent.parent / "2032" / "2032-01-02.md"
        replace_file(new, NEW.replace("2031-04-09", "2032-01-02").encode(), durable=True)

    count = count_faults(tmp_path, durable)
    assert count.faults == 0 and count.states > 20


@pytest.mark.parametrize("careless", [False, True])
def test_a_run_after_a_kill_syncs_what_the_killed_one_renamed(tmp_path: Path, careless: bool) -> None:
    content = tmp_path / "content"

    def run() -> int:
        if careless:
            path = content / "days" / "2031" / "2031-04-09.md"
            if not path.exists() or path.read_text() != NEW:
                path.parent.mkdir(parents=True, exist_ok=True)
                write(path, NEW)
        else:
            with lock_folders(content):
                replace_file(content / "days" / "2031" / "2031-04-09.md", NEW.encode(), durable=True)
        return 0

    operations, count = record([run], content), PowerLossCounts()
    check_next_run(Disk({}), operations, run, content, count)
    assert bool(count.lost) is careless
    assert count.diverged == 0


def test_an_unsynced_write_is_lost_kept_or_half_there() -> None:
    disk = Disk({"content/a.md": b"old"})
    for operation in (
        Operation("truncate", "content/a.md", descriptor=3),
        Operation("write", descriptor=3, data=b"newer"),
    ):
        disk.apply(operation)
    assert [state["content/a.md"] for state in disk.states_after_power_loss()] == [b"old", b"newer", b"ne"]
    disk.apply(Operation("sync", descriptor=3))
    assert list(disk.states_after_power_loss()) == [{"content/a.md": b"newer"}]


def test_unsynced_names_are_lost_in_every_combination() -> None:
    disk = Disk({"content/a.md": b"a", "content/b.md": b"b"})
    disk.apply(Operation("rename", "content/a.md", "content/c.md"))
    disk.apply(Operation("remove", "content/b.md"))
    states = {tuple(sorted(state)) for state in disk.states_after_power_loss()}
    a, b, c = "content/a.md", "content/b.md", "content/c.md"
    assert states == {(a, b), (a,), (b, c), (c,)}


def test_writing_by_another_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    for write_file in (lambda path: path.write_text("x"), lambda path: path.symlink_to("x")):
        with pytest.raises(AssertionError):
            record([lambda write_file=write_file: write_file(tmp_path / "content" / "a.md") or 0], tmp_path / "content")
