"""How the site names itself and its pages to programs: names, addresses, ids.

The only place that decides between absolute and relative addresses, and that makes ids
which stay when the site moves: an id depends on the archive's name for itself (the setting
``ARCHIVE_ID``, else ``SITENAME``) and on a path, never on the site's address.
"""

import uuid
from functools import cache

from msgspec import Struct


class Imprint(Struct, frozen=True, kw_only=True):
    """`siteurl` is "" for a site without an address; `lang` is the language of the entries."""

    name: str
    identity: str
    siteurl: str
    lang: str

    def address(self, path: str, root: str = "") -> str:
        """Give a page's address: absolute, or relative by way of `root` without SITEURL."""
        return f"{self.siteurl}/{path}" if self.siteurl else f"{root}{path}"

    def id(self, path: str) -> str:
        """Give the lasting id of a page or an entry: ``urn:uuid:…``, version 5 of RFC 9562."""
        return uuid.uuid5(_archive(self.identity), path).urn


@cache
def _archive(identity: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"daybook:{identity}")
