"""Killed builds and failing writes: every file is the old or the new one, and the next run repairs all."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from builds import build_site
from paths import FIXTURES, ROOT

from daybook.core.config import BuildPaths
from daybook.core.errors import ArchiveError
from daybook.site import pelican_runner
from harden.faults import FaultScenario, inject_faults

HARBOUR = FIXTURES / "site"
# Runs before all else in the process that finds it: another clock, and one core to run on.
ELSEWHERE = """import os, time_machine
time_machine.travel({at}, tick=True).start()
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {{min(os.sched_getaffinity(0))}})
"""


def python(arguments: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    folders = (ROOT / "scripts", ROOT / "tests" / "support", ROOT / "tests")
    path = os.pathsep.join([*variables.pop("FIRST", "").split(), *map(str, folders)])
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": path, **variables}
    return subprocess.run([sys.executable, *arguments], env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def places(tmp_path: Path) -> BuildPaths:
    shutil.copytree(HARBOUR / "content", tmp_path / "content")
    return BuildPaths(
        content=tmp_path / "content", output=tmp_path / "site", conf=HARBOUR / "conf.py", cache=tmp_path / "cache"
    )


def test_no_fault_damages_a_file_or_loses_an_entry() -> None:
    done = python(["-m", "harden.faults", "4", "100"])
    assert done.returncode == 0, done.stderr
    for name, count in json.loads(done.stdout).items():
        assert count["failing_writes"] > 1 and count["killed"], name
        assert (count["torn"], count["diverged"], count["silent"]) == (0, 0, 0), (name, count)


def test_the_check_finds_a_damaged_file(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "a.md").write_text("old")

    def careless() -> int:
        with (folder / "a.md").open("w") as file:
            file.write("ne")
            file.flush()
            begun = time.process_time()
            while time.process_time() - begun < 0.3:
                pass
            file.write("w")
        return 0

    assert inject_faults(FaultScenario(careless, folder, (folder,)), [0.15], 1000).torn == 1


def test_a_failing_plugin_stops_the_build(places: BuildPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("no such table")

    monkeypatch.setattr("daybook.site.pelican_plugin.register", broken)
    with pytest.raises(ArchiveError, match="Pelican: Cannot register plugin"):
        build_site(places)
    assert not places.output.exists()


def test_a_warning_of_pelican_stops_the_build(places: BuildPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    class Odd(pelican_runner.Pelican):  # type: ignore[misc]
        def run(self) -> None:
            pelican_runner.logging.getLogger("pelican.x").warning("Something is odd")
            super().run()

    monkeypatch.setattr(pelican_runner, "Pelican", Odd)
    with pytest.raises(ArchiveError, match="Pelican: Something is odd"):
        build_site(places)
    assert not places.output.exists()


def test_a_lost_day_is_an_error(places: BuildPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daybook.site.pelican_plugin.day_articles", lambda catalog, context: [])
    with pytest.raises(
        ArchiveError, match=r"3 days and 6 entries were read, but 0 day pages and 6 entries in the search index"
    ):
        build_site(places)


def test_an_entry_lost_from_the_index_is_an_error(places: BuildPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daybook.site.builder.search_days", lambda catalog: [])
    with pytest.raises(ArchiveError, match="6 entries were read, but 3 day pages and"):
        build_site(places)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_output_does_not_depend_on_clock_locale_cores_folder_or_file_times(places: BuildPaths, tmp_path: Path) -> None:
    sites = []
    for name, at, variables in (
        ("one", 915_148_800, {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "1"}),
        ("two/in/depth", 2_147_483_000, {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"}),
    ):
        root = tmp_path / name
        shutil.copytree(places.content, root / "content")
        (root / "clock").mkdir()
        (root / "clock" / "sitecustomize.py").write_text(ELSEWHERE.format(at=at))
        for path in (root / "content").rglob("*"):
            os.utime(path, (at, at))
        folders = {key: str(root / key.lower()) for key in ("CONTENT", "OUTPUT", "CACHE")}
        done = python(
            ["-m", "daybook", "build"], FIRST=str(root / "clock"), CONF=str(places.conf), **folders, **variables
        )
        assert (done.returncode, done.stderr) == (0, "")
        sites.append(contents(root / "output"))
    build_site(places)
    sites.append(contents(places.output))
    for site in sites[1:]:
        assert [name for name in sites[0] if sites[0][name] != site.get(name)] == []
        assert site.keys() == sites[0].keys()
