"""What is typed after `make`, or set in the environment, is data: it reaches the programs unchanged and never runs."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from paths import ROOT

from daybook.cli import main, run_command
from daybook.commands.arguments import VARIABLES
from daybook.parse.base.page import Hints
from harden import __main__ as long_runs

MAKEFILE = (ROOT / "Makefile").read_text()
NAMES = (
    *("PAGES", "RECORDS", "FORCE", "DAYS", "PARTS", "MINUTES"),
    *("DATE", "ZONE", "URL", "OUTLET", "CAPTURED", "FORMAT", "ENCODING"),
    *(
        "DRY",
        "STRICT",
        "ENTRY",
        "REASON",
        "TO",
        "SITEURL",
        "PORT",
        "CONTENT",
        "OUTPUT",
        "CACHE",
        "CONF",
        "NO_SUCH_NAME",
    ),
)
HOSTILE = (
    *("x;touch ran", "$(touch ran)", "$(shell touch ran)", "`touch ran`", "${shell touch ran}", "x|touch ran"),
    *("x\ntouch ran\n", "$$(touch ran)", "'$(touch ran)'", "';touch ran;'", '";touch ran;"', "x&&touch ran&"),
    *("$(eval ran:;touch ran)", "$(error no)", "$(PAGES)", "$", "$(", "a#b", "a%b", "a=b:=c", "-n", "--eval=x", "\\"),
    *("it's.html", "a b.html", "a  b ", "tab\tend", "new\\\nline", "caf\u00e9 \u2028", "caf\udce9", "\x01\x1b[31m", ""),
)
ALL_AT_ONCE = " ".join(text for text in HOSTILE if text not in ("$(", "$"))

# Each is from a release of GNU make after 3.81, the one that macOS has.
NEWER_THAN_MAKE_3_81 = re.compile(
    r"\$[({](?:file|guile|let|intcmp)\b|!=|:::?=|&:|^\s*(?:undefine|private|load)\b|^\s*define\b.*=|^\.ONESHELL|"
    r"\.(?:SHELLFLAGS|RECIPEPREFIX|SHELLSTATUS|EXTRA_PREREQS|NOTINTERMEDIATE|WAIT|FEATURES)\b|"
    r"^\s*(?:override|export) +(?:override|export|private|define|undefine)\b|--eval|--output-sync",
    re.MULTILINE,
)


def copy_makefile(folder: Path) -> None:
    """Copy the Makefile and the locks, older than any virtual environment, so that nothing is installed."""
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    for path in (folder / "requirements").iterdir():
        os.utime(path, (0, 0))


@pytest.fixture(scope="module")
def stub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the Makefile, where the program of every recipe prints its environment."""
    folder = tmp_path_factory.mktemp("stub")
    copy_makefile(folder)
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!{sys.executable} -IS\nimport json, os\nprint(json.dumps(dict(os.environ)))\n")
    python.chmod(0o755)
    for name in ("runtime", "dev", "fuzz"):
        (folder / ".venv" / name).touch()
    return folder


def make(folder: Path, *words: str, **names: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), **names}
    return subprocess.run(
        ["make", *words], cwd=folder, env=env, capture_output=True, text=True, errors="backslashreplace", check=False
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_reaches_the_program_unchanged(stub: Path, text: str) -> None:
    values = dict.fromkeys(NAMES, text)
    for done in (
        make(stub, "ingest", **values),
        make(stub, "ingest", *(f"{name}={text}" for name in NAMES), **dict.fromkeys(NAMES, "$(touch ran)")),
    ):
        assert done.returncode == 0, done.stderr
        assert {name: json.loads(done.stdout)[name] for name in NAMES} == values
    assert not (stub / "ran").exists()


TARGETS = (
    "help",
    "html",
    "ingest",
    "serve",
    "publish",
    "withdraw",
    "move",
    "join",
    "merge",
    "zone",
    "mend",
    "release",
    "harden",
    "demo",
    "clean",
)


@pytest.mark.parametrize("target", TARGETS)
def test_no_command_runs_what_is_typed(stub: Path, target: str) -> None:
    for done in (
        make(stub, target, *(f"{name}={ALL_AT_ONCE}" for name in NAMES)),
        make(stub, target, **dict.fromkeys(NAMES, ALL_AT_ONCE)),
        make(stub, "-e", target, **dict.fromkeys(NAMES, ALL_AT_ONCE)),
    ):
        assert done.returncode == 0, done.stderr
        if target != "help":
            assert json.loads(done.stdout)["PAGES"] == ALL_AT_ONCE
    assert not (stub / "ran").exists()


def test_a_make_within_make_gets_the_values_too(stub: Path, tmp_path: Path) -> None:
    shutil.copytree(stub, tmp_path / "copy")
    done = make(tmp_path / "copy", "distclean", *(f"{name}={ALL_AT_ONCE}" for name in NAMES))
    assert done.returncode == 0, done.stderr
    assert {json.loads(done.stdout)[name] for name in NAMES} == {ALL_AT_ONCE}
    assert not (tmp_path / "copy" / "ran").exists()


@pytest.mark.parametrize("text", ["x;touch ran", "$(shell touch ran)", "`touch ran`", "no such python", "-p"])
def test_python_is_the_name_of_a_program(tmp_path: Path, text: str) -> None:
    copy_makefile(tmp_path)
    for done in (make(tmp_path, "html", f"PYTHON={text}"), make(tmp_path, "html", PYTHON=text)):
        assert done.returncode != 0
        assert f"needs Python 3.11 or later; {text} was not found" in done.stderr
    assert not (tmp_path / "ran").exists()


def test_white_space_before_a_value(stub: Path) -> None:
    # make itself drops it from a value on its command line; the environment keeps it.
    assert json.loads(make(stub, "ingest", PAGES=" \n a").stdout)["PAGES"] == " \n a"


def test_no_recipe_names_a_variable_that_is_typed() -> None:
    recipes = "\n".join(line for line in MAKEFILE.splitlines() if line.startswith("\t"))
    named = set(re.findall(r"(?<!\$)\$[({](\w+)", recipes))
    assert named <= {"RUN", "RUN_TESTS", "BIN", "PIP", "COMPILE", "MAKE"}


def test_the_makefile_is_one_for_make_3_81() -> None:
    assert not NEWER_THAN_MAKE_3_81.search(MAKEFILE)
    for newer in ("undefine X", ".ONESHELL:", "X != date", "X ::= 1", "$(file >x,y)", "override export X", "a b &: c"):
        assert NEWER_THAN_MAKE_3_81.search(newer), newer


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder in which make runs the real programs, with a page of an awkward name."""
    copy_makefile(tmp_path)
    for name in ("scripts", "theme", "tests", ".venv"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "pelican.conf.py").write_text('SITENAME = "Harbour"\nFIRST_DAY = "2031-04-08"\n')
    (tmp_path / "saved").mkdir()
    return tmp_path


Refusal = Callable[[Callable[[], int], dict[str, str]], str]


@pytest.fixture
def refusal(checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refusal:
    """A function that runs a command with these variables and returns what it is refused with."""
    monkeypatch.chdir(checkout)

    def run(command: Callable[[], int], names: dict[str, str]) -> str:
        for name in NAMES:
            monkeypatch.setenv(name, names.get(name, ""))
        assert run_command(command) == 1
        assert not (checkout / "ran").exists()
        return capsys.readouterr().err

    return run


PAGE = "Harbour live\n\nApril 9, 2031\n\n1329 GMT Rain on the quay\n\nIt rained on the quay all day.\n"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({"PAGES": "x;touch ran"}, "x;touch: No such file or directory\nran: No such file or directory\n"),
        ({"PAGES": "$(shell touch ran) `touch ran`"}, "$(shell: No such file or directory\ntouch: No such"),
        ({"PAGES": "'x>ran'"}, "x>ran: No such file or directory\n"),
        ({"PAGES": "saved/that's.html"}, "saved/that's.html: No such"),
        ({"PAGES": "--force=x --no-such-option"}, "--force=x: No such file or directory\n--no-such-option: No such"),
        ({"PAGES": "x\\\n"}, "x: No such"),
        ({"PAGES": "'x\ny'"}, "x\\ny: No such"),
        ({"PAGES": "saved/*.nothing"}, "saved/*.nothing: no file has this name or matches this pattern"),
        ({"PAGES": "''"}, "a file name is empty"),
        ({"RECORDS": "x;touch ran"}, "x;touch: No such file or directory\nran: No such file or directory\n"),
        ({"RECORDS": "'$(touch ran)'"}, "$(touch ran): No such"),
        ({"RECORDS": "-x"}, "-x: No such"),
        ({"PAGES": "a b", "RECORDS": "c.jsonl"}, "set only one of PAGES and RECORDS"),
        ({"PAGES": "saved", "FORCE": "x;touch ran"}, "FORCE=x;touch is not an entry or a lede"),
        ({"PAGES": "saved", "FORCE": "2031-04-09#t9"}, "FORCE=2031-04-09#t9 is not an entry"),
        ({"PAGES": "saved", "DRY": "$(touch ran)"}, "DRY=$(touch ran) is not a yes or no; write DRY=1 or DRY=0"),
        ({"PAGES": "saved", "DATE": "x;touch ran"}, "hint `date`: invalid date 'x;touch ran'"),
        ({"PAGES": "saved", "ZONE": "$(touch ran)"}, "$(touch ran)"),
        ({"PAGES": "saved", "URL": "`touch ran`"}, "hint `url`: invalid URL '`touch ran`'"),
        ({"PAGES": "saved", "CAPTURED": "x|touch ran"}, "x|touch ran"),
        ({"PAGES": "saved", "FORMAT": "x;touch ran"}, "hint `format`: unknown format 'x;touch ran'"),
    ],
)
def test_ingest_names_what_is_wrong(refusal: Refusal, names: dict[str, str], said: str) -> None:
    assert said in refusal(lambda: main(["ingest"]), names)
    assert not list(Path().glob("content/days/*"))


@pytest.mark.parametrize("name", ["PAGES", "RECORDS"])
def test_make_ingest_runs_nothing(checkout: Path, name: str) -> None:
    before = {path.name for path in checkout.iterdir()} | {"content"}
    text = "x;touch ran $(shell touch ran)"
    for done in (make(checkout, "ingest", f"{name}={text}"), make(checkout, "ingest", **{name: text})):
        assert done.returncode != 0
        told = [line.removesuffix(": No such file or directory") for line in done.stderr.splitlines()]
        assert told[:-1] == ["x;touch", "ran", "$(shell", "touch", "ran)"]
        assert {path.name for path in checkout.iterdir()} <= before


@pytest.mark.parametrize(
    ("command", "names", "said"),
    [
        ("move", {"ENTRY": "$(touch ran)", "TO": "2031-04-10"}, "'$(touch ran)' does not name an entry"),
        ("move", {"ENTRY": "2031-04-09#t1000", "TO": "x;touch ran"}, "invalid date TO='x;touch ran'"),
        ("withdraw", {"ENTRY": "`touch ran`", "REASON": "$(touch ran)"}, "'`touch ran`' does not name an entry"),
        ("build", {"CONF": "x;touch ran"}, "x;touch ran: no such settings file"),
        ("build", {"SITEURL": "x;touch ran"}, "SITEURL 'x;touch ran' is not an address"),
        *(
            ("build", {name: "caf\udcff"}, f"{name}=caf\\udcff contains bytes that are not UTF-8")
            for name in ("CONTENT", "OUTPUT", "CACHE", "CONF", "SITEURL")
        ),
    ],
)
def test_other_commands_name_what_is_wrong(refusal: Refusal, command: str, names: dict[str, str], said: str) -> None:
    assert refusal(lambda: main([command]), names).startswith(said)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("PAGE=saved", "PAGE= is not a variable of Daybook; did you mean PAGES=?"),
        ("Zone=UTC", "Zone= is not a variable of Daybook; did you mean ZONE=?"),
        ("OUTLETT=x", "OUTLETT= is not a variable of Daybook; did you mean OUTLET=?"),
        ("ENTRIE=x", "ENTRIE= is not a variable of Daybook; did you mean ENTRY=?"),
    ],
)
def test_a_misspelt_variable_is_an_error(checkout: Path, typed: str, said: str) -> None:
    done = make(checkout, "ingest", typed)
    assert done.returncode != 0 and said in done.stderr
    assert not (checkout / "content").exists()


def test_a_variable_for_the_settings_file_is_a_warning(checkout: Path) -> None:
    done = make(checkout, "ingest", "HARBOUR_NAME=x", "DRY=1")
    assert done.returncode == 0
    assert done.stderr.startswith("warning: HARBOUR_NAME= is not a variable of Daybook")


def test_every_variable_that_is_read_is_known() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "scripts" / "daybook").rglob("*.py"))
    read = re.findall(r'environ(?:\.get\(|\[)"([A-Z_]+)"|default: \$([A-Z_]+)', sources)
    help_lines = "\n".join(re.findall(r"^[a-z]+:.*## (.*)", MAKEFILE, re.MULTILINE))
    names = {name for found in read for name in found if name} | set(re.findall(r"\b([A-Z]+)=", help_lines))
    assert {"ENTRY", "SCALE", "PAGES", "LIST"} <= names
    assert names | {name.upper() for name in Hints.__struct_fields__} <= VARIABLES | {"TYPED", "PYTHONPATH"}


def test_arguments_go_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("conf.py").write_text('SITENAME = "Harbour"\nFIRST_DAY = "2031-04-08"\n')
    Path("c d").write_text(PAGE)
    names = {"CONF": "conf.py", "PAGES": "a", "RECORDS": "b", "DATE": "2031-04-10", "OUTLET": "Depot Paper"}
    assert main(["ingest", "c d", "*", "--date", "2031-04-09"], {**names, "DRY": "1"}) == 1
    told = capsys.readouterr()
    assert told.err == "*: No such file or directory\n"
    assert "1 day file would change" in told.out and not list(Path("content").glob("days/*"))
    assert main(["ingest", "c d", "--date", "2031-04-09"], names) == 0
    assert '"outlet": "Depot Paper"' in Path("content/days/2031/2031-04-09.md").read_text()
    Path("-x").write_text('{"at": "2031-04-09T10:00:00Z", "headline": "Fog", "text": "The fog came down at ten."}\n')
    assert main(["ingest", "--records", "--", "-x"], names) == 0
    assert main(["ingest"], {"CONF": "conf.py", "PAGES": " ", "RECORDS": ""}) == 0


@pytest.mark.parametrize("arguments", [["--no-such-option"], ["--rec", "b"], ["-x"]])
def test_an_unknown_option_is_an_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["ingest", *arguments], {"PAGES": "a"})
    assert ended.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_records_need_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", "--records"], {"PAGES": "a"}) == 1
    assert capsys.readouterr().err == "--records needs a FILE\n"


def test_pages_of_awkward_names_are_ingested(checkout: Path) -> None:
    for number, name in enumerate(
        ("it's.html", "a b.html", "new\nline.html", "-dash.html", "[x].html", "caf\udce9;.html")
    ):
        folder = checkout / str(number)
        folder.mkdir()
        (folder / name).write_text(PAGE)
        (folder / "more").mkdir()
    done = make(checkout, "ingest", 'PAGES=0/it\'s.html 1/a\\ b.html "2/new\nline.html" 3/-dash.html 4/[x].html 5/caf*')
    assert done.returncode == 0, done.stderr
    assert "all " in done.stdout and "1 day file written" in done.stdout
    assert (checkout / "content" / "days" / "2031" / "2031-04-09.md").exists()


def test_a_page_on_standard_input(checkout: Path) -> None:
    done = subprocess.run(
        ["make", "ingest", "PAGES=-"], cwd=checkout, input=PAGE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Rain on the quay" in (checkout / "content" / "days" / "2031" / "2031-04-09.md").read_text()


@pytest.mark.parametrize("days", ["0", "x;touch ran", "99999999"])
def test_a_demo_of_no_number_of_days_is_refused(checkout: Path, days: str) -> None:
    done = make(checkout, "demo", f"DAYS={days}")
    assert done.returncode != 0
    assert f"DAYS={days} is not a number from 1 to " in done.stderr
    assert not (checkout / "demo").exists() and not (checkout / "ran").exists()


def test_long_runs_begin_with_nothing_unknown(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(checkout)
    monkeypatch.setattr(long_runs, "PARTS", dict.fromkeys(long_runs.PARTS, lambda: pytest.fail("a part began")))
    for name, text, said in (
        ("PARTS", "text x;touch ran", "no such part: ran, x;touch; there are pages, "),
        ("PARTS", "''", "no such part: ; there are pages, "),
        ("PARTS", "*", "no such part: *; there are pages, "),
        ("MINUTES", "$(touch ran)", "MINUTES=$(touch ran) is not a number"),
    ):
        monkeypatch.setenv("PARTS", "text")
        monkeypatch.setenv(name, text)
        assert run_command(lambda: long_runs.main([])) == 1
        assert capsys.readouterr().err.startswith(said)
    assert not (checkout / "ran").exists()
