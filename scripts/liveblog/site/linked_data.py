"""DayView → JSON-LD: a day as schema.org's LiveBlogPosting, one BlogPosting per entry.

Entries' texts are left out: they stand on the same page, and twice they would double it.
"""

from typing import Any

import msgspec
from markupsafe import Markup

from .addresses import root_of
from .imprint import Imprint
from .views import DayView, EntryView, SourceView


def day_linked_data(day: DayView, imprint: Imprint) -> Markup:
    """Give the JSON of a day's page, safe inside a script element."""
    address = imprint.address(day.link.path, root_of(day.link.path))
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
    return as_script({key: value for key, value in data.items() if value})


def as_script(data: Any) -> Markup:
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
