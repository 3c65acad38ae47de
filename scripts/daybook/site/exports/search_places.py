"""What the search knows of days and topics without its index: the file search/places.js.

Suggestions and the first row of the results find days, months and topics by their names with it. It is a classic
script, which loads over HTTP and from a folder alike.
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence

from daybook.core.hashing import digest
from daybook.incremental.output import OutputFile
from daybook.site.pages.routes import date_ranges
from daybook.site.views.catalog import Catalog
from daybook.site.views.words import Interface

PLACES_PATH = "search/places.js"


def places_file(catalog: Catalog, interface: Interface) -> OutputFile:
    """Return the file; `theme/static/js/suggest/ways.js` describes its value."""
    topics = list(_topics(catalog))
    ranges = [tuple(map(dt.date.isoformat, days)) for days in date_ranges(catalog.dates)]
    first_day = catalog.config.first_day
    key = digest(catalog.code_key, topics, ranges, first_day, interface.digest)
    return OutputFile(PLACES_PATH, key, lambda: dump_places(topics, ranges, first_day, interface))


def _topics(catalog: Catalog) -> Iterator[tuple[object, ...]]:
    """Yield slug, name, kind, entries, first date and aliases of each topic with an entry, by slug."""
    for slug, link in sorted(catalog.topic_links.items()):
        if link.count:
            first = next(iter(catalog.months[slug].values())).first
            aliases = [alias for alias in dict.fromkeys(catalog.topics[slug].aliases) if alias != link.name]
            yield slug, link.name, link.kind, link.count, first.isoformat(), *aliases


def dump_places(topics: Sequence[object], ranges: Sequence[object], first_day: dt.date, interface: Interface) -> bytes:
    """Write the file."""
    words, language = interface.words, interface.language
    value = {
        "language": language.format_tag,
        "first": first_day.isoformat(),
        "day": words.day.number,
        "dates": language.date_patterns,
        "months": language.month_patterns,
        **({"otherMonths": language.other_months} if language.other_months else {}),
        "entries": words.counts.entries.forms,
        "kinds": {kind: words.suggestions[kind] for kind in ("day", "month", "topic", "word")},
        "count": words.suggestions.count.forms,
        "days": ranges,
        "topics": topics,
    }
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"(window.Daybook=window.Daybook||{{}}).places={text};\n".encode()
