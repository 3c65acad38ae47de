"""From an empty folder to a published archive of its own, and to the next version, in ten commands."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from own_archive import add_environment, copy_wheel, daybook, renumbered
from paths import ROOT
from PIL import Image

from daybook import cli
from daybook.publish.checks import check_site

SITEURL = "https://example.org/their-repo"
POST = (
    '<article class="post"><time datetime="2031-04-{day:02}T{time}:00Z">{time}</time>'
    "<h2>{title}</h2><p>{text}</p></article>"
)
# Of each page: outlet, hour of capture, and posts as day, time, headline and text.
PAGES = [
    ("Allerbote", 10, [(9, "09:00", "Tor 3 zu", "Am dritten Tor steht das Wasser bei 7,2 Metern, sagt das Amt."),
                       (9, "08:00", "Schule zu", "In Weide bleibt die Schule heute geschlossen."),
                       (9, "07:00", "Pegel steigt", "Der Pegel steigt seit Mitternacht langsam weiter.")]),
    ("Allerbote", 12, [(9, "09:00", "Tor 3 zu", "Am dritten Tor steht das Wasser bei 7,4 Metern, sagt das Amt."),
                       (9, "08:00", "Schule zu", "In Weide bleibt die Schule heute geschlossen."),
                       (9, "07:00", "Pegel steigt", "Der Pegel steigt seit Mitternacht langsam weiter.")]),
    ("Holmer Blatt", 11, [(9, "10:30", "Fähre ruht", "Die Fähre nach Holm fährt bis zum Abend nicht."),
                          (9, "09:45", "Helfer kommen", "Aus Holm kommen sechzig Helfer mit Sand."),
                          (9, "06:15", "Nacht ruhig", "Die Nacht am Deich verlief ohne Zwischenfall.")]),
    ("Holmer Blatt", 18, [(10, "17:30", "Fähre fährt", "Die Fähre nach Holm legt wieder ab."),
                          (10, "16:00", "Wasser sinkt", "Der Pegel sinkt um vier Zentimeter in der Stunde."),
                          (10, "15:00", "Dank", "Die Gemeinde dankt allen, die geholfen haben.")]),
    ("Radio Weide", 13, [(9, "12:30", "Straße gesperrt", "Die Brücke an der Mühle ist für Autos gesperrt."),
                         (9, "11:15", "Vermisster Hund", "Gesucht wird der Hund von Frau M. aus der Gasse 4."),
                         (9, "10:00", "Strom da", "In allen Häusern gibt es wieder Strom.")]),
    ("Radio Weide", 19, [(10, "18:10", "Brücke offen", "Die Brücke an der Mühle ist wieder offen."),
                         (10, "14:40", "Schule offen", "Morgen beginnt der Unterricht wie gewohnt."),
                         (10, "13:20", "Bilanz", "Das Amt nennt zwölf beschädigte Häuser.")]),
]  # fmt: skip
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3" fill="#05a"/></svg>'


def write_pages(folder: Path) -> None:
    """Save six pages of three outlets, with the address and the time of capture that the pages do not state."""
    folder.mkdir()
    for number, (outlet, hour, posts) in enumerate(PAGES):
        slug, day = outlet.lower().replace(" ", "-"), posts[0][0]
        rows = "".join(POST.format(day=day, time=time, title=title, text=text) for day, time, title, text in posts)
        head = f"<title>Flut an der Aller im Liveblog</title><meta property='og:site_name' content='{outlet}'>"
        head = f"<head><meta charset='utf-8'>{head}</head>"
        page = f"<!doctype html><html lang='de'>{head}<body><main>{rows}</main></body></html>"
        (folder / f"{number}.html").write_text(page, encoding="utf-8")
        hints = f'url = "https://{slug}.example/live-{day}"\noutlet = "{outlet}"\n'
        (folder / f"{number}.html.toml").write_text(f'{hints}captured = "2031-04-{day:02}T{hour}:00:00Z"\n')


def make(folder: Path, *words: str) -> str:
    names = ["CONTENT", "OUTPUT", "CACHE", "CONF", "SITEURL", "PORT", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"]
    command = ["env", *(word for name in names for word in ("-u", name)), "make", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"make {' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_an_archive_of_ones_own_in_ten_commands(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ida")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ida@aller.example")
    version = wheel.name.split("-")[1]
    released = copy_wheel(wheel, tmp_path / "releases" / f"v{version}")
    write_pages(tmp_path / "saved")
    options = ("--first-day", "2031-04-01", "--zone", "Europe/Berlin", "--lang", "de", "--wheel", str(released))
    done = daybook(tmp_path, "new", "flut", "--name", "Flut an der Aller", *options)  # 1
    assert done.returncode == 0, done.stderr
    archive = tmp_path / "flut"
    add_environment(archive)
    assert "6 " not in make(archive, "ingest", "PAGES=../saved").splitlines()[-1]  # 2
    days = archive / "content" / "days" / "2031"
    day = (days / "2031-04-09.md").read_text(encoding="utf-8")
    assert "7,4 Metern" in day and "[former]" in day, "the second capture corrects the first"
    assert day.count("\n## ") == 9 and (days / "2031-04-10.md").read_text().count("\n## ") == 6
    make(archive, "withdraw", "ENTRY=2031-04-09#t1315", "REASON=Nennt eine Privatperson")  # 3
    (archive / "theme" / "static").mkdir(parents=True)
    (archive / "theme" / "static" / "logo.svg").write_text(LOGO)
    Image.new("RGB", (640, 360), "teal").save(archive / "content" / "files" / "tor.jpg")
    day = (days / "2031-04-09.md").read_text(encoding="utf-8")
    by_hand = '\n## 23:10 Bild\n\n![Das dritte Tor](../../files/tor.jpg "Foto: Ida")\n'
    (days / "2031-04-09.md").write_text(day + by_hand, encoding="utf-8")
    conf = archive / "pelican.conf.py"
    conf.write_text(conf.read_text().replace('LICENSE = ""', 'LICENSE = "CC-BY-4.0"'))
    make(archive, "ingest")  # 4: stores the anchor of what was typed
    assert "not set, so not shown: AUTHORS, CONTACT" in make(archive, "check")  # 5
    make(archive, "publish", f"SITEURL={SITEURL}")  # 6
    assert make(archive, "commit").startswith("committed: content: 2031-04-09 to 2031-04-10")  # 7
    site = archive / "output"
    assert list(check_site(site, SITEURL)) == []
    page = (site / "2031" / "04" / "09" / "index.html").read_text(encoding="utf-8")
    assert '<html lang="de"' in page and f'<link rel="canonical" href="{SITEURL}/2031/04/09/">' in page
    assert 'src="../../../files/tor.jpg" width="640" height="360"' in page and "Foto: Ida" in page
    assert "Nennt eine Privatperson" in page and "Frau M." not in page and 'height="28"' in page
    assert not [path for path in site.rglob("*") if path.is_file() and "Frau M." in path.read_text("utf-8", "replace")]
    assert_same_as_in_a_fork(archive, tmp_path / "fork", monkeypatch)
    listed = (archive / "content" / "addresses.txt").read_text()
    newer = tmp_path / "releases" / "v9.1.0"
    newer.mkdir()
    renumbered(wheel, "9.1.0", newer, **{"CHANGELOG.md": "## 9.1.0\n\n### Files\n\n- Nothing to do.\n\n"})
    assert "- Nothing to do." in make(archive, "upgrade", "VERSION=9.1.0")  # 8
    assert "0 day files converted" in make(archive, "convert")  # 9
    make(archive, "publish", f"SITEURL={SITEURL}")  # 10
    assert (archive / "content" / "addresses.txt").read_text() == listed
    (metadata,) = (archive / ".venv").glob("lib/*/site-packages/daybook_archive-9.1.0.dist-info")
    assert metadata.is_dir() and not (archive / "scripts").exists()


def assert_same_as_in_a_fork(archive: Path, fork: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Build the archive with the checkout's code: content files and addresses are the same."""
    shutil.copytree(archive, fork, ignore=shutil.ignore_patterns(".venv", ".git", "output", ".cache", "addresses.txt"))
    before = {path.name: path.read_bytes() for path in (fork / "content").rglob("*.md")}
    with monkeypatch.context() as context:
        context.chdir(fork)
        assert cli.main(["ingest", str(archive.parent / "saved")], {"STRICT": "0"}) == 0
        assert cli.main(["publish", "--siteurl", SITEURL], {}) == 0
    assert {path.name: path.read_bytes() for path in (fork / "content").rglob("*.md")} == before
    one, other = (path / "content" / "addresses.txt" for path in (archive, fork))
    assert one.read_bytes() == other.read_bytes()


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=False)
    return done.stdout


def test_two_maintainers_ingest_the_same_day_on_branches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pages(tmp_path / "saved")
    archive = tmp_path / "flut"
    archive.mkdir()
    (archive / "pelican.conf.py").write_text('SITENAME = "Aller"\nFIRST_DAY = "2031-04-01"\nDEFAULT_LANG = "de"\n')
    shutil.copy(ROOT / "scripts/daybook/publish/skeleton/gitattributes", archive / ".gitattributes")
    shutil.copy(ROOT / "scripts/daybook/publish/skeleton/gitignore", archive / ".gitignore")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ida")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ida@aller.example")
    monkeypatch.chdir(archive)
    git(archive, "init", "--quiet", "--initial-branch=main")
    assert cli.main(["ingest", str(tmp_path / "saved" / "0.html")], {}) == 0
    git(archive, "add", "--all")
    git(archive, "commit", "--quiet", "--message", "Start")
    for branch, page in (("main", 2), ("captures", 4)):
        git(archive, "switch", "--quiet", *(["--create"] if branch != "main" else []), branch)
        if branch == "captures":
            git(archive, "reset", "--quiet", "--hard", "main~1")
        assert cli.main(["ingest", str(tmp_path / "saved" / f"{page}.html")], {}) == 0
        assert cli.main(["commit"], dict(os.environ)) == 0
    # What a reviewer reads: only lines that the page brought, below the headings of the entries that they follow.
    diff = git(archive, "diff", "captures~1", "captures", "--unified=0", "--", "content/days")
    removed = [line for line in diff.splitlines() if re.match(r"-(?!--)", line)]
    assert removed == [] or all("collected" in line for line in removed)
    assert len([line for line in diff.splitlines() if line.startswith("+## ")]) == 3
    assert re.search(r"^@@ .* @@ ## \d\d:\d\d ", diff, re.MULTILINE), "a hunk names the entry above it"
    git(archive, "merge", "--quiet", "main")
    assert cli.main(["merge"], dict(os.environ)) == 0
    git(archive, "commit", "--quiet", "--no-edit")
    day = (archive / "content" / "days" / "2031" / "2031-04-09.md").read_text(encoding="utf-8")
    assert day.count("\n## ") == 9 and "<<<<<<<" not in day
    assert git(archive, "status", "--porcelain") == ""
    assert cli.main(["check"], {}) == 0
