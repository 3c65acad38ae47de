"""Metadata for search engines and browsers: JSON-LD, sitemaps, robots.txt and OpenSearch.

Sitemaps (sitemaps.org) and OpenSearch descriptions need absolute URLs; a site without SITEURL has neither.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from markupsafe import Markup

from daybook.core.text import xml_attribute, xml_text
from daybook.site.views.feed_formats import last_change
from daybook.site.views.urls import OPENSEARCH_FILE, SiteIdentity, file_to_url, relative_root
from daybook.site.views.view_models import DayView, EntryView, SourceView

ROBOTS_FILE = "robots.txt"
_SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
_YEAR = re.compile(r"(?:^|/)(\d{4})/")


def day_jsonld(day: DayView, identity: SiteIdentity) -> Markup:
    """Return a day as a schema.org LiveBlogPosting, for a script element."""
    url = identity.url(day.link.path, relative_root(day.link.path))
    times = [entry.instant for entry in day.entries if entry.instant]
    data = {
        "@context": "https://schema.org",
        "@id": url,
        "@type": "LiveBlogPosting",
        "url": url,
        "identifier": identity.id(day.link.path),
        "headline": day.link.title or day.link.date.isoformat(),
        "datePublished": day.link.date.isoformat(),
        "coverageStartTime": min(times, default=""),
        "coverageEndTime": max(times, default=""),
        "inLanguage": day.lang or identity.lang,
        "publisher": {"@type": "Organization", "name": identity.name},
        "isBasedOn": [_source_jsonld(source, number) for number, source in enumerate(day.sources, start=1)],
        "about": [{"@type": "Thing", "name": topic.name} for topic in day.topics],
        "liveBlogUpdate": [_posting_jsonld(entry, day, url) for entry in day.entries],
    }
    return script_json({key: value for key, value in data.items() if value})


def _posting_jsonld(entry: EntryView, day: DayView, day_url: str) -> dict[str, Any]:
    data = {
        "@type": "BlogPosting",
        "headline": entry.headline,
        "url": f"{day_url}#{entry.anchor}",
        "datePublished": entry.instant or day.link.date.isoformat(),
        "dateModified": last_change(entry) if entry.updated or entry.corrected else "",
        "author": [{"@type": "Person", "name": name} for name in entry.authors],
        "isBasedOn": [{"@id": f"#source-{day.sources.index(source) + 1}"} for source in entry.sources],
    }
    return {key: value for key, value in data.items() if value}


def _source_jsonld(source: SourceView, number: int) -> dict[str, Any]:
    data = {
        "@type": "WebPage",
        "@id": f"#source-{number}",
        "name": source.title,
        "url": source.url,
        "publisher": {"@type": "Organization", "name": source.outlet} if source.outlet else None,
        "datePublished": source.date.isoformat() if source.date else "",
    }
    return {key: value for key, value in data.items() if value}


def script_json(data: Any) -> Markup:
    """Serialize data as JSON in which no string can end the script element."""
    text = msgspec.json.encode(data).decode()
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def discovery_files(names: Iterable[str], identity: SiteIdentity, label: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files for a site that has the files `names`; `label` describes its search to a browser."""
    robots = "User-agent: *\nAllow: /\n"
    if identity.siteurl:
        robots += f"\nSitemap: {identity.url('sitemap.xml')}\n"
        yield from sitemaps(names, identity)
        yield OPENSEARCH_FILE, opensearch_description(identity, label)
    yield ROBOTS_FILE, robots.encode()


def sitemaps(names: Iterable[str], identity: SiteIdentity) -> Iterator[tuple[str, bytes]]:
    """Yield the sitemap index, a sitemap for each year, and one for pages without a year."""
    urls_by_part: dict[str, list[str]] = {}
    for name in sorted(names):
        if name.endswith(".html") and name != "404.html" and not name.startswith("day/"):
            year = _YEAR.search(name)
            urls_by_part.setdefault(year[1] if year else "pages", []).append(identity.url(file_to_url(name)))
    files = {f"sitemap-{part}.xml": urls for part, urls in sorted(urls_by_part.items())}
    yield "sitemap.xml", _sitemap_xml("sitemapindex", "sitemap", [identity.url(name) for name in files])
    for name, urls in files.items():
        yield name, _sitemap_xml("urlset", "url", urls)


def _sitemap_xml(root: str, item: str, urls: list[str]) -> bytes:
    rows = [f"<{item}><loc>{xml_text(url)}</loc></{item}>" for url in urls]
    return "\n".join([_XML_DECLARATION, f'<{root} xmlns="{_SITEMAP_NAMESPACE}">', *rows, f"</{root}>\n"]).encode()


def opensearch_description(identity: SiteIdentity, label: str) -> bytes:
    """Return the OpenSearch description, with which a browser can add the search of the archive."""
    rows = [
        _XML_DECLARATION,
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        # OpenSearch 1.1 allows 16 characters in ShortName and 48 in LongName.
        f"<ShortName>{xml_text(identity.name[:16].rstrip())}</ShortName>",
        f"<LongName>{xml_text(identity.name[:48].rstrip())}</LongName>",
        f"<Description>{xml_text(label)}</Description>",
        "<InputEncoding>UTF-8</InputEncoding>",
        f'<Url type="text/html" template={xml_attribute(identity.url("search/?q={searchTerms}"))}/>',
        "</OpenSearchDescription>\n",
    ]
    return "\n".join(rows).encode()
