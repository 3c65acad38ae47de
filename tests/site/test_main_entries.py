"""Which entries of a day are its main ones, which of them names it, and which reports belong together."""

import datetime as dt

from catalogs import load_catalog
from told_site import told_date, write_told_archive

from daybook.site.pages.band import MAX_LINKS, band_view
from daybook.site.pages.day_page import day_view


def test_a_day_is_named_by_its_title_its_key_entry_or_the_report_most_outlets_share(tmp_path) -> None:  # type: ignore[no-untyped-def]
    content, conf = write_told_archive(tmp_path, days=20)
    catalog = load_catalog(content, conf)
    links = {number: catalog.links[told_date(number)] for number in range(1, 21)}
    assert links[4].headline == links[4].title and links[4].chosen == ""
    assert links[5].chosen == "key" and links[5].headline == links[5].main[0].headline and links[5].main[0].key
    assert links[7].chosen == "rule" and links[7].headline
    for link in links.values():
        times = [entry.time or dt.time.min for entry in link.main[1:]]
        assert times == sorted(times) and len(link.main) <= 6


def test_the_band_has_a_bar_a_day_and_turning_points(tmp_path) -> None:  # type: ignore[no-untyped-def]
    content, conf = write_told_archive(tmp_path, days=100)
    (content / "turning_points.toml").write_text('[[point]]\ndate = 2030-01-09\ntext = "The gauge is read"\n')
    catalog = load_catalog(content, conf)
    band = band_view(catalog)
    assert band is not None and band.unit == "day" and band.kind == "turning"
    assert [(point.day.number, point.text) for point in band.named] == [(9, "The gauge is read")]
    assert sum(bar.count for bar in band.bars) == sum(count for _, count in band.rows) == catalog.counts["entries"]
    assert [bar.first.isoformat() for bar in band.bars if not bar.days] == ["2030-03-18", "2030-03-19"]
    assert len(band.links) == 98 <= MAX_LINKS


def test_later_reports_of_other_outlets_belong_to_the_first(tmp_path) -> None:  # type: ignore[no-untyped-def]
    content, conf = write_told_archive(tmp_path, days=465)
    catalog = load_catalog(content, conf)
    day = day_view(catalog, told_date(465))
    assert {first: [link.path[-5:] for link in links] for first, links in day.reports.items()} == {
        "t0652": ["t0658", "t0705"]
    }
    assert day.folded == {"t0658": "t0652", "t0705": "t0652"}
    assert day.link.main[0].outlets == ("The Courier", "Nordpost", "Radio Lenne")


def test_an_entry_and_its_continuations_are_one_main_entry(tmp_path) -> None:  # type: ignore[no-untyped-def]
    content, conf = write_told_archive(tmp_path, days=1)
    day = content / "days" / "2030" / "2030-01-02.md"
    headlines = ("Levee report", "Levee report (2)", "Levee report (3)", "Ferry stops", "Levee report")
    body = "".join(f"## {8 + n:02}:00 {headline}\n\nText {n}.\n\n" for n, headline in enumerate(headlines))
    day.write_text(f"---\ndate: 2030-01-02\n---\n\n{body}")
    main = load_catalog(content, conf).links[told_date(2)].main
    assert [entry.headline for entry in main] == ["Levee report", "Ferry stops"]
