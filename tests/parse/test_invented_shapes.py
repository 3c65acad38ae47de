"""Pages of many shapes with the local times of their posts, if they are available."""

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from paths import ROOT

from daybook.parse import parse
from daybook.parse.input_files import read_hints

SHAPES = ROOT.parent / "shared" / "shapes"
if not SHAPES.is_dir():  # of a worktree
    SHAPES = ROOT.parent.parent / "shared" / "shapes"
INDEX: dict[str, Any] = json.loads((SHAPES / "index.json").read_text(encoding="utf-8")) if SHAPES.is_dir() else {}
# Its stamps have two zones; the local times are those of the first.
ZONES = {"more/s-two-zones.txt": "-05:00"}


@pytest.mark.skipif(not INDEX, reason="needs pages that are not part of the project")
@pytest.mark.parametrize("name", INDEX)
def test_the_local_times_of_a_shape(name: str) -> None:
    shape = INDEX[name]
    page = parse((SHAPES / name).read_bytes(), read_hints(shape["hints"]), name)
    zone = dt.datetime.fromisoformat(f"2031-01-01T00:00{ZONES[name]}").tzinfo if name in ZONES else None
    local = zone or ZoneInfo(shape["hints"].get("zone", "UTC"))
    found = [f"{dt.datetime.fromisoformat(each.at).astimezone(local):%Y-%m-%dT%H:%M}" for each in page.records]
    assert found == shape["entries"]
