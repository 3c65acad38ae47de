"""Old addresses that lead to where their page is now, and the list of what a site answers.

A topic's former slugs lead to the topic, their months to its months. A published month in
which no entry is about the topic any more leads to the topic.
"""

import re
from collections.abc import Iterable, Iterator

from .addresses import path_of, topic_month_path, topic_path
from .edition import Edition
from .page import SitePage

_TOPIC_MONTH = re.compile(r"/topics/([a-z0-9-]+)/\d{4}/\d\d/")


def redirect_pages(edition: Edition, published: frozenset[str]) -> Iterator[SitePage]:
    """Compose the pages that lead elsewhere; `published` are addresses as the list has them."""
    renamed = {old: slug for slug, topic in edition.topics.items() for old in topic.former}
    for old, slug in sorted(renamed.items()):
        yield _redirect(edition, topic_path(old), slug, topic_path(slug))
    for address in sorted(published):
        match = _TOPIC_MONTH.fullmatch(address)
        slug = renamed.get(match[1], match[1]) if match else ""
        if match is None or slug not in edition.topics:
            continue
        months = {topic_month_path(slug, first) for first in edition.months[slug]}
        target = address[1:].replace(topic_path(match[1]), topic_path(slug), 1)
        if address[1:] not in months:
            yield _redirect(edition, address[1:], slug, target if target in months else topic_path(slug))


def present_addresses(files: Iterable[str], entries: Iterable[str]) -> frozenset[str]:
    """Give what a site of these files and entries answers, as the list writes it: ``/2023/06/02/``."""
    pages = (path_of(name) for name in files if name.endswith(".html") and name != "404.html")
    return frozenset(f"/{path}" for path in (*pages, *entries))


def _redirect(edition: Edition, path: str, slug: str, target: str) -> SitePage:
    values = {"target": target, "topic": edition.topic_names[slug]}
    return SitePage(path, "redirect", values, lambda: values)
