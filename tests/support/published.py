"""A small archive in a folder of its own, and the commands that publish it."""

import shutil
from pathlib import Path

import pytest
from msgspec import Struct
from paths import FIXTURES

import publish_site
from daybook.archive.ingest import IngestOptions, ingest
from daybook.core.config import load_config
from daybook.parse.input_files import read_record_files

FIXTURE = FIXTURES / "publishing"
CONF = FIXTURE / "conf.py"
SITEURL = "https://example.org/their-repo"


class Archive(Struct, frozen=True):
    """Where a test's archive lies; the environment names these places, too."""

    root: Path

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def listed(self) -> list[str]:
        return (self.content / "addresses.txt").read_text().splitlines()

    def ingest(self, path: Path = FIXTURE / "entries.jsonl") -> int:
        """Take records in; give how many day files changed."""
        target = IngestOptions(content=self.content, zone=load_config(CONF).zone)
        (reading,) = read_record_files([str(path)])
        account = ingest(reading, target)
        assert not account.problems
        return len(account.written)

    def page(self, address: str) -> str:
        return (self.site / address / "index.html").read_text()


def make_archive(root: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    archive = Archive(root)
    shutil.copytree(FIXTURE / "topics", archive.content / "topics")
    archive.ingest()
    places = {"CONTENT": archive.content, "OUTPUT": archive.site, "CACHE": root / "cache", "CONF": CONF}
    for name, path in places.items():
        monkeypatch.setenv(name, str(path))
    monkeypatch.setenv("SITEURL", SITEURL)
    return archive


def publish() -> int:
    return publish_site.main()
