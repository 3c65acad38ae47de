"""What runs on the forge: the workflow's shape, and every one of its commands in a fresh copy."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import checkers

ROOT = Path(__file__).parent.parent
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


@pytest.mark.parametrize(
    ("schema", "path"), [("github-workflows", WORKFLOW), ("dependabot", ROOT / ".github" / "dependabot.yml")]
)
def test_the_forge_would_take_the_files(schema: str, path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


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


def test_only_the_main_branch_is_deployed_and_only_after_the_tests(jobs: dict[str, Any]) -> None:
    deploy = jobs["deploy"]
    assert deploy["needs"] == ["test", "build"]
    assert "github.event_name != 'pull_request'" in deploy["if"] and "refs/heads/main" in deploy["if"]
    assert deploy["environment"]["name"] == "github-pages"
    assert deploy["concurrency"] == {"group": "deploy", "cancel-in-progress": "false"}
    for_requests = [step for step in jobs["build"]["steps"] if step.get("if") == "github.event_name == 'pull_request'"]
    assert [step.get("run", step.get("uses", "").partition("@")[0]) for step in for_requests] == [
        "make publish",
        "actions/upload-artifact",
    ]


def test_steps_call_make_and_nothing_else(jobs: dict[str, Any]) -> None:
    runs = [step["run"] for step in steps(jobs) if "run" in step]
    assert runs == ["make check", "make publish", "make publish"]
    assert not [run for run in runs if "${{" in run], "nothing from outside is pasted into a shell"
    assert all(int(job["timeout-minutes"]) <= 30 for job in jobs.values())


def test_every_command_runs_in_a_fresh_copy(jobs: dict[str, Any], tmp_path: Path) -> None:
    unwanted = shutil.ignore_patterns(".venv", ".git", ".cache", "output", "release", "__pycache__", ".*_cache")
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=unwanted)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    addresses = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(tmp_path)}
    for step in steps(jobs):
        if "run" not in step:
            continue
        # `make check` is this very run; that make knows it and what it would call is all that is tried.
        command = step["run"].replace("make check", "make --dry-run check")
        env = {**addresses, **dict.fromkeys(step.get("env", {}), SITEURL)}
        done = subprocess.run(
            command.split(), cwd=copy, env=env, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    page = (copy / "output" / "2023" / "06" / "02" / "index.html").read_text()
    assert f'<link rel="canonical" href="{SITEURL}/2023/06/02/">' in page
    assert (copy / "output" / ".nojekyll").exists()
    assert "/2023/06/02/#t1329" in (copy / "content" / "addresses.txt").read_text().splitlines()


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
            assert set(hook["additional_dependencies"]) <= set(checkers.PACKAGES), "one version, here and in make check"
            continue
        words = hook["entry"].split()
        tools = [word for word in words if word.startswith(".venv/") or word.endswith(".py")]
        assert tools and all((ROOT / tool).exists() for tool in tools)
