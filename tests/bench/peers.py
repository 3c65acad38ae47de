"""The same days as sites of Hugo, Eleventy and stock Pelican, with minimal themes, for comparison.

Each program that is installed is measured: Hugo from PATH or the package `hugo`, Eleventy as `eleventy` from PATH,
Pelican with the package `markdown`, and Pagefind from the package `pagefind[bin]`.
"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from bench import pagefind
from bench.jobs import folder_size, timed
from bench.tables import Run
from daybook.archive.content import find_day_files, read_day_with_lines
from daybook.core.model import Day

_HUGO_CONF = """\
baseURL = "/"
title = "Peer"
buildFuture = true
disableKinds = ["rss", "sitemap"]
[taxonomies]
topic = "topics"
[permalinks.page]
"/" = "/:year/:month/:day/"
"""
_HUGO_BASE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>'
    '<body><main data-pagefind-body>{{ block "main" . }}{{ end }}</main></body></html>\n'
)
_HUGO_PAGE = """{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}
<p>{{ range .GetTerms "topics" }}<a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ end }}</p>
<p>{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</p>{{ end }}
"""
_HUGO_LIST = """{{ define "main" }}<h1>{{ .Title }}</h1>
<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
"""
_ELEVENTY_CONF = """\
module.exports = (config) => {
  const byTopic = (collections) => {
    const topics = new Map();
    for (const page of collections.getFilteredByGlob("days/*.md"))
      for (const topic of page.data.topics || [])
        topics.set(topic, [...(topics.get(topic) || []), page]);
    return [...topics].map(([name, pages]) => ({ name, pages }));
  };
  config.addCollection("days", (collections) => collections.getFilteredByGlob("days/*.md"));
  config.addCollection("topicPages", byTopic);
  return { dir: { input: ".", includes: "layouts", output: "public" }, markdownTemplateEngine: false };
};
"""
_ELEVENTY_DAY = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><main><h1>{{ title }}</h1>{{ content }}
<p>{% for topic in topics %}<a href="/topics/{{ topic }}/">{{ topic }}</a> {% endfor %}</p>
<p>{% assign before = collections.days | getPreviousCollectionItem: page %}{% if before %}
<a href="{{ before.url }}">{{ before.data.title }}</a>{% endif %}
{% assign after = collections.days | getNextCollectionItem: page %}{% if after %}
<a href="{{ after.url }}">{{ after.data.title }}</a>{% endif %}</p></main></body></html>
"""
_ELEVENTY_TOPIC = """---
pagination: { data: collections.topicPages, size: 1, alias: topic }
permalink: "/topics/{{ topic.name }}/"
---
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ topic.name }}</title></head>
<body><main><h1>{{ topic.name }}</h1>
<ul>{% for page in topic.pages %}<li><a href="{{ page.url }}">{{ page.data.title }}</a></li>{% endfor %}</ul>
</main></body></html>
"""
_ELEVENTY_DATA = 'module.exports = { layout: "day.liquid", permalink: (data) => `/days/${data.title}/` };\n'
_PELICAN_CONF = """\
SITENAME = "Peer"
TIMEZONE = "UTC"
PATH = "content"
ARTICLE_SAVE_AS = "{date:%Y}/{date:%m}/{date:%d}/index.html"
ARTICLE_URL = "{date:%Y}/{date:%m}/{date:%d}/"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
WITH_FUTURE_DATES = True
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
"""


def find_hugo() -> str | None:
    """Return the path of Hugo, from PATH or from the installed package `hugo`."""
    folders = [str(Path(folder).parents[2] / "bin") for folder in sys.path if folder.endswith("site-packages")]
    return shutil.which("hugo") or next(filter(None, (shutil.which("hugo", path=path) for path in folders)), None)


def presence() -> str:
    """Return which of the other programs are installed."""
    found = {
        "Hugo": bool(find_hugo()),
        "Eleventy": bool(shutil.which("eleventy")),
        "Pelican with its own theme": bool(find_spec("markdown")),
        "Pagefind": pagefind.is_installed(),
    }
    return "; ".join(f"{name}: {'measured' if is_there else 'not installed'}" for name, is_there in found.items())


class Peers:
    """Builds of the other programs on the same days. Hugo and Eleventy always build everything."""

    def __init__(self, folder: Path, content: Path) -> None:
        self.site, self.by_entry = folder / "hugo", folder / "hugo-entries"
        self.eleventy, self.pelican = folder / "eleventy", folder / "pelican"
        _write_hugo(self.site)
        _write_hugo(self.by_entry)
        # One day at a time: a child process starts with the memory of its parent.
        for day, _ in map(read_day_with_lines, find_day_files(content)):
            _write_pages(self.by_entry / "content/days", day, by_entry=True)
            _write_pages(self.site / "content/days", day)
            _write_pages(self.eleventy / "days", day)
            _write_article(self.pelican / "content", day)
        self.newest = f"{day.date}.md"
        _write_eleventy(self.eleventy)
        cache = str(self.pelican / "cache")
        conf = f"{_PELICAN_CONF}CACHE_PATH = {cache!r}\n"
        (self.pelican / "conf.py").write_text(conf, encoding="utf-8")

    def round(self) -> dict[str, Run]:
        """Build cold, again with a new day, and index."""
        runs = {}
        if hugo := find_hugo():
            command = [hugo, "--source", str(self.site), "--quiet"]
            runs |= self._with_a_new_day("Hugo", command, self.site / "content/days", self.site / "public")
            if pagefind.is_installed():
                runs["Pagefind"] = timed(pagefind.pagefind_command(self.site / "public"))
        return runs

    def once(self) -> dict[str, Run]:
        """Build and index a page for each entry; build with Eleventy and stock Pelican."""
        runs = {}
        if hugo := find_hugo():
            runs["Hugo by entry"] = timed([hugo, "--source", str(self.by_entry), "--quiet"])
            if pagefind.is_installed():
                runs["Pagefind by entry"] = timed(pagefind.pagefind_command(self.by_entry / "public"))
        if eleventy := shutil.which("eleventy"):
            folder = str(self.eleventy)
            command = ["sh", "-c", 'cd "$1" && exec "$2" --quiet', "sh", folder, eleventy]
            runs |= self._with_a_new_day("Eleventy", command, self.eleventy / "days", self.eleventy / "public")
        if find_spec("markdown"):
            output = self.pelican / "output"
            settings = str(self.pelican / "conf.py")
            command = [sys.executable, "-m", "pelican", "--quiet", "-s", settings, "-o", str(output)]
            runs |= self._with_a_new_day("Pelican", command, self.pelican / "content", output)
        return runs

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return the number of files and bytes of each site."""
        sites = {
            "Hugo": self.site / "public",
            "Hugo, a page an entry": self.by_entry / "public",
            "Eleventy": self.eleventy / "public",
            "Pelican with its own theme": self.pelican / "output",
        }
        return {name: folder_size(site) for name, site in sites.items() if site.is_dir()}

    def _with_a_new_day(self, name: str, command: Sequence[str], days: Path, output: Path) -> dict[str, Run]:
        newest = days / self.newest
        text = newest.read_bytes()
        shutil.rmtree(output, ignore_errors=True)
        newest.unlink()
        runs = {name: timed(command)}
        newest.write_bytes(text)
        return {**runs, f"{name} again": timed(command)}


def _write_hugo(site: Path) -> None:
    layouts = site / "layouts"
    layouts.mkdir(parents=True, exist_ok=True)
    (site / "hugo.toml").write_text(_HUGO_CONF, encoding="utf-8")
    for name, text in (("baseof", _HUGO_BASE), ("page", _HUGO_PAGE), ("list", _HUGO_LIST)):
        (layouts / f"{name}.html").write_text(text, encoding="utf-8")


def _write_eleventy(site: Path) -> None:
    (site / "layouts").mkdir(parents=True, exist_ok=True)
    files = {
        ".eleventy.js": _ELEVENTY_CONF,
        "layouts/day.liquid": _ELEVENTY_DAY,
        "topic.liquid": _ELEVENTY_TOPIC,
        "days/days.11tydata.js": _ELEVENTY_DATA,
    }
    for name, text in files.items():
        (site / name).write_text(text, encoding="utf-8")


def _write_pages(folder: Path, day: Day, *, by_entry: bool = False) -> None:
    """Write a day as one page, or as a page for each entry."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _pages(day, by_entry):
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def _pages(day: Day, by_entry: bool) -> Iterator[tuple[str, str]]:
    parts = [f"## {entry.time} {entry.headline}\n\n{entry.body}\n" for entry in day.entries]
    if not by_entry:
        yield day.date.isoformat(), _page(day, day.date.isoformat(), _topics(day), "\n".join(parts))
        return
    for entry, part in zip(day.entries, parts, strict=True):
        name = f"{day.date.isoformat()}-{entry.anchor}"
        yield name, _page(day, name, [topic.lstrip("+") for topic in entry.topics], part)


def _page(day: Day, name: str, topics: Sequence[str], body: str) -> str:
    items = "".join(f"  - {topic}\n" for topic in topics)
    listed = f"topics:\n{items}" if items else ""
    return f'---\ntitle: "{name}"\ndate: {day.date}\nslug: "{name}"\n{listed}---\n\n{body}'


def _write_article(folder: Path, day: Day) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    head = f"Title: {day.date}\nDate: {day.date}\nSlug: {day.date}\nTags: {', '.join(_topics(day))}\n\n"
    parts = [f"## {entry.time} {entry.headline}\n\n{entry.body}\n" for entry in day.entries]
    (folder / f"{day.date}.md").write_text(head + "\n".join(parts), encoding="utf-8")


def _topics(day: Day) -> list[str]:
    return sorted({topic.lstrip("+") for entry in day.entries for topic in entry.topics})
