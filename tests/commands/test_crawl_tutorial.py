"""docs/crawl.md: a newcomer gets from an empty folder to a built archive with the commands that it shows."""

import re
import sys
from pathlib import Path

from checkouts import run
from paths import ROOT

from daybook.publish.checks import check_site

DOCUMENT = (ROOT / "docs" / "crawl.md").read_text()
BLOCK = re.compile(r"^```(?:sh\n|python\n# (?P<name>\S+)\n)(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"^```\n(title .*?)^```", re.MULTILINE | re.DOTALL)


def test_from_an_empty_folder_to_a_built_archive(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, command in {"daybook": f"{sys.executable} -m daybook", "python": sys.executable}.items():
        (tools / name).write_text(f'#!/bin/sh\nPYTHONPATH={ROOT}/scripts exec {command} "$@"\n')
        (tools / name).chmod(0o755)
    folder = tmp_path / "empty"
    folder.mkdir()
    said = ""
    for block in BLOCK.finditer(DOCUMENT):
        if block["name"]:
            (folder / block["name"]).write_text(block["text"])
            continue
        for command in block["text"].splitlines():
            done = run(f'PATH="{tools}:$PATH"; {command}', folder)
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
            said += done.stdout
    (table,) = TABLE.findall(DOCUMENT)
    assert table in said
    page = (folder / "output/2031/04/09/index.html").read_text()
    assert page.index("School closed") < page.index("Gate 3 closed") < page.index("Ferry stops")
    assert list(check_site(folder / "output")) == []
    ledgers = [path.read_text() for path in (folder / "content" / "ledger").iterdir()]
    assert len(ledgers) == 2 and all("from: harbour.warc.gz <urn:uuid:" in text for text in ledgers)
