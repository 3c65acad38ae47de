"""Write a release of the generator to dist/, for `make wheel`: the wheel, its SBOM, checksums and notes.

The same commit gives the same bytes: hatchling takes no time from the clock.
"""

import hashlib
import json
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.wheel import WheelBuilder
from paths import ROOT

LOCK = ROOT / "requirements" / "runtime.lock"
_REQUIREMENT = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][0-9a-z.]*)(?: ; (?P<marker>[^\\]+?))? \\")
_HASH = re.compile(r"    --hash=sha256:([0-9a-f]{64})")


def build_wheel(folder: Path) -> Path:
    """Build the wheel into a folder and return its path."""
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder))
    return Path(wheel)


def bill_of_materials(wheel: Path) -> dict[str, Any]:
    """Return what the wheel needs as a CycloneDX 1.6 document: each locked package, and the hashes of its files."""
    name, version = wheel.name.split("-")[:2]
    packages: list[dict[str, Any]] = []
    for line in LOCK.read_text().splitlines():
        if match := _REQUIREMENT.fullmatch(line):
            purl = f"pkg:pypi/{match['name']}@{match['version']}"
            package = {"type": "library", "bom-ref": purl, "name": match["name"], "version": match["version"]}
            packages.append({**package, "purl": purl, "scope": "required", "hashes": []})
        elif found := _HASH.match(line):
            packages[-1]["hashes"].append({"alg": "SHA-256", "content": found[1]})
    # Of a package that the lock has once for each of several systems, one component with all hashes.
    components: dict[str, dict[str, Any]] = {}
    for package in packages:
        known = components.setdefault(package["bom-ref"], {**package, "hashes": []})
        known["hashes"] += [each for each in package["hashes"] if each not in known["hashes"]]
    root = {
        "type": "application",
        "bom-ref": "daybook",
        "name": name.replace("_", "-"),
        "version": version,
        "hashes": [{"alg": "SHA-256", "content": sha256(wheel)}],
        "licenses": [{"expression": "AGPL-3.0-or-later"}],
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": root},
        "components": list(components.values()),
        "dependencies": [{"ref": "daybook", "dependsOn": list(components)}],
    }


def release_notes(version: str) -> str:
    """Return the section of CHANGELOG.md about a version, or about what is unreleased."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.split(r"^## (?:\[)?([^\]\s]+).*$", text, flags=re.MULTILINE)
    notes = dict(zip(sections[1::2], sections[2::2], strict=True))
    return notes.get(version, notes.get("Unreleased", "")).strip() + "\n"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_release(folder: Path, tag: str = "") -> Path:
    """Write all files of a release to a folder and return the wheel's path.

    Raises ValueError if `tag` is set and is not the version of pyproject.toml.
    """
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    if tag and tag.removeprefix("v") != version:
        raise ValueError(f"the tag is {tag}, but the version in pyproject.toml is {version}")
    folder.mkdir(parents=True, exist_ok=True)
    wheel = build_wheel(folder)
    bill = folder / "sbom.cdx.json"
    bill.write_text(json.dumps(bill_of_materials(wheel), indent=2) + "\n", encoding="utf-8")
    sums = "".join(f"{sha256(path)}  {path.name}\n" for path in sorted((wheel, bill)))
    (folder / "SHA256SUMS").write_text(sums)
    (folder / "NOTES.md").write_text(release_notes(version), encoding="utf-8")
    return wheel


if __name__ == "__main__":
    try:
        print(write_release(ROOT / "dist", os.environ.get("TAG", "")))
    except ValueError as error:
        sys.exit(str(error))
