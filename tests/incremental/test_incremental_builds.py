"""Never stale: what a build leaves alone is what a clean build would make; and it says when nothing changed."""

import contextlib
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from paths import FIXTURES, ROOT

from daybook.core.config import BuildPaths
from daybook.incremental.cache import BuildCache
from daybook.incremental.output import BuildState, cache_folder
from daybook.site import pelican_runner
from daybook.site.build import build_site
from daybook.site.inputs import find_build_inputs
from daybook.site.pelican_runner import run_pelican
from daybook.site.views.theme import TemplateRenderer
from harden.edits import CONF, EditCounts, EditedArchive, main, run_script

HARBOUR = FIXTURES / "site"


@pytest.fixture
def places(tmp_path: Path) -> BuildPaths:
    shutil.copytree(HARBOUR / "content", tmp_path / "content")
    return BuildPaths(
        content=tmp_path / "content", output=tmp_path / "site", conf=HARBOUR / "conf.py", cache=tmp_path / "cache"
    )


@pytest.mark.parametrize("first", [0, 10])
def test_after_any_edits_the_site_is_a_clean_builds(first: int) -> None:
    count = main(3, first)
    assert count.steps == 12 and sum(count.edits.values()) >= 12
    assert count.different == []


def test_the_judge_sees_a_stale_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daybook.site.builder.day_inputs", lambda edition, date: date)
    count = EditCounts()
    for seed in range(3):
        run_script(seed, count)
    assert count.different


def test_nothing_changed_is_known_without_pelican(
    places: BuildPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build_site(places)
    first = capsys.readouterr().out
    monkeypatch.setattr("daybook.site.pelican_runner.Pelican", None)
    build_site(places)
    assert first.startswith("3 days, 6 entries") and "files written" in first
    assert capsys.readouterr().out == f"{first.partition(';')[0]}; nothing changed\n"


@pytest.mark.parametrize("name", ["theme/templates/page.html", "theme/strings.toml", "content/topics/ferry.md"])
def test_an_edit_in_the_midst_of_a_build_that_is_taken_back_leaves_no_trace(
    places: BuildPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    shutil.copytree(ROOT / "theme", tmp_path / "theme")
    (tmp_path / "conf.py").write_text((HARBOUR / "conf.py").read_text() + "THEME = 'theme'\n")
    places = replace(places, conf=tmp_path / "conf.py")
    edited = tmp_path / name
    before = edited.read_text()
    original = run_pelican

    def meanwhile(*given: Any) -> Any:
        edited.write_text(before.replace("h1", "h2").replace("ferry", "fairy").replace("Search", "Find"))
        press = original(*given)
        edited.write_text(before)
        return press

    with monkeypatch.context() as patched:
        patched.setattr(pelican_runner, "run_pelican", meanwhile)
        build_site(places)
    build_site(places)
    clean = replace(places, output=tmp_path / "clean", cache=tmp_path / "new")
    build_site(clean)
    made, wanted = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (places.output, clean.output)
    )
    assert made == wanted


def test_a_compiled_template_counts_for_the_code_that_compiled_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "p.html").write_text("{% if true %}\nx\n{% endif %}")
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    assert TemplateRenderer(tmp_path, {}, {}).page("p", "", {}) == b"x\n"
    monkeypatch.setattr("daybook.site.views.theme.code_digest", lambda: b"other code")
    changed = TemplateRenderer(tmp_path, {}, {})
    changed.environment.trim_blocks = False
    assert changed.page("p", "", {}) == b"\nx\n"


def test_an_unchanged_day_is_read_once(places: BuildPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    build_site(places)
    shutil.rmtree(places.output)
    read: list[Path] = []
    original = find_build_inputs
    monkeypatch.setattr(
        "daybook.archive.content.load_day", lambda text: read.append(Path()) or pytest.fail("read again")
    )
    assert original(places).days
    build_site(places)
    assert read == [] and (places.output / "2031/04/09/index.html").exists()


def test_a_new_day_leaves_other_days_alone(places: BuildPaths) -> None:
    build_site(places)
    before = {path: path.stat().st_mtime_ns for path in places.output.rglob("*.html")}
    day = places.content / "days/2031/2031-05-01.md"
    day.write_text("---\ntitle: May\ndate: 2031-05-01\n---\n\n## 09:00 Rain\n\nIt rained.\n")
    build_site(places)
    written = {path.relative_to(places.output).as_posix() for path in before if path.stat().st_mtime_ns != before[path]}
    assert "2031/04/09/index.html" in written, "its next day is another"
    assert not {name for name in written if name.startswith(("2031/03/31/", "2031/04/08/", "topics/ferry", "day/"))}


def test_a_cache_serves_where_it_was_carried(places: BuildPaths, tmp_path: Path) -> None:
    build_site(places)
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(places.cache, elsewhere / "cache")
    assert cache_folder(places.cache, places.output).name == cache_folder(elsewhere / "cache", elsewhere / "site").name


def test_a_build_that_fails_midway_leaves_a_mark_that_the_next_takes_away(
    places: BuildPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = cache_folder(places.cache, places.output)
    with monkeypatch.context() as patched:
        patched.setattr("daybook.site.builder.page_and_export_files", lambda site: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build_site(places)
    assert BuildState(last).unfinished
    build_site(places)
    assert not BuildState(last).unfinished


def test_a_store_forgets_what_is_not_asked_for_and_forgives_damage(tmp_path: Path) -> None:
    file = tmp_path / "a" / "store.sqlite"
    store = BuildCache(file)
    for number in range(20):
        store.put(b"%d" % number, b"data %d" % number)
    store.close()
    store = BuildCache(file)
    assert store.get(b"7") == b"data 7" and store.get(b"x") is None
    store.close()
    store = BuildCache(file)
    assert store.has(b"7") and not store.has(b"8")
    store.close()
    data = bytearray(file.read_bytes())
    data[data.index(b"data 7")] ^= 1
    file.write_bytes(data)
    assert BuildCache(file).get(b"7") is None
    for damaged in ("CAST(data AS TEXT)", "NULL", "7"):  # as a flipped bit in a row's head makes it
        with contextlib.closing(sqlite3.connect(file)) as rows, rows:
            rows.execute(f"UPDATE made SET data = {damaged}")
        BuildCache(file).get(b"7")
    for damaged in ("rowid", "NULL", "CAST(X'ff' || rowid AS TEXT)"):
        with contextlib.closing(sqlite3.connect(file)) as rows, rows:
            rows.execute(f"UPDATE made SET key = {damaged}")
        store = BuildCache(file)
        store.put(b"new", b"data")
        store.close()
        assert BuildCache(file).get(b"new") == b"data"
        with contextlib.closing(sqlite3.connect(file)) as rows:
            assert rows.execute("SELECT count(*) FROM made").fetchone() == (1,)
    file.write_bytes(b"no database")
    assert BuildCache(file).get(b"7") is None


def test_settings_of_the_edits_are_an_archives(tmp_path: Path) -> None:
    archive = EditedArchive(tmp_path, 1)
    assert archive.conf == CONF and archive.days()
