"""Licence, authors, contact and DOI: what the settings may say, and what each mistake is answered with."""

from typing import Any

import pytest

from daybook.core.errors import ArchiveError
from daybook.core.publication import Contributor, License, Publication, publication_from_names


def test_nothing_is_set_by_default() -> None:
    publication = publication_from_names({})
    assert publication == Publication()
    assert publication.missing == ("LICENSE", "AUTHORS", "CONTACT")
    assert publication.doi_url == ""


def test_all_forms_that_the_settings_may_have() -> None:
    names = {
        "LICENSE": "CC-BY-4.0",
        "AUTHORS": ["Aller Archive Group", ("Ida Brandt", "https://orcid.example/0000")],
        "CONTACT": "desk@aller.example",
        "DOI": "https://doi.org/10.5281/zenodo.1234",
    }
    publication = publication_from_names(names)
    assert publication.license == License(
        name="CC-BY-4.0", title="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/"
    )
    assert publication.authors[1] == Contributor(name="Ida Brandt", url="https://orcid.example/0000")
    assert publication.contact == "mailto:desk@aller.example"
    assert (publication.doi, publication.doi_url) == ("10.5281/zenodo.1234", "https://doi.org/10.5281/zenodo.1234")
    assert publication.missing == ()


def test_a_licence_without_an_identifier_has_a_title_and_an_address() -> None:
    terms = publication_from_names({"LICENSE": ("Terms of the archive", "https://aller.example/terms")}).license
    assert terms == License(title="Terms of the archive", url="https://aller.example/terms")


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("LICENSE", "all rights reserved", "SPDX"),
        ("LICENSE", ("Terms", "terms.html"), "SPDX"),
        ("AUTHORS", "Ida Brandt", "must be a list"),
        ("AUTHORS", ("Ida Brandt", "https://ida.example/"), "must be a list"),
        ("AUTHORS", [""], "is not a name"),
        ("AUTHORS", [("Ida", "ida.example")], "is not a name"),
        ("CONTACT", "javascript:alert(1)", "is not an address"),
        ("CONTACT", ["desk@aller.example"], "is not an address"),
        ("DOI", "zenodo.1234", "is not a DOI"),
        ("DOI", "https://aller.example/10.5281/x", "is not a DOI"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_a_cure(name: str, value: Any, cure: str) -> None:
    with pytest.raises(ArchiveError, match=rf"^{name}.*{cure}"):
        publication_from_names({name: value})
