"""The commands as a newcomer types them: every one that the documents show is run."""

import json
import re
import shutil
from pathlib import Path

import pytest
from checkouts import copy_checkout, run
from paths import FIXTURES, ROOT, SAMPLE

from daybook.core.record import Record, dump_record

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
# These run this very test.
NOT_HERE = {"make test", "make verify"}


def commands(document: str) -> list[str]:
    blocks = BLOCK.findall((ROOT / document).read_text())
    return [line for block in blocks for line in block.splitlines() if line]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project that holds the sample, and what the documents name beside it."""
    folder = copy_checkout(tmp_path_factory.mktemp("checkout"), SAMPLE / "content", SAMPLE / "conf.py")
    (folder / "saved").mkdir()
    shutil.copy(FIXTURES / "golden" / "pages.txt", folder / "saved" / "2023-06-02.txt")
    record = Record(at="2023-06-03T08:00:00Z", headline="A headline", text="A text.")
    (folder / "entries.jsonl").write_text(dump_record(record) + "\n")
    return folder


def test_make_alone_lists_the_commands(checkout: Path) -> None:
    listed = run("make", checkout).stdout
    targets = set(re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split())  # type: ignore[index]
    for target in targets - {"help"}:
        assert f"make {target}" in listed


def test_every_command_of_the_readme(checkout: Path) -> None:
    shown = commands("README.md")
    assert shown[:2] == ["make html", "make test"]
    for command in shown:
        if command not in NOT_HERE:
            done = run(command, checkout)
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    assert (checkout / "output" / "2023" / "06" / "03" / "index.html").exists()
    assert "Day 12" in (checkout / "flood" / "2031" / "04" / "09" / "index.html").read_text()


def test_ci_runs_the_commands_of_the_readme() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if line.startswith("make ")] == commands("README.md")[:2]


def test_variables_from_the_environment_and_the_command_line(checkout: Path, tmp_path: Path) -> None:
    done = run(f"OUTPUT={tmp_path}/one make html && make html OUTPUT={tmp_path}/two", checkout)
    assert done.returncode == 0, done.stderr
    for name in ("one", "two"):
        assert (tmp_path / name / "index.html").exists()


def test_a_missing_python_is_named(checkout: Path, tmp_path: Path) -> None:
    shutil.copy(checkout / "Makefile", tmp_path)
    shutil.copytree(checkout / "requirements", tmp_path / "requirements")
    done = run("make html PYTHON=no-such-python", tmp_path)
    assert done.returncode != 0
    assert "needs Python 3.11 or later; no-such-python was not found" in done.stderr


def test_a_mistake_leaves_the_site_as_it_was(checkout: Path, tmp_path: Path) -> None:
    shutil.copytree(checkout / "content", tmp_path / "content")
    order = f"make html CONTENT={tmp_path}/content OUTPUT={tmp_path}/site"
    assert run(order, checkout).returncode == 0
    before = {path: path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()}
    day = tmp_path / "content" / "days" / "2023" / "2023-06-02.md"
    day.write_text(day.read_text().replace("## 13:29", "## 13:92"))
    done = run(order, checkout)
    assert done.returncode != 0
    assert re.search(r"2023-06-02\.md:\d+: invalid time 13:92", done.stderr)
    assert {path: path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()} == before


def test_publishing_needs_an_address(checkout: Path) -> None:
    done = run("make publish SITEURL=", checkout)
    assert done.returncode != 0
    assert "SITEURL=https://" in done.stderr


def test_a_dry_run_is_one_that_is_asked_for(checkout: Path, tmp_path: Path) -> None:
    order = f"make ingest PAGES=saved/2023-06-02.txt CONTENT={tmp_path}/content"
    for dry in ("1", "yes", "true"):
        done = run(f"{order} DRY={dry}", checkout)
        assert done.returncode == 0, done.stderr
        assert not (tmp_path / "content").exists()
    done = run(f"{order} DRY=on", checkout)
    assert done.returncode != 0
    assert "DRY=on is not a yes or no; write DRY=1 or DRY=0" in done.stderr
    assert not (tmp_path / "content").exists()
    assert run(f"DRY=0 {order}", checkout).returncode == 0
    assert (tmp_path / "content" / "days").exists()


def test_what_is_typed_is_neither_read_by_make_nor_by_the_shell(checkout: Path, tmp_path: Path) -> None:
    # The address of a page is its outlet's, and a reason may well be about money.
    address = "https://a.example/?q=`touch${IFS}ran`&price=$5&d=$$(touch${IFS}ran)&e=$(shell)"
    reason = 'It\'s $5, not `touch ran` "$(shell touch ran)"'
    kept = f"CONTENT={tmp_path}/content"
    quoted = reason.replace("'", "'\\''")
    steps = (
        f"make ingest PAGES=saved/2023-06-02.txt {kept} URL='{address}'",
        f"REASON='{quoted}' make withdraw {kept} ENTRY=2031-04-09#t1329",
        f"make withdraw {kept} ENTRY=2031-04-09#t1100 REASON='{quoted}'",
    )
    for step in steps:
        done = run(step, checkout)
        assert done.returncode == 0, f"{step}\n{done.stdout}\n{done.stderr}"
    day = (tmp_path / "content" / "days" / "2031" / "2031-04-09.md").read_text()
    assert json.dumps(address) in day
    assert day.count(f"[withdrawn]: # {json.dumps(reason)}") == 2
    assert not (checkout / "ran").exists()
