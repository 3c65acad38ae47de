"""A small archive in a temporary folder, and the command that publishes it."""

import shutil
from pathlib import Path

import pytest
from msgspec import Struct
from paths import FIXTURES

from daybook import cli
from daybook.archive.ingest import IngestOptions, ingest
from daybook.core.config import BuildPaths, load_config
from daybook.parse.input_files import read_record_files

FIXTURE = FIXTURES / "publishing"
CONF = FIXTURE / "conf.py"
SITEURL = "https://example.org/their-repo"


class Archive(Struct, frozen=True):
    """The paths of a test's archive; the environment variables name them, too."""

    root: Path

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def listed(self) -> list[str]:
        """Return the published addresses."""
        return (self.content / "addresses.txt").read_text().splitlines()

    def ingest(self, path: Path = FIXTURE / "entries.jsonl") -> int:
        """Ingest a file of records; return how many day files changed."""
        target = IngestOptions(content=self.content, zone=load_config(BuildPaths(conf=CONF)).zone)
        (reading,) = read_record_files([str(path)])
        account = ingest(reading, target)
        assert not account.errors
        return len(account.written)

    def page(self, address: str) -> str:
        """Return the HTML of a page."""
        return (self.site / address / "index.html").read_text()


def make_archive(root: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Create the archive, ingest its records, and set the environment for commands."""
    archive = Archive(root)
    shutil.copytree(FIXTURE / "topics", archive.content / "topics")
    archive.ingest()
    paths = {"CONTENT": archive.content, "OUTPUT": archive.site, "CACHE": root / "cache", "CONF": CONF}
    for name, path in paths.items():
        monkeypatch.setenv(name, str(path))
    monkeypatch.setenv("SITEURL", SITEURL)
    return archive


def publish() -> int:
    """Run the publish command; return its exit status."""
    return cli.main(["publish"])
