"""The generator that an archive of its own is built with: a wheel, pinned by its address and SHA-256.

The pin is the first requirement of ``requirements/runtime.lock`` in the archive's repository. The other lines are the
lock that the wheel carries: all packages that it needs, each with its hashes.
"""

import hashlib
import io
import json
import re
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from msgspec import Struct

from daybook.core.errors import ArchiveError

PACKAGE = "daybook-archive"
LOCK_FILE = "requirements/runtime.lock"
_SKELETON = "daybook/publish/skeleton/"  # in a wheel
_PIN = re.compile(rf"{PACKAGE} @ (\S+) --hash=sha256:([0-9a-f]{{64}})")
_WHEEL = re.compile(r"daybook_archive-(?P<version>[0-9][0-9A-Za-z.+!]*)-py3-none-any\.whl")
_SKELETON_FOLDER = Path(__file__).with_name("skeleton")
_CHECKOUT = Path(__file__).resolve().parents[3]
# Files of the skeleton that lie elsewhere in a checkout; the wheel has copies of them.
_IN_CHECKOUT = {
    "publish.yml": ".github/workflows/publish.yml",
    "ingest.yml": ".github/workflows/ingest.yml",
    "runtime.lock": LOCK_FILE,
    "CHANGELOG.md": "CHANGELOG.md",
}


class Generator(Struct, frozen=True):
    """A wheel of the generator."""

    address: str
    sha256: str

    @property
    def version(self) -> str:
        """Return the version that the wheel's name has."""
        match = _WHEEL.fullmatch(self.address.rpartition("/")[2])
        if not match:
            name = "daybook_archive-1.2.3-py3-none-any.whl"
            raise ArchiveError(f"{self.address} is not the address of a wheel; it ends in a name such as {name}")
        return match["version"]

    def with_version(self, version: str) -> str:
        """Return the address of another version's wheel: that of this one with the other number."""
        if not re.fullmatch(r"[0-9][0-9A-Za-z.]*", version):
            raise ArchiveError(f"VERSION={version} is not a version; write it as VERSION=0.3.0")
        return re.sub(rf"(?<![0-9.]){re.escape(self.version)}(?![0-9])", version, self.address)


def installed_generator() -> Generator | None:
    """Return the wheel that this program was installed from, as pip recorded it (PEP 610); None for a checkout."""
    try:
        recorded = json.loads(distribution(PACKAGE).read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return None
    archive = recorded.get("archive_info", {})
    sha256 = archive.get("hashes", {}).get("sha256") or archive.get("hash", "").removeprefix("sha256=")
    if not sha256 or not __file__.startswith(str(distribution(PACKAGE).locate_file(""))):
        return None
    return Generator(recorded["url"].partition("#")[0], sha256)


def fetch_generator(address: str) -> tuple[Generator, bytes]:
    """Download a wheel, compare it with the SHA256SUMS of its release if there is one, and return it.

    Raises ArchiveError if it cannot be read or has another checksum.
    """
    address = address if "://" in address else Path(address).resolve().as_uri()
    data = _download(address)
    generator = Generator(address, hashlib.sha256(data).hexdigest())
    folder, _, name = address.rpartition("/")
    try:
        sums = _download(f"{folder}/SHA256SUMS").decode("utf-8", "replace")
    except ArchiveError:
        sums = ""
    listed = {line[66:].strip(): line[:64] for line in sums.splitlines()}
    if listed.get(name, generator.sha256) != generator.sha256:
        raise ArchiveError(f"{address} is not the file that SHA256SUMS next to it lists; do not use it")
    _ = generator.version
    return generator, data


def _download(address: str) -> bytes:
    if not address.startswith(("https://", "http://127.0.0.1", "file:///")):
        raise ArchiveError(f"{address} is not an address that is safe to download from; write https://…")
    try:
        with urlopen(address, timeout=60) as answer:  # seconds
            data: bytes = answer.read()
    except (URLError, OSError, ValueError) as error:
        raise ArchiveError(f"{address} cannot be read: {getattr(error, 'reason', error)}; check the address") from None
    return data


def read_pin(folder: Path) -> Generator:
    """Return the generator that an archive's repository pins; raise ArchiveError if it pins none."""
    path = folder / LOCK_FILE
    match = _PIN.search(path.read_text("utf-8")) if path.is_file() else None
    if not match:
        cure = "it is no archive that daybook new made; in a fork, merge the generator's main branch instead"
        raise ArchiveError(f"this file pins no wheel of {PACKAGE}: {cure}", path=path)
    return Generator(match[1], match[2])


def dump_lock(generator: Generator, packages: bytes) -> bytes:
    """Return the lock of an archive: the pinned generator, and the packages that its own lock lists."""
    head = f"# Written by daybook new and make upgrade; change the version with make upgrade VERSION=\n{PACKAGE} @ "
    return f"{head}{generator.address} --hash=sha256:{generator.sha256}\n".encode() + packages


def skeleton_file(name: str, wheel: bytes | None = None) -> bytes:
    """Return a file that every archive starts with, from a wheel or, by default, from this program."""
    if wheel is not None:
        with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
            try:
                return archive.read(_SKELETON + name)
            except KeyError:
                raise ArchiveError(f"the wheel has no {name}: it is older than daybook new; choose another") from None
    path = _SKELETON_FOLDER / name
    return (path if path.is_file() else _CHECKOUT / _IN_CHECKOUT[name]).read_bytes()
