"""For those who take over: an archive about something else, by settings and the README's commands alone."""

import re
import shlex
from pathlib import Path

import pytest
from checkouts import copy_checkout, run
from paths import ROOT, SAMPLE

from daybook.cli import main
from daybook.core.config import BuildPaths, load_config
from daybook.publish.checks import check_site

CONF = """\
SITENAME = "The long strike"
FIRST_DAY = "2027-01-11"
TIMEZONE = "Asia/Tokyo"
PLACES = {"Lima": "America/Lima"}
"""
TOPIC = """\
---
name: "Night shift"
kind: "theme"
aliases:
  - "night shift"
---

Who works while others sleep.
"""
PAGE = """\
The strike, live

2130 JST The night shift stays out

Nobody went in at the depot gates, the union said.

0815 JST Talks begin

Both sides met at eight in the morning.
"""


def make(folder: Path, *words: str) -> str:
    done = run(shlex.join(["make", *words]), folder)
    assert done.returncode == 0, f"make {' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def fork(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fork with other settings, its own page taken in, and published below a folder."""
    conf = tmp_path_factory.mktemp("settings") / "conf.py"
    conf.write_text(CONF)
    folder = copy_checkout(tmp_path_factory.mktemp("fork") / "strike", None, conf)
    (folder / "content" / "topics").mkdir(parents=True)
    (folder / "content" / "topics" / "night-shift.md").write_text(TOPIC)
    (folder / "saved").mkdir()
    (folder / "saved" / "strike.txt").write_text(PAGE)
    make(folder, "ingest", "PAGES=saved/strike.txt", "OUTLET=The Depot Paper", "DATE=2027-01-13")
    make(folder, "publish", "SITEURL=https://example.org/their-repo")
    return folder


def test_a_fork_is_an_archive_of_its_own(fork: Path) -> None:
    page = (fork / "output" / "2027" / "01" / "13" / "index.html").read_text()
    assert "The long strike" in page and "Day 3" in page and "The Depot Paper" in page
    assert page.index('id="t0815"') < page.index('id="t2130"')
    assert "07:30" in page, "21:30 in Tokyo is half past seven in Lima"
    assert "topics/night-shift/" in page
    assert (fork / "output" / "day" / "3" / "index.html").exists()
    assert list(check_site(fork / "output", "https://example.org/their-repo")) == []


def test_nothing_of_the_sample_is_left(fork: Path) -> None:
    name = load_config(BuildPaths(conf=SAMPLE / "conf.py")).name
    for path in sorted((fork / "output").rglob("*.html")):
        text = path.read_text()
        assert name not in text and "Ukraine" not in text and "Kyiv" not in text, path


def test_what_a_fork_published_stays(fork: Path) -> None:
    listed = (fork / "content" / "addresses.txt").read_text().splitlines()
    assert {"/2027/01/13/#t2130", "/day/3/", "/topics/night-shift/2027/01/"} <= set(listed)
    day = fork / "content" / "days" / "2027" / "2027-01-13.md"
    text = day.read_text()
    day.unlink()
    refused = run("make publish SITEURL=https://example.org/their-repo", fork)
    day.write_text(text)
    assert refused.returncode != 0
    assert "published address /2027/01/13/#t2130 no longer exists" in refused.stderr
    said = make(fork, "withdraw", "ENTRY=2027-01-13#t2130", 'REASON=The union\'s word, "withdrawn"')
    assert "anchor kept" in said
    make(fork, "publish", "SITEURL=https://example.org/their-repo")
    page = (fork / "output" / "2027" / "01" / "13" / "index.html").read_text()
    assert "The union&#39;s word, &#34;withdrawn&#34;" in page


def test_the_commit_hook_reads_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = tmp_path / "content"
    good, bad = content / "days" / "2027" / "2027-01-13.md", content / "topics" / "bad.md"
    for path in (good, bad):
        path.parent.mkdir(parents=True)
    good.write_text('---\ntitle: "x"\ndate: 2027-01-13\n---\n\n## 09:00 Fog\n\nNo ship moved.\n')
    bad.write_text('---\nname: "x"\nkind: "animal"\n---\n')
    assert main(["check", str(good)]) == 0
    assert main(["check", str(good), str(bad)]) == 1
    assert f"{bad}:3: unknown kind 'animal'" in capsys.readouterr().err


# A new file or lines to append, with its name in a comment, or commands of the shell.
BLOCK = re.compile(
    r"^```(?:sh\n|(?:python|jinja|toml|css|svg)\n(?:# |\{# |/\* |<!-- )(?P<name>\S+)(?: #\}| \*/| -->)?\n)"
    r"(?P<text>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
DIFF = re.compile(r"^```diff\n--- a/\S+\n\+\+\+ b/(\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def write_block(name: str, text: str, folder: Path) -> None:
    """Write a new file as it stands; append the text to a file that exists."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(path.read_text() + "\n" + text if path.exists() else text)


def follow_tutorial(folder: Path) -> None:
    """Do what CONTRIBUTING shows: new files, lines appended, hunks applied."""
    document = (ROOT / "CONTRIBUTING.md").read_text()
    for block in BLOCK.finditer(document):
        if block["name"]:
            write_block(block["name"], block["text"], folder)
    for name, hunks in DIFF.findall(document):
        source = (folder / name).read_text()
        for hunk in filter(None, hunks.split("@@\n")):
            rows = hunk.splitlines(keepends=True)
            before = "".join(row[1:] for row in rows if row[0] == " ")
            assert source.count(before) == 1, f"{name} no longer has\n{before}"
            source = source.replace(before, "".join(row[1:] for row in rows if row[0] in " +"))
        (folder / name).write_text(source)


def test_the_tutorial_of_a_new_page_kind(tmp_path: Path) -> None:
    copy = copy_checkout(tmp_path / "copy", SAMPLE / "content", SAMPLE / "conf.py")
    follow_tutorial(copy)
    make(copy, "html")
    page = (copy / "output" / "longest" / "index.html").read_text()
    assert "<h1>The longest entries</h1>" in page
    assert len(re.findall(r'<li><a href="../2023/06/0[12]/#t\d{4}', page)) == 10
    assert list(check_site(copy / "output")) == []


def test_the_tutorial_of_an_own_look_with_a_plugin(tmp_path: Path) -> None:
    copy = copy_checkout(tmp_path / "copy", SAMPLE / "content", SAMPLE / "conf.py")
    sites = []
    for block in BLOCK.finditer((ROOT / "docs" / "customising.md").read_text()):
        if block["name"]:
            write_block(block["name"], block["text"], copy)
            continue
        done = run(block["text"], copy)
        assert done.returncode == 0, f"{block['text']}\n{done.stdout}\n{done.stderr}"
        if (copy / "output").exists():
            paths = sorted(path for path in (copy / "output").rglob("*") if path.is_file())
            sites.append({path.relative_to(copy / "output"): path.read_bytes() for path in paths})
            (copy / "output").rename(copy / f"output-{len(sites)}")
    made, alone = sites
    assert made == alone
    page = made[Path("reading-time/index.html")].decode()
    minutes = re.findall(r'<li><a href="../2023/06/0[12]/">\w+, [12] June 2023</a>: (\d)</li>', page)
    assert len(minutes) == 2 and f"<p>{sum(map(int, minutes))} minutes in all</p>" in page
    day = made[Path("2023/06/02/index.html")].decode()
    assert "<p>Kept by the harbour library.</p>" in day and 'alt="" height="28"> The sample daybook</a>' in day
    assert '<a href="../../../images/harbour.svg">The harbour</a>' in day
    assert '<li><a href="https://harbour.example/">Harbour office</a></li>' in day
    assert made[Path("CNAME")] == b"daybook.example\n"
    sheets = {path.name.split(".")[0]: data for path, data in made.items() if path.suffix == ".css"}
    assert set(sheets) == {"site", "search"}
    for styles in sheets.values():
        assert styles.rstrip().endswith(b"}")
        assert styles.index(b"--accent: #0a5560") < styles.index(b"--accent: #8c1d18")
    assert list(check_site(copy / "output-2")) == []
