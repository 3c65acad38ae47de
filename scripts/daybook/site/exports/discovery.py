"""What search engines and browsers ask a site for: robots.txt, sitemaps, OpenSearch.

Sitemaps and OpenSearch are defined with absolute addresses only; without SITEURL there are none.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from markupsafe import Markup

from daybook.core.text import xml_attribute, xml_text
from daybook.site.views.urls import OPENSEARCH_FILE, SiteIdentity, file_to_url, relative_root
from daybook.site.views.view_models import DayView, EntryView, SourceView

_XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"


_YEAR = re.compile(r"(?:^|/)(\d{4})/")


_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def discovery_files(names: Iterable[str], imprint: SiteIdentity, label: str) -> Iterator[tuple[str, bytes]]:
    """Give the files for a site of the files `names`; `label` is what a browser calls its search."""
    robots = "User-agent: *\nAllow: /\n"
    if imprint.siteurl:
        robots += f"\nSitemap: {imprint.url('sitemap.xml')}\n"
        yield from sitemaps(names, imprint)
        yield OPENSEARCH_FILE, opensearch_description(imprint, label)
    yield "robots.txt", robots.encode()


def sitemaps(names: Iterable[str], imprint: SiteIdentity) -> Iterator[tuple[str, bytes]]:
    """Give the index and a sitemap for each year, and one for the pages of no year."""
    parts: dict[str, list[str]] = {}
    for name in sorted(names):
        if name.endswith(".html") and name != "404.html" and not name.startswith("day/"):
            year = _YEAR.search(name)
            parts.setdefault(year[1] if year else "pages", []).append(imprint.url(file_to_url(name)))
    files = {f"sitemap-{part}.xml": addresses for part, addresses in sorted(parts.items())}
    yield "sitemap.xml", _xml("sitemapindex", "sitemap", [imprint.url(name) for name in files])
    for name, addresses in files.items():
        yield name, _xml("urlset", "url", addresses)


def opensearch_description(imprint: SiteIdentity, label: str) -> bytes:
    """Give the description by which a browser offers the archive's search."""
    search = imprint.url("search/")
    rows = [
        _DECLARATION,
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        # The specification allows 16 characters here.
        f"<ShortName>{xml_text(imprint.name[:16].rstrip())}</ShortName>",
        f"<LongName>{xml_text(imprint.name[:48].rstrip())}</LongName>",
        f"<Description>{xml_text(label)}</Description>",
        "<InputEncoding>UTF-8</InputEncoding>",
        f'<Url type="text/html" template={xml_attribute(search + "?q={searchTerms}")}/>',
        "</OpenSearchDescription>\n",
    ]
    return "\n".join(rows).encode()


def _xml(root: str, item: str, addresses: list[str]) -> bytes:
    rows = [f"<{item}><loc>{xml_text(address)}</loc></{item}>" for address in addresses]
    return "\n".join([_DECLARATION, f'<{root} xmlns="{_XMLNS}">', *rows, f"</{root}>\n"]).encode()


def day_jsonld(day: DayView, imprint: SiteIdentity) -> Markup:
    """Give the JSON of a day's page, safe inside a script element."""
    address = imprint.url(day.link.path, relative_root(day.link.path))
    times = [entry.instant for entry in day.entries if entry.instant]
    data = {
        "@context": "https://schema.org",
        "@id": address,
        "@type": "LiveBlogPosting",
        "url": address,
        "identifier": imprint.id(day.link.path),
        "headline": day.link.title or day.link.date.isoformat(),
        "datePublished": day.link.date.isoformat(),
        "coverageStartTime": min(times, default=""),
        "coverageEndTime": max(times, default=""),
        "inLanguage": day.lang or imprint.lang,
        "publisher": {"@type": "Organization", "name": imprint.name},
        "isBasedOn": [_source(source, number) for number, source in enumerate(day.sources, start=1)],
        "about": [{"@type": "Thing", "name": topic.name} for topic in day.topics],
        "liveBlogUpdate": [_posting(entry, day, address) for entry in day.entries],
    }
    return script_json({key: value for key, value in data.items() if value})


def script_json(data: Any) -> Markup:
    """Write data as JSON that no text in it can end the script element with."""
    text = msgspec.json.encode(data).decode()
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)


def _posting(entry: EntryView, day: DayView, address: str) -> dict[str, Any]:
    based = [{"@id": f"#source-{day.sources.index(source) + 1}"} for source in entry.sources]
    data = {
        "@type": "BlogPosting",
        "headline": entry.headline,
        "url": f"{address}#{entry.anchor}",
        "datePublished": entry.instant or day.link.date.isoformat(),
        "dateModified": entry.updated,
        "author": [{"@type": "Person", "name": name} for name in entry.authors],
        "isBasedOn": based,
    }
    return {key: value for key, value in data.items() if value}


def _source(source: SourceView, number: int) -> dict[str, Any]:
    data = {
        "@type": "WebPage",
        "@id": f"#source-{number}",
        "name": source.title,
        "url": source.url,
        "publisher": {"@type": "Organization", "name": source.outlet} if source.outlet else None,
        "datePublished": source.date.isoformat() if source.date else "",
    }
    return {key: value for key, value in data.items() if value}
