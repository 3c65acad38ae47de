"""Two maintainers ingest captures of the same days on two branches; git merges them, and `daybook merge` joins them.

The result must be the archive that ingesting the captures one after the other gives.
"""

import os
import subprocess
from collections import Counter
from pathlib import Path

from harden.credits_archive import Archive
from harden.credits_judge import AnchorWatch, Findings, Observations, StoredWording, Truth, judge
from harden.outlets import History

_ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    **{"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
    **{f"GIT_{role}_{field}": "branch@example.org" for role in ("AUTHOR", "COMMITTER") for field in ("NAME", "EMAIL")},
}


class Repository:
    """A git repository with an archive in its work tree."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.archive = Archive(folder)
        self.git("init", "--quiet", "--initial-branch=main")
        (folder / ".gitignore").write_text("*.jsonl\n")

    def git(self, *arguments: str, check: bool = True) -> str:
        """Run git and return its standard output."""
        command = ["git", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=_ENVIRONMENT, capture_output=True, text=True, check=check, encoding="utf-8"
        )
        return done.stdout

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=captures")

    def merge(self, branch: str) -> None:
        """Merge a branch, then join the days that both branches changed, as the messages say."""
        base = self.git("merge-base", "HEAD", branch).strip()
        changed = [set(self.git("diff", "--name-only", base, side).split()) for side in ("HEAD", branch)]
        self.git("merge", "--quiet", "--message=merge", branch, check=False)
        for path in sorted(changed[0] & changed[1]):
            self.archive.merge_day(Path(path).stem)
        self.commit()


def run_branches(history: History, folder: Path) -> Findings:
    """Ingest the captures of a history on two branches, merge them, and judge the archive."""
    both, ours = history.base + history.ours, history.sequence[: history.base + history.ours]
    repository, watch = Repository(folder / "merged"), AnchorWatch()
    archive = repository.archive
    for end, index in enumerate(ours, start=1):
        archive.ingest(history.captures[index])
        watch.see(Truth(history, ours[:end]), archive.observations())
        if end == history.base:
            repository.commit()
            repository.git("branch", "theirs")
    repository.commit()
    repository.git("switch", "--quiet", "theirs")
    for index in history.sequence[both:]:
        archive.ingest(history.captures[index])
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.merge("theirs")

    truth, merged = Truth(history, history.sequence), archive.observations()
    watch.see(truth, merged)
    findings = judge(truth, merged)
    watch.report(findings)
    plain = Archive(folder / "in-sequence")
    for index in history.sequence:
        plain.ingest(history.captures[index])
    if difference := _contents(merged) ^ _contents(plain.observations()):
        findings.add("not as in sequence", [wordings for wordings, _ in difference])
    for problem in archive.problems:
        findings.add("reported for review", problem)
    return findings


def _contents(observations: Observations) -> set[tuple[tuple[StoredWording, frozenset[StoredWording]], int]]:
    """Return what the entries hold, and how many hold it; anchors may differ."""
    counts = Counter((entry.shown, frozenset(entry.former)) for entry in observations.entries)
    return set(counts.items())
