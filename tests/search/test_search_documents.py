"""Scripts as the site ships them, synonyms from topics, and the invented archive of the benchmarks."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from paths import ROOT

from bench.demo import demo_days
from bench.tables import replace_section
from daybook.core.model import Topic
from daybook.core.record import dump_record, load_record
from daybook.site.exports.search_documents import synonyms
from daybook.site.views.theme import SCRIPT_ORDER, load_assets


def test_the_scripts_of_a_folder_are_joined_in_the_listed_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SCRIPT_ORDER, "search", ("first.js", "absent.js", "b.js"))
    scripts = tmp_path / "static/js"
    (scripts / "search").mkdir(parents=True)
    (scripts / "alone.js").write_text("// why\nlet alone = 1;\n")
    (scripts / "search/b.js").write_text("let b = 2;\n")
    (scripts / "search/a.js").write_text("/*! kept */ let a = 1;\n")
    (scripts / "search/first.js").write_text("let first = 0;\n")
    assets = load_assets([tmp_path])
    assert list(assets.names) == ["js/alone.js", "js/search.js"]
    assert assets.files[assets.static("js/alone.js")] == b"let alone=1;"
    assert assets.files[assets.static("js/search.js")] == b"let first=0;\nlet b=2;\n/*! kept */let a=1;"


def test_the_order_names_every_script_of_a_folder_once() -> None:
    for folder in (ROOT / "theme/static/js").iterdir():
        if folder.is_dir():
            assert sorted(SCRIPT_ORDER[folder.name]) == sorted(path.name for path in folder.iterdir())


def test_names_have_synonyms_and_themes_have_none() -> None:
    topics = [
        Topic(slug="almera", name="Almera", kind="place", aliases=("Almera", "Almira", "Port Almera")),
        Topic(slug="floods", name="Floods", kind="theme", aliases=("flood", "dam")),
        Topic(slug="orla", name="Orla", kind="person", aliases=("Orla",)),
    ]
    edition: Any = SimpleNamespace(topics={topic.slug: topic for topic in topics})
    assert synonyms(edition) == [["Almera", "Almira"]]


def test_the_invented_archive_is_deterministic_and_readable() -> None:
    records = list(demo_days(3, 8))
    assert records == list(demo_days(3, 8))
    assert len({record.at[:10] for record in records}) == 3
    assert [load_record(dump_record(record)) for record in records] == records


def test_a_measured_section_replaces_only_itself() -> None:
    page = "# Benchmarks\n\nAs measured.\n\n## Search\n\nold\n\n### How\n\n## Builds\n\nkept\n"
    assert replace_section(page, "## Search\n\nnew\n") == page.replace("old\n\n### How", "new")
    assert replace_section(page, "## Peers\n\nnew\n") == f"{page}\n## Peers\n\nnew\n"
