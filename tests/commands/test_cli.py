"""The command line: its help, its exit statuses, and that each command executes the settings file once."""

import subprocess
import sys
from pathlib import Path

import pytest

from daybook.cli import COMMANDS, main

DAY = '---\ntitle: ""\ndate: 2031-04-09\n---\n\n## 10:00 Rain\n\n[anchor]: # "t1000"\n\nIt rained on the quay.\n'
PAGE = "Harbour live\n\nApril 9, 2031\n\n1329 GMT Fog on the quay\n\nThe ferry waited for an hour.\n"
CONF = """\
from pathlib import Path

with (Path(__file__).parent / "log").open("a") as log:
    log.write("executed\\n")
SITENAME = "Harbour"
FIRST_DAY = "2031-04-08"
"""


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An archive of one day whose settings file counts its executions; the variables that name it."""
    day = tmp_path / "content" / "days" / "2031" / "2031-04-09.md"
    day.parent.mkdir(parents=True)
    day.write_text(DAY)
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "page.txt").write_text(PAGE)
    monkeypatch.chdir(tmp_path)
    return {
        "CONTENT": "content",
        "OUTPUT": "site",
        "CACHE": "cache",
        "CONF": "conf.py",
        "SITEURL": "https://example.org/harbour",
    }


@pytest.mark.parametrize(
    "arguments", [["build"], ["ingest", "page.txt"], ["ingest"], ["publish"], ["release"], ["check"], ["clean"]]
)
def test_a_command_executes_the_settings_file_once(environ: dict[str, str], arguments: list[str]) -> None:
    assert main(arguments, environ) == 0
    assert Path("log").read_text() == "executed\n"
    assert not Path("__pycache__").exists()


def test_a_build_without_changes_executes_the_settings_file_once(environ: dict[str, str]) -> None:
    assert main(["build"], environ) == 0
    Path("log").unlink()
    assert main(["build"], environ) == 0
    assert Path("log").read_text() == "executed\n"


def test_options_are_stronger_than_variables(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--output", "elsewhere", "--siteurl", ""], environ) == 0
    assert capsys.readouterr().out.endswith("Site built: elsewhere/index.html\n")
    assert not Path("site").exists()
    assert "https://example.org/harbour" not in Path("elsewhere/index.html").read_text()


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    for name, command in COMMANDS.items():
        assert f"    {name:<10}{command.help}\n" in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: daybook {name} ")


@pytest.mark.parametrize("arguments", [[], ["inges"], ["build", "--no-such-option"], ["--content", "x", "build"]])
def test_a_wrong_command_line_is_an_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage: daybook ")


@pytest.mark.parametrize(
    ("times", "unused"), [(1, {"bs4", "lxml"}), (2, {"babel", "bs4", "jinja2", "lunr", "lxml", "pelican"})]
)
def test_a_build_imports_only_what_it_needs(environ: dict[str, str], times: int, unused: set[str]) -> None:
    for _ in range(times - 1):
        assert main(["build"], environ) == 0
    code = (
        "import sys; from daybook.cli import main; status = main(['build']); "
        f"print(status, sorted(set({sorted(unused)}) & sys.modules.keys()))"
    )
    names = {**environ, "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=names, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_a_page_of_text_is_ingested_without_the_libraries_for_html(environ: dict[str, str], tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(
        "Live: the gates\n\nApril 9, 2031\n\n1329 GMT Gate closed\n\nIt held.\n\n1229 GMT Gate opened\n\nOpen.\n"
    )
    code = (
        "import sys; from daybook.cli import main; status = main(['ingest', sys.argv[1]]); "
        "print(status, sorted({'bs4', 'soupsieve', 'lxml', 'chardet', 'pelican'} & sys.modules.keys()))"
    )
    names = {**environ, "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", code, str(page)]
    done = subprocess.run(command, env=names, capture_output=True, text=True, check=True)
    assert "1 day file written" in done.stdout and done.stdout.splitlines()[-1] == "0 []"
