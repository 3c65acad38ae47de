"""Who publishes an archive and on which terms: the settings LICENSE, AUTHORS, CONTACT and DOI.

None of them has a default. What is not set is shown nowhere.
"""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.text import check_characters, is_url

_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_CREATIVE_COMMONS = re.compile(r"CC-(?P<terms>BY(?:-NC)?(?:-ND|-SA)?)-(?P<version>[1-4]\.0)")
_ZERO = "CC0-1.0"
_DOI = re.compile(r"10\.[0-9]{4,9}/[!-~]+")  # as Crossref recommends, without characters that need escapes
_EMAIL = re.compile(r"[^@\s/:]+@[^@\s/:.]+(?:\.[^@\s/:.]+)+")


class License(Struct, frozen=True, kw_only=True):
    """A licence. `name` is its SPDX identifier, "" for one that has none; `title` is for readers."""

    name: str = ""
    title: str
    url: str


class Contributor(Struct, frozen=True, kw_only=True):
    """A person or an organisation that keeps the archive; `url` is a homepage or an ORCID iD, or ""."""

    name: str
    url: str = ""


class Publication(Struct, frozen=True, kw_only=True):
    """What the settings say about the archive as a publication; empty values are not set.

    `contact` is an https or mailto address, `doi` a name such as ``10.5281/zenodo.1234``.
    """

    license: License | None = None
    authors: tuple[Contributor, ...] = ()
    contact: str = ""
    doi: str = ""

    @property
    def doi_url(self) -> str:
        """Return the address that the DOI leads to, or ""."""
        return f"https://doi.org/{self.doi}" if self.doi else ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the settings that every published archive should have and this one lacks."""
        values = {"LICENSE": self.license, "AUTHORS": self.authors, "CONTACT": self.contact}
        return tuple(name for name, value in values.items() if not value)


def publication_from_names(names: Mapping[str, Any]) -> Publication:
    """Check the settings and return what they say; raise ArchiveError for a wrong value."""
    return Publication(
        license=_license(names.get("LICENSE")),
        authors=_authors(names.get("AUTHORS")),
        contact=_contact(names.get("CONTACT")),
        doi=_doi(names.get("DOI")),
    )


def license_of(identifier: str) -> License:
    """Return the licence with an SPDX identifier.

    >>> license_of("CC-BY-SA-4.0").url, license_of("ODbL-1.0").url
    ('https://creativecommons.org/licenses/by-sa/4.0/', 'https://spdx.org/licenses/ODbL-1.0.html')
    """
    url = f"https://spdx.org/licenses/{identifier}.html"
    title = identifier
    if match := _CREATIVE_COMMONS.fullmatch(identifier):
        url = f"https://creativecommons.org/licenses/{match['terms'].lower()}/{match['version']}/"
        title = f"CC {match['terms']} {match['version']}"
    elif identifier == _ZERO:
        url, title = "https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"
    return License(name=identifier, title=title, url=url)


def _license(value: object) -> License | None:
    if value in (None, ""):
        return None
    if isinstance(value, str) and _SPDX.fullmatch(value):
        return license_of(value)
    if isinstance(value, (list, tuple)) and _is_pair(value) and is_url(value[1]):
        return License(title=_checked("LICENSE", value[0]), url=value[1])
    cure = 'write an SPDX identifier such as "CC-BY-4.0", or ("Its name", "https://…")'
    raise ArchiveError(f"LICENSE: {value!r} is not a licence; {cure}")


def _authors(value: object) -> tuple[Contributor, ...]:
    if value in (None, "", [], ()):
        return ()
    if not isinstance(value, (list, tuple)) or (_is_pair(value) and is_url(value[1])):
        raise ArchiveError('AUTHORS must be a list; write it as ["A name", ("Another name", "https://…")]')
    authors = []
    for each in value:
        if isinstance(each, str) and each.strip():
            authors.append(Contributor(name=_checked("AUTHORS", each)))
        elif _is_pair(each) and is_url(each[1]):
            authors.append(Contributor(name=_checked("AUTHORS", each[0]), url=each[1]))
        else:
            raise ArchiveError(f'AUTHORS: {each!r} is not a name; write "A name" or ("A name", "https://…")')
    return tuple(authors)


def _contact(value: object) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, str):
        if _EMAIL.fullmatch(value.removeprefix("mailto:")):
            return "mailto:" + _checked("CONTACT", value.removeprefix("mailto:"))
        if is_url(value):
            return value
    raise ArchiveError(f"CONTACT: {value!r} is not an address; write desk@example.org or https://…")


def _doi(value: object) -> str:
    if value in (None, ""):
        return ""
    name = re.sub(r"\A(?:https?://(?:dx\.)?doi\.org/|doi:)", "", value) if isinstance(value, str) else ""
    if not _DOI.fullmatch(name):
        raise ArchiveError(f"DOI: {value!r} is not a DOI; write it as 10.5281/zenodo.1234")
    return name


def _is_pair(value: object) -> bool:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return False
    return all(isinstance(part, str) and part.strip() for part in value)


def _checked(setting: str, text: str) -> str:
    try:
        check_characters(text)
    except ArchiveError as error:
        raise ArchiveError(f"{setting}: {error.reason}") from None
    return text.strip()
