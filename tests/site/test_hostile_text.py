"""Hostile text from page or record to the built site: shown unchanged, or refused with a reason."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from catalogs import load_days

from daybook.archive.content import day_file_path
from daybook.archive.ingest import IngestOptions, ingest
from daybook.core.errors import ArchiveError
from daybook.core.record import load_record
from daybook.core.text import check_slug
from daybook.parse.input_files import read_record_files
from harden.corpora import MISTAKEN, attacks, one_of_each_kind, texts
from harden.round_trip import round_trip


def test_hostile_strings_are_shown_unchanged_or_refused(tmp_path: Path) -> None:
    tally = round_trip([*texts(300), *attacks()[:100], *MISTAKEN, *one_of_each_kind()], tmp_path)
    assert tally.lost == 0, tally
    assert tally.shown > tally.sent / 2
    assert all(tally.refused)


def test_leading_and_trailing_spaces_do_not_invalidate_the_day(tmp_path: Path) -> None:
    source = {"title": "\u00a0 Harbour \n", "date": "2031-04-09"}
    rows = [{"date": "2031-04-09", "html": "<p>Fog.&nbsp;</p><p>&nbsp;</p>", "source": source}]
    rows += [{"date": "2031-04-09", "markdown": "\u2003\n\nRain.\u2003", "source": source}]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)))
    target = IngestOptions(content=tmp_path / "content", zone=ZoneInfo("UTC"))
    (reading,) = read_record_files([str(tmp_path / "in.jsonl")])
    assert ingest(reading, target).errors == ()
    (day,) = load_days(tmp_path / "content")
    assert (day.title, sorted(entry.body for entry in day.entries)) == ("Harbour", ["Fog.", "Rain."])


@pytest.mark.parametrize(
    "name", ["..", ".", "a/b", "a\\b", "A", "con.", "a b", "é", "e\u0301", "ı", "K", "", "a\0", "a\n"]
)
def test_only_a_slug_becomes_a_file_name(name: str) -> None:
    with pytest.raises(ArchiveError, match="invalid slug"):
        check_slug(name)


def test_a_symbolic_link_out_of_content_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("---\ntitle: x\ndate: 2031-04-09\n---\n")
    path = day_file_path(tmp_path / "content", load_record('{"date": "2031-04-09", "text": "x"}').date)  # type: ignore[arg-type]
    path.parent.mkdir(parents=True)
    path.symlink_to(outside)
    with pytest.raises(ArchiveError, match="symbolic links are not allowed"):
        list(load_days(tmp_path / "content"))
