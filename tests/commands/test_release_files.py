"""The files of a release of the generator: wheel, SBOM, checksums and notes."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from paths import ROOT
from release_wheel import write_release


def test_a_release_has_a_wheel_with_checksums_and_a_list_of_what_it_needs(tmp_path: Path) -> None:
    wheel = write_release(tmp_path / "one")
    sums = dict(reversed(line.split("  ")) for line in (tmp_path / "one" / "SHA256SUMS").read_text().splitlines())
    assert sums[wheel.name] == hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert set(sums) == {wheel.name, "sbom.cdx.json"}
    bill = json.loads((tmp_path / "one" / "sbom.cdx.json").read_text())
    locked = re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / "requirements" / "runtime.lock").read_text(), re.MULTILINE)
    assert {(each["name"], each["version"]) for each in bill["components"]} == set(locked)
    assert all(each["hashes"] for each in bill["components"])
    assert (tmp_path / "one" / "NOTES.md").read_text().strip()
    again = write_release(tmp_path / "two")
    assert again.read_bytes() == wheel.read_bytes()


def test_a_tag_that_is_not_the_version_makes_no_release(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"the tag is v99\.0, but the version"):
        write_release(tmp_path, "v99.0")
