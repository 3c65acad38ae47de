"""Pelican as its users know it: started alone, with plain files, other plugins and overridden templates."""

import logging
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pelican
import pytest
from forked import run_forked
from paths import FIXTURES, ROOT, SAMPLE

from daybook import cli
from daybook.archive.content import load_addresses
from daybook.publish.checks import check_site

HARBOUR = FIXTURES / "site"
PLUGIN = 'PLUGINS = ["daybook.site.pelican_plugin"]\n'


def pelican_main(words: list[str]) -> None:
    """Run Pelican in this process, which must end afterwards."""
    for name, module in list(sys.modules.items()):
        if "FIRST_DAY" in vars(module):  # modules of tests, which the plugin would take for the settings file
            del sys.modules[name]
    logging.getLogger().handlers.clear()  # those of pytest: Pelican adds its own only where there are none
    pelican.main(words)


class Archive:
    """A folder with settings and content, and commands run in it in forked processes.

    Commands with a PYTHONPATH run in new processes.
    """

    def __init__(self, folder: Path, fixture: Path, settings: str = "") -> None:
        """Copy the content of a fixture; `settings` are lines after those of the fixture."""
        self.folder = folder
        shutil.copytree(fixture / "content", folder / "content")
        self.put("pelican.conf.py", (fixture / "conf.py").read_text() + settings)

    def put(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def run(self, *words: str, **variables: str) -> str:
        """Run a Python module with arguments; return what it printed on standard output."""
        done = self.run_anyway(*words, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run_anyway(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        names = {
            name: value for name, value in os.environ.items() if name not in ("CONTENT", "OUTPUT", "CACHE", "CONF")
        }
        names |= {"PYTHONPATH": str(ROOT / "scripts"), "SITEURL": "", **variables}
        if "PYTHONPATH" not in variables:
            program = {"daybook": cli.main, "pelican": pelican_main}[words[0]]
            return run_forked(words[1:], self.folder, names, program=program)
        command = [sys.executable, "-m", *words]
        return subprocess.run(command, cwd=self.folder, env=names, capture_output=True, text=True, check=False)

    def site(self, output: str = "output") -> dict[str, bytes]:
        root = self.folder / output
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def times(self) -> dict[str, int]:
        root = self.folder / "output"
        files = (path for path in root.rglob("*") if path.is_file())
        return {path.relative_to(root).as_posix(): path.stat().st_mtime_ns for path in files}

    def fresh_site(self) -> dict[str, bytes]:
        """Return the site that a build without any earlier one writes."""
        shutil.rmtree(self.folder / "fresh", ignore_errors=True)
        shutil.rmtree(self.folder / "fresh-cache", ignore_errors=True)
        self.run("daybook", "build", OUTPUT="fresh", CACHE="fresh-cache")
        return self.site("fresh")


def test_pelican_alone_builds_the_same_bytes(tmp_path: Path) -> None:
    archive = Archive(tmp_path, SAMPLE, PLUGIN)
    archive.run("daybook", "build")
    made = archive.site()
    for _ in range(2):
        archive.run("pelican", "content", "-s", "pelican.conf.py", "-o", "sites/of/mine")
        assert archive.site("sites/of/mine") == made
    archive.run("pelican", "-s", "pelican.conf.py", "--relative-urls", "-d")  # folders from the settings' defaults
    assert archive.site() == made


def test_pelican_finds_the_plugin_of_a_checkout_without_pythonpath(tmp_path: Path) -> None:
    archive = Archive(tmp_path, HARBOUR, f"PLUGIN_PATHS = [{str(ROOT / 'scripts')!r}]\n{PLUGIN}")
    archive.run("pelican", "content", "-s", "pelican.conf.py", "-o", "alone", PYTHONPATH="")
    archive.run("daybook", "build")
    assert archive.site("alone") == archive.site()


def test_an_address_of_the_site_may_be_in_any_of_the_usual_places(tmp_path: Path) -> None:
    archive, url = Archive(tmp_path, HARBOUR, PLUGIN), "https://example.org/archive"
    archive.run("daybook", "build", SITEURL=url)
    archive.run("pelican", "content", "-s", "pelican.conf.py", "-o", "alone", "-e", f'SITEURL="{url}"')
    assert archive.site("alone") == archive.site()
    archive.put("pelican.conf.py", (HARBOUR / "conf.py").read_text() + PLUGIN + f'SITEURL = "{url}/"\n')
    for _ in range(2):
        archive.run("daybook", "build", OUTPUT="named")
        assert archive.site("named") == archive.site()


def test_pelican_alone_refuses_what_make_refuses(tmp_path: Path) -> None:
    archive = Archive(tmp_path, HARBOUR, PLUGIN)
    archive.put("two.conf.py", (HARBOUR / "conf.py").read_text() + PLUGIN.replace("]", ', "no_such_plugin"]'))
    for words, said in [
        (("-e", 'ARTICLE_URL="{slug}/"'), "ARTICLE_URL cannot be set"),
        (("-s", "two.conf.py"), "PLUGINS: not all could be loaded, only daybook.site.pelican_plugin"),
        (("-o", "."), "OUTPUT has files that Daybook did not write"),
        (("-t", str(FIXTURES)), "the theme"),
    ]:
        done = archive.run_anyway("pelican", "content", "-s", "pelican.conf.py", "-o", "out", *words)
        told = " ".join((done.stdout + done.stderr).split())
        assert done.returncode != 0 and said in told, told
        assert not (tmp_path / "out" / "index.html").exists()


STATIC = """\
STATIC_PATHS = ["images", "extra", "downloads"]
STATIC_EXCLUDES = ["downloads/drafts"]
EXTRA_PATH_METADATA = {"extra/CNAME": {"path": "CNAME"}, "extra/robots.txt": {"path": "robots.txt"}}
"""


@pytest.fixture
def plain(tmp_path: Path) -> Archive:
    """An archive with plain files and a page that links to them."""
    archive = Archive(tmp_path, HARBOUR, STATIC + PLUGIN)
    archive.put("content/images/quay.svg", "<svg/>")
    archive.put("content/extra/CNAME", "example.org\n")
    archive.put("content/extra/robots.txt", "User-agent: *\nDisallow: /day/\n")
    archive.put("content/downloads/plan.html", "<h1>Plan</h1><h1>B</h1><a href='../images/quay.svg'>quay</a>")
    archive.put("content/downloads/drafts/plan.txt", "x")
    archive.put(
        "content/pages/map.md",
        "---\ntitle: The map\n---\n\n[Map](../images/quay.svg), [plan](../downloads/plan.html)\n",
    )
    archive.run("daybook", "build")
    return archive


def test_plain_files_are_published_as_pelican_does_it(plain: Archive) -> None:
    site = plain.site()
    assert site["images/quay.svg"] == b"<svg/>" and site["CNAME"] == b"example.org\n"
    assert site["robots.txt"] == b"User-agent: *\nDisallow: /day/\n"
    assert "downloads/plan.html" in site and not [name for name in site if "drafts" in name or name.startswith("extra")]
    assert list(check_site(plain.folder / "output")) == []
    plain.run("pelican", "content", "-s", "pelican.conf.py", "-o", "alone")
    assert plain.site("alone") == site


def test_plain_files_are_written_once_and_removed_with_their_source(plain: Archive) -> None:
    before = plain.times()
    assert plain.run("daybook", "build").splitlines()[0].endswith("; nothing changed")
    plain.put("content/images/quay.svg", "<svg></svg>")
    (plain.folder / "content/downloads/plan.html").unlink()
    plain.put("content/pages/map.md", "---\ntitle: The map\n---\n\n[Map](../images/quay.svg)\n")
    plain.run("daybook", "build")
    after = plain.times()
    assert after["CNAME"] == before["CNAME"] and after["images/quay.svg"] != before["images/quay.svg"]
    assert not (plain.folder / "output/downloads").exists()
    assert plain.site() == plain.fresh_site()


def test_plain_files_are_checked_published_and_released(plain: Archive) -> None:
    plain.run("daybook", "publish", SITEURL="https://example.org")
    assert "/downloads/plan.html" in load_addresses(plain.folder / "content")
    plain.run("daybook", "release")
    with zipfile.ZipFile(plain.folder / "release" / "site.zip") as packed:
        assert packed.read("site/images/quay.svg") == b"<svg/>"
    (plain.folder / "content/images/quay.svg").unlink()
    done = plain.run_anyway("daybook", "check")
    assert done.returncode == 1
    assert "output/map/index.html:" in done.stderr and "broken link ../images/quay.svg" in done.stderr


READER = """\
from pathlib import Path

from pelican import signals
from pelican.contents import Page
from pelican.generators import Generator

seen = []


def see(content):
    seen.append(content.slug)


def read(generator):
    words = sum(len(day.content.split()) for day in generator.articles)
    generator.context["harbour_words"] = words
    generator.context["harbour_topics"] = sorted({tag.url for day in generator.articles for tag in day.tags})


def add(generator):
    for page in generator.pages:
        page._content += "<p>Proofread.</p>"
    metadata = {"title": "Words", "slug": "words", "status": "published"}
    text = f"<p>{generator.context['harbour_words']} words</p>"
    generator.pages.append(Page(text, metadata, settings=generator.settings, context=generator.context))


def finish(pelican):
    Path(pelican.output_path, "seen.txt").write_text(" ".join(sorted(seen)))


class Own(Generator):
    def generate_output(self, writer):
        writer.write_file("harbour/list.html", self.get_template("harbour"), self.context, level="high")
        folder = Path(self.output_path, "tides")
        folder.mkdir(exist_ok=True)
        if not (folder / "table.csv").exists():
            (folder / "table.csv").write_text("hour,level\\n")


def register():
    signals.content_object_init.connect(see)
    signals.article_generator_finalized.connect(read)
    signals.page_generator_finalized.connect(add)
    signals.get_generators.connect(generators)
    signals.finalized.connect(finish)


def generators(pelican):
    return Own
"""


@pytest.fixture
def harbour(tmp_path: Path) -> Archive:
    """An archive with a plugin that reads, changes and adds, and with templates that show it."""
    settings = 'PLUGIN_PATHS = ["plugins"]\nPLUGINS = ["daybook.site.pelican_plugin", "harbour"]\nTIDE = "spring"\n'
    archive = Archive(tmp_path, HARBOUR, settings)
    archive.put("plugins/harbour.py", READER)
    archive.put(
        "theme/templates/harbour.html",
        '{% extends "base.html" %}{% block title %}List{% endblock %}\n'
        "{% block main %}<h1>{{ level }} {{ TIDE }}</h1>\n"
        '{% for day in articles %}<p><a href="{{ root }}{{ day.url }}">{{ day.date|long_date }}</a></p>{% endfor %}\n'
        '{% for url in harbour_topics %}<a href="{{ root }}{{ url }}">topic</a>{% endfor %}{% endblock %}',
    )
    archive.put(
        "theme/templates/base.html",
        '{% extends "!theme/base.html" %}{% block footer %}<p>{{ harbour_words }} in all</p>{% endblock %}',
    )
    archive.run("daybook", "build")
    return archive


def test_a_plugin_reads_changes_and_adds(harbour: Archive) -> None:
    site = {name: data.decode() for name, data in harbour.site().items() if name.endswith((".html", ".txt", ".csv"))}
    words = site["words/index.html"].partition(" words</p>")[0].rpartition("<p>")[2]
    assert int(words) > 50
    assert "<p>Proofread.</p>" in site["notes/index.html"] and "<p>Proofread.</p>" in site["about/index.html"]
    assert "<h1>high spring</h1>" in site["harbour/list.html"]
    assert '<a href="../2031/04/08/">Tuesday, 8 April 2031</a>' in site["harbour/list.html"]
    assert f"<p>{words} in all</p>" in site["2031/04/08/index.html"], "a day page has what a plugin computed"
    assert site["tides/table.csv"] == "hour,level\n"
    assert {"2031-04-08", "about", "notes", "words"} <= set(site["seen.txt"].split())
    assert list(check_site(harbour.folder / "output")) == []
    harbour.run("pelican", "content", "-s", "pelican.conf.py", "-o", "alone")
    assert harbour.site("alone") == harbour.site()


def test_with_a_plugin_a_warm_build_is_as_a_cold_one(harbour: Archive) -> None:
    day = harbour.folder / "content/days/2031/2031-04-08.md"
    plugin = harbour.folder / "plugins/harbour.py"
    edits = [
        lambda: None,
        lambda: day.write_text(f"{day.read_text()}\n## 23:50 Fog again\n\nNo ship moved that night.\n"),
        lambda: plugin.write_text(plugin.read_text().replace("Proofread", "Read twice")),
        lambda: plugin.write_text(
            plugin.read_text().replace('"harbour_words"] = words', '"harbour_words"] = 2 * words')
        ),
        lambda: plugin.write_text(plugin.read_text().replace("hour,level", "hour,metres")),
        lambda: plugin.write_text(plugin.read_text().replace("table.csv", "tables.csv")),
    ]
    for number, edit in enumerate(edits):
        before = harbour.times()
        edit()
        harbour.run("daybook", "build")
        assert harbour.site() == harbour.fresh_site(), number
        if not number:
            after = harbour.times()
            assert {name for name in after if after[name] != before[name]} == {"seen.txt", "tides/table.csv"}
    assert not (harbour.folder / "output/tides/table.csv").exists()
    harbour.put("pelican.conf.py", (HARBOUR / "conf.py").read_text())
    (harbour.folder / "theme/templates/base.html").unlink()
    harbour.run("daybook", "build")
    assert not (harbour.folder / "output/tides").exists() and not (harbour.folder / "output/seen.txt").exists()
    assert harbour.site() == harbour.fresh_site()


def test_a_plugin_runs_at_every_build(tmp_path: Path) -> None:
    """It may read what no digest covers; here it leaves no file of its own, so nothing else says that it ran."""
    archive = Archive(tmp_path, HARBOUR, 'PLUGIN_PATHS = ["plugins"]\nPLUGINS = ["level"]\n')
    archive.put(
        "plugins/level.py",
        "from pathlib import Path\n\nfrom pelican import signals\n\n\ndef add(generator):\n"
        "    for page in generator.pages:\n        page._content += Path('level.txt').read_text()\n\n\n"
        "def register():\n    signals.page_generator_finalized.connect(add)\n",
    )
    for level in ("<p>low</p>", "<p>high</p>"):
        archive.put("level.txt", level)
        archive.run("daybook", "build")
        assert level.encode() in archive.site()["notes/index.html"]
        assert archive.run("daybook", "build").splitlines()[0].endswith("; nothing changed")


MINIFIER = """\
from pathlib import Path
from pelican import signals

def shrink(path, context):
    Path(path).write_text(Path(path).read_text().replace("<!doctype html>", "<!DOCTYPE html>"))

def register():
    signals.content_written.connect(shrink)
"""


def test_a_plugin_may_change_a_page_after_it_was_written(tmp_path: Path) -> None:
    archive = Archive(tmp_path, HARBOUR, 'PLUGIN_PATHS = ["plugins"]\nPLUGINS = ["shrink"]\n')
    archive.put("plugins/shrink.py", MINIFIER)
    for _ in range(2):
        archive.run("daybook", "build")
        for name in ("2031/04/08/index.html", "notes/index.html"):
            assert archive.site()[name].startswith(b"<!DOCTYPE html>")


def test_templates_that_are_pages_by_themselves(tmp_path: Path) -> None:
    settings = 'DIRECT_TEMPLATES = ["colophon"]\nTEMPLATE_PAGES = {"extra/tides.html": "tides/index.html"}\n'
    archive = Archive(tmp_path, HARBOUR, settings)
    page = '{% extends "base.html" %}{% block title %}T{% endblock %}{% block main %}<h1>T</h1>{{ root }}{% endblock %}'
    archive.put("theme/templates/colophon.html", page)
    archive.put("content/extra/tides.html", page)
    archive.run("daybook", "build")
    site = archive.site()
    assert b"<h1>T</h1>./" in site["colophon.html"] and b"<h1>T</h1>../" in site["tides/index.html"]
    assert list(check_site(tmp_path / "output")) == []


def test_functions_of_the_settings_are_known_to_templates(tmp_path: Path) -> None:
    settings = 'from shout import shout\nJINJA_FILTERS = {"shout": shout}\n'
    archive = Archive(tmp_path, HARBOUR, settings)
    archive.put("shout.py", "def shout(text):\n    return text.upper()\n")
    archive.put(
        "theme/templates/base.html",
        '{% extends "!theme/base.html" %}{% block footer %}<p>{{ site.name|shout }}</p>{% endblock %}',
    )
    archive.run("daybook", "build", PYTHONPATH=os.pathsep.join([str(ROOT / "scripts"), str(tmp_path)]))
    name = (HARBOUR / "conf.py").read_text().partition('SITENAME = "')[2].partition('"')[0]
    assert f"<p>{name.upper()}</p>".encode() in archive.site()["2031/04/08/index.html"]
    archive.put("shout.py", "def shout(text):\n    return text.upper() + '!'\n")
    archive.run("daybook", "build", PYTHONPATH=os.pathsep.join([str(ROOT / "scripts"), str(tmp_path)]))
    assert f"<p>{name.upper()}!</p>".encode() in archive.site()["2031/04/08/index.html"]


def test_an_overlay_replaces_single_files_of_the_theme(tmp_path: Path) -> None:
    archive = Archive(tmp_path, HARBOUR, 'THEME_TEMPLATES_OVERRIDES = ["mine", "house/templates"]\n')
    archive.put("mine/page.html", '{% extends "!theme/page.html" %}{% block title %}Mine{% endblock %}')
    archive.put("house/templates/page.html", "unseen words")
    archive.put("house/templates/components/pager.html", "{% macro pager() %}<hr>{{ varargs[5:] }}{% endmacro %}")
    archive.put("house/static/css/base.css", ".instead {}")
    archive.put("house/static/css/after.css", ".after {}")
    archive.put("theme/static/css/after.css", "unseen words")
    archive.put("theme/static/icon.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    archive.run("daybook", "build")
    site = archive.site()
    assert b"<title>Mine " in site["notes/index.html"] and b"unseen words" not in b"".join(site.values())
    sheets = [data for name, data in site.items() if name.endswith(".css")]
    assert len(sheets) == 2, "the search page has one of its own"
    for styles in sheets:
        assert styles.index(b".instead {}") < styles.index(b".after {}") and styles.endswith(b".after {}")
        assert b"text-size-adjust" not in styles, "base.css is not the theme's"
    (icon,) = (data for name, data in site.items() if name.startswith("static/icon."))
    assert icon == b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def test_without_an_overlay_the_settings_name_no_theme(tmp_path: Path) -> None:
    archive = Archive(tmp_path, HARBOUR)
    archive.run("daybook", "build")
    before = archive.site()
    archive.put("theme/.gitkeep", "")
    archive.put("theme/README.md", "Nothing yet.")
    archive.run("daybook", "build")
    assert archive.site() == before
