"""Metadata for search engines and browsers: JSON-LD, sitemaps, robots.txt and OpenSearch.

Sitemaps (sitemaps.org) and OpenSearch descriptions need absolute URLs; a site without SITEURL has neither.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from markupsafe import Markup

from daybook.core.text import xml_attribute, xml_text
from daybook.site.views.catalog import Catalog
from daybook.site.views.feed_formats import last_change
from daybook.site.views.urls import OPENSEARCH_FILE, SiteIdentity, file_to_url, month_url, relative_root, year_url
from daybook.site.views.view_models import DayView, EntryView, SourceView

ROBOTS_FILE = "robots.txt"
_MAX_SITEMAP = 50_000  # addresses in one file, by the protocol of sitemaps.org
_SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
_DAY_PATH = re.compile(r"(\d{4})/(\d\d)/(\d\d)/(?:[tn]\d[\d-]*/)?")
_TOPIC_MONTH_PATH = re.compile(r"topics/([^/]+)/(\d{4})/(\d\d)/")
_TOPIC_PATH = re.compile(r"topics/([^/]+)/")
_WHOLE_ARCHIVE = {"", "days/", "topics/", "data/", "sources/", "changes/"}
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


def last_changes(paths: Iterable[str], catalog: Catalog) -> dict[str, str]:
    """Return when the content of each page last changed as far as is known, RFC 3339 in UTC, or "".

    All days are looked at once, not once for each month and year: that took 3.5 s of 17,362 days.
    """
    periods: dict[str, str] = {}  # the archive, years and months by their paths
    days = {day.date: day.changed for month in catalog.month_summaries.values() for day in month.days}
    for date, changed in days.items():
        for period in ("", year_url(date.year), month_url(date)):
            periods[period] = max(periods.get(period, ""), changed)
    return {path: _last_change_of(path, catalog, periods, days) for path in paths}


def _last_change_of(path: str, catalog: Catalog, periods: Mapping[str, str], days: Mapping[dt.date, str]) -> str:
    if path in _WHOLE_ARCHIVE or path in periods:
        return periods.get("" if path in _WHOLE_ARCHIVE else path, "")
    if match := _DAY_PATH.fullmatch(path):
        date = _date(match[1], match[2], match[3])
        return days.get(date, "") if date else ""
    if match := _TOPIC_MONTH_PATH.fullmatch(path):
        first = _date(match[2], match[3], "1")
        month = catalog.months.get(match[1], {}).get(first) if first else None
        return max((days[day.date] for day in month.details.days), default="") if month else ""
    if match := _TOPIC_PATH.fullmatch(path):
        found = catalog.topic_days(match[1]) if match[1] in catalog.months else []
        return max((days[day.date] for day in found), default="")
    return ""


def _date(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def discovery_files(changes: Mapping[str, str], identity: SiteIdentity, label: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files for a site. `label` describes its search to a browser.

    `changes` has all files of the site without redirects, and when each last changed, "" where that is unknown.
    """
    robots = "User-agent: *\nAllow: /\n"
    if identity.siteurl:
        robots += f"\nSitemap: {identity.url('sitemap.xml')}\n"
        yield from sitemaps(changes, identity)
        yield OPENSEARCH_FILE, opensearch_description(identity, label)
    yield ROBOTS_FILE, robots.encode()


def sitemaps(changes: Mapping[str, str], identity: SiteIdentity) -> Iterator[tuple[str, bytes]]:
    """Yield the sitemap index, and sitemaps for each year and for pages without a year."""
    parts: dict[str, list[tuple[str, str]]] = {}
    for name, changed in sorted(changes.items()):
        if name.endswith(".html") and name != "404.html":
            year = _YEAR.search(name)
            parts.setdefault(year[1] if year else "pages", []).append((identity.url(file_to_url(name)), changed))
    files: dict[str, list[tuple[str, str]]] = {}
    for part, urls in sorted(parts.items()):
        for start in range(0, len(urls), _MAX_SITEMAP):
            number = f"-{start // _MAX_SITEMAP + 1}" if start else ""
            files[f"sitemap-{part}{number}.xml"] = urls[start : start + _MAX_SITEMAP]
    index = [(identity.url(name), max(changed for _, changed in urls)) for name, urls in files.items()]
    yield "sitemap.xml", _sitemap_xml("sitemapindex", "sitemap", index)
    for name, urls in files.items():
        yield name, _sitemap_xml("urlset", "url", urls)


def _sitemap_xml(root: str, item: str, urls: list[tuple[str, str]]) -> bytes:
    rows = [
        f"<{item}><loc>{xml_text(url)}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</{item}>"
        for url, changed in urls
    ]
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
