"""Pictures in entries, ledes, topics and prose; prose pages in menu and footer; the file CNAME."""

import json
import shutil
from pathlib import Path

import pytest
from builds import build_site
from PIL import Image

from daybook.core.config import BuildPaths
from daybook.core.errors import ArchiveError
from daybook.core.markdown import check_body, plain_text, render_markdown
from daybook.publish.checks import check_site

CONF = 'SITENAME = "Aller"\nFIRST_DAY = "2031-04-01"\nSITEURL = "https://aller.example/archive"\n'
DAY = """\
---
title: "Fog"
date: 2031-04-09
zone: "UTC"
---

![The river in fog](../../files/river.png)

## 09:00 The gate

[anchor]: # "t0900"

![The third gate, "closed"](../../files/gate.png "Photo: <Ida> & co")

The gate closed.
"""
TOPIC = '---\nname: "Gate"\naliases: ["gate"]\n---\n\n![A plan of the gate](../files/gate.png)\n'
PAGE = '---\ntitle: "Imprint"\nplace: "footer"\n---\n\n![Our house](../files/house/front.png)\n\nText.\n'
PLACED = 'src="../../../files/gate.png" width="40" height="30" loading="lazy"'


@pytest.fixture
def archive(tmp_path: Path) -> BuildPaths:
    content = tmp_path / "content"
    files = {"days/2031/2031-04-09.md": DAY, "topics/gate.md": TOPIC, "pages/imprint.md": PAGE}
    files["pages/method.md"] = '---\ntitle: "Method"\nplace: "menu"\n---\n\nHow.\n'
    for name, text in files.items():
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        (content / name).write_text(text)
    for name in ("river", "gate", "house/front"):
        (content / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), "teal").save(content / "files" / f"{name}.png")
    (content / "files" / "CNAME").write_text("aller.example\n")
    (tmp_path / "conf.py").write_text(CONF)
    return BuildPaths(content=content, output=tmp_path / "site", conf=tmp_path / "conf.py", cache=tmp_path / "cache")


def test_a_picture_keeps_room_on_every_page_and_has_an_absolute_address_in_feeds(archive: BuildPaths) -> None:
    build_site(archive)
    site = archive.output
    assert list(check_site(site, "https://aller.example/archive")) == []
    day = (site / "2031" / "04" / "09" / "index.html").read_text()
    assert PLACED in day and 'src="../../../files/river.png" width="40"' in day
    assert "<figcaption>Photo: &lt;Ida&gt; &amp; co</figcaption>" in day and "The third gate, &quot;closed&quot;" in day
    topic = (site / "topics" / "gate" / "index.html").read_text()
    assert 'src="../../files/gate.png" width="40" height="30" loading="lazy" alt="A plan of the gate"' in topic
    assert 'src="../files/house/front.png" width="40"' in (site / "imprint" / "index.html").read_text()
    address = "https://aller.example/archive/files/gate.png"
    (item,) = json.loads((site / "feeds" / "all.json").read_text())["items"]
    assert f'<img src="{address}" alt=' in item["content_html"]
    assert address in (site / "feeds" / "all.atom.xml").read_text()
    assert (site / "CNAME").read_text() == "aller.example\n"
    assert (site / "files" / "gate.png").read_bytes() == (archive.content / "files" / "gate.png").read_bytes()
    assert build_site(archive) == (), "nothing in it is unknown"


def test_another_size_of_a_picture_is_on_the_pages_that_are_built_next(archive: BuildPaths) -> None:
    build_site(archive)
    Image.new("RGB", (50, 20), "teal").save(archive.content / "files" / "gate.png")
    build_site(archive)
    day = (archive.output / "2031" / "04" / "09" / "index.html").read_text()
    assert 'src="../../../files/gate.png" width="50" height="20"' in day
    shutil.rmtree(archive.content / "files" / "house")
    with pytest.raises(ArchiveError, match=r"imprint\.md.*no picture files/house/front\.png"):
        build_site(archive)


@pytest.mark.parametrize("name", ["days/2031/2031-04-09.md", "topics/gate.md", "pages/imprint.md"])
def test_a_picture_without_description_or_file_stops_a_build(archive: BuildPaths, name: str) -> None:
    path = archive.content / name
    good = path.read_text()
    path.write_text(good.replace("![", "![A description](../../files/none.png)\n\n![", 1))
    with pytest.raises(ArchiveError, match=r"there is no picture files/none\.png"):
        build_site(archive)
    path.write_text(good + "\n![ ](../files/gate.png)\n")
    with pytest.raises(ArchiveError, match=r"files/gate\.png has no description"):
        build_site(archive)
    assert not archive.output.exists() or not list(archive.output.rglob("*.html"))


def test_prose_pages_are_linked_where_they_say(archive: BuildPaths) -> None:
    build_site(archive)
    page = (archive.output / "2031" / "04" / "09" / "index.html").read_text()
    header, footer = page[: page.index("<main")], page[page.index("<footer") :]
    assert '<a href="../../../method/">Method</a>' in header and "imprint/" not in header
    assert '<a href="../../../imprint/">Imprint</a>' in footer and "method/" not in footer
    imprint = (archive.output / "imprint" / "index.html").read_text()
    assert 'class="intro"' not in imprint, "the count of days and entries is on the about page only"
    wrong = archive.content / "pages" / "wrong.md"
    wrong.write_text('---\ntitle: "x"\nplace: "sidebar"\n---\n\nText.\n')
    with pytest.raises(ArchiveError, match=r"wrong\.md:3: unknown place 'sidebar'; known: menu, footer"):
        build_site(archive)


def test_pictures_from_elsewhere_stay_links() -> None:
    for markdown in ("![x](https://elsewhere.example/x.png)", "![x](images/x.png)", "![x](files/../../x.png)"):
        assert "<img" not in render_markdown(markdown), markdown
    assert plain_text("![The gate](files/gate.png)") == "The gate", "a search finds the description"
    with pytest.raises(ArchiveError) as error:
        check_body("Text.\n\n![](files/gate.png)", 7)
    assert error.value.line == 9
