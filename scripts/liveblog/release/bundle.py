"""A folder → one zip whose bytes depend on the files alone: sorted, no times, no owners."""

import zipfile
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold
_MODE = 0o100644 << 16


def write_bundle(folder: Path, target: Path, top: str) -> None:
    """Pack the files of a folder, hidden ones aside, into `target`, below the folder name `top`."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder)
            if any(part.startswith(".") for part in name.parts):
                continue
            info = zipfile.ZipInfo(f"{top}/{name.as_posix()}", _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, wherever it is made
            info.external_attr = _MODE
            bundle.writestr(info, path.read_bytes())
