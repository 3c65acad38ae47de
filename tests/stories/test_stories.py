"""Stories of an invented archive: which entries are chapters, what corrections by hand change, and its addresses."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from builds import build_site
from paths import ROOT

from daybook.archive.day_store import DayStore
from daybook.archive.tombstones import move_entry, withdraw_entry
from daybook.core.config import BuildPaths
from daybook.core.errors import ArchiveError

CHAPTERS = {
    "2031-04-08": (
        "Captain Orlova accuses the Tarnside ferry company of forged safety papers",
        "Captain Irina Orlova said the Tarnside ferry company forged the safety papers of the ferry Meridian.",
    ),
    "2031-04-10": (
        "Tarnside ferry company denies that it forged papers of the Meridian",
        "The Tarnside ferry company denied that the safety papers of the Meridian were forged and called Irina Orlova "
        "mistaken.",
    ),
    "2031-04-13": (
        "Court hears Captain Orlova on the forged papers of the Meridian",
        "Irina Orlova told the court how the Tarnside ferry company forged the safety papers of the Meridian.",
    ),
}
OTHERS = (
    ("Rain closes the market", "The market in the old town stayed closed because of heavy rain."),
    ("Bakers ask for cheaper flour", "Bakers asked the council to lower the tax on flour and yeast."),
    ("Library opens on Sundays", "The library opens on Sundays from May, its director said."),
)


STORY_LINE = '[story]: # "2031-04-08#t1100"'


@pytest.fixture
def paths(tmp_path: Path) -> BuildPaths:
    conf = tmp_path / "conf.py"
    conf.write_text('SITENAME = "Quay"\nFIRST_DAY = "2031-04-08"\nTIMEZONE = "UTC"\n')
    for number, (date, (headline, text)) in enumerate(CHAPTERS.items()):
        other, other_text = OTHERS[number]
        write_day(tmp_path, date, f"## 09:00 {headline}\n\n{text}\n\n## 11:00 {other}\n\n{other_text}\n")
    for day in range(1, 8):  # a corpus, against which words are rare or common
        body = "".join(
            f"## {hour:02}:00 Gate {hour + 10 * day} opens\n\nGate {hour + 10 * day} of the quay opened for boat "
            f"{day * hour}.\n\n"
            for hour in range(8)
        )
        write_day(tmp_path, f"2031-03-{day:02}", body)
    return BuildPaths(content=tmp_path / "content", output=tmp_path / "site", conf=conf, cache=tmp_path / "cache")


def write_day(folder: Path, date: str, body: str) -> None:
    path = folder / "content/days" / date[:4] / f"{date}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'---\ntitle: "Quay"\ndate: {date}\n---\n\n{body}')


def story(paths: BuildPaths) -> str:
    return (paths.output / "stories/2031/04/08/t0900/index.html").read_text()


def test_three_reports_of_one_matter_are_a_story_with_a_page(paths: BuildPaths) -> None:
    build_site(paths)
    page = story(paths)
    assert all(headline.replace("'", "&#39;") in page for headline, _ in CHAPTERS.values())
    assert not any(headline in page for headline, _ in OTHERS)
    last = (paths.output / "2031/04/13/index.html").read_text()
    assert "stories/2031/04/08/t0900/" in last and "2031/04/10/#t0900" in last


def test_a_correction_by_hand_takes_an_entry_out_of_its_story(paths: BuildPaths) -> None:
    build_site(paths)
    path = paths.content / "days/2031/2031-04-13.md"
    headline = CHAPTERS["2031-04-13"][0]
    path.write_text(path.read_text().replace(f"{headline}\n", f'{headline}\n\n[story]: # "none"\n'))
    build_site(paths)
    assert not (paths.output / "stories/2031/04/08/t0900/index.html").exists(), "two chapters have no page"
    assert "2031/04/10/#t0900" not in (paths.output / "2031/04/13/index.html").read_text()


def test_an_entry_is_put_into_a_story_by_hand(paths: BuildPaths) -> None:
    build_site(paths)
    path = paths.content / "days/2031/2031-04-13.md"
    headline = OTHERS[2][0]
    path.write_text(path.read_text().replace(f"{headline}\n", f'{headline}\n\n[story]: # "2031-04-08#t0900"\n'))
    build_site(paths)
    assert headline in story(paths)


def test_a_correction_that_names_no_entry_is_refused(paths: BuildPaths) -> None:
    path = paths.content / "days/2031/2031-04-13.md"
    headline = OTHERS[2][0]
    path.write_text(path.read_text().replace(f"{headline}\n", f'{headline}\n\n[story]: # "2031-04-08#t2300"\n'))
    with pytest.raises(ArchiveError, match="2031-04-08#t2300") as error:
        build_site(paths)
    assert error.value.path == str(path) and error.value.line


def test_a_correction_follows_an_entry_that_was_moved(paths: BuildPaths) -> None:
    write_day(paths.content.parent, "2031-04-13", f"## 11:00 {OTHERS[2][0]}\n\n{STORY_LINE}\n\n{OTHERS[2][1]}\n")
    (paths.content / "stories.toml").write_text('[[story]]\nfirst = "2031-04-08#t1100"\ntitle = "The market"\n')
    store = DayStore(paths.content, "UTC")
    assert move_entry(store, "2031-04-08#t1100", dt.date(2031, 4, 9)) == (dt.date(2031, 4, 9), "t1100")
    build_site(paths)
    assert "2031/04/09/#t1100" in (paths.output / "2031/04/13/index.html").read_text()
    withdraw_entry(store, "2031-04-09#t1100", "Twice")
    with pytest.raises(ArchiveError, match="2031-04-08#t1100, a withdrawn entry; name another one, or delete the line"):
        build_site(paths)


def test_a_new_day_changes_no_story_before_it(paths: BuildPaths) -> None:
    build_site(paths)
    before = story(paths)
    write_day(paths.content.parent, "2031-04-20", "## 10:00 A whale is seen\n\nA whale swam past the quay.\n")
    build_site(paths)
    assert story(paths) == before


def test_the_judged_links_are_as_many_and_as_right_as_the_document_says() -> None:
    with (Path(__file__).parent / "judgements.csv").open(newline="") as file:
        links = list(csv.DictReader(file))
    document = " ".join((ROOT / "docs" / "stories.md").read_text().split())
    right = sum(link["right"] == "yes" for link in links)
    assert len({(link["earlier"], link["later"]) for link in links}) == 100
    assert f"**{right} of 100 are right**" in document and f"{right} of 100 links were right" in document
    assert all(bool(link["why_not"]) == (link["right"] == "no") for link in links)
    assert min(float(link["likeness"]) for link in links) >= 0.24
