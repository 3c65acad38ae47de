"""The archive as a data set: a Frictionless data package, tables of topics and sources, and schema.org metadata."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import msgspec
from markupsafe import Markup

from daybook.archive.dataset import (
    COLUMNS,
    SOURCE_COLUMNS,
    TOPIC_COLUMNS,
    csv_header,
    dump_cells,
    source_id,
    source_values,
    table_schema,
)
from daybook.core.config import Config
from daybook.core.model import convert_source
from daybook.core.publication import Contributor
from daybook.core.record import PageSource
from daybook.site.exports.discovery import script_json
from daybook.site.views.catalog import ArchiveChange, Catalog, list_sources
from daybook.site.views.urls import SiteIdentity

PACKAGE_FILE = "data/datapackage.json"


def package_files(
    catalog: Catalog, identity: SiteIdentity, changes: tuple[ArchiveChange, ...]
) -> Iterable[tuple[str, bytes]]:
    """Yield the descriptor of the data package and the tables of topics and sources, as (path, bytes)."""
    yield PACKAGE_FILE, _dump_package(data_package(catalog, identity, changes))
    yield from _table_files(catalog)


def _table_files(catalog: Catalog) -> Iterable[tuple[str, bytes]]:
    """Yield the tables of topics and of sources, as (path, bytes)."""
    topics = [
        (slug, topic.name, topic.kind, "; ".join(topic.aliases), link.count, link.days)
        for slug, topic in catalog.topics.items()
        for link in [catalog.topic_links[slug]]
    ]
    yield "data/topics.csv", csv_header(TOPIC_COLUMNS) + dump_cells(topics)
    pages = [convert_source(use.source, PageSource) for use in list_sources(catalog)]
    rows = {source_id(page): source_values(page) for page in pages}
    yield "data/sources.csv", csv_header(SOURCE_COLUMNS) + dump_cells(rows[key] for key in sorted(rows))


def package_version(catalog: Catalog, changes: tuple[ArchiveChange, ...]) -> str:
    """Return the version of an archive's data, ``2031.4.9``: the date of its newest capture or day, no clock."""
    newest = max((change.at[:10] for change in changes if change.at), default="")
    newest = max(newest, max((date.isoformat() for date in catalog.dates), default=""))
    return ".".join(str(int(part)) for part in newest.split("-")) if newest else "0.0.0"


def data_package(catalog: Catalog, identity: SiteIdentity, changes: tuple[ArchiveChange, ...]) -> dict[str, Any]:
    """Return the descriptor of the data package; what the settings do not say is left out."""
    config = catalog.config
    terms, publication = config.publication.license, config.publication
    licenses = [_without_empty({"name": terms.name, "path": terms.url, "title": terms.title})] if terms else []
    years = sorted({date.year for date in catalog.dates})
    values = {
        "profile": "tabular-data-package",
        "name": package_name(config),
        "id": publication.doi_url or identity.id("data/"),
        "title": config.name,
        "description": f"All entries of the archive “{config.name}”, with its topics and the pages they come from.",
        "version": package_version(catalog, changes),
        "homepage": f"{identity.siteurl}/" if identity.siteurl else "",
        "licenses": licenses,
        "contributors": [_contributor(author) for author in publication.authors],
        "resources": [
            _resource("topics", "topics.csv", table_schema(TOPIC_COLUMNS, "slug")),
            _resource("sources", "sources.csv", table_schema(SOURCE_COLUMNS, "id")),
            *(_resource(f"entries-{year:04}", f"{year:04}.csv", table_schema(COLUMNS, "address")) for year in years),
        ],
    }
    return _without_empty(values)


def package_name(config: Config) -> str:
    """Return the name of an archive's data package: its identity in a–z, 0–9 and hyphens."""
    ascii_text = unicodedata.normalize("NFKD", config.identity).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:80].strip("-") or "archive"


def _contributor(author: Contributor) -> dict[str, str]:
    return _without_empty({"title": author.name, "path": author.url, "role": "author"})


def _resource(name: str, path: str, schema: dict[str, object]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _dump_package(package: dict[str, Any]) -> bytes:
    """Return a descriptor as JSON."""
    return msgspec.json.format(msgspec.json.encode(package), indent=2) + b"\n"


def dataset_jsonld(
    catalog: Catalog, identity: SiteIdentity, changes: tuple[ArchiveChange, ...], description: str
) -> Markup:
    """Return the data set as schema.org's Dataset, for a script element of the page of data.

    `description` is in the language of the interface.
    """
    package, publication = data_package(catalog, identity, changes), catalog.config.publication
    root = "" if identity.siteurl else "../"
    # A tabular data package has tables in CSV only; the same entries as JSON Lines are in files beside them.
    files = [(resource["path"], "text/csv") for resource in package["resources"]]
    files += [(f"{year:04}.jsonl", "application/jsonl") for year in sorted({date.year for date in catalog.dates})]
    data = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": identity.url("data/", root),
        "name": package["title"],
        "description": description,
        "url": identity.url("data/", root),
        "identifier": publication.doi_url or identity.id("data/"),
        "version": package["version"],
        "license": publication.license.url if publication.license else "",
        "creator": [_agent(author) for author in publication.authors],
        "inLanguage": identity.lang,
        "isAccessibleForFree": True,
        "temporalCoverage": f"{catalog.dates[0]}/{catalog.dates[-1]}" if catalog.dates else "",
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": form, "contentUrl": identity.url(f"data/{name}", root)}
            for name, form in files
        ],
    }
    return script_json(_without_empty(data))


def website_jsonld(config: Config, identity: SiteIdentity) -> Markup:
    """Return the site as schema.org's WebSite with its search, for a script element of the home page."""
    publication = config.publication
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": identity.url("search/?q={search_term_string}", "./")},
        "query-input": "required name=search_term_string",
    }
    data = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "@id": identity.url("", "./"),
        "url": identity.url("", "./"),
        "name": config.name,
        "inLanguage": identity.lang,
        "license": publication.license.url if publication.license else "",
        "author": [_agent(author) for author in publication.authors],
        "potentialAction": search,
    }
    return script_json(_without_empty(data))


def _agent(author: Contributor) -> dict[str, str]:
    kind = "Person" if "//orcid.org/" in author.url else "Organization"  # only persons have an ORCID iD
    return _without_empty({"@type": kind, "name": author.name, "url": author.url})


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", [], None)}
