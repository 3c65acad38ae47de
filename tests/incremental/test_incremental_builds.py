"""An incremental build gives the same site as a clean build, and does no work that is not needed."""

import contextlib
import gc
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from builds import build_site
from checkouts import copy_theme
from msgspec.structs import replace
from paths import FIXTURES

from daybook.archive.content import find_day_file, find_day_files
from daybook.core.config import BuildPaths
from daybook.core.hashing import bytes_digest
from daybook.incremental.cache import BuildCache, _close_database
from daybook.incremental.output import BuildState, cache_folder
from daybook.site import pelican_runner
from daybook.site.pelican_runner import run_pelican
from daybook.site.views import day_cache
from daybook.site.views.theme import TemplateRenderer
from harden.edits import run_scripts

HARBOUR = FIXTURES / "site"


@pytest.fixture
def paths(tmp_path: Path) -> BuildPaths:
    shutil.copytree(HARBOUR / "content", tmp_path / "content")
    return BuildPaths(
        content=tmp_path / "content", output=tmp_path / "site", conf=HARBOUR / "conf.py", cache=tmp_path / "cache"
    )


def test_site_after_any_edits_and_commands_equals_a_clean_build() -> None:
    count = run_scripts((2, 3))  # one of them kills a command; make harden runs hundreds
    assert count.scripts == 2 and count.edits and count.commands["killed"]
    assert count.different == []


def test_comparison_detects_a_stale_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daybook.site.builder.day_inputs", lambda edition, date: date)
    assert run_scripts([0]).different or run_scripts([1]).different


def test_build_without_changes_does_not_run_pelican(
    paths: BuildPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build_site(paths)
    first = capsys.readouterr().out
    monkeypatch.setattr("daybook.site.pelican_runner.Pelican", None)
    build_site(paths)
    assert first.startswith("3 days, 6 entries") and "files written" in first
    assert capsys.readouterr().out == f"{first.partition(';')[0]}; nothing changed\n"


def test_a_page_edited_by_hand_is_found_by_a_build_that_looks(paths: BuildPaths) -> None:
    build_site(paths)
    page, deleted = paths.output / "2031/04/09/index.html", paths.output / "2031/04/08/index.html"
    before = page.read_bytes()
    page.write_bytes(b"edited")
    deleted.unlink()
    build_site(paths)
    assert page.read_bytes() == b"edited", "the folder itself looks untouched"
    build_site(paths, look=True)
    assert page.read_bytes() == before and deleted.exists()


@pytest.mark.parametrize("change", ["added", "deleted", "copied"])
def test_a_folder_that_was_touched_is_looked_at(paths: BuildPaths, tmp_path: Path, change: str) -> None:
    build_site(paths)
    page = paths.output / "2031/04/09/index.html"
    before = page.read_bytes()
    page.write_bytes(b"edited")
    if change == "added":
        (paths.output / "strange.html").write_text("strange")
    elif change == "deleted":
        shutil.rmtree(paths.output / "topics")
    else:
        shutil.copytree(paths.output, tmp_path / "copy")
        shutil.rmtree(paths.output)
        (tmp_path / "copy").rename(paths.output)
    build_site(paths)
    assert page.read_bytes() == before
    assert (paths.output / "topics").exists() and not (paths.output / "strange.html").exists()


def test_a_known_day_file_is_read_again_only_if_its_metadata_changed(paths: BuildPaths) -> None:
    name = "2031/2031-04-09.md"
    file = find_day_file(paths.content, name)
    known = {name: (file.stat, b"known")}
    assert [each.digest for each in find_day_files(paths.content, known) if each.date == file.date] == [b"known"]
    times = file.path.stat()
    file.path.write_bytes(file.path.read_bytes().replace(b"e", b"E"))
    os.utime(file.path, ns=(times.st_atime_ns, times.st_mtime_ns))  # of the same size and age
    assert find_day_file(paths.content, name, known).digest not in (b"known", file.digest)


@pytest.mark.parametrize("name", ["theme/templates/page.html", "theme/strings/en.toml", "content/topics/ferry.md"])
def test_edit_during_a_build_that_is_undone_leaves_no_stale_page(
    paths: BuildPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    copy_theme(tmp_path / "theme")
    (tmp_path / "conf.py").write_text((HARBOUR / "conf.py").read_text() + "THEME = 'theme'\n")
    paths = replace(paths, conf=tmp_path / "conf.py")
    edited = tmp_path / name
    before = edited.read_text()
    original = run_pelican

    def build_with_edit(*arguments: Any) -> Any:
        edited.write_text(before.replace("h1", "h2").replace("ferry", "fairy").replace("Search", "Find"))
        builder = original(*arguments)
        edited.write_text(before)
        return builder

    with monkeypatch.context() as patched:
        patched.setattr(pelican_runner, "run_pelican", build_with_edit)
        build_site(paths)
    build_site(paths)
    clean = replace(paths, output=tmp_path / "clean", cache=tmp_path / "new")
    build_site(clean)
    incremental, expected = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (paths.output, clean.output)
    )
    assert incremental == expected


def test_compiled_template_is_used_by_the_same_code_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "p.html").write_text("{% if true %}\nx\n{% endif %}")
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    assert TemplateRenderer([tmp_path / "templates"], {}, {}).page("p", "", {}) == b"x\n"
    monkeypatch.setattr("daybook.site.views.theme.code_digest", lambda: b"other code")
    changed = TemplateRenderer([tmp_path / "templates"], {}, {})
    changed.environment.trim_blocks = False
    assert changed.page("p", "", {}) == b"\nx\n"


def test_unchanged_day_is_not_read_again(paths: BuildPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    build_site(paths)
    shutil.rmtree(paths.output)
    read: list[Path] = []
    monkeypatch.setattr(
        "daybook.archive.content.load_day_with_lines", lambda text: read.append(Path()) or pytest.fail("read again")
    )
    build_site(paths)
    assert read == [] and (paths.output / "2031/04/09/index.html").exists()


def test_new_day_changes_no_distant_day(paths: BuildPaths) -> None:
    build_site(paths)
    before = {path: path.stat().st_mtime_ns for path in paths.output.rglob("*.html")}
    day = paths.content / "days/2031/2031-05-01.md"
    day.write_text("---\ntitle: May\ndate: 2031-05-01\n---\n\n## 09:00 Rain\n\nIt rained.\n")
    build_site(paths)
    written = {path.relative_to(paths.output).as_posix() for path in before if path.stat().st_mtime_ns != before[path]}
    assert "2031/04/09/index.html" in written, "it links to the next day, which is new"
    assert not {name for name in written if name.startswith(("2031/03/31/", "2031/04/08/", "topics/ferry", "day/"))}


@pytest.fixture
def themed(paths: BuildPaths, tmp_path: Path) -> BuildPaths:
    copy_theme(tmp_path / "theme")
    (tmp_path / "conf.py").write_text((HARBOUR / "conf.py").read_text() + "THEME = 'theme'\n")
    return replace(paths, conf=tmp_path / "conf.py")


def keys_of_files(paths: BuildPaths) -> dict[str, bytes]:
    files = BuildState(cache_folder(paths.cache, paths.output)).files
    return {name: key for name, (key, _, _) in files.items()}


def changed_by(paths: BuildPaths, file: Path, old: str, new: str) -> set[str]:
    """Edit a file between two builds and return the files of the site whose inputs changed."""
    build_site(paths)
    before = keys_of_files(paths)
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))
    build_site(paths)
    after = keys_of_files(paths)
    return {name for name in after if after[name] != before.get(name)}


@pytest.mark.parametrize(
    ("template", "old", "pages"),
    [
        ("404.html", "{% block main %}", {"404.html"}),
        (
            "topic.html",
            "{% block main %}",
            {f"topics/{slug}/index.html" for slug in ("ferry", "north-mole", "weather")},
        ),
        (
            "components/tombstones.html",
            "{% macro tombstone_list",
            {f"2031/{day}/index.html" for day in ("03/31", "04/08", "04/09")},
        ),
    ],
)
def test_a_template_is_an_input_of_the_pages_that_use_it(
    themed: BuildPaths, template: str, old: str, pages: set[str]
) -> None:
    path = themed.conf.parent / "theme/templates" / template
    assert changed_by(themed, path, old, f"<!-- new -->{old}") == pages


def test_a_script_is_an_input_of_the_pages_that_load_it(themed: BuildPaths) -> None:
    script = themed.conf.parent / "theme/static/js/nearest_day.js"
    build_site(themed)
    changed = changed_by(themed, script, script.read_text(), script.read_text() + "\nself.nearest = 1;\n")
    assert {name for name in changed if name.endswith(".html")} == {"404.html"}


@pytest.mark.parametrize("change", ["name", "siteurl", "page template", "alias that no day has"])
def test_days_are_computed_once_whatever_the_site_is_called(
    themed: BuildPaths, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    build_site(themed)
    paths, folder = themed, themed.conf.parent
    if change == "name":
        themed.conf.write_text(themed.conf.read_text() + "SITENAME = 'Other'\n")
    elif change == "siteurl":
        paths = replace(themed, siteurl="https://example.org/archive")
    elif change == "page template":
        template = folder / "theme/templates/day.html"
        template.write_text(template.read_text().replace("</h1>", "</h1><!-- new -->"))
    else:
        (themed.content / "topics/walrus.md").write_text("---\nname: Walrus\naliases:\n  - Walrus herd\n---\n")
    monkeypatch.setattr("daybook.site.views.day_cache.compute_parts", lambda *_: pytest.fail("computed again"))
    build_site(paths)
    clean = replace(paths, output=folder / "clean", cache=folder / "new")
    monkeypatch.undo()
    build_site(clean)
    incremental, expected = (
        {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}
        for site in (paths.output, clean.output)
    )
    assert incremental == expected


def test_an_alias_is_an_input_of_the_days_that_contain_it(themed: BuildPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    build_site(themed)
    computed: list[str] = []
    original = day_cache.compute_parts

    def compute(read: day_cache.DayWithTexts, *arguments: Any) -> Any:
        computed.append(read.day.date.isoformat())
        return original(read, *arguments)

    monkeypatch.setattr(day_cache, "compute_parts", compute)
    (themed.content / "topics/broom.md").write_text("---\nname: Broom\naliases:\n  - one broom\n---\n")
    build_site(themed)
    assert computed == ["2031-03-31"], "no other day has the word that the alias begins with"


def test_cache_is_found_after_a_move(paths: BuildPaths, tmp_path: Path) -> None:
    build_site(paths)
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(paths.cache, elsewhere / "cache")
    assert cache_folder(paths.cache, paths.output).name == cache_folder(elsewhere / "cache", elsewhere / "site").name


def test_failed_build_leaves_a_mark_until_the_next_build(paths: BuildPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = cache_folder(paths.cache, paths.output)
    with monkeypatch.context() as patched:
        patched.setattr("daybook.site.builder.page_and_export_files", lambda site: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build_site(paths)
    assert BuildState(folder).unfinished
    build_site(paths)
    assert not BuildState(folder).unfinished


def test_cache_drops_unused_values_and_ignores_damage(tmp_path: Path) -> None:
    file = tmp_path / "a" / "cache.sqlite"
    cache = BuildCache(file)
    for number in range(20):
        cache.put(b"%d" % number, b"data %d" % number)
    cache.close()
    cache = BuildCache(file)
    assert cache.get(b"7") == b"data 7" and cache.get(b"x") is None
    cache.close()
    cache = BuildCache(file)
    assert cache.has(b"7") and not cache.has(b"8")
    cache.close()
    data = bytearray(file.read_bytes())
    data[data.index(b"data 7")] ^= 1
    file.write_bytes(data)
    assert BuildCache(file).get(b"7") is None
    for damaged in ("CAST(data AS TEXT)", "NULL", "7"):  # as after a flipped bit in the header of a row
        with contextlib.closing(sqlite3.connect(file)) as database, database:
            database.execute(f"UPDATE cache SET data = {damaged}")
        BuildCache(file).get(b"7")
    for damaged in ("rowid", "NULL", "CAST(X'ff' || rowid AS TEXT)"):
        with contextlib.closing(sqlite3.connect(file)) as database, database:
            database.execute(f"UPDATE cache SET key = {damaged}")
        cache = BuildCache(file)
        cache.put(b"new", b"data")
        cache.close()
        assert BuildCache(file).get(b"new") == b"data"
        with contextlib.closing(sqlite3.connect(file)) as database:
            assert database.execute("SELECT count(*) FROM cache").fetchone() == (1,)
    file.write_bytes(b"no database")
    assert BuildCache(file).get(b"7") is None


def test_a_value_packed_with_another_dictionary_is_missing(tmp_path: Path) -> None:
    page = "".join(bytes_digest(b"%d" % number).hex() for number in range(60)).encode()  # the same on each page
    sizes = []
    for dictionary in (b"", page):
        cache = BuildCache(tmp_path / f"{len(dictionary)}.sqlite", compress=True)
        cache.dictionary = dictionary
        for number in range(100):
            cache.put(b"%d" % number, page + b"<p>%d</p>" % number)
        cache.close()
        sizes.append((tmp_path / f"{len(dictionary)}.sqlite").stat().st_size)
    assert sizes[1] < sizes[0]
    cache = BuildCache(tmp_path / f"{len(page)}.sqlite", compress=True)
    assert cache.get(b"7") is None
    cache.dictionary = page
    assert cache.get(b"7") == page + b"<p>7</p>"


def test_the_cache_does_not_grow_with_changes(paths: BuildPaths) -> None:
    day = min((paths.content / "days").rglob("*.md"))
    text, sizes = day.read_text(), []
    for number in range(8):
        day.write_text(f"{text}\n## 23:{number:02} Edit {number}\n\n{' '.join(map(str, range(number, 3000, 7)))}\n")
        build_site(paths)
        sizes.append(sum(file.stat().st_size for file in paths.cache.rglob("*.sqlite")))
    assert max(sizes) <= 1.4 * sizes[0]


def test_cache_keeps_the_values_of_a_group_that_is_used(tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite"
    cache = BuildCache(file)
    for number in range(20):
        cache.put(b"%d" % number, b"data")
    cache.close()
    cache = BuildCache(file)
    cache.touch_group(10, lambda: (b"%d" % number for number in range(10)))
    cache.close()
    cache = BuildCache(file)
    assert [cache.has(b"%d" % number) for number in (0, 9, 10, 19)] == [True, True, False, False]


def test_cache_that_a_failed_build_left_open_is_closed_with_it_but_not_by_a_child(tmp_path: Path) -> None:
    cache = BuildCache(tmp_path / "cache.sqlite")
    database = cache._database
    assert database
    _close_database(database, owner=os.getpid() + 1)
    database.execute("SELECT 1")
    del cache
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        database.execute("SELECT 1")
