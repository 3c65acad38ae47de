"""An archive of its own, as `daybook new` makes it, with the wheel of this checkout as its generator."""

import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

from checkouts import run
from paths import ROOT


def add_environment(folder: Path) -> None:
    """Give a folder the `.venv` that `make` would create there, with the locked packages of this checkout's.

    pip finds them installed, so it installs the wheel of the generator alone.
    """
    venv = folder / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    (packages,) = venv.glob("lib/python*/site-packages")
    (packages / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")


def renumbered(wheel: Path, version: str, folder: Path, **replaced: str) -> Path:
    """Write a copy of a wheel with another version, and with other text in some files of its skeleton."""
    old = wheel.name.split("-")[1]
    target = folder / wheel.name.replace(f"-{old}-", f"-{version}-")
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(target, "w") as archive:
        for item in source.infolist():
            data, name = source.read(item), item.filename.replace(f"-{old}.dist-info", f"-{version}.dist-info")
            if name.endswith("/METADATA"):
                data = re.sub(rb"^Version: .*$", f"Version: {version}".encode(), data, flags=re.MULTILINE)
            if name.endswith("/RECORD"):
                data = re.sub(rf"-{re.escape(old)}\.dist-info".encode(), f"-{version}.dist-info".encode(), data)
                data = re.sub(rb",sha256=[^,]*,\d*$", b",,", data, flags=re.MULTILINE)
            data = replaced.get(Path(name).name, "").encode() + data if "skeleton/" in name else data
            archive.writestr(name, data)
    return target


def daybook(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the generator of this checkout in a folder outside of it."""
    names = " ".join(f"'{word}'" for word in words)
    return run(f"PYTHONPATH={ROOT / 'scripts'} {sys.executable} -m daybook {names}", folder)


def copy_wheel(wheel: Path, folder: Path) -> Path:
    """Copy a wheel into a folder that stands for the releases of a forge; return the copy."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(wheel, folder))
