"""Groups of files: a month that nothing changed is not looked at, and one that anything changed is made again."""

import datetime as dt
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from builds import build_site
from catalogs import write_day_files
from msgspec.structs import replace

from daybook.archive.content import day_file_path
from daybook.archive.day_file import dump_day, load_day
from daybook.core.config import BuildPaths
from daybook.core.model import Day, DaySource, Entry, sort_day
from daybook.site import builder

SETTINGS = 'SITENAME = "Harbour"\nFIRST_DAY = "2031-04-01"\nTIMEZONE = "UTC"\n'
DATES = [dt.date(2031, 3, 31), *(dt.date(2031, month, day) for month in (4, 5, 6, 7) for day in (1, 15, 30))]
LONG = "the third gate at Weide was closed before noon because the river rose by another metre in the night"


def entry(text: str, hour: int = 8, **fields: object) -> Entry:
    return Entry(
        anchor=f"t{hour:02}00", time=dt.time(hour), headline=f"At {hour}", body=text, sources=("s1",), **fields
    )


def day(date: dt.date, entries: Sequence[Entry]) -> Day:
    # The live blog of the next date had the evening's entries, too.
    source = DaySource(key="s1", title="Live", url=f"https://a.example/{date}", date=date + dt.timedelta(days=1))
    return Day(date=date, title=f"Day {date}", lede="", sources=(source,), entries=tuple(entries))


class Archive:
    """An archive of five months, and its site, which is compared with a clean build after each edit."""

    def __init__(self, folder: Path) -> None:
        days = [day(date, [entry(f"Boats on {date:%B} {date.day}."), entry("Fog came.", 22)]) for date in DATES]
        self.content, self.folder = write_day_files(folder / "content", days), folder
        (folder / "conf.py").write_text(SETTINGS)
        self.paths = BuildPaths(
            content=self.content, output=folder / "site", conf=folder / "conf.py", cache=folder / "cache"
        )
        self.build()

    def edit(self, date: dt.date, change: Callable[[Day], Day]) -> None:
        path = day_file_path(self.content, date)
        path.write_text(dump_day(change(load_day(path.read_text()))))

    def topic(self, slug: str, alias: str) -> Path:
        path = self.content / "topics" / f"{slug}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'---\nname: "{slug}"\naliases:\n  - "{alias}"\n---\n')
        return path

    def build(self, *, look: bool = False) -> dict[str, bytes]:
        return self._build(self.paths, look=look)

    def clean(self) -> dict[str, bytes]:
        number = len(list(self.folder.glob("clean*")))
        clean = self.folder / f"clean{number}"
        return self._build(replace(self.paths, output=clean / "site", cache=clean / "cache"), look=False)

    def _build(self, paths: BuildPaths, *, look: bool) -> dict[str, bytes]:
        build_site(paths, look=look)
        files = (path for path in paths.output.rglob("*") if path.is_file())
        return {path.relative_to(paths.output).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def with_text(text: str, hour: int = 12) -> Callable[[Day], Day]:
    return lambda old: sort_day(replace(old, entries=(*old.entries, entry(text, hour))))


def looked_at(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Build, and return the months whose days were looked at one by one."""
    found: set[int] = set()
    read = builder.day_inputs
    monkeypatch.setattr(builder, "day_inputs", lambda catalog, date: (found.add(date.month), read(catalog, date))[1])
    archive.build()
    return found


def test_only_the_months_that_an_edit_reaches_are_looked_at(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.edit(dt.date(2031, 5, 15), with_text("A ferry to Lohn."))
    assert looked_at(archive, monkeypatch) == {5}


def test_the_first_day_of_a_month_shows_the_evening_before_with_its_topics(archive: Archive) -> None:
    archive.edit(dt.date(2031, 3, 31), with_text("The lantern at Weide went out.", 21))
    archive.build()
    archive.topic("light", "lantern")
    site = archive.build()
    assert b"At 21" in site["2031/04/01/index.html"]
    assert site == archive.clean()


def test_the_nearest_days_and_entries_of_other_months_are_links(archive: Archive) -> None:
    archive.edit(dt.date(2031, 4, 30), with_text("Late boats.", 23))
    site = archive.build()
    assert site == archive.clean()
    day_file_path(archive.content, dt.date(2031, 4, 30)).unlink()
    assert archive.build() == archive.clean()


def test_the_same_text_in_another_month_is_linked_and_that_link_goes_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.edit(dt.date(2031, 4, 15), with_text(LONG))
    archive.build()
    archive.edit(dt.date(2031, 7, 15), with_text(LONG))
    assert {4, 7} <= looked_at(archive, monkeypatch)
    site = archive.build()
    assert b"2031/07/15/" in site["2031/04/15/index.html"]
    assert site == archive.clean()
    archive.edit(dt.date(2031, 7, 15), lambda old: replace(old, entries=old.entries[::2]))
    assert archive.build() == archive.clean()


def test_more_than_forty_equal_texts_link_only_with_neighbours(archive: Archive) -> None:
    dates = [dt.date(2031, 4, 2) + dt.timedelta(days=2 * number) for number in range(41)]
    for date in dates[1:]:
        path = day_file_path(archive.content, date)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump_day(day(date, [entry(LONG)])))
    archive.build()
    path = day_file_path(archive.content, dates[0])
    path.write_text(dump_day(day(dates[0], [entry(LONG)])))
    assert archive.build() == archive.clean()


def test_a_topic_that_enters_and_leaves_a_month_changes_its_months_before_and_after(archive: Archive) -> None:
    archive.topic("light", "lantern")
    for month in (4, 7):
        archive.edit(dt.date(2031, month, 15), with_text("The lantern was lit."))
    archive.build()
    archive.edit(dt.date(2031, 5, 15), with_text("The lantern went out."))
    site = archive.build()
    assert b"2031/05/" in site["topics/light/2031/04/index.html"]
    assert b"2031/05/" in site["topics/light/2031/07/index.html"]
    assert site == archive.clean()
    archive.edit(dt.date(2031, 5, 15), lambda old: replace(old, entries=old.entries[::2]))
    assert archive.build() == archive.clean()


def test_a_topic_that_is_gone_gives_up_its_files_after_a_killed_build(archive: Archive) -> None:
    topic = archive.topic("light", "boats on june")
    assert "topics/light/2031/06/index.html" in archive.build()
    topic.unlink()
    child = os.fork()
    if child == 0:
        builder.SiteBuilder.write_other_files = lambda self: os._exit(9)  # type: ignore[method-assign]
        archive.build()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    site = archive.build()
    assert not any(name.startswith("topics/light/") for name in site)
    assert site == archive.clean()


@pytest.mark.parametrize("look", [False, True])
def test_a_month_that_is_gone_gives_up_its_files(archive: Archive, look: bool) -> None:
    for date in DATES[-3:]:
        day_file_path(archive.content, date).unlink()
    site = archive.build(look=look)
    assert not any(name.startswith("2031/07/") for name in site)
    assert site == archive.clean()


def test_a_page_edited_by_hand_in_an_unchanged_month_is_written_again_by_a_build_that_looks(archive: Archive) -> None:
    page = archive.paths.output / "2031/05/15/index.html"
    expected = page.read_bytes()
    page.write_bytes(b"edited by hand")
    archive.edit(dt.date(2031, 6, 15), with_text("Oil."))
    assert archive.build()["2031/05/15/index.html"] == b"edited by hand"
    assert archive.build(look=True)["2031/05/15/index.html"] == expected


def test_a_plain_file_at_the_address_of_an_unchanged_month_is_an_error(archive: Archive) -> None:
    plain = archive.content / "files/boat.txt"
    plain.parent.mkdir()
    plain.write_text("boat")
    with (archive.folder / "conf.py").open("a") as conf:
        conf.write('EXTRA_PATH_METADATA = {"files/boat.txt": {"path": "2031/05/15/index.html"}}\n')
    with pytest.raises(Exception, match="is needed for 2031/05/15"):
        archive.build()
