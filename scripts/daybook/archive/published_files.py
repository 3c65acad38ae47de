"""Pictures and other files of an archive's own, in ``content/files/``: which may be published, and their size.

They are published as they are, so each is checked first: its name, its size, whether its content is what its ending
says, and that a photograph does not tell where it was taken.
"""

import os
import re
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.markdown import render_markdown
from daybook.core.model import Day, without_tombstones
from daybook.core.pictures import FILES_FOLDER, find_pictures

DOMAIN_FILE = "CNAME"  # published at the root: some hosts read the site's domain from it
MAX_PICTURE_SIZE = 5_000_000  # bytes: more makes a page slow, and a screen shows no more
MAX_FILE_SIZE = 25_000_000  # bytes: forges warn of files over 50 MB, and a repository keeps every version
MAX_PIXELS = 40_000_000  # a photograph of a good camera; a decoder needs four bytes for each
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".gif": "GIF"}
# The first bytes of other kinds of files; text has none.
_OTHERS = {".pdf": b"%PDF-", ".zip": b"PK", ".csv": b"", ".txt": b"", ".json": b"", ".geojson": b"", ".svg": b""}
_KINDS = ", ".join(sorted({*_FORMATS, *_OTHERS}))
_GPS_DIRECTORY = 0x8825  # the tag of Exif that leads to the data of a position
_XMP_POSITION = re.compile(rb"(?:exif:)?GPS(?:Latitude|Longitude|Position|Coordinates)")
_SVG_ACTIVE = re.compile(
    rb"<\s*(?:script|foreignObject|iframe|embed|object|handler)\b|\bon\w+\s*=|javascript:|<!ENTITY|"
    rb"(?:href|src)\s*=\s*[\"']?\s*(?:https?:|//|data:text)|@import|url\(\s*[\"']?\s*(?:https?:|//)",
    re.IGNORECASE,
)
_SVG_SIZE = re.compile(
    rb"<svg\b[^>]*?\bviewBox\s*=\s*[\"']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)", re.DOTALL
)


class PublishedFile(Struct, frozen=True):
    """A file of the folder: its path on the site and, of a picture, its width and height in pixels."""

    path: str
    size: tuple[int, int] | None = None


def published_files(content: Path) -> Iterator[PublishedFile | ArchiveError]:
    """Yield each file below ``content/files``, in order of paths, or what is wrong with it."""
    folder = content / FILES_FOLDER
    for path in _walk(folder):
        try:
            yield read_published_file(folder, path)
        except ArchiveError as error:
            yield error.at(path)


def picture_sizes(content: Path) -> dict[str, tuple[int, int]]:
    """Return the sizes of all pictures by path; raise the ArchiveError of the first file that may not be published."""
    sizes = {}
    for each in published_files(content):
        if isinstance(each, ArchiveError):
            raise each
        if each.size:
            sizes[each.path] = each.size
    return sizes


def pictures_in(*texts: str) -> tuple[str, ...]:
    """Return the paths of all pictures in Markdown texts."""
    return tuple(path for text in texts if "![" in text for path in find_pictures(render_markdown(text)))


def pictures_of_day(day: Day) -> tuple[str, ...]:
    """Return the paths of all pictures that a day shows."""
    return pictures_in(day.lede, *(entry.body for entry in without_tombstones(day).entries))


def check_picture_paths(paths: Iterable[str], sizes: Container[str], file: Path) -> None:
    """Raise an ArchiveError if a file names a picture that is not there."""
    for path in paths:
        if path not in sizes:
            reason = f"there is no picture {path}; put it into content/{FILES_FOLDER}/, or correct its name here"
            raise ArchiveError(reason, path=file)


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, name) for name in sorted(names) if not name.startswith("."))


def read_published_file(folder: Path, path: Path) -> PublishedFile:
    """Check a file and return it; raise ArchiveError with what is wrong."""
    name = path.relative_to(folder)
    if path.is_symlink():
        raise ArchiveError("symbolic links are not allowed in the content folder; copy the file here")
    if name.as_posix() == DOMAIN_FILE:
        if not re.fullmatch(rb"[A-Za-z0-9.-]+\.[A-Za-z0-9-]+\s*", path.read_bytes()):
            raise ArchiveError("this file holds one domain, such as archive.example.org; correct it")
        return PublishedFile(f"{FILES_FOLDER}/{name.as_posix()}")
    for part in name.parts:
        if not _NAME.fullmatch(part) or len(part) > 100:
            reason = f"the name {part!r} would make a bad address: use a-z, 0-9, dots, hyphens and underscores"
            raise ArchiveError(f"{reason}; rename it")
    ending, data = path.suffix, path.read_bytes()
    if ending not in _FORMATS and ending not in _OTHERS:
        raise ArchiveError(f"files of the kind {ending or 'without an ending'} are not published; allowed are {_KINDS}")
    is_picture = ending in _FORMATS or ending == ".svg"
    limit = MAX_PICTURE_SIZE if is_picture else MAX_FILE_SIZE
    if len(data) > limit:
        cure = "save it smaller" if is_picture else "publish it elsewhere and link to it"
        raise ArchiveError(
            f"this file has {len(data) / 1e6:.1f} MB, more than the limit of {limit / 1e6:.0f} MB; {cure}"
        )
    if ending == ".svg":
        size = _svg_size(data)
    elif ending in _FORMATS:
        size = _picture_size(data, path, _FORMATS[ending])
    else:
        size = None
        if not data.startswith(_OTHERS[ending]):
            raise ArchiveError(f"this is no {ending} file; correct its ending")
        if not _OTHERS[ending] and b"\0" in data:
            raise ArchiveError(f"a {ending} file is text, and this is not; correct its ending")
    return PublishedFile(f"{FILES_FOLDER}/{name.as_posix()}", size)


def _picture_size(data: bytes, path: Path, expected: str) -> tuple[int, int]:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - takes time to import, and most builds need it not

    try:
        with Image.open(path) as picture:
            picture.verify()  # reads a picture to its end, and leaves it unusable
        with Image.open(path) as picture:
            found, size, exif = picture.format, picture.size, picture.getexif()
            has_position = bool(exif.get_ifd(_GPS_DIRECTORY))
            orientation = exif.get(0x0112, 1)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise ArchiveError("this is no picture that can be read, or it is damaged; save it again") from None
    if found != expected:
        raise ArchiveError(f"its ending says {expected}, but it is {found}; rename it")
    if size[0] * size[1] > MAX_PIXELS:
        raise ArchiveError(f"{size[0]} × {size[1]} pixels are more than {MAX_PIXELS:,}; save it smaller")
    if has_position or _XMP_POSITION.search(data):
        cure = "remove that, for instance with exiftool -gps:all= -xmp:gps*= FILE"
        raise ArchiveError(f"this photograph says where it was taken, which may endanger people; {cure}")
    return (size[1], size[0]) if orientation in range(5, 9) else size  # turned by a quarter


def _svg_size(data: bytes) -> tuple[int, int]:
    if _SVG_ACTIVE.search(data):
        raise ArchiveError("this drawing contains scripts, or loads something from elsewhere; save it as plain SVG")
    match = _SVG_SIZE.search(data)
    if not match or b"\0" in data:
        raise ArchiveError(
            'this drawing states no viewBox="0 0 width height", so a page cannot keep room for it; add it'
        )
    return max(1, round(float(match[1]))), max(1, round(float(match[2])))
