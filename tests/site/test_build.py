"""Builds of a site: what is written, kept, removed and refused."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builds import build_site
from checkouts import copy_theme
from msgspec.structs import replace
from paths import FIXTURES, ROOT

from daybook.core.config import BuildPaths
from daybook.core.errors import ArchiveError
from daybook.incremental.cache import BuildCache
from daybook.incremental.output import BuildState, OutputFolder, static_output_files
from daybook.publish.checks import check_site
from daybook.site.views.theme import load_assets

HARBOUR = FIXTURES / "site"


@pytest.fixture
def places(tmp_path: Path) -> BuildPaths:
    shutil.copytree(HARBOUR / "content", tmp_path / "content")
    return BuildPaths(
        content=tmp_path / "content",
        output=tmp_path / "site",
        conf=HARBOUR / "conf.py",
        cache=tmp_path / "cache",
    )


def everything(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def day_file(places: BuildPaths, date: str) -> Path:
    return places.content / "days" / date[:4] / f"{date}.md"


def test_a_site_is_complete_and_a_second_build_changes_nothing(
    places: BuildPaths, capsys: pytest.CaptureFixture[str]
) -> None:
    build_site(places)
    first = everything(places.output)
    assert list(check_site(places.output)) == []
    assert {"2031/04/08/index.html", "day/1/index.html", "topics/weather/index.html", "404.html"} < set(first)
    assert {"notes/index.html", "about/index.html", "robots.txt", ".nojekyll"} < set(first)
    assert "day/0/index.html" not in first
    build_site(places)
    assert everything(places.output) == first
    begun, again = capsys.readouterr().out.splitlines()
    assert begun.startswith("3 days, 6 entries, ") and begun.endswith(" files written")
    assert again.endswith("; nothing changed")


def test_a_day_page_has_its_number_and_links(places: BuildPaths) -> None:
    build_site(places)
    page = (places.output / "2031/04/09/index.html").read_text()
    assert page.index("Day 2") < page.index("</h1>")
    assert 'href="../../../2031/04/08/#t2240"' in page
    assert page.index('id="t0005"') < page.index('id="t0005-2"')
    assert 'content="0; url=../../2031/04/08/"' in (places.output / "day/1/index.html").read_text()


def test_text_that_looks_like_a_template_or_markup_stays_text(places: BuildPaths) -> None:
    build_site(places)
    page = (places.output / "notes/index.html").read_text()
    assert "Notes &lt;for&gt; readers" in page
    assert "<code>{filename}</code> and &lt;b&gt;tags&lt;/b&gt; are text: {static}/x." in page


def test_an_error_names_file_and_line_and_keeps_the_old_site(places: BuildPaths) -> None:
    build_site(places)
    before = everything(places.output)
    path = day_file(places, "2031-04-08")
    path.write_text(path.read_text().replace("## 09:15", "## 24:60"))
    with pytest.raises(ArchiveError) as caught:
        build_site(places)
    assert str(caught.value).startswith(f"{path.resolve()}:14: invalid time 24:60")
    assert everything(places.output) == before


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("topics.md", '---\ntitle: "x"\n---\n', "the address /topics/ is reserved for the site"),
        ("x.md", '---\ntitle: "x"\nsave_as: ../evil.html\n---\n', "unknown key `save_as`"),
        ("x.md", "---\ntitle: \n---\n", "a page needs a `title`"),
        ("deep/notes.md", '---\ntitle: "x"\n---\n', "has the same address /notes/"),
    ],
)
def test_an_invalid_page_stops_the_build_before_it_writes(
    places: BuildPaths, name: str, text: str, reason: str
) -> None:
    path = places.content / "pages" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    with pytest.raises(ArchiveError, match=reason):
        build_site(places)
    assert not places.output.exists()


def test_a_broken_theme_stops_the_build_before_it_writes(places: BuildPaths, tmp_path: Path) -> None:
    copy_theme(tmp_path / "theme")
    conf = tmp_path / "conf.py"
    conf.write_text(places.conf.read_text() + 'THEME = "theme"\n')
    ours = BuildPaths(content=places.content, output=places.output, conf=conf, cache=places.cache)
    template = tmp_path / "theme" / "templates" / "components" / "entry.html"
    template.write_text(template.read_text() + "{% endif %}\n")
    with pytest.raises(ArchiveError, match=r"components/entry\.html:[0-9]+: template syntax error"):
        build_site(ours)
    template.with_name("entry.html").unlink()
    (tmp_path / "theme" / "templates" / "year.html").unlink()
    with pytest.raises(ArchiveError, match=r"year\.html: the theme needs this template"):
        build_site(ours)
    assert not places.output.exists()


def test_obsolete_files_are_removed(places: BuildPaths) -> None:
    build_site(places)
    (places.output / ".git").mkdir()
    (places.output / ".git" / "config").write_text("not ours")
    (places.output / ".index.html.x1.part").write_text("torn")
    day_file(places, "2031-03-31").unlink()
    build_site(places)
    after = everything(places.output)
    assert not [name for name in after if name.startswith("2031/03/") or name.endswith(".part")]
    assert not (places.output / "2031" / "03").exists()
    assert ".git/config" in after
    assert list(check_site(places.output)) == []


def test_an_output_folder_with_other_files_is_refused_and_kept(places: BuildPaths) -> None:
    places.output.mkdir()
    (places.output / "thesis.txt").write_text("ten years of work")
    with pytest.raises(ArchiveError, match="OUTPUT has files that Daybook did not write"):
        build_site(places)
    assert [path.name for path in places.output.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("name", ["content", "cache", "conf", "theme"])
def test_an_output_folder_that_contains_an_input_is_refused_and_kept(
    places: BuildPaths, tmp_path: Path, name: str
) -> None:
    build_site(places)
    inside = places.output / "mine"
    shutil.copytree(places.content, inside / "content")
    copy_theme(inside / "theme")
    theme = f"THEME = {str(inside / 'theme')!r}\n" if name == "theme" else ""
    for folder in (inside, tmp_path):
        (folder / "conf.py").write_text(f'SITENAME = "Harbour"\nFIRST_DAY = "2031-04-08"\n{theme}')
    conf = inside / "conf.py" if name == "conf" else tmp_path / "conf.py"
    changed = {"content": inside / "content", "cache": inside / "cache"}
    wrong = replace(places, conf=conf, **{name: changed[name]} if name in changed else {})
    before = everything(places.output)
    with pytest.raises(ArchiveError, match=rf"{name.upper()} lies in it, .*; name another OUTPUT"):
        build_site(wrong)
    assert everything(places.output) == before


def test_an_output_folder_inside_the_content_is_refused(places: BuildPaths) -> None:
    with pytest.raises(ArchiveError, match=r"it lies in CONTENT, .*; name another OUTPUT"):
        build_site(replace(places, output=places.content / "site"))
    assert not (places.content / "site").exists()


def test_hidden_pages_are_ignored_and_a_linked_folder_is_refused(places: BuildPaths, tmp_path: Path) -> None:
    page = '---\ntitle: "Draft"\n---\n\nNot yet.\n'
    for path in (places.content / "pages" / ".draft.md", places.content / "pages" / ".drafts" / "draft.md"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page)
    build_site(places)
    assert not (places.output / "draft").exists()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "draft.md").write_text(page)
    (places.content / "pages" / "more").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ArchiveError, match="pages/more: symbolic links are not allowed"):
        build_site(places)


def output_in(folder: Path) -> OutputFolder:
    return OutputFolder(folder / "site", BuildState(folder / "cache"), BuildCache(None))


def test_an_interrupted_build_can_be_repeated(tmp_path: Path) -> None:
    output = output_in(tmp_path)
    output.open()
    output.write(static_output_files([("2031/index.html", b"first")]))
    assert BuildState(tmp_path / "cache").unfinished
    again = output_in(tmp_path)
    again.open()
    again.write(static_output_files([("index.html", b"home")]))
    again.finish()
    assert sorted(everything(tmp_path / "site")) == ["index.html"]


@pytest.mark.parametrize("name", ["../x.html", "/x.html", "a/../../x.html", "", "out/x.html", "out/deeper/x.html"])
def test_nothing_is_written_outside_the_output(tmp_path: Path, name: str) -> None:
    output = output_in(tmp_path)
    output.open()
    (tmp_path / "site" / "out").symlink_to(tmp_path)
    with pytest.raises(ArchiveError, match="outside OUTPUT"):
        output.write(static_output_files([(name, b"x")]))
    assert not (tmp_path / "x.html").exists()


def test_two_pages_with_one_url_are_an_error(tmp_path: Path) -> None:
    output = output_in(tmp_path)
    output.open()
    output.write(static_output_files([("a/index.html", b"one")]))
    with pytest.raises(ArchiveError, match="two pages have the address a/index"):
        output.write(static_output_files([("a/index.html", b"two")]))
    assert (tmp_path / "site/a/index.html").read_bytes() == b"one"


def test_an_empty_archive_builds(places: BuildPaths) -> None:
    shutil.rmtree(places.content)
    build_site(places)
    assert places.content.is_dir()
    about = (places.output / "about/index.html").read_text()
    assert "Day 1 is 8 April 2031." in about
    assert list(check_site(places.output)) == []


def test_a_site_with_siteurl_has_canonical_links(places: BuildPaths) -> None:
    url = "https://example.org/archive"
    build_site(
        BuildPaths(content=places.content, output=places.output, conf=places.conf, cache=places.cache, siteurl=url)
    )
    assert f'<link rel="canonical" href="{url}/2031/04/08/">' in (places.output / "2031/04/08/index.html").read_text()
    assert f'href="{url}/days/"' in (places.output / "404.html").read_text()
    assert list(check_site(places.output, url)) == []


@pytest.mark.parametrize(
    "address",
    [
        *("example", "//a.example", "ftp://a.example", "https://a.example?x=1", "https://[x", "https://a.example:port"),
        *("https://me:secret@a.example", "https://a.example/a b", 'https://a.example/"><script>'),
    ],
)
def test_an_invalid_siteurl_is_refused(places: BuildPaths, address: str) -> None:
    with pytest.raises(ArchiveError, match=re.escape(f"SITEURL {address!r} is not an address")):
        build_site(replace(places, siteurl=address))
    assert not places.output.exists()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000/", "https://a.example:8443/an/archive/", "HTTPS://A.example"]
)
def test_siteurl_may_have_a_port_and_a_path(places: BuildPaths, address: str) -> None:
    build_site(replace(places, siteurl=address))
    assert f"{address.rstrip('/')}/" in (places.output / "404.html").read_text()


def run(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "scripts"), **variables}
    return subprocess.run([sys.executable, *command], env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def test_output_does_not_depend_on_time_zone_hash_seed_or_command(places: BuildPaths, tmp_path: Path) -> None:
    copy_theme(tmp_path / "theme")
    conf = tmp_path / "conf.py"
    feeds = " = ".join(f"{kind}_FEED_ATOM" for kind in ("AUTHOR", "CATEGORY", "TRANSLATION"))
    conf.write_text(
        f'{places.conf.read_text()}\nTHEME = "theme"\nCACHE_PATH = "cache"\n'
        f'PLUGIN_PATHS = ["{ROOT}/scripts"]\nPLUGINS = ["daybook.site.pelican_plugin"]\n'
        f"FEED_ALL_ATOM = AUTHOR_FEED_RSS = {feeds} = None\n"
    )
    build_site(BuildPaths(content=places.content, output=places.output, conf=conf, cache=places.cache))
    common = {"CONTENT": str(places.content), "CONF": str(conf), "CACHE": str(tmp_path / "c")}
    other = run(["-m", "daybook", "build"], OUTPUT=str(tmp_path / "b"), TZ="Asia/Tokyo", PYTHONHASHSEED="7", **common)
    assert (other.returncode, other.stderr) == (0, "")
    plain = [
        "-m",
        "pelican",
        str(places.content),
        "-s",
        str(conf),
        "-o",
        str(tmp_path / "p"),
        "--fatal",
        "warnings",
    ]
    result = run(plain, PYTHONHASHSEED="3")
    assert result.returncode == 0, result.stdout + result.stderr
    contents = [
        {name: data for name, (data, _) in everything(folder).items()}
        for folder in (places.output, tmp_path / "b", tmp_path / "p")
    ]
    for content in contents[1:]:
        assert [name for name in contents[0] if contents[0][name] != content.get(name)] == []
        assert contents[0].keys() == content.keys()


def test_the_command_prints_one_line_and_fails(places: BuildPaths, tmp_path: Path) -> None:
    path = day_file(places, "2031-04-09")
    path.write_text(path.read_text().replace("date: 2031-04-09\n", "date: 2031-04-31\n", 1))
    output = tmp_path / "none"
    variables = {"CONTENT": str(places.content), "OUTPUT": str(output), "CONF": str(places.conf)}
    result = run(["-m", "daybook", "build"], CACHE=str(places.cache), **variables)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1 and "2031-04-09.md:3: invalid date '2031-04-31'" in result.stderr
    assert not output.exists() or not any(output.iterdir())


def test_the_search_page_gets_only_the_styles_that_it_needs(tmp_path: Path) -> None:
    for folder, name in [("theme", "base"), ("theme", "fonts"), ("theme", "components/day"), ("house", "colours")]:
        (tmp_path / folder / f"static/css/{name}.css").parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / f"static/css/{name}.css").write_text(f"{name.rpartition('/')[2]} {{}}")
    assets = load_assets([tmp_path / "house", tmp_path / "theme"])
    assert assets.files[assets.static("search.css")] == b"base {}\ncolours {}"
    assert assets.files[assets.static("css")].count(b"{}") == 4


def test_style_sheets_lose_comments_and_indentation_only(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    text = """/*! licence */\n/* why */\na {\n  content: "/* kept */ ";  /* two\n  lines */\n}\n\n"""
    text += """b { content: 'it\\'s /*' }\n"""
    (tmp_path / "static/site.css").write_text(text)
    assets = load_assets([tmp_path])
    expected = b"""/*! licence */\na {\ncontent: "/* kept */ ";\n}\nb { content: 'it\\'s /*' }"""
    assert assets.files[assets.static("css")] == expected


def test_names_of_static_files_depend_on_their_bytes(tmp_path: Path) -> None:
    for name, text in [("css/b.css", "b{}"), ("css/a.css", "a{}"), ("js/x.js", "1"), (".hidden", "")]:
        (tmp_path / "static" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "static" / name).write_text(text)
    assets = load_assets([tmp_path])
    assert assets.files[assets.static("css")] == b"a{}\nb{}"
    assert len(assets.files) == 3
    old = assets.static("js/x.js")
    (tmp_path / "static/js/x.js").write_text("2")
    assert load_assets([tmp_path]).static("js/x.js") != old
    with pytest.raises(ArchiveError, match=r"no static file 'js/y.js'; known: css, js/x.js"):
        assets.static("js/y.js")
