"""No published address is lost: refusals, redirects, tombstones, and the budget of a host."""

import datetime as dt
import json
from pathlib import Path

import pytest
from catalogs import load_catalog
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from published import Archive, make_archive, publish
from strategies import days

import build_site
import move_entry
import publish_site
import withdraw_entry as withdraw_command
from daybook.archive.content import dump_addresses, load_addresses, missing_addresses
from daybook.archive.day_file import dump_day, load_day
from daybook.archive.tombstones import insert_moved_entry, replace_with_tombstone, withdraw_entry
from daybook.cli import run_command
from daybook.core.config import BuildPaths
from daybook.core.errors import ArchiveError
from daybook.core.model import Day
from daybook.incremental.output import BuildState, cache_folder
from daybook.publish.checks import check_site, size_errors
from daybook.site.build import build_site_in_full


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    return make_archive(tmp_path, monkeypatch)


def withdrawn(monkeypatch: pytest.MonkeyPatch, entry: str, reason: str = "Published in error") -> int:
    monkeypatch.setenv("ENTRY", entry)
    monkeypatch.setenv("REASON", reason)
    return run_command(withdraw_command.main)


def test_the_list_is_sorted_and_holds_pages_and_entries(archive: Archive) -> None:
    assert publish() == 0
    assert archive.listed == sorted(archive.listed)
    expected = {
        "/",
        "/2031/04/08/",
        "/2031/04/08/#t0915",
        "/2031/04/09/#n1",
        "/day/3/",
        "/topics/ferry/2031/05/",
    }
    assert expected <= set(archive.listed)
    assert not [address for address in archive.listed if "404" in address or address.endswith("index.html")]
    before = archive.listed
    assert publish() == 0
    assert archive.listed == before


def test_a_lost_day_stops_publishing_and_is_named(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    assert publish() == 0
    before = archive.listed
    (archive.content / "days" / "2031" / "2031-04-09.md").unlink()
    assert build_site.main() == 0, "an unpublished build only warns"
    assert "warning: /2031/04/09/#n1 was published and is gone" in capsys.readouterr().err
    assert publish() == 1
    refused = capsys.readouterr().err
    for address in ("/2031/04/09/ ", "/2031/04/09/#n1 ", "/day/4/ ", "/topics/harbour/ "):
        assert f"addresses.txt: {address}was published and is gone" in refused
    assert f"do not publish what {archive.site} holds now" in refused
    assert archive.listed == before


def test_a_build_that_fails_publishes_nothing(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    day = archive.content / "days" / "2031" / "2031-04-09.md"
    day.write_text(day.read_text() + "\n## 25:00 No such hour\n")
    assert publish() == 1
    assert "impossible time 25:00" in capsys.readouterr().err
    assert not (archive.content / "addresses.txt").exists()


def test_an_output_with_the_mark_of_an_unfinished_build_is_refused_and_the_next_build_makes_it_right(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def overtaken(places: BuildPaths) -> frozenset[str]:
        present = build_site_in_full(places)
        (archive.site / "2031" / "04" / "08" / "index.html").write_text("of another archive")
        BuildState(cache_folder(places.cache, places.output)).begin()
        return present

    with monkeypatch.context() as patched:
        patched.setattr(publish_site, "build_site_in_full", overtaken)
        assert publish() == 1
    refused = capsys.readouterr().err
    assert f"{archive.site}: a build began to write this output and has not finished; run make publish again" in refused
    assert not (archive.content / "addresses.txt").exists()
    assert publish() == 0
    assert "of another archive" not in archive.page("2031/04/08")


def test_a_withdrawn_entry_leaves_its_anchor_and_nothing_else(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert publish() == 0
    assert withdrawn(monkeypatch, "2031-05-02#t0600") == 0
    assert publish() == 0, "a tombstone keeps the address, and its topic's pages lead somewhere"
    assert list(check_site(archive.site, "https://example.org/their-repo")) == []
    page = archive.page("2031/05/02")
    assert 'id="t0600"' in page and "Published in error" in page
    text = "No ship moved in the fog"
    holders = [
        path.relative_to(archive.site).as_posix()
        for path in sorted(archive.site.rglob("*"))
        if path.is_file() and text in path.read_text("utf-8")
    ]
    assert holders == []
    assert text not in (archive.content / "days" / "2031" / "2031-05-02.md").read_text()
    mentioned = [
        path.relative_to(archive.site).as_posix()
        for path in sorted(archive.site.rglob("*"))
        if path.is_file() and "2031/05/02/#t0600" in path.read_text("utf-8")
    ]
    assert mentioned == ["changes/index.html", "data/changes.jsonl", "feeds/changes.atom.xml"]
    assert 'url=../../../../topics/ferry/"' in archive.page("topics/ferry/2031/05")
    assert "No entry is about this topic yet" in archive.page("topics/fog")


def test_a_page_that_is_read_again_brings_nothing_back(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    for entry in ("2031-04-08#t0915", "2031-04-08#t2240", "2031-04-09#n1"):
        assert withdrawn(monkeypatch, entry) == 0
    before = {path: path.read_bytes() for path in archive.content.rglob("*.md")}
    assert archive.ingest() == 0
    assert {path: path.read_bytes() for path in archive.content.rglob("*.md")} == before
    assert withdrawn(monkeypatch, "2031-04-09#n1", "Another reason") == 0
    assert archive.ingest() == 0
    (day,) = [day for day in before if day.name == "2031-04-09.md"]
    assert "Another reason" in day.read_text()


def test_a_new_wording_under_a_withdrawn_id_stays_out(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert withdrawn(monkeypatch, "2031-04-08#t2240") == 0
    record = {
        "at": "2031-04-08T22:40:30Z",
        "id": "post-7",
        "text": "Lamps failed along the quay.",
        "headline": "",
    }
    (tmp_path / "more.jsonl").write_text(json.dumps(record) + "\n")
    archive.ingest(tmp_path / "more.jsonl")
    assert "Lamps" not in (archive.content / "days" / "2031" / "2031-04-08.md").read_text()


def test_an_entry_on_the_wrong_day_moves_and_its_address_leads_there(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert publish() == 0
    monkeypatch.setenv("ENTRY", "2031-04-08#t2240")
    monkeypatch.setenv("TO", "2031-04-09")
    assert move_entry.main() == 0
    assert publish() == 0
    assert list(check_site(archive.site, "https://example.org/their-repo")) == []
    old, new = archive.page("2031/04/08"), archive.page("2031/04/09")
    assert 'id="t2240"' in old and 'href="../../../2031/04/09/#t2240"' in old and "Lights went out" not in old
    assert "Lights went out" in new and "The Example Paper" in new
    assert "/2031/04/09/#t2240" in archive.listed and "/2031/04/08/#t2240" in archive.listed
    assert archive.ingest() == 0, "the page still says so, and nothing comes back"
    stray = archive.content / "days" / "2031" / "2031-04-09.md"
    stray.unlink()
    with pytest.raises(ArchiveError, match="t2240 was moved to 2031-04-09#t2240, which does not exist"):
        load_catalog(archive.content)


def test_a_move_that_was_cut_short_and_is_made_again_leaves_one_entry(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTRY", "2031-04-08#t2240")
    monkeypatch.setenv("TO", "2031-04-09")
    here = archive.content / "days" / "2031" / "2031-04-08.md"
    before = here.read_bytes()
    assert move_entry.main() == 0
    once = {path: path.read_bytes() for path in archive.content.rglob("*.md")}
    here.write_bytes(before)  # as a crash between the two files leaves it
    assert move_entry.main() == 0
    assert {path: path.read_bytes() for path in archive.content.rglob("*.md")} == once


def test_a_renamed_topic_keeps_all_its_addresses(archive: Archive) -> None:
    assert publish() == 0
    old = archive.content / "topics" / "ferry.md"
    text = old.read_text().replace('kind: "theme"\n', 'kind: "theme"\nformer:\n  - "ferry"\n')
    old.unlink()
    (archive.content / "topics" / "ferries.md").write_text(text.replace('"Ferry"', '"Ferries"'))
    assert publish() == 0
    assert list(check_site(archive.site, "https://example.org/their-repo")) == []
    assert 'url=../../topics/ferries/"' in archive.page("topics/ferry")
    assert 'url=../../../../topics/ferries/2031/04/"' in archive.page("topics/ferry/2031/04")
    data = json.loads((archive.site / "topics" / "ferries" / "entries.json").read_text())
    assert data["entries"] == 2, "records that still say ferry mean the topic of today"


def test_a_former_slug_that_is_taken_is_refused(archive: Archive) -> None:
    (archive.content / "topics" / "fog.md").write_text('---\nname: "Fog"\nformer:\n  - "ferry"\n---\n')
    with pytest.raises(ArchiveError, match="fog names the former slug ferry, which belongs to ferry"):
        load_catalog(archive.content)


@pytest.mark.parametrize(
    ("entry", "reason", "said"),
    [
        ("2031-04-08", "x", "does not name an entry"),
        ("2031-04-31#t0915", "x", "does not name an entry"),
        ("2031-04-10#t0915", "x", "no such day file"),
        ("2031-04-08#t0916", "x", "has no entry t0916"),
        ("2031-04-08#t0915", " \n", "needs a reason"),
    ],
)
def test_a_withdrawal_that_cannot_be_says_why(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, entry: str, reason: str, said: str
) -> None:
    before = {path: path.read_bytes() for path in archive.content.rglob("*.md")}
    with pytest.raises(ArchiveError, match=said):
        withdraw_entry(archive.content, entry, reason)
    assert withdrawn(monkeypatch, entry, reason) == 1
    assert {path: path.read_bytes() for path in archive.content.rglob("*.md")} == before


def test_a_broken_list_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "addresses.txt").write_text("/\n2023/06/02/\n")
    with pytest.raises(ArchiveError, match="not an address") as caught:
        load_addresses(tmp_path)
    assert caught.value.line == 2
    assert load_addresses(tmp_path / "nowhere") == frozenset()


def test_a_list_that_was_lost_protects_by_its_absence_alone(tmp_path: Path) -> None:
    path = tmp_path / "addresses.txt"
    path.write_text("\n")
    with pytest.raises(ArchiveError, match=r"addresses\.txt: the list is empty; restore it"):
        load_addresses(tmp_path)
    path.unlink()
    path.symlink_to("a-disk-that-is-not-there/addresses.txt")
    with pytest.raises(FileNotFoundError):
        load_addresses(tmp_path)


def test_the_budget_counts_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 60)
    (tmp_path / "b").write_bytes(b"x" * 50)
    assert list(size_errors(tmp_path, site=110, file=60)) == []
    large = [error.path for error in size_errors(tmp_path, site=109, file=50)]
    assert large == [str(tmp_path / "a"), str(tmp_path)]


addresses = st.frozensets(st.from_regex(r"\A/[a-z0-9/#-]{0,8}\Z"))


@settings(max_examples=50)
@given(addresses, addresses)
def test_what_is_lost_is_what_was_there_and_is_not(old: frozenset[str], new: frozenset[str]) -> None:
    assert set(missing_addresses(old, new)) == {address for address in old if address not in new}
    assert missing_addresses(old, old | new) == ()
    assert dump_addresses(old).decode().splitlines() == sorted(old)


@settings(max_examples=40)
@given(days(), st.data())
def test_any_entry_can_be_withdrawn_or_moved(day: Day, data: st.DataObject) -> None:
    assume(day.entries)
    entry = data.draw(st.sampled_from(day.entries))
    buried = replace_with_tombstone(day, entry.anchor, "Because")
    assert load_day(dump_day(buried)) == buried
    assert [other.anchor for other in buried.entries] == [other.anchor for other in day.entries]
    assert replace_with_tombstone(buried, entry.anchor, "Because") == buried
    other = load_day('---\ntitle: "x"\ndate: 2030-01-01\n---\n')
    settled, (date, anchor) = insert_moved_entry(other, entry, day)
    assert date == dt.date(2030, 1, 1)
    (there,) = [known for known in settled.entries if known.anchor == anchor]
    assert (there.headline, there.body) == (entry.headline, entry.body)
    assert load_day(dump_day(settled)) == settled
