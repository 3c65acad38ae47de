"""`make check`: every mistake of an archive is named at once, with only what a build needs."""

import re
import shutil
from pathlib import Path

import pytest
from checkouts import copy_checkout, run
from paths import FIXTURES

from daybook.cli import main
from harden.bad_input import TREES

HARBOUR = FIXTURES / "site"
DAY = '---\ntitle: "x"\ndate: 2031-04-08\n---\n\n'


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The content of a small archive, which the environment names."""
    shutil.copytree(HARBOUR / "content", tmp_path / "content")
    names = {name: tmp_path / name.lower() for name in ("CONTENT", "OUTPUT", "CACHE")} | {"CONF": HARBOUR / "conf.py"}
    for name, path in names.items():
        monkeypatch.setenv(name, str(path))
    monkeypatch.delenv("SITEURL", raising=False)
    return tmp_path / "content"


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_sound_archive_has_no_mistake(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith(f"{content}: 3 days, 2 topics, 1 page, no errors\n3 days, ")
    assert f"\n{content.parent / 'output'}: no errors in pages, links or published addresses\n" in told.out
    assert told.out.endswith("conf.py: not set, so not shown: LICENSE, AUTHORS, CONTACT\n")
    assert told.err == ""


def test_an_archive_that_is_not_there_yet_is_empty(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(content)
    assert main(["check"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith(f"{content}: 0 days, 0 topics, 0 pages, no errors\n0 days, ")
    assert told.err == ""


def test_every_mistake_is_named_at_once(
    content: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(content / "days/2031/2031-04-08.md", f"{DAY}## 09:60 Fog\n\nNo ship moved.\n")
    put(content / "days/2031/2031-04-10.md", DAY)
    put(content / "days/2031/notes.txt", "x")
    sourced = '## 10:00 Fog\n\n[anchor]: # "t1000"\n[source]: # "s4"\n\nNo ship moved.\n'
    put(content / "days/2031/2031-04-12.md", DAY.replace("08", "12") + sourced)
    put(content / "topics/fog.md", '---\nname: "Fog"\nkind: "weather"\n---\n')
    put(content / "topics/more/fog.md", '---\nname: "Fog"\n---\n')
    put(content / "pages/days.md", '---\ntitle: "Days"\n---\n')
    put(content / "pages/empty.md", "")
    put(content / "addresses.txt", "/\n2031/04/08/\n")
    put(content / "diary/x.md", "x")
    put(content / ".gitkeep", "")
    monkeypatch.setenv("CONF", str(content.parent / "no.conf.py"))
    assert main(["check"]) == 1
    told = capsys.readouterr().err.replace(f"{content}/", "").replace(f"{content.parent}/", "")
    assert sorted(line.partition("; ")[0] for line in told.splitlines()) == [
        "addresses.txt:2: invalid address '2031/04/08/'",
        "days/2031/2031-04-08.md:6: invalid time 09:60",
        "days/2031/2031-04-10.md: the file of 2031-04-08 must be days/2031/2031-04-08.md",
        "days/2031/2031-04-12.md:6: entry t1000 refers to source 's4', which is not in `sources` (none)",
        "days/2031/notes.txt: only .md files belong here",
        "no.conf.py: no such settings file",
        "pages/days.md: the address /days/ is reserved for the site",
        "pages/empty.md:1: the file must start with front matter",
        "topics/fog.md:3: unknown kind 'weather'; known: person, place, organisation, theme".partition("; ")[0],
        "topics/more/fog.md: topic files must be directly in topics/",
        "warning: diary: this folder is ignored",
    ]


def test_two_moved_entries_and_an_alias_of_two_topics(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moved = "".join(
        f'## {hour}:00\n\n[anchor]: # "t{hour}00"\n[moved]: # "2031-05-01#t{hour}00"\n\n' for hour in (10, 11)
    )
    put(content / "days/2031/2031-04-12.md", DAY.replace("08", "12") + moved)
    for slug in ("quay", "quays"):
        put(content / f"topics/{slug}.md", '---\nname: "Quay"\naliases:\n  - "quayside"\n---\n')
    assert main(["check"]) == 1
    told = capsys.readouterr().err
    assert re.findall(r"(t1\d00) was moved to", told) == ["t1000", "t1100"]
    assert f"{content}/topics: the alias 'quayside' belongs to two topics: quay and quays" in told


@pytest.mark.parametrize("name", TREES)
def test_what_a_build_refuses_is_named(content: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    shutil.rmtree(content)
    for file, text in TREES[name].items():
        path = content / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("-> "):
            path.symlink_to(text[3:])
        else:
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert main(["check"]) == 1
    assert str(content) in capsys.readouterr().err


def test_named_files_are_read_as_a_build_reads_them(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(content / "days/2031/2031-04-10.md", DAY)
    put(content / "pages/.hidden.txt", "x")
    put(content / "pages/page.html", "x")
    put(content / "addresses.txt", "x\n")
    names = ("days/2031/2031-04-09.md", "days/2031/2031-04-10.md", "pages/.hidden.txt", "pages/page.html")
    assert main(["check", *(str(content / name) for name in (*names, "addresses.txt", "topics/ferry.md"))]) == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[0].removeprefix(f"{content}/") for line in told] == [
        "days/2031/2031-04-10.md",
        "pages/page.html",
        "addresses.txt:1",
    ]


def test_an_address_that_no_page_answers_is_named(content: Path, capsys: pytest.CaptureFixture[str]) -> None:

    put(content / "addresses.txt", "/\n/2031/04/09/\n/2031/04/09/#t0101\n/2031/05/\n/about/\n")
    assert main(["build"]) == 0
    capsys.readouterr()
    assert main(["check"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert [line.removeprefix(f"{content}/addresses.txt: ").partition("; ")[0] for line in said] == [
        "published address /2031/04/09/#t0101 no longer exists",
        "published address /2031/05/ no longer exists",
    ]


def test_make_check_needs_what_a_build_needs_and_no_more(tmp_path: Path) -> None:
    copy = copy_checkout(tmp_path / "copy", HARBOUR / "content", HARBOUR / "conf.py")
    shutil.rmtree(copy / "tests")
    done = run("make check && make publish SITEURL=https://example.org/x && make check", copy, PATH="/usr/bin:/bin")
    assert done.returncode == 0, done.stderr
    assert "\noutput: no errors in pages, links or published addresses\n" in done.stdout
    day = copy / "content" / "days" / "2031" / "2031-04-09.md"
    day.write_text(day.read_text() + "\n## 23:61 Late\n\nIt was late.\n")
    (copy / "content" / "topics" / "empty.md").write_text("")
    done = run("make check", copy)
    assert done.returncode != 0
    assert "2031-04-09.md:" in done.stderr and "empty.md:1:" in done.stderr and "Traceback" not in done.stderr
    listed = run("make --dry-run check", copy).stdout
    assert ".venv/dev" not in listed and "pytest" not in listed and "checkers" not in listed
