"""Mistakes of those who keep an archive: links, strange files, interrupted and doubled commands."""

import os
from pathlib import Path

import pytest
from forked import run_forked

from daybook.cli import main

CONF = 'SITENAME = "Harbour"\nFIRST_DAY = "2031-04-08"\n'
RECORD = '{"at": "2031-04-09T10:00:00Z", "headline": "Rain", "text": "It rained on the quay."}\n'
DAY = "---\ntitle: x\ndate: 2031-04-09\n---\n\n## 10:00 Rain\n\nIt rained on the quay.\n"


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty archive that the environment names."""
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "entries.jsonl").write_text(RECORD)
    names = {"CONTENT": "content", "OUTPUT": "site", "CACHE": "cache", "CONF": "conf.py"}
    for name, path in names.items():
        monkeypatch.setenv(name, str(tmp_path / path))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "content"


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_ingest_writes_through_no_link(content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere = put(tmp_path / "elsewhere" / "2031-04-09.md", DAY)
    (content / "days").mkdir(parents=True)
    (content / "days" / "2031").symlink_to(elsewhere.parent)
    for arguments in ([], ["--records", "entries.jsonl"]):
        assert main(["ingest", *arguments]) == 1
        assert "days/2031: symbolic links are not allowed" in capsys.readouterr().err
    assert elsewhere.read_text() == DAY


def test_ingest_keeps_no_ledger_through_a_link(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "elsewhere").mkdir()
    content.mkdir()
    (content / "ledger").symlink_to(tmp_path / "elsewhere")
    page = put(tmp_path / "page.txt", "Harbour live\n\nApril 9, 2031\n\n10:00 GMT Rain\n\nIt rained on the quay.\n")
    assert main(["ingest", str(page)]) == 1
    assert "ledger: symbolic links are not allowed" in capsys.readouterr().err
    assert not (content / "days").exists() and not any((tmp_path / "elsewhere").iterdir())


def test_anchors_are_stored_beside_an_editors_lock_and_a_pipe_is_named(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = put(content / "days" / "2031" / "2031-04-09.md", DAY)
    day.with_name(".#2031-04-09.md").symlink_to("somebody@a-host.1234")
    assert main(["ingest"]) == 0
    assert '[anchor]: # "t1000"' in day.read_text()
    os.mkfifo(day.with_name("2031-04-10.md"))
    assert main(["ingest"]) == 1
    assert "2031-04-10.md: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("force", "said"),
    [
        ("2031-04-09#t1001", "2031-04-09.md: FORCE=2031-04-09#t1001: there is no such entry; see the [anchor] lines"),
        ("2031-04-10#t1000", "2031-04-10.md: FORCE=2031-04-10#t1000: there is no such entry; check the date"),
        ("2031-04-10#lede", "2031-04-10.md: FORCE=2031-04-10#lede: there is no such entry; check the date"),
    ],
)
def test_force_of_what_is_not_there_is_named(
    content: Path, capsys: pytest.CaptureFixture[str], force: str, said: str
) -> None:
    assert main(["ingest", "--records", "entries.jsonl"]) == 0
    Path("entries.jsonl").write_text(RECORD.replace("rained", "snowed"))
    assert main(["ingest", "--records", "entries.jsonl", "--force", force]) == 1
    assert said in capsys.readouterr().err
    assert "snowed" not in (content / "days" / "2031" / "2031-04-09.md").read_text()


def test_force_needs_a_page(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", "--force", "2031-04-09#t1000"]) == 1
    assert "name the page with PAGES= or RECORDS= too" in capsys.readouterr().err


@pytest.mark.parametrize(("command", "said"), [("withdraw", "ENTRY="), ("move", "ENTRY="), ("join", "A=")])
def test_an_entry_that_is_not_named_is_asked_for(
    content: Path, capsys: pytest.CaptureFixture[str], command: str, said: str
) -> None:
    assert main([command], {**os.environ, "TO": "2031-04-10", "REASON": "Twice"}) == 1
    assert capsys.readouterr().err == f"no entry is named; write it as {said}2023-06-02#t1329\n"


@pytest.mark.parametrize("theme", ["'nowhere'", "7"])
def test_a_theme_that_is_not_there_is_named(content: Path, capsys: pytest.CaptureFixture[str], theme: str) -> None:
    Path("conf.py").write_text(f"{CONF}THEME = {theme}\n")
    assert main(["build"]) == 1
    assert f"conf.py: THEME: {theme.strip(chr(39))!r} is not a folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("DEFAULT_LANG = 5", 'DEFAULT_LANG must be non-empty text; set it, as in DEFAULT_LANG = "…"'),
        ('SITENAME = "Harb\\udce9"', "SITENAME: the character U+DCE9 is not allowed in text; remove it"),
        ("DATE_FORMATS = 5", "DATE_FORMATS must be a dictionary; correct it or delete it"),
        ("STATIC_EXCLUDES = 'drafts'", "STATIC_EXCLUDES must be a list; correct it or delete it"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_named(
    content: Path, capsys: pytest.CaptureFixture[str], setting: str, said: str
) -> None:
    Path("conf.py").write_text(f"{CONF}{setting}\n")
    assert main(["build"]) == 1
    assert capsys.readouterr().err == f"{content.parent / 'conf.py'}: {said}\n"


OWN = "daybook.site.pelican_plugin"
TOPIC = '---\nname: "Quay"\nkind: "place"\n---\n'
# What a maintainer did: the settings, the files next to them, and the message.
MISTAKES: dict[str, tuple[str, dict[str, str], str]] = {
    # Settings.
    "a name of Pelican's with a letter too few": (
        'STATIC_PATH = ["extra"]',
        {},
        "conf.py: STATIC_PATH is no setting; did you mean STATIC_PATHS? ",
    ),
    "a name of Daybook's without its s": ("PLACE = {}", {}, "conf.py: PLACE is no setting; did you mean PLACES? "),
    "a name of Pelican's with a line too many": (
        'SITE_URL = "https://a.example"',
        {},
        "conf.py: SITE_URL is no setting; did you mean SITEURL? ",
    ),
    "a setting of an earlier Pelican": (
        'FILES_TO_COPY = ["x"]',
        {},
        "conf.py: FILES_TO_COPY is a setting of earlier versions of Pelican; write STATIC_PATHS and EXTRA",
    ),
    "another reader": (
        'READERS = {"rst": None}',
        {},
        "conf.py: READERS cannot be set: only .md files are read; delete",
    ),
    "addresses of articles": (
        'ARTICLE_URL = "{slug}/"',
        {},
        "conf.py: ARTICLE_URL cannot be set: the addresses of pages never change; delete it",
    ),
    "a feed of Pelican's": (
        'FEED_ALL_RSS = "rss.xml"',
        {},
        "conf.py: FEED_ALL_RSS cannot be set: Daybook writes its own feeds, those under feeds/; delete it",
    ),
    "numbered pages": (
        "DEFAULT_PAGINATION = 10",
        {},
        "conf.py: DEFAULT_PAGINATION cannot be set: lists are not divided",
    ),
    "Markdown extensions": ("MARKDOWN = {'x': 1}", {}, "conf.py: MARKDOWN cannot be set: a page is CommonMark with"),
    "a locale": ('LOCALE = "de_DE.UTF-8"', {}, "conf.py: LOCALE cannot be set: the output must not depend on"),
    "a menu that is no list": ("MENUITEMS = 5", {}, "conf.py: MENUITEMS must be a list; correct it or delete it"),
    "a menu of addresses alone": (
        'MENUITEMS = ["about/"]',
        {},
        """conf.py: MENUITEMS: 'about/' is not a title and an address; write each as ("Title", "address/")""",
    ),
    "a link that runs a program": (
        'LINKS = [("Run", "javascript:alert(1)")]',
        {},
        "conf.py: LINKS: 'javascript:alert(1)' is not an address; write https://…, mailto:… or a path",
    ),
    "a list of plugins that is text": ('PLUGINS = "x"', {}, 'conf.py: PLUGINS must be a list; write it as ["name'),
    "Daybook after another plugin": (
        f'PLUGINS = ["json", "{OWN}"]',
        {},
        f"conf.py: PLUGINS: name {OWN} first, and once",
    ),
    "an address that is none": (
        'SITEURL = "a.example"',
        {},
        "SITEURL 'a.example' is not an address; write it as https",
    ),
    # Plain files.
    "static files that are missing": (
        'STATIC_PATHS = ["photos"]',
        {},
        "conf.py: STATIC_PATHS: content/photos does not exist; create it or delete it here",
    ),
    "static files outside": ('STATIC_PATHS = ["../x"]', {}, "conf.py: STATIC_PATHS: '../x' is no part of the content"),
    "all content as static files": ('STATIC_PATHS = [""]', {}, "conf.py: STATIC_PATHS: '.' is no part of the content"),
    "day files as static files": (
        'STATIC_PATHS = ["days"]',
        {},
        "conf.py: STATIC_PATHS: 'days' belongs to the archive's own files; move plain files to another folder",
    ),
    "a static file through a link": (
        "",
        {"content/images/a.png": "-> /etc/passwd"},
        "content/images/a.png: symbolic links are not allowed in the content folder; copy the file here",
    ),
    "a static file at an address of the site": (
        'STATIC_PATHS = ["days.html"]\nEXTRA_PATH_METADATA = {"days.html": {"path": "days/index.html"}}',
        {"content/days.html": "x"},
        "content/days.html: its address days/index.html is needed for days/index.html, a file of the site itself; "
        "choose another path for it in EXTRA_PATH_METADATA",
    ),
    "a static file where the site has a folder": (
        'STATIC_PATHS = ["x.txt"]\nEXTRA_PATH_METADATA = {"x.txt": {"path": "topics"}}',
        {"content/x.txt": "x"},
        "content/x.txt: its address topics is needed for topics/",
    ),
    "a static file outside the site": (
        'STATIC_PATHS = ["x.txt"]\nEXTRA_PATH_METADATA = {"x.txt": {"path": "../x.txt"}}',
        {"content/x.txt": "x"},
        "content/x.txt: its address ../x.txt would be outside the site; choose another path",
    ),
    "another path for a file that is not static": (
        'STATIC_PATHS = []\nEXTRA_PATH_METADATA = {"extra/CNAME": {"path": "CNAME"}}',
        {"content/extra/CNAME": "a.example"},
        "conf.py: EXTRA_PATH_METADATA: 'extra/CNAME' lies in no folder of STATIC_PATHS; add it there",
    ),
    "another path for a file that is missing": (
        'STATIC_PATHS = ["extra"]\nEXTRA_PATH_METADATA = {"extra/CNAME": {"path": "CNAME"}}',
        {"content/extra/x": "x"},
        "conf.py: EXTRA_PATH_METADATA: content/extra/CNAME does not exist; create it or delete it here",
    ),
    # Folders of the content.
    "a folder of topics without its s": (
        "",
        {"content/topic/quay.md": TOPIC},
        "content/topic: this folder is not read; rename it to topics",
    ),
    "a folder of days in capitals": (
        "",
        {"content/Days/2031/2031-04-09.md": DAY},
        "content/Days: this folder is not read; rename it to days",
    ),
    "a list of addresses with another name": (
        "",
        {"content/address.txt": "/"},
        "content/address.txt: this file is not read; rename it to addresses.txt",
    ),
    "a file among the pages": ("", {"content/pages/x.txt": "x"}, "content/pages/x.txt: only .md files belong here"),
    # The theme.
    "a folder of templates that is missing": (
        'THEME_TEMPLATES_OVERRIDES = ["mine"]',
        {},
        "conf.py: THEME_TEMPLATES_OVERRIDES: 'mine' is not a folder next to this file; create or delete it",
    ),
    "a theme that is not complete": (
        'THEME = "theme"',
        {
            "theme/templates/base.html": "x",
            "theme/strings/en.toml": '[page]\nskip = "x"\n',
        },
        "theme/templates/404.html: the theme needs this template; copy it from Daybook's theme, or delete THEME",
    ),
    "a template with a misspelled name": (
        "",
        {"theme/templates/pages.html": "x"},
        "theme/templates/pages.html: this file replaces nothing in the theme; did you mean page.html?",
    ),
    "a template that is not closed": (
        "",
        {"theme/templates/page.html": "<p>\n{% if true %}\n"},
        "theme/templates/page.html:2: template syntax error: ",
    ),
    "a template that extends none": (
        "",
        {"theme/templates/page.html": '{% extends "bass.html" %}'},
        "theme/templates/page.html:1: the page about/ cannot be rendered: there is no template bass.html; ",
    ),
    "a value that no template has": (
        "",
        {"theme/templates/page.html": "<p>\n{{ mood }}"},
        "theme/templates/page.html:2: the page about/ cannot be rendered: 'mood' is undefined; correct the template",
    ),
    "a static file of the theme that is missing": (
        "",
        {"theme/templates/page.html": "<p>\n{{ static('mark.svg') }}"},
        "theme/templates/page.html:2: the page about/ cannot be rendered: the theme has no static file 'mark.svg'; ",
    ),
    "a style sheet with a misspelled name": (
        "",
        {"theme/static/css/token.css": "a{}"},
        "theme/static/css/token.css: this file replaces nothing in the theme; did you mean css/tokens.css?",
    ),
    "two logos": (
        "",
        {"theme/static/logo.svg": "<svg/>", "theme/static/logo.png": "x"},
        "theme/static/logo.png: there is another logo, logo.svg; delete one of them",
    ),
    "styles at the top of a theme": (
        "",
        {"theme/css/house.css": "a{}"},
        "theme/css: no part of a theme; a theme has the folders templates/, static/ and strings/: move this there",
    ),
    "a filter with a name of the theme's": (
        'JINJA_FILTERS = {"decimal": str}',
        {},
        "conf.py: JINJA_FILTERS: 'decimal' is a name of the theme's own; choose another",
    ),
    "a page of a template that is missing": (
        'DIRECT_TEMPLATES = ["colophon"]',
        {},
        "colophon.html: there is no template colophon.html; create it, or correct the name where it is used",
    ),
    # Plugins.
    "a plugin that is not installed": (
        'PLUGINS = ["no_such_plugin"]',
        {},
        "conf.py: PLUGINS: Pelican: Cannot load plugin `no_such_plugin`: Cannot import plugin `no_such_plugin`;",
    ),
    "a plugin that is not Python": (
        'PLUGIN_PATHS = ["plugins"]\nPLUGINS = ["gauge"]',
        {"plugins/gauge.py": "import os\ndef register(:\n"},
        "plugins/gauge.py:2: a plugin failed: SyntaxError: ",
    ),
    "a plugin that fails": (
        'PLUGIN_PATHS = ["plugins"]\nPLUGINS = ["gauge"]',
        {
            "plugins/gauge.py": "from pelican import signals\n\ndef read(generator):\n    return {}['level']\n\n"
            "def register():\n    signals.article_generator_finalized.connect(read)\n"
        },
        "plugins/gauge.py:4: a plugin failed: KeyError: 'level'; correct it or remove it from the settings",
    ),
    "a plugin that changes a day": (
        'PLUGIN_PATHS = ["plugins"]\nPLUGINS = ["gauge"]',
        {
            "plugins/gauge.py": "from pelican import signals\n\ndef change(generator):\n"
            "    generator.articles[0]._content = ''\n\n"
            "def register():\n    signals.article_generator_finalized.connect(change)\n",
            "content/days/2031/2031-04-09.md": DAY,
        },
        "plugins/gauge.py:4: a plugin failed: a plugin sets content of the day 2031-04-09, which has no effect",
    ),
    "a plugin that adds an article": (
        'PLUGIN_PATHS = ["plugins"]\nPLUGINS = ["gauge"]',
        {
            "plugins/gauge.py": "from pelican import signals\nfrom pelican.contents import Article\n\n"
            "def add(generator):\n    generator.articles.append(Article('x', {'title': 'x', 'date': "
            "generator.context['date'], 'status': 'published'}, settings=generator.settings))\n\n"
            "def set(generator):\n    import datetime\n"
            "    generator.context['date'] = datetime.datetime(2031, 4, 9)\n\n"
            "def register():\n    signals.article_generator_init.connect(set)\n"
            "    signals.article_generator_finalized.connect(add)\n"
        },
        "article.html: there is no template article.html; create it, or correct the name where it is used",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_settings_theme_or_plugins_is_named(content: Path, mistake: str) -> None:
    settings, files, said = MISTAKES[mistake]
    Path("conf.py").write_text(f"{CONF}{settings}\n")
    content.mkdir()
    for name, text in files.items():
        if text.startswith("-> "):
            Path(name).parent.mkdir(parents=True)
            Path(name).symlink_to(text[3:])
        else:
            put(Path(name), text)
    # In a process of its own: a plugin stays connected to Pelican's signals.
    done = run_forked(("build",), content.parent, os.environ)
    told = done.stderr.replace(f"{content.parent}/", "")
    assert (done.returncode, told.count("\n")) == (1, 1), done.stderr
    assert said in told


def test_settings_that_name_another_folder_than_the_command_are_refused(
    content: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("conf.py").write_text(f'{CONF}PATH = "texts"\n')
    monkeypatch.delenv("CONTENT")
    assert main(["build"]) == 1
    folder = Path.cwd()
    said = f"conf.py: PATH is the folder {folder}/texts, but this command uses {folder}/content"
    assert f"{said}; name one folder: CONTENT=" in capsys.readouterr().err
    assert not content.exists()
    monkeypatch.setenv("CONTENT", "texts")
    assert main(["build"]) == 0


def test_what_no_command_reads_is_named_at_each_build(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(content / "photos" / "quay.jpg", "x")
    put(content / "extra" / "CNAME", "a.example")
    put(content / "extra" / "notes.txt", "x")
    Path("conf.py").write_text(f'{CONF}STATIC_PATHS = ["extra/CNAME"]\n')
    for _ in range(2):
        assert main(["build"]) == 0
        cure = "to STATIC_PATHS to publish it, or move it to days/, topics/ or pages/"
        assert capsys.readouterr().err.splitlines() == [
            f"warning: {content}/photos: this folder is ignored; add 'photos' {cure}",
            f"warning: {content}/extra/notes.txt: this file is ignored; add 'extra/notes.txt' {cure}",
        ]


def test_what_is_no_site_alone_is_not_cleaned_away(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = put(content / "days" / "2031" / "2031-04-09.md", DAY)
    site = content.parent / "site"
    assert main(["build"]) == 0
    day.parent.parent.parent.rename(site / "content")
    with pytest.MonkeyPatch.context() as names:
        names.setenv("CONTENT", str(site / "content"))
        assert main(["clean"]) == 1
    assert f"{site}: CONTENT lies in it, {site / 'content'}, " in capsys.readouterr().err
    assert (site / "content" / "days" / "2031" / "2031-04-09.md").read_text() == DAY
    (site / "content").rename(content)
    assert main(["clean"]) == 0
    assert not site.exists()
    put(site / "index.html", "<p>mine</p>")
    put(content.parent / "new" / ".git" / "HEAD", "ref: refs/heads/main")
    for kept in ("site", "new"):
        with pytest.MonkeyPatch.context() as names:
            names.setenv("OUTPUT", str(content.parent / kept))
            assert main(["clean"]) == 0
        assert (content.parent / kept).exists()


@pytest.mark.parametrize("port", ["eighty", "99999"])
def test_an_impossible_port_is_named(
    content: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("PORT", port)
    monkeypatch.setattr("daybook.commands.build._build_in_subprocess", lambda config, environ: True)
    assert main(["serve"]) == 1
    assert capsys.readouterr().err.startswith(f"PORT={port}: ")


PAGE = "Harbour live\n\nApril 9, 2031\n\n1329 GMT Rain on the quay\n\nIt rained on the quay all day.\n"


def test_nothing_in_a_folder_of_pages_is_passed_over_without_a_word(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = put(Path("saved") / "a.txt", PAGE).parent
    put(Path("elsewhere") / "b.txt", PAGE)
    put(saved / ".git" / "HEAD", "ref: refs/heads/main\n")
    (saved / "gone.txt").symlink_to("nowhere")
    (saved / "more").symlink_to("../elsewhere")
    os.mkfifo(saved / "pipe.txt")
    assert main(["ingest", "saved"]) == 1
    told = capsys.readouterr()
    assert [line.partition(": ")[0] for line in told.err.splitlines()] == [
        *("saved/gone.txt", "saved/more", "saved/pipe.txt")
    ]
    assert "HEAD" not in told.out
    assert (content / "days" / "2031" / "2031-04-09.md").exists()


def test_a_name_that_is_no_text_stops_no_ingest(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(Path("saved") / "caf\udce9\x1b[31m\nentries: 9.txt", PAGE)
    assert main(["ingest", "saved"]) == 0
    (ledger,) = (content / "ledger").iterdir()
    assert ledger.read_text().startswith("page: caf\\udce9\\x1b[31m\\nentries: 9.txt\nsha256: ")
    assert "\x1b" not in capsys.readouterr().out


def test_what_is_no_page_is_not_read_to_its_end(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Path("film.mp4").open("wb") as film:
        film.truncate(20_000_000_000)  # a hole, which takes no room on the disk
    assert main(["ingest", "film.mp4", "/dev/zero"]) == 1
    assert "film.mp4: the page has more than 50,000,000 bytes; save it in parts\n" in capsys.readouterr().err
