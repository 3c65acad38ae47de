"""The same days as a site of Hugo, for comparison."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from daybook.core.model import Day

CONF = """\
baseURL = "/"
title = "Peer"
buildFuture = true
disableKinds = ["rss", "sitemap"]
[taxonomies]
topic = "topics"
[permalinks.page]
"/" = "/:year/:month/:day/"
"""
BASE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>'
    '<body><main data-pagefind-body>{{ block "main" . }}{{ end }}</main></body></html>\n'
)
PAGE = """{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}
<p>{{ range .GetTerms "topics" }}<a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ end }}</p>
<p>{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</p>{{ end }}
"""
LIST = """{{ define "main" }}<h1>{{ .Title }}</h1>
<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
"""


def find_hugo() -> str | None:
    """Return the path of Hugo, from PATH or from the installed package `hugo`."""
    folders = [str(Path(folder).parents[2] / "bin") for folder in sys.path if folder.endswith("site-packages")]
    return shutil.which("hugo") or next(filter(None, (shutil.which("hugo", path=path) for path in folders)), None)


def hugo_command(site: Path) -> list[str]:
    """Return the command that builds a site."""
    return [str(find_hugo()), "--source", str(site), "--quiet"]


def write_theme(site: Path) -> None:
    """Write settings and a minimal theme: pages with topics and links to the next page, lists of both."""
    layouts = site / "layouts"
    layouts.mkdir(parents=True, exist_ok=True)
    (site / "hugo.toml").write_text(CONF)
    for name, text in (("baseof", BASE), ("page", PAGE), ("list", LIST)):
        (layouts / f"{name}.html").write_text(text)


def write_day(site: Path, day: Day, *, by_entry: bool = False) -> Path:
    """Write a day as one page, or as a page for each entry; return the path of the last page."""
    folder = site / "content" / "days"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder
    for name, text in _pages(day, by_entry):
        path = folder / f"{name}.md"
        path.write_text(text)
    return path


def _pages(day: Day, by_entry: bool) -> Iterator[tuple[str, str]]:
    topics = sorted({topic.lstrip("+") for entry in day.entries for topic in entry.topics})
    parts = [f"## {entry.time} {entry.headline}\n\n{entry.body}\n" for entry in day.entries]
    if not by_entry:
        yield day.date.isoformat(), _page(day, day.date.isoformat(), topics, "\n".join(parts))
        return
    for entry, part in zip(day.entries, parts, strict=True):
        name = f"{day.date.isoformat()}-{entry.anchor}"
        yield name, _page(day, name, [topic.lstrip("+") for topic in entry.topics], part)


def _page(day: Day, name: str, topics: Sequence[str], body: str) -> str:
    items = "".join(f"  - {topic}\n" for topic in topics)
    listed = f"topics:\n{items}" if items else ""
    return f'---\ntitle: "{name}"\ndate: {day.date}\nslug: "{name}"\n{listed}---\n\n{body}'
