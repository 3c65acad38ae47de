"""Files of ``content/files``: what may be published, and what each refusal says."""

import io
from pathlib import Path

import pytest
from PIL import Image

from daybook.archive.published_files import (
    MAX_PICTURE_SIZE,
    PublishedFile,
    picture_sizes,
    published_files,
    read_published_file,
)
from daybook.core.errors import ArchiveError

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 32"><circle cx="9" cy="9" r="3"/></svg>'


def picture(form: str, size: tuple[int, int] = (40, 30), orientation: int = 0, position: bool = False) -> bytes:
    """Return a picture, perhaps turned by its Exif, perhaps with the place where it was taken."""
    data, exif = io.BytesIO(), Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    if position:
        exif[0x8825] = {2: (52.0, 58.0, 1.0)}
    Image.new("RGB", size, "teal").save(data, form, exif=exif)
    return data.getvalue()


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / "files" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_pictures_have_their_size_and_other_files_none(tmp_path: Path) -> None:
    for form, name in (("JPEG", "a.jpg"), ("PNG", "b.png"), ("WEBP", "c.webp"), ("GIF", "d.gif")):
        write(tmp_path, name, picture(form))
    write(tmp_path, "press/e.jpeg", picture("JPEG", orientation=6))
    write(tmp_path, "f.svg", SVG)
    write(tmp_path, "g.pdf", b"%PDF-1.7 and so on")
    write(tmp_path, "CNAME", b"archive.example\n")
    write(tmp_path, ".hidden", b"")
    assert picture_sizes(tmp_path) == {
        **dict.fromkeys(["files/a.jpg", "files/b.png", "files/c.webp", "files/d.gif"], (40, 30)),
        "files/f.svg": (64, 32),
        "files/press/e.jpeg": (30, 40),  # shown turned by a quarter
    }
    others = [each for each in published_files(tmp_path) if isinstance(each, PublishedFile) and not each.size]
    assert [each.path for each in others] == ["files/CNAME", "files/g.pdf"]
    assert picture_sizes(tmp_path / "none") == {}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("Gate.jpg", picture("JPEG"), "would make a bad address"),
        ("a gate.jpg", picture("JPEG"), "would make a bad address"),
        ("gate.exe", b"MZ", "are not published; allowed are .csv"),
        ("gate.html", b"<script>", "are not published"),
        ("gate.jpg", picture("PNG"), "its ending says JPEG, but it is PNG"),
        ("gate.jpg", picture("JPEG")[:200], "no picture that can be read"),
        ("gate.png", b"\x89PNG\r\n", "no picture that can be read"),
        ("gate.png", picture("PNG") + bytes(MAX_PICTURE_SIZE), "more than the limit of 5 MB; save it smaller"),
        ("gate.jpg", picture("JPEG", position=True), "where it was taken"),
        ("gate.webp", picture("WEBP", position=True), "where it was taken"),
        ("gate.png", picture("PNG", position=True), "where it was taken"),
        ("gate.jpg", picture("JPEG") + b'<rdf exif:GPSLatitude="52,58N"/>', "where it was taken"),
        ("gate.svg", SVG.replace(b"<circle", b"<script>1</script><circle"), "contains scripts"),
        ("gate.svg", SVG.replace(b"<circle", b'<circle onload = "1"'), "contains scripts"),
        ("gate.svg", SVG.replace(b"<circle", b'<image href="https://elsewhere.example/a"/><circle'), "from elsewhere"),
        ("gate.svg", SVG.replace(b" viewBox", b" view"), "states no viewBox"),
        ("gate.pdf", b"GIF89a", "no .pdf file"),
        ("gate.csv", b"a,b\0", "is text, and this is not"),
        ("CNAME", b"one.example two.example", "holds one domain"),
    ],
)
def test_what_may_not_be_published_is_refused(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = write(tmp_path, name, data)
    (found,) = published_files(tmp_path)
    assert isinstance(found, ArchiveError) and reason in found.reason and found.path == str(path)
    with pytest.raises(ArchiveError, match=path.name):
        picture_sizes(tmp_path)


def test_a_link_is_no_file_of_the_archive(tmp_path: Path) -> None:
    target = write(tmp_path, "gate.jpg", picture("JPEG"))
    (tmp_path / "files" / "link.jpg").symlink_to(target)
    with pytest.raises(ArchiveError, match="symbolic links"):
        read_published_file(tmp_path / "files", tmp_path / "files" / "link.jpg")
