"""What runs on the forge: the shape of the workflows, and every command of the archive's in a fork."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin
from urllib.request import urlopen

import pytest
import yaml
from checkers import LOCK
from checkouts import copy_checkout, run
from paths import FIXTURES, ROOT, SAMPLE
from serving import Server

from daybook.publish.checks import PageLinks

WORKFLOWS = ROOT / ".github" / "workflows"
PUBLISH, TESTS, RELEASE, INGEST = (WORKFLOWS / f"{name}.yml" for name in ("publish", "tests", "release", "ingest"))
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
    """The jobs of the archive's workflow."""
    return dict(load(PUBLISH)["jobs"])


def steps(jobs: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in jobs.values() for step in job.get("steps", [])]


FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"
FORGE_FILES = [
    *(("github-workflows", path) for path in sorted(WORKFLOWS.iterdir())),
    ("dependabot", ROOT / ".github" / "dependabot.yml"),
    ("citation-file-format", ROOT / "CITATION.cff"),
    *(("github-issue-config" if path.stem == "config" else "github-issue-forms", path) for path in FORMS.iterdir()),
]


@pytest.mark.parametrize(("schema", "path"), sorted(FORGE_FILES), ids=lambda value: str(getattr(value, "name", value)))
def test_the_forge_would_take_the_files(schema: str, path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tests_run_on_each_version_of_python_that_the_wheel_names() -> None:
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["classifiers"]
    versions = [text.rpartition(" ")[2] for text in classifiers if re.search(r":: 3\.\d+$", text)]
    job = load(TESTS)["jobs"]["test"]
    assert job["strategy"]["matrix"] == {"python": versions}
    (setup,) = [step for step in job["steps"] if "setup-python" in step.get("uses", "")]
    assert setup["with"]["python-version"] == "${{ matrix.python }}"


def test_permissions_are_the_least() -> None:
    given = {}
    for path in (PUBLISH, TESTS, RELEASE, INGEST):
        workflow = load(path)
        assert workflow["permissions"] == {} and "pull_request_target" not in workflow["on"]
        given |= {f"{path.stem} {name}": job["permissions"] for name, job in workflow["jobs"].items()}
        checkouts = [step for step in steps(workflow["jobs"]) if "checkout" in step.get("uses", "")]
        assert checkouts and all(step["with"]["persist-credentials"] == "false" for step in checkouts)
        with_token = [step["run"] for step in steps(workflow["jobs"]) if "token" in str(step.get("env", ""))]
        assert len(with_token) == (path != TESTS), "one step has the token that can write"
        assert all(int(job.get("timeout-minutes", 0)) <= 30 for job in workflow["jobs"].values())
    assert given == {
        "publish preview": {"contents": "read"},
        "publish build": {"contents": "write", "pages": "read"},
        "publish deploy": {"pages": "write", "id-token": "write"},
        "ingest ingest": {"contents": "write"},
        "ingest publish": {"contents": "write", "pages": "write", "id-token": "write"},
        "tests test": {"contents": "read"},
        "tests lint": {"contents": "read"},
        "release test": {"contents": "read"},
        "release release": {"contents": "write", "id-token": "write", "attestations": "write"},
    }


def test_actions_are_pinned_by_commit_and_say_their_version() -> None:
    pins: dict[str, set[tuple[str, str]]] = {}
    for path in (PUBLISH, TESTS, RELEASE, INGEST):
        used = re.findall(r"uses: (\S+@\S+) # (v\d+\.\d+\.\d+)$", path.read_text(), re.MULTILINE)
        assert len(used) == len([step for step in steps(load(path)["jobs"]) if "uses" in step])
        for action, version in used:
            assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action)
            pins.setdefault(action.partition("@")[0], set()).add((action, version))
    assert all(len(versions) == 1 for versions in pins.values()), "an action has one version"


def test_a_change_of_content_alone_is_checked_and_published_and_nothing_more(jobs: dict[str, Any]) -> None:
    assert set(load(PUBLISH)["on"]) == {"push", "pull_request", "workflow_dispatch", "workflow_call"}
    assert load(PUBLISH)["on"]["push"] == {"branches": ["main"]}
    for event in ("push", "pull_request"):
        assert load(TESTS)["on"][event]["paths-ignore"] == ["content/**"]
    commands = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    assert commands == {
        "preview": ["make check", "make publish"],
        "build": ["make check", "make publish", "make commit"],
        "deploy": [],
    }
    makefile = (ROOT / "Makefile").read_text()
    for target in ("check", "publish", "commit"):
        assert re.search(rf"^{target}: .venv/runtime ##", makefile, re.MULTILINE), (
            "no packages of the tests, none of npm"
        )


def test_environments_that_build_share_no_cache_with_jobs_that_install_from_npm(jobs: dict[str, Any]) -> None:
    caches = {}
    for path in (PUBLISH, TESTS, RELEASE, INGEST):
        found = [step["with"] for step in steps(load(path)["jobs"]) if "actions/cache" in step.get("uses", "")]
        caches[path.stem] = {word for each in found for word in (each["key"], *each.get("restore-keys", "").split())}
    assert all(key.startswith("publish-") for key in caches["publish"] | caches["ingest"])
    assert all(key.startswith("tests-") for key in caches["tests"])
    assert caches["release"] == set()
    lint = load(TESTS)["jobs"]["lint"]["steps"]
    assert [step["run"] for step in lint if "run" in step] == ["make lint"]
    assert not [step for step in lint if "cache" in step.get("uses", "")], "the job that installs from npm has no cache"


def test_the_checkers_of_npm_are_locked_by_hash() -> None:
    lock = json.loads((LOCK / "package-lock.json").read_text())
    wanted = json.loads((LOCK / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"[\d.]+", version) for version in wanted.values())
    assert lock["packages"][""]["dependencies"] == wanted
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert [name for name, each in packages.items() if "integrity" not in each or "resolved" in each] == []


def awaited(jobs: dict[str, Any], name: str) -> set[str]:
    """Name the jobs that a job waits for, directly or not."""
    needs = set(jobs[name].get("needs", []))
    return needs.union(*(awaited(jobs, other) for other in needs))


def test_only_the_main_branch_is_deployed_and_only_what_was_checked_and_committed(jobs: dict[str, Any]) -> None:
    deploy, build = jobs["deploy"], jobs["build"]
    assert awaited(jobs, "deploy") == {"build"}
    assert build["if"] == "github.event_name != 'pull_request' && github.ref == 'refs/heads/main'"
    assert deploy["environment"]["name"] == "github-pages"
    assert deploy["concurrency"] == {"group": "deploy", "cancel-in-progress": "false"}
    names = [step.get("run", step.get("uses", "").partition("@")[0]) for step in build["steps"]]
    order = ["make check", "make publish", "make commit", "actions/upload-pages-artifact"]
    assert [name for name in names if name in order] == order
    assert not any("continue-on-error" in step or "if" in step for step in build["steps"])
    (checkout,) = [step for step in build["steps"] if "checkout" in step.get("uses", "")]
    assert checkout["with"]["ref"] == "${{ github.ref }}", "a workflow that called this one has committed since"


def test_nothing_from_outside_is_pasted_into_a_shell() -> None:
    for path in (PUBLISH, TESTS, RELEASE, INGEST):
        runs = [step["run"] for step in steps(load(path)["jobs"]) if "run" in step]
        assert runs and not [words for words in runs if "${{" in words]
        assert all(words.startswith("make ") for words in runs if not words.startswith("gh release create "))


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True)
    return done.stdout


def make_fork(folder: Path, content: Path | None, conf: Path) -> tuple[Path, Path]:
    """Return a fork with an archive, committed and pushed, and the repository on its forge."""
    fork, forge = copy_checkout(folder / "fork", content, conf), folder / "forge.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(forge)], check=True)
    git(fork, "init", "--quiet", "--initial-branch=main")
    for name, value in {"user.name": "Ida", "user.email": "ida@aller.example", "commit.gpgsign": "false"}.items():
        git(fork, "config", name, value)
    git(fork, "remote", "add", "origin", str(forge))
    (fork / ".gitignore").write_text((ROOT / ".gitignore").read_text() + "/.venv\n")
    git(fork, "add", "--all")
    git(fork, "commit", "--quiet", "--message", "Start")
    git(fork, "push", "--quiet", "origin", "main")
    return fork, forge


def variables(step: dict[str, Any]) -> dict[str, str]:
    """Return a step's variables, with what the forge puts in place of each expression."""
    values = {"steps.pages.outputs.base_url": SITEURL, "github.token": "secret"}
    return {
        name: re.sub(r"\$\{\{ (\S+) \}\}", lambda match: values[match[1]], text)
        for name, text in step.get("env", {}).items()
    }


def run_jobs(jobs: dict[str, Any], fork: Path) -> list[str]:
    """Run every command that deploying waits for, as the forge does; stop at the first that fails."""
    done = []
    for name in sorted(awaited(jobs, "deploy")):
        for step in jobs[name]["steps"]:
            if "run" in step:
                result = run(step["run"], fork, **variables(step))
                done.append(f"{step['run']}: {result.returncode}")
                if result.returncode:
                    return [*done, result.stdout + result.stderr]
    return done


def broken_links(address: str) -> tuple[set[str], list[str]]:
    """Follow all links of a served site from its home page; return the pages, and the links that lead nowhere."""
    pages, broken, waiting = set(), [], [address]
    while waiting:
        url = waiting.pop()
        pages.add(url)
        with urlopen(url) as answer:  # fails for a link that leads nowhere
            html = answer.read().decode("utf-8", "replace") if "html" in answer.headers["Content-Type"] else ""
        for link in PageLinks(html).links:
            target = urldefrag(urljoin(url, link.target))[0]
            if target.startswith("http://127.0.0.1") and not target.startswith(address):
                broken.append(f"{url}: {link.target}")
            elif target.startswith(address) and target not in pages and target not in waiting:
                waiting.append(target)
    return pages, broken


def test_a_fork_about_another_event_is_deployed_below_a_path(jobs: dict[str, Any], tmp_path: Path) -> None:
    golden = FIXTURES / "golden"
    fork, forge = make_fork(tmp_path, golden / "content", golden / "flood.conf.py")
    assert run_jobs(jobs, fork) == ["make check: 0", "make publish: 0", "make commit: 0"]
    listed = git(forge, "show", "main:content/addresses.txt").splitlines()
    assert "/2031/04/08/#t2300" in listed, "the forge has the addresses before they are deployed"
    assert git(forge, "log", "-1", "--format=%an", "main").strip() == "github-actions[bot]"
    assert git(fork, "status", "--porcelain") == ""
    # The next push has nothing new: nothing is committed, and deploying goes on.
    assert run_jobs(jobs, fork)[-1] == "make commit: 0"
    assert git(forge, "rev-list", "--count", "main").strip() == "2"
    (tmp_path / "served").mkdir()
    (fork / "output").rename(tmp_path / "served" / "their-repo")
    server = Server(tmp_path / "served")
    try:
        pages, broken = broken_links(f"{server.url}their-repo/")
    finally:
        server.stop()
    assert broken == []
    assert {f"{server.url}their-repo/{path}" for path in ("2031/04/09/", "search/", "data/", "topics/")} <= pages
    page = (tmp_path / "served" / "their-repo" / "2031" / "04" / "09" / "index.html").read_text()
    assert f'<link rel="canonical" href="{SITEURL}/2031/04/09/">' in page


def test_a_deployment_whose_addresses_cannot_be_committed_is_refused(jobs: dict[str, Any], tmp_path: Path) -> None:
    fork, forge = make_fork(tmp_path, None, SAMPLE / "conf.py")
    hook = forge / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'this branch is protected' >&2\nexit 1\n")
    hook.chmod(0o755)
    *done, said = run_jobs(jobs, fork)
    assert done[-1] == "make commit: 2"
    assert "git push failed" in said and "this branch is protected" in said and "do not deploy" in said


def test_the_artifact_is_what_the_build_makes(jobs: dict[str, Any]) -> None:
    uploads = [step for step in steps(jobs) if "upload" in step.get("uses", "")]
    assert [step["with"]["path"] for step in uploads] == ["output", "output"]
    assert re.search(r"^OUTPUT +\?= output$", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_other_settings_can_be_read() -> None:
    updates = load(ROOT / ".github" / "dependabot.yml")["updates"]
    assert [update["package-ecosystem"] for update in updates] == ["github-actions", "npm"]
    (hooks,) = load(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [hook["id"] for hook in hooks["hooks"]] == ["content", "ruff", "ruff-format", "mypy", "biome"]
    for hook in hooks["hooks"]:
        if hook["language"] == "node":
            locked = json.loads((LOCK / "package.json").read_text())["dependencies"]
            packages = {f"{name}@{version}" for name, version in locked.items()}
            assert set(hook["additional_dependencies"]) <= packages, "one version, here and in make lint"
            continue
        words = hook["entry"].split()
        tools = [word for word in words if word.startswith(".venv/") or word.endswith(".py")]
        assert tools and all((ROOT / tool).exists() for tool in tools)
