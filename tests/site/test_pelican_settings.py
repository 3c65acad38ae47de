"""Settings of Pelican's: each is honoured or has a fixed value, and the documentation says which."""

import re
from typing import Any

import pytest
from paths import ROOT
from pelican.settings import DEFAULT_CONFIG

from daybook.site.pelican_settings import (
    DAYBOOK_SETTINGS,
    FIXED_SETTINGS,
    HONOURED_SETTINGS,
    REPLACED_SETTINGS,
    setting_errors,
    similar_setting,
)


def messages(**names: Any) -> list[str]:
    return [str(error) for error in setting_errors(names)]


def test_every_setting_of_pelican_is_classified_once() -> None:
    assert set(DEFAULT_CONFIG) <= HONOURED_SETTINGS | FIXED_SETTINGS.keys()
    assert HONOURED_SETTINGS & FIXED_SETTINGS.keys() == set()
    assert REPLACED_SETTINGS.keys() & (HONOURED_SETTINGS | FIXED_SETTINGS.keys()) == set()


@pytest.mark.parametrize("name", sorted(FIXED_SETTINGS))
def test_a_fixed_setting_takes_its_own_value_only(name: str) -> None:
    fixed = FIXED_SETTINGS[name]
    for value in (fixed.value, *fixed.accepted):
        assert messages(**{name: value}) == []
    default = DEFAULT_CONFIG.get(name)
    other: Any = {"x": "x"} if isinstance(default, dict) else ["x"] if isinstance(default, list) else "another/{slug}"
    assert messages(**{name: other}) == [f"{name} cannot be set: {fixed.reason}; delete it"]


@pytest.mark.parametrize("name", sorted(REPLACED_SETTINGS))
def test_a_setting_of_an_earlier_pelican_is_refused(name: str) -> None:
    assert messages(**{name: "x"}) == [
        f"{name} is a setting of earlier versions of Pelican; write {REPLACED_SETTINGS[name]}"
    ]


def test_the_settings_that_pelican_quickstart_writes_are_accepted() -> None:
    feeds = ("FEED_ALL_ATOM", "CATEGORY_FEED_ATOM", "TRANSLATION_FEED_ATOM", "AUTHOR_FEED_ATOM", "AUTHOR_FEED_RSS")
    links = (("Harbour", "https://harbour.example/"), ("A page", "about/"))
    assert (
        messages(
            **dict.fromkeys(feeds),
            AUTHOR="The desk",
            SITEURL="",
            PATH="content",
            LINKS=links,
            SOCIAL=links,
            DEFAULT_PAGINATION=False,
            RELATIVE_URLS=True,
        )
        == []
    )
    # Those of its second file, for publishing.
    assert messages(FEED_ALL_ATOM="feeds/all.atom.xml", DELETE_OUTPUT_DIRECTORY=True, RELATIVE_URLS=False) == []


@pytest.mark.parametrize(("name", "meant"), [("SITENAM", "SITENAME"), ("FIRSTDAY", "FIRST_DAY"), ("LINK", "LINKS")])
def test_a_misspelled_setting_is_recognised(name: str, meant: str) -> None:
    assert similar_setting(name) == meant


@pytest.mark.parametrize(
    "name", ["SITEMAP", "MINIFY", "SITELOGO", "TAG_CLOUD_STEPS", "HERE", *sorted(DAYBOOK_SETTINGS)]
)
def test_a_setting_of_a_plugin_or_template_is_not_taken_for_a_misspelled_one(name: str) -> None:
    assert similar_setting(name) == ""


def test_the_documentation_lists_each_setting() -> None:
    text = (ROOT / "docs" / "customising.md").read_text()
    _, honoured, fixed = re.split(
        r"^## (?:Settings of Pelican that count|Settings with a fixed value)$", text, flags=re.M
    )
    listed = [set(re.findall(r"`([A-Z][A-Z_]+)`", part)) for part in (honoured, fixed)]
    assert listed == [set(HONOURED_SETTINGS), set(FIXED_SETTINGS)]
