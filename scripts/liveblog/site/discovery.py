"""What search engines and browsers ask a site for: robots.txt, sitemaps, OpenSearch.

Sitemaps and OpenSearch are defined with absolute addresses only; without SITEURL there are none.
"""

import re
from collections.abc import Iterable, Iterator

from .addresses import path_of
from .imprint import Imprint
from .xml_text import xml_text, xml_value

OPEN_SEARCH = "opensearch.xml"
_XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_YEAR = re.compile(r"(?:^|/)(\d{4})/")
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def discovery_files(names: Iterable[str], imprint: Imprint, label: str) -> Iterator[tuple[str, bytes]]:
    """Give the files for a site of the files `names`; `label` is what a browser calls its search."""
    robots = "User-agent: *\nAllow: /\n"
    if imprint.siteurl:
        robots += f"\nSitemap: {imprint.address('sitemap.xml')}\n"
        yield from sitemaps(names, imprint)
        yield OPEN_SEARCH, open_search(imprint, label)
    yield "robots.txt", robots.encode()


def sitemaps(names: Iterable[str], imprint: Imprint) -> Iterator[tuple[str, bytes]]:
    """Give the index and a sitemap for each year, and one for the pages of no year."""
    parts: dict[str, list[str]] = {}
    for name in sorted(names):
        if name.endswith(".html") and name != "404.html" and not name.startswith("day/"):
            year = _YEAR.search(name)
            parts.setdefault(year[1] if year else "pages", []).append(imprint.address(path_of(name)))
    files = {f"sitemap-{part}.xml": addresses for part, addresses in sorted(parts.items())}
    yield "sitemap.xml", _xml("sitemapindex", "sitemap", [imprint.address(name) for name in files])
    for name, addresses in files.items():
        yield name, _xml("urlset", "url", addresses)


def open_search(imprint: Imprint, label: str) -> bytes:
    """Give the description by which a browser offers the archive's search."""
    search = imprint.address("search/")
    rows = [
        _DECLARATION,
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        # The specification allows 16 characters here.
        f"<ShortName>{xml_text(imprint.name[:16].rstrip())}</ShortName>",
        f"<LongName>{xml_text(imprint.name[:48].rstrip())}</LongName>",
        f"<Description>{xml_text(label)}</Description>",
        "<InputEncoding>UTF-8</InputEncoding>",
        f'<Url type="text/html" template={xml_value(search + "?q={searchTerms}")}/>',
        "</OpenSearchDescription>\n",
    ]
    return "\n".join(rows).encode()


def _xml(root: str, item: str, addresses: list[str]) -> bytes:
    rows = [f"<{item}><loc>{xml_text(address)}</loc></{item}>" for address in addresses]
    return "\n".join([_DECLARATION, f'<{root} xmlns="{_XMLNS}">', *rows, f"</{root}>\n"]).encode()
