"""Files for programs: feeds, sitemaps, JSON-LD, the JSON of days."""

import datetime as dt
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

import feedparser
import pytest
from catalogs import load_catalog, write_day_files
from hypothesis import given
from hypothesis import strategies as st
from reading_site import SITEURL, build_reading_site

from daybook.core.model import Day, Entry
from daybook.core.text import xml_attribute, xml_text
from daybook.publish.checks import check_site
from daybook.site.exports import discovery
from daybook.site.exports.discovery import script_json
from daybook.site.exports.feeds import feed_files
from daybook.site.views.feed_formats import FEED_FORMATS, AtomFormat, Feed, FeedFormat
from daybook.site.views.urls import SiteIdentity
from daybook.site.views.view_models import EntryView

ATOM = {"a": "http://www.w3.org/2005/Atom"}
BASE = "{http://www.w3.org/XML/1998/namespace}base"
FEEDS = ("feeds/all.atom.xml", "topics/north-rock/atom.xml", "topics/weather/atom.xml")


@pytest.fixture
def folder(reading_site: Path) -> Path:
    """Return a site without SITEURL, read from a folder."""
    return reading_site


@pytest.fixture
def hosted(hosted_reading_site: Path) -> Path:
    """Return a site with SITEURL."""
    return hosted_reading_site


class _Scripts(HTMLParser):
    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[Any] = []
        self.inside = False
        self.feed(page.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = ("type", "application/ld+json") in attrs

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found.append(json.loads(data))
            self.inside = False


def elements(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return root.findall(f"a:{name}", ATOM)


def text(root: ElementTree.Element, name: str) -> str:
    (element,) = elements(root, name)
    return element.text or ""


def test_both_sites_pass_the_checks(folder: Path, hosted: Path) -> None:
    assert list(check_site(folder)) == []
    assert list(check_site(hosted, SITEURL)) == []


@pytest.mark.parametrize("name", FEEDS)
def test_an_atom_feed_has_what_rfc_4287_requires(folder: Path, hosted: Path, name: str) -> None:
    for site in (folder, hosted):
        root = ElementTree.parse(site / name).getroot()
        assert root.tag == "{http://www.w3.org/2005/Atom}feed"
        assert text(root, "title") and elements(root, "author")
        (own,) = [link for link in elements(root, "link") if link.get("rel") == "self"]
        address = f"{SITEURL}/{name}"
        assert urljoin(urljoin(address, root.get(BASE)), own.get("href")) == address
        entries = elements(root, "entry")
        ids = [text(part, "id") for part in (root, *entries)]
        assert len(set(ids)) == len(ids) and all(id.startswith("urn:uuid:") for id in ids)
        changes = [dt.datetime.fromisoformat(text(part, "updated")) for part in (root, *entries)]
        assert changes[0] == max(changes[1:])
        for entry in entries:
            (content,) = elements(entry, "content")
            (link,) = [link for link in elements(entry, "link") if link.get("rel") == "alternate"]
            page, _, anchor = urljoin(urljoin(address, root.get(BASE)), link.get("href")).partition("#")
            assert f'id="{anchor}"' in (site / page.removeprefix(f"{SITEURL}/") / "index.html").read_text()
            assert content.get("type") == "html" and (content.text or "").startswith("<p>")


@pytest.mark.parametrize("name", [*FEEDS, "feeds/changes.atom.xml"])
def test_a_feed_parser_accepts_the_feeds(hosted: Path, name: str) -> None:
    feed = feedparser.parse((hosted / name).read_bytes())
    assert not feed.bozo and feed.version == "atom10" and feed.feed.title
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) > 0
    for entry in feed.entries:
        assert entry.link.startswith(f"{SITEURL}/2") and entry.updated_parsed and entry.title


def test_ids_do_not_depend_on_siteurl_and_titles_are_escaped(folder: Path, hosted: Path) -> None:
    def seen(site: Path) -> list[tuple[str, str]]:
        root = ElementTree.parse(site / FEEDS[0]).getroot()
        return [(text(entry, "id"), text(entry, "title")) for entry in elements(root, "entry")]

    assert seen(folder) == seen(hosted)
    assert any('"<b>two</b>" lamps & a crew of 100%' in title for _, title in seen(folder))
    items = json.loads((folder / "feeds/all.json").read_text())["items"]
    assert [(item["id"], item["title"]) for item in items] == seen(folder)


def test_a_fixed_identity_keeps_the_ids_of_a_renamed_archive() -> None:
    old = SiteIdentity(name="Old", identity="kept", siteurl="", lang="en")
    new = SiteIdentity(name="New", identity="kept", siteurl=SITEURL, lang="en")
    other = SiteIdentity(name="New", identity="New", siteurl=SITEURL, lang="en")
    path = "2031/04/09/#t0610"
    assert old.id(path) == new.id(path) != other.id(path)
    assert old.id(path) != old.id("2031/04/09/#n1")


def test_a_json_feed_has_its_own_url_and_dates(folder: Path, hosted: Path) -> None:
    feed = json.loads((hosted / "topics/north-rock/feed.json").read_text())
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{SITEURL}/topics/north-rock/feed.json"
    newest = feed["items"][0]
    assert newest["url"] == f"{SITEURL}/2031/04/09/#t1330"
    assert newest["date_published"] == "2031-04-09T13:30:00Z" and newest["tags"] == ["North Rock"]
    assert feed["items"][1]["date_modified"] == "2031-04-09T09:00:00Z", "when a capture first had the correction"
    relative = json.loads((folder / "topics/north-rock/feed.json").read_text())
    assert relative["items"][0]["url"] == "../../2031/04/09/#t1330"


def test_a_feed_has_the_newest_hundred_entries_and_may_be_empty(tmp_path: Path, folder: Path) -> None:
    record = json.loads((folder / "feeds/all.json").read_text())
    anchors = [item["url"].split("#")[1] for item in record["items"]]
    assert anchors == ["n1", "t1330", "t0900", "t0610", "t0800", "t0610"]
    entries = tuple(Entry(anchor=f"n{number}", body="Fog.") for number in range(1, 131))
    catalog = load_catalog(write_day_files(tmp_path, [Day(date=dt.date(2031, 4, 9), title="", entries=entries)]))
    atom, *_ = feed_files(catalog, SiteIdentity(name="x", identity="x", siteurl="", lang="en"), "{title}")
    links = ElementTree.fromstring(atom.render()).findall("a:entry/a:link", ATOM)
    assert [link.get("href", "").split("#")[1] for link in links] == [f"n{number}" for number in range(130, 30, -1)]
    empty = Feed(page="", title="Nothing", items=(), updated_if_empty="2030-04-08T00:00:00Z")
    identity = SiteIdentity(name="x", identity="x", siteurl="", lang="en")
    root = ElementTree.fromstring(AtomFormat().document(empty, identity))
    assert text(root, "updated") == "2030-04-08T00:00:00Z"


class TextFormat(FeedFormat):
    file_name = "feed.txt"
    archive_path = "feeds/all.txt"
    media_type = "text/plain"

    def item(self, entry: EntryView, updated: str) -> str:
        return f"{updated} {entry.headline}"

    def document(self, feed: Feed, identity: SiteIdentity) -> bytes:
        return "\n".join([feed.title, *(item.texts[self.file_name] for item in feed.items)]).encode()


def test_a_format_in_the_table_gives_feeds_and_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("views.feed_formats", "exports.feeds", "load"):
        monkeypatch.setattr(f"daybook.site.{module}.FEED_FORMATS", (*FEED_FORMATS, TextFormat()))
    site = build_reading_site(tmp_path)
    assert list(check_site(site)) == []
    assert len((site / "feeds/all.txt").read_text().splitlines()) == 7
    assert (site / "topics/north-rock/feed.txt").read_text().startswith("North Rock – ")
    link = '<link rel="alternate" href="feed.txt" type="text/plain" title="Feed: North Rock">'
    assert link in (site / "topics/north-rock/index.html").read_text()


@given(st.text())
def test_any_text_survives_a_round_trip_through_xml(words: str) -> None:
    root = ElementTree.fromstring(f"<a b={xml_attribute(words)}>{xml_text(words)}</a>".encode(errors="surrogatepass"))
    possible = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", words)
    assert root.get("b") == possible
    assert (root.text or "") == possible.replace("\r\n", "\n").replace("\r", "\n")


def test_a_day_is_a_live_blog_posting_based_on_its_sources(folder: Path, hosted: Path) -> None:
    for site, address in ((folder, "../../../2031/04/09/"), (hosted, f"{SITEURL}/2031/04/09/")):
        day, breadcrumbs = _Scripts(site / "2031/04/09/index.html").found
        assert (day["@type"], day["url"], day["headline"]) == ("LiveBlogPosting", address, "Fog, a bell & a <boat>")
        postings = day["liveBlogUpdate"]
        assert [posting["url"] for posting in postings] == [f"{address}#{a}" for a in ("t0610", "t0900", "t1330", "n1")]
        assert postings[0]["isBasedOn"] == [{"@id": "#source-1"}, {"@id": "#source-2"}]
        assert {source["@id"]: source["url"] for source in day["isBasedOn"]}[
            "#source-2"
        ] == "https://buoy.example/live/2"
        assert postings[0]["author"] == [{"@type": "Person", "name": "Ada Fieldnote"}]
        assert [step["name"] for step in breadcrumbs["itemListElement"]] == [
            "Home",
            "2031",
            "April 2031",
            "Day 367 · 9 April 2031",
        ]
        assert breadcrumbs["itemListElement"][-1]["item"] == address


@given(st.recursive(st.text(), st.lists))
def test_no_string_ends_the_script_element(data: Any) -> None:
    script = script_json(data)
    assert not set("<>&") & set(script)
    assert json.loads(script) == data


def text_of(site: Path, address: str) -> str:
    path = site / address.removeprefix(f"{SITEURL}/")
    return (path / "index.html" if path.is_dir() else path).read_text()


def test_sitemaps_list_every_page_once_and_need_siteurl(folder: Path, hosted: Path) -> None:
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}

    def places(name: str) -> list[str]:
        return [
            element.text or "" for element in ElementTree.parse(hosted / name).getroot().iterfind("*/s:loc", spaces)
        ]

    parts = [address.removeprefix(f"{SITEURL}/") for address in places("sitemap.xml")]
    assert parts == ["sitemap-2030.xml", "sitemap-2031.xml", "sitemap-pages.xml"]
    assert f"{SITEURL}/topics/north-rock/2030/04/" in places("sitemap-2030.xml")
    listed = sorted(address for part in parts for address in places(part))
    pages = {f"{SITEURL}/{page.parent.relative_to(hosted).as_posix()}/" for page in hosted.rglob("index.html")}
    indexed = {page.replace("/./", "/") for page in pages if 'http-equiv="refresh"' not in text_of(hosted, page)}
    assert listed == sorted(indexed) and len(indexed) < len(pages), "no redirect is listed"
    changed = {
        url.findtext("s:loc", "", spaces): url.findtext("s:lastmod", "", spaces)
        for part in parts
        for url in ElementTree.parse(hosted / part).getroot()
    }
    days = {address: time for address, time in changed.items() if re.fullmatch(r".*/2031/\d\d/\d\d/", address)}
    newest = max(each["date_modified"] for each in json.loads(text_of(hosted, f"{SITEURL}/feeds/all.json"))["items"])
    assert re.fullmatch(r"2031-\d\d-\d\dT\d\d:\d\d:\d\dZ", max(days.values()))
    assert changed[f"{SITEURL}/"] == changed[f"{SITEURL}/days/"] == newest
    assert f"Sitemap: {SITEURL}/sitemap.xml" in (hosted / "robots.txt").read_text()
    assert not list(folder.glob("*.xml")) and "Sitemap" not in (folder / "robots.txt").read_text()


def test_opensearch_describes_the_search_page(hosted: Path, folder: Path) -> None:
    root = ElementTree.parse(hosted / "opensearch.xml").getroot()
    names = {element.tag.rpartition("}")[2]: element for element in root}
    assert names["Url"].get("template") == f"{SITEURL}/search/?q={{searchTerms}}"
    assert len(names["ShortName"].text or "") <= 16
    assert f'<link rel="search" href="{SITEURL}/opensearch.xml"' in (hosted / "index.html").read_text()
    assert "opensearch" not in (folder / "index.html").read_text()


def test_a_day_has_its_entries_as_json(folder: Path) -> None:
    day = json.loads((folder / "2031/04/09/entries.json").read_text())
    assert (day["date"], day["number"], day["collected"]) == ("2031-04-09", 367, [[0, 810]])
    assert day["lede"] == "Fog lay over the sound all morning."
    bell, tower, boat, note = day["entries"]
    assert (bell["at"], bell["sources"], bell["key"]) == ("2031-04-09T06:10:00Z", [1, 2], True)
    assert bell["text"] == "The bell was heard at ten past six.\n\nNobody rang it."
    assert tower["lang"] == "ar" and boat["made"] is True and "at" not in note
    empty = json.loads((folder / "2031/04/08/entries.json").read_text())
    assert empty["entries"] == [] and empty["title"] == "Nothing but fog"


def test_the_head_of_a_day_page_has_its_metadata(hosted: Path) -> None:
    page = (hosted / "2031/04/09/index.html").read_text()
    for line in (
        f'<link rel="canonical" href="{SITEURL}/2031/04/09/">',
        '<meta property="og:type" content="article">',
        '<meta name="dcterms.date" content="2031-04-09">',
        '<meta name="dcterms.source" content="https://buoy.example/live/2">',
        '<link rel="alternate" href="entries.json" type="application/json"',
        '<link rel="alternate" href="../../../feeds/all.atom.xml" type="application/atom+xml"',
    ):
        assert line in page


def test_a_sitemap_of_more_than_50_000_pages_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "_MAX_SITEMAP", 2)
    identity = SiteIdentity(name="Quay", identity="Quay", siteurl=SITEURL, lang="en")
    pages = {f"2031/04/{day:02}/index.html": f"2031-04-{day:02}T10:00:00Z" for day in range(1, 6)}
    files = {name: data.decode() for name, data in discovery.sitemaps({**pages, "about/index.html": ""}, identity)}
    names = ["sitemap-2031.xml", "sitemap-2031-2.xml", "sitemap-2031-3.xml", "sitemap-pages.xml"]
    assert list(files) == ["sitemap.xml", *names]
    assert re.findall(r"<loc>\S+/(\S+?)</loc>", files["sitemap.xml"]) == names
    listed = [address for name in names for address in re.findall(r"<loc>(.*?)</loc>", files[name])]
    assert listed == [f"{SITEURL}/2031/04/{day:02}/" for day in range(1, 6)] + [f"{SITEURL}/about/"]
    assert [files[name].count("<url>") for name in names] == [2, 2, 1, 1]
