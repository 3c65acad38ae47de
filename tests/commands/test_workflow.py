"""What runs on the forge: the workflow's shape, and every one of its commands in a fresh copy."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import checkers
import pytest
import yaml
from checkouts import copy_checkout, run
from paths import FIXTURES, ROOT, SAMPLE

WORKFLOW = ROOT / ".github" / "workflows" / "pages.yml"
SITEURL = "https://example.org/their-repo"


class _Strict(yaml.SafeLoader):
    """Text stays text, and a key stands once: what YAML 1.1 would quietly bend is an error."""


def _mapping(loader: _Strict, node: yaml.MappingNode) -> dict[str, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    assert len(keys) == len(set(keys)), f"a key stands twice on line {node.start_mark.line + 1}"
    return dict(loader.construct_pairs(node, deep=True))


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
# GitHub reads YAML 1.2, where `on` is a word and not a truth value.
_Strict.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in _Strict.yaml_implicit_resolvers.items()
}


def load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(path.read_text(), Loader=_Strict)
    return loaded


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    return dict(load(WORKFLOW)["jobs"])


def steps(jobs: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in jobs.values() for step in job["steps"]]


FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"
FORGE_FILES = [
    ("github-workflows", WORKFLOW),
    ("dependabot", ROOT / ".github" / "dependabot.yml"),
    ("citation-file-format", ROOT / "CITATION.cff"),
    *(("github-issue-config" if path.stem == "config" else "github-issue-forms", path) for path in FORMS.iterdir()),
]


@pytest.mark.parametrize(("schema", "path"), sorted(FORGE_FILES), ids=lambda value: str(getattr(value, "name", value)))
def test_the_forge_would_take_the_files(schema: str, path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tests_run_on_each_version_of_python_that_the_wheel_names(jobs: dict[str, Any]) -> None:
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["classifiers"]
    versions = [text.rpartition(" ")[2] for text in classifiers if re.search(r":: 3\.\d+$", text)]
    assert jobs["test"]["strategy"]["matrix"] == {"python": versions}
    (setup,) = [step for step in jobs["test"]["steps"] if "setup-python" in step.get("uses", "")]
    assert setup["with"]["python-version"] == "${{ matrix.python }}"


def test_permissions_are_the_least(jobs: dict[str, Any]) -> None:
    assert load(WORKFLOW)["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "test": {"contents": "read"},
        "build": {"contents": "read", "pages": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    assert "pull_request_target" not in load(WORKFLOW)["on"]
    checkouts = [step for step in steps(jobs) if "checkout" in step.get("uses", "")]
    assert checkouts and all(step["with"]["persist-credentials"] == "false" for step in checkouts)


def test_actions_are_pinned_by_commit_and_say_their_version(jobs: dict[str, Any]) -> None:
    used = re.findall(r"uses: (\S+) # (v\d+\.\d+\.\d+)$", WORKFLOW.read_text(), re.MULTILINE)
    assert len(used) == len([step for step in steps(jobs) if "uses" in step])
    for action, _ in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action)
    pins: dict[str, set[tuple[str, str]]] = {}
    for action, version in used:
        pins.setdefault(action.partition("@")[0], set()).add((action, version))
    assert all(len(versions) == 1 for versions in pins.values()), "an action has one version"


def awaited(jobs: dict[str, Any], name: str) -> set[str]:
    """Name the jobs that a job waits for, directly or not."""
    needs = set(jobs[name].get("needs", []))
    return needs.union(*(awaited(jobs, other) for other in needs))


def test_only_the_main_branch_is_deployed_and_only_what_was_checked(jobs: dict[str, Any]) -> None:
    deploy = jobs["deploy"]
    assert awaited(jobs, "deploy") == {"build"}
    assert "github.event_name != 'pull_request'" in deploy["if"] and "refs/heads/main" in deploy["if"]
    assert deploy["environment"]["name"] == "github-pages"
    assert deploy["concurrency"] == {"group": "deploy", "cancel-in-progress": "false"}
    tests = [name for name, job in jobs.items() if "make verify" in [step.get("run") for step in job["steps"]]]
    assert tests == ["test"], "the tests run, and a fork's archive does not wait for them"
    for_requests = [step for step in jobs["build"]["steps"] if step.get("if") == "github.event_name == 'pull_request'"]
    assert [step.get("run", step.get("uses", "").partition("@")[0]) for step in for_requests] == [
        "make publish",
        "actions/upload-artifact",
    ]


def test_steps_call_make_and_nothing_else(jobs: dict[str, Any]) -> None:
    runs = [step["run"] for step in steps(jobs) if "run" in step]
    assert runs == ["make verify", "make check", "make publish", "make publish"]
    assert not [words for words in runs if "${{" in words], "nothing from outside is pasted into a shell"
    assert all(int(job["timeout-minutes"]) <= 30 for job in jobs.values())


def test_every_command_runs_in_a_fresh_copy(jobs: dict[str, Any], tmp_path: Path) -> None:
    copy = copy_checkout(tmp_path / "copy", SAMPLE / "content", SAMPLE / "conf.py")
    for step in steps(jobs):
        # `make verify` is this very run; that make knows it and what it would call is all that is tried.
        run_step(step, copy, "make verify", "make --dry-run verify")
    page = (copy / "output" / "2023" / "06" / "02" / "index.html").read_text()
    assert f'<link rel="canonical" href="{SITEURL}/2023/06/02/">' in page
    assert (copy / "output" / ".nojekyll").exists()
    assert "/2023/06/02/#t1329" in (copy / "content" / "addresses.txt").read_text().splitlines()


@pytest.mark.parametrize("days", ["another event", "one more entry", "none"])
def test_what_deploying_waits_for_holds_in_a_fork(jobs: dict[str, Any], tmp_path: Path, days: str) -> None:
    golden = FIXTURES / "golden"
    content = {"another event": golden / "content", "one more entry": SAMPLE / "content", "none": None}[days]
    conf = golden / "flood.conf.py" if days == "another event" else SAMPLE / "conf.py"
    fork = copy_checkout(tmp_path / "fork", content, conf)
    if days == "one more entry":
        day = fork / "content" / "days" / "2023" / "2023-06-02.md"
        day.write_text(day.read_text() + "\n## 20:15 Grain\n\nMore grain left the port.\n")
    names = [name for name in jobs if name in awaited(jobs, "deploy")]
    done = [run_step(step, fork) for name in names for step in jobs[name]["steps"]]
    assert [line for line in done if line] == ["make check", "make publish", "make publish"]
    assert (fork / "output" / "index.html").exists()
    listed = (fork / "content" / "addresses.txt").read_text().splitlines()
    assert {"another event": "/2031/04/09/", "one more entry": "/2023/06/02/#t2015", "none": "/"}[days] in listed


def run_step(step: dict[str, Any], folder: Path, known: str = "", instead: str = "") -> str:
    """Run a step's command as the forge does, `instead` of one that is known; return the command, "" for none."""
    command: str = step.get("run", "")
    if command:
        done = run(
            command.replace(known, instead) if known else command, folder, **dict.fromkeys(step.get("env", {}), SITEURL)
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return command


def test_the_artifact_is_what_the_build_makes(jobs: dict[str, Any]) -> None:
    uploads = [step for step in steps(jobs) if "upload" in step.get("uses", "")]
    assert [step["with"]["path"] for step in uploads] == ["output", "output"]
    assert re.search(r"^OUTPUT +\?= output$", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_other_settings_can_be_read() -> None:
    updates = load(ROOT / ".github" / "dependabot.yml")["updates"]
    assert [update["package-ecosystem"] for update in updates] == ["github-actions"]
    (hooks,) = load(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [hook["id"] for hook in hooks["hooks"]] == ["content", "ruff", "ruff-format", "mypy", "biome"]
    for hook in hooks["hooks"]:
        if hook["language"] == "node":
            assert set(hook["additional_dependencies"]) <= set(checkers.PACKAGES), (
                "one version, here and in make verify"
            )
            continue
        words = hook["entry"].split()
        tools = [word for word in words if word.startswith(".venv/") or word.endswith(".py")]
        assert tools and all((ROOT / tool).exists() for tool in tools)
