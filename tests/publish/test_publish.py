"""Published addresses stay: refusals, redirects, tombstones; and the size limits of a host."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from catalogs import load_catalog
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from published import Archive, make_archive, publish
from strategies import days

from daybook.archive.content import dump_addresses, load_addresses, missing_addresses
from daybook.archive.day_file import dump_day, load_day
from daybook.archive.day_store import DayStore
from daybook.archive.tombstones import insert_moved_entry, replace_with_tombstone, withdraw_entry
from daybook.cli import main
from daybook.core.config import Config
from daybook.core.errors import ArchiveError
from daybook.core.model import Day
from daybook.incremental.output import BuildState, cache_folder
from daybook.publish.checks import check_site, size_errors
from daybook.site.build import build_site_in_full


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    return make_archive(tmp_path, monkeypatch)


def run_withdraw(monkeypatch: pytest.MonkeyPatch, entry: str, reason: str = "Published in error") -> int:
    monkeypatch.setenv("ENTRY", entry)
    monkeypatch.setenv("REASON", reason)
    return main(["withdraw"])


def test_address_list_is_sorted_and_has_pages_and_entries(archive: Archive) -> None:
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


def test_lost_day_is_reported_and_stops_publishing(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    assert publish() == 0
    before = archive.listed
    (archive.content / "days" / "2031" / "2031-04-09.md").unlink()
    assert main(["build"]) == 0, "an unpublished build only warns"
    assert "warning: published address /2031/04/09/#n1 no longer exists" in capsys.readouterr().err
    assert publish() == 1
    refused = capsys.readouterr().err
    for address in ("/2031/04/09/ ", "/2031/04/09/#n1 ", "/day/4/ ", "/topics/harbour/ "):
        assert f"addresses.txt: published address {address}no longer exists" in refused
    assert f"Do not upload {archive.site}." in refused
    assert archive.listed == before


def test_failed_build_publishes_nothing(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    day = archive.content / "days" / "2031" / "2031-04-09.md"
    day.write_text(day.read_text() + "\n## 25:00 No such hour\n")
    assert publish() == 1
    assert "invalid time 25:00" in capsys.readouterr().err
    assert not (archive.content / "addresses.txt").exists()


def test_unfinished_output_is_refused_and_repaired_by_the_next_build(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def build_then_interrupt(config: Config) -> frozenset[str]:
        present = build_site_in_full(config)
        (archive.site / "2031" / "04" / "08" / "index.html").write_text("of another archive")
        BuildState(cache_folder(config.paths.cache, config.paths.output)).begin()
        return present

    with monkeypatch.context() as patched:
        patched.setattr("daybook.commands.publish.build_site_in_full", build_then_interrupt)
        assert publish() == 1
    refused = capsys.readouterr().err
    assert f"{archive.site}: a build of this folder has not finished; run make publish again" in refused
    assert not (archive.content / "addresses.txt").exists()
    assert publish() == 0
    assert "of another archive" not in archive.page("2031/04/08")


def test_withdrawn_entry_leaves_only_its_anchor(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    assert publish() == 0
    assert run_withdraw(monkeypatch, "2031-05-02#t0600") == 0
    assert publish() == 0, "a tombstone keeps the address, and the pages of its topic redirect"
    assert list(check_site(archive.site, "https://example.org/their-repo")) == []
    page = archive.page("2031/05/02")
    assert 'id="t0600"' in page and "Published in error" in page
    text = "No ship moved in the fog"
    files = [
        path.relative_to(archive.site).as_posix()
        for path in sorted(archive.site.rglob("*"))
        if path.is_file() and text.encode() in path.read_bytes()
    ]
    assert files == []
    assert text not in (archive.content / "days" / "2031" / "2031-05-02.md").read_text()
    mentioned = [
        path.relative_to(archive.site).as_posix()
        for path in sorted(archive.site.rglob("*"))
        if path.is_file() and b"2031/05/02/#t0600" in path.read_bytes()
    ]
    redirect = "2031/05/02/t0600/index.html"
    assert mentioned == [redirect, "changes/index.html", "data/changes.jsonl", "feeds/changes.atom.xml"]
    assert 'url=../../../../topics/ferry/"' in archive.page("topics/ferry/2031/05")
    assert "This topic has no entries yet" in archive.page("topics/fog")


def test_second_ingest_restores_no_withdrawn_entry(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    for entry in ("2031-04-08#t0915", "2031-04-08#t2240", "2031-04-09#n1"):
        assert run_withdraw(monkeypatch, entry) == 0
    before = {path: path.read_bytes() for path in archive.content.rglob("*.md")}
    assert archive.ingest() == 0
    assert {path: path.read_bytes() for path in archive.content.rglob("*.md")} == before
    assert run_withdraw(monkeypatch, "2031-04-09#n1", "Another reason") == 0
    assert archive.ingest() == 0
    (day,) = [day for day in before if day.name == "2031-04-09.md"]
    assert "Another reason" in day.read_text()


def test_new_wording_with_a_withdrawn_id_is_not_added(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert run_withdraw(monkeypatch, "2031-04-08#t2240") == 0
    record = {
        "at": "2031-04-08T22:40:30Z",
        "id": "post-7",
        "text": "Lamps failed along the quay.",
        "headline": "",
        "source": {"url": "https://paper.example/8", "captured": "2031-04-08T23:00:00Z"},
    }
    (tmp_path / "more.jsonl").write_text(json.dumps(record) + "\n")
    archive.ingest(tmp_path / "more.jsonl")
    assert "Lamps" not in (archive.content / "days" / "2031" / "2031-04-08.md").read_text()


def test_moved_entry_is_linked_from_its_old_address(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    assert publish() == 0
    monkeypatch.setenv("ENTRY", "2031-04-08#t2240")
    monkeypatch.setenv("TO", "2031-04-09")
    assert main(["move"]) == 0
    assert publish() == 0
    assert list(check_site(archive.site, "https://example.org/their-repo")) == []
    old, new = archive.page("2031/04/08"), archive.page("2031/04/09")
    assert 'id="t2240"' in old and 'href="../../../2031/04/09/#t2240"' in old
    assert "Lights went out" not in re.sub(r"<nav.*?</nav>", "", old, flags=re.DOTALL), "only the next day's headline"
    assert "Lights went out" in new and "The Example Paper" in new
    assert "/2031/04/09/#t2240" in archive.listed and "/2031/04/08/#t2240" in archive.listed
    assert archive.ingest() == 0, "the page still has the entry on the old day"
    stray = archive.content / "days" / "2031" / "2031-04-09.md"
    stray.unlink()
    with pytest.raises(ArchiveError, match="t2240 was moved to 2031-04-09#t2240, which does not exist"):
        load_catalog(archive.content)


def test_interrupted_move_can_be_repeated(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTRY", "2031-04-08#t2240")
    monkeypatch.setenv("TO", "2031-04-09")
    old_day = archive.content / "days" / "2031" / "2031-04-08.md"
    before = old_day.read_bytes()
    assert main(["move"]) == 0
    after = {path: path.read_bytes() for path in archive.content.rglob("*.md")}
    old_day.write_bytes(before)  # as a crash between the two files leaves it
    assert main(["move"]) == 0
    assert {path: path.read_bytes() for path in archive.content.rglob("*.md")} == after


def test_renamed_topic_keeps_all_its_addresses(archive: Archive) -> None:
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
    assert data["entries"] == 2, "records with the old slug belong to the renamed topic"


def test_former_slug_of_another_topic_is_refused(archive: Archive) -> None:
    (archive.content / "topics" / "fog.md").write_text('---\nname: "Fog"\nformer:\n  - "ferry"\n---\n')
    with pytest.raises(ArchiveError, match="`former` of fog lists ferry, which is already used by ferry"):
        load_catalog(archive.content)


@pytest.mark.parametrize(
    ("entry", "reason", "message"),
    [
        ("2031-04-08", "x", "does not name an entry"),
        ("2031-04-31#t0915", "x", "does not name an entry"),
        ("2031-04-10#t0915", "x", "no such day file"),
        ("2031-04-08#t0916", "x", "has no entry t0916"),
        ("2031-04-08#t0915", " \n", "needs a reason"),
    ],
)
def test_invalid_withdrawal_is_refused(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, entry: str, reason: str, message: str
) -> None:
    before = {path: path.read_bytes() for path in archive.content.rglob("*.md")}
    with pytest.raises(ArchiveError, match=message):
        withdraw_entry(DayStore(archive.content, "UTC"), entry, reason)
    assert run_withdraw(monkeypatch, entry, reason) == 1
    assert {path: path.read_bytes() for path in archive.content.rglob("*.md")} == before


def test_error_in_address_list_has_its_line(tmp_path: Path) -> None:
    (tmp_path / "addresses.txt").write_text("/\n2023/06/02/\n")
    with pytest.raises(ArchiveError, match="invalid address") as caught:
        load_addresses(tmp_path)
    assert caught.value.line == 2
    assert load_addresses(tmp_path / "nowhere") == frozenset()


def test_empty_or_unreadable_address_list_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "addresses.txt"
    path.write_text("\n")
    with pytest.raises(ArchiveError, match=r"addresses\.txt: the list is empty; restore it"):
        load_addresses(tmp_path)
    path.unlink()
    path.symlink_to("a-disk-that-is-not-there/addresses.txt")
    with pytest.raises(FileNotFoundError):
        load_addresses(tmp_path)


def test_size_limits_count_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 60)
    (tmp_path / "b").write_bytes(b"x" * 50)
    assert list(size_errors(tmp_path, site=110, file=60)) == []
    large = [error.path for error in size_errors(tmp_path, site=109, file=50)]
    assert large == [str(tmp_path / "a"), str(tmp_path)]


addresses = st.frozensets(st.from_regex(r"\A/[a-z0-9/#-]{0,8}\Z"))


@settings(max_examples=50)
@given(addresses, addresses)
def test_missing_addresses_are_the_difference(old: frozenset[str], new: frozenset[str]) -> None:
    assert set(missing_addresses(old, new)) == {address for address in old if address not in new}
    assert missing_addresses(old, old | new) == ()
    assert dump_addresses(old).decode().splitlines() == sorted(old)


@settings(max_examples=40)
@given(days(), st.data())
def test_any_entry_can_be_withdrawn_or_moved(day: Day, data: st.DataObject) -> None:
    assume(day.entries)
    entry = data.draw(st.sampled_from(day.entries))
    withdrawn = replace_with_tombstone(day, entry.anchor, "Because")
    assert load_day(dump_day(withdrawn)) == withdrawn
    assert [other.anchor for other in withdrawn.entries] == [other.anchor for other in day.entries]
    assert replace_with_tombstone(withdrawn, entry.anchor, "Because") == withdrawn
    other = load_day('---\ntitle: "x"\ndate: 2030-01-01\n---\n')
    target, (date, anchor) = insert_moved_entry(other, entry, day)
    assert date == dt.date(2030, 1, 1)
    (moved,) = [found for found in target.entries if found.anchor == anchor]
    assert (moved.headline, moved.body) == (entry.headline, entry.body)
    assert load_day(dump_day(target)) == target
