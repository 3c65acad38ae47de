"""The judge of credits finds nothing in a correct archive and exactly the fault in one that was made wrong."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest
from msgspec.structs import replace

from harden.credits_judge import AnchorWatch, Findings, Key, Observations, StoredEntry, StoredWording, Truth, judge
from harden.outlets import KINDS, History, Wording, simulate

HISTORIES = [simulate(kind, seed) for kind in KINDS for seed in range(12)]


def perfect_archive(history: History, ingested: tuple[int, ...]) -> Observations:
    """Return what a perfect archive holds: one entry for each post, every wording with all of its captures."""
    truth = Truth(history, ingested)
    entries = []
    for post, appearances in sorted(truth.appearances().items()):
        captures: dict[Wording, set[str]] = {}
        for name, _, wording in appearances:
            captures.setdefault(wording, set()).add(name)
        stored = {
            wording: StoredWording(wording.minute, wording.headline, wording.body, frozenset(names))
            for wording, names in captures.items()
        }
        shown = stored.pop(appearances[-1][2])
        entries.append(StoredEntry(("2031-04-09", f"n{post + 1}"), shown, tuple(stored.values())))
    return Observations(tuple(entries))


def found(truth: Truth, observations: Observations) -> Counter[str]:
    return judge(truth, observations).faults


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: f"{history.kind}-{history.seed}")
def test_a_perfect_archive_has_no_fault(history: History) -> None:
    watch = AnchorWatch()
    findings = Findings(Counter(), Counter(), [])
    for end in range(1, len(history.sequence) + 1):
        ingested = history.sequence[:end]
        truth, archive = Truth(history, ingested), perfect_archive(history, ingested)
        findings = judge(truth, archive)
        watch.see(truth, archive)
        assert findings.faults == {}, findings.examples
    watch.report(findings)
    assert findings.faults == {}, findings.examples


# In the rest, each archive is correct apart from one change.


def truths() -> Iterator[tuple[Truth, Observations]]:
    for history in HISTORIES:
        yield Truth(history, history.sequence), perfect_archive(history, history.sequence)


def changed(archive: Observations, index: int, *new: StoredEntry) -> Observations:
    """Return an archive in which other entries, or none, stand in the place of one."""
    return replace(archive, entries=(*archive.entries[:index], *new, *archive.entries[index + 1 :]))


def has_twin(truth: Truth, entry: StoredEntry) -> bool:
    """Return whether another post has had words of an entry."""
    bodies = {wording.body for wording in entry.wordings}
    return sum(not bodies.isdisjoint(others) for others in truth.bodies) > 1


def edited(truth: Truth, archive: Observations) -> Iterator[tuple[int, StoredEntry]]:
    """Yield the entries with former wordings whose words no other post has."""
    for index, entry in enumerate(archive.entries):
        if entry.former and not has_twin(truth, entry):
            yield index, entry


def credited_with(wording: StoredWording, captures: frozenset[str]) -> StoredWording:
    return replace(wording, captures=captures)


def test_a_former_wording_under_the_capture_that_replaced_it() -> None:
    count = 0
    for truth, archive in truths():
        for index, entry in edited(truth, archive):
            former = entry.former[0]
            wrong = credited_with(former, former.captures | entry.shown.captures)
            bad = changed(archive, index, replace(entry, former=(wrong, *entry.former[1:])))
            assert found(truth, bad) == {"wrong source": len(entry.shown.captures)}
            count += 1
    assert count > 50


def test_a_wording_with_another_minute() -> None:
    count = 0
    for truth, archive in truths():
        for index, entry in edited(truth, archive):
            minute = entry.shown.minute
            if minute is None or any(wording.text == entry.shown.text for wording in entry.former):
                continue
            bad = changed(archive, index, replace(entry, shown=replace(entry.shown, minute=minute + 1)))
            faults = found(truth, bad)
            assert (faults["wrong source"], faults["lost"]) == (1, 1)
            assert set(faults) <= {"wrong source", "lost", "not latest"}
            count += 1
    assert count > 50


def test_a_wording_without_a_minute() -> None:
    count = 0
    for truth, archive in truths():
        for index, entry in edited(truth, archive):
            bad = changed(
                archive, index, replace(entry, former=(replace(entry.former[0], minute=None), *entry.former[1:]))
            )
            faults = found(truth, bad)
            assert (faults["wrong source"], faults["lost"]) == (1, 1)
            count += 1
    assert count > 50


def test_two_stories_that_exchange_a_wording() -> None:
    """Each wording is under the captures that printed it; only the entries are wrong."""
    count = 0
    for truth, archive in truths():
        entries = list(edited(truth, archive))
        for (one, first), (other, second) in pairwise(entries):
            if truth.blog_of(min(first.shown.captures)) != truth.blog_of(min(second.shown.captures)):
                continue
            bad = changed(archive, one, replace(first, former=(*first.former[:-1], second.former[-1])))
            bad = changed(bad, other, replace(second, former=(*second.former[:-1], first.former[-1])))
            faults = found(truth, bad)
            assert faults["another story"] >= 2
            assert not {"wrong source", "wrong outlet", "uncredited", "lost"} & set(faults)
            count += 1
    assert count > 40


def test_a_report_that_names_both_entries() -> None:
    count = 0
    for truth, archive in truths():
        for index, entry in edited(truth, archive):
            split = StoredEntry(("2031-04-09", "t0000"), entry.former[0])
            bad = changed(archive, index, replace(entry, former=entry.former[1:]), split)
            other = frozenset([split.key, ("2031-04-09", "t2359")])
            both = frozenset([split.key, entry.key, ("2031-04-09", "t2359")])
            assert any(name.startswith("unreported") for name in found(truth, replace(bad, reports=frozenset([other]))))
            assert not any(
                name.startswith("unreported") for name in found(truth, replace(bad, reports=frozenset([both])))
            )
            count += 1
    assert count > 50


def test_a_wording_under_another_outlet() -> None:
    count = 0
    for truth, archive in truths():
        for index, entry in enumerate(archive.entries):
            blogs = {truth.posts[post].blog for post in truth.posts_of(entry.shown, None)}
            others = [name for name in truth.captures if truth.blog_of(name) not in blogs]
            if others:
                shown = credited_with(entry.shown, entry.shown.captures | {others[0]})
                assert found(truth, changed(archive, index, replace(entry, shown=shown))) == {"wrong outlet": 1}
                carried = replace(entry, others=frozenset(others[:1]))
                assert found(truth, changed(archive, index, carried)) == {"wrong outlet": 1}
                count += 1
    assert count > 50


def test_a_capture_that_is_not_credited() -> None:
    count = 0
    for truth, archive in truths():
        for index, entry in enumerate(archive.entries):
            if len(entry.shown.captures) > 1 and not has_twin(truth, entry):
                fewer = frozenset(sorted(entry.shown.captures)[1:])
                bad = changed(archive, index, replace(entry, shown=credited_with(entry.shown, fewer)))
                assert found(truth, bad) == {"uncredited": 1}
                count += 1
    assert count > 50


def test_a_former_wording_that_is_lost() -> None:
    count = 0
    for truth, archive in truths():
        for index, entry in edited(truth, archive):
            bad = changed(archive, index, replace(entry, former=entry.former[1:]))
            assert found(truth, bad) == {"lost": 1}
            count += 1
    assert count > 50


def test_an_old_wording_that_is_shown() -> None:
    count = 0
    for truth, archive in truths():
        if not all(capture.captured for capture in truth.captures.values()):
            continue
        for index, entry in edited(truth, archive):
            old, *rest = entry.former
            assert found(truth, changed(archive, index, replace(entry, shown=old, former=(*rest, entry.shown)))) == {
                "not latest": 1
            }
            count += 1
    assert count > 50


def test_an_old_wording_is_no_fault_where_a_capture_time_is_unknown() -> None:
    count = 0
    for truth, archive in truths():
        if any(capture.captured for capture in truth.captures.values()):
            continue
        for index, entry in edited(truth, archive):
            old, *rest = entry.former
            bad = changed(archive, index, replace(entry, shown=old, former=(*rest, entry.shown)))
            assert found(truth, bad) == {}
            count += 1
    assert count > 5


def test_an_entry_that_holds_two_posts() -> None:
    kinds: Counter[str] = Counter()
    for truth, archive in truths():
        for one, other in zip(archive.entries[::2], archive.entries[1::2], strict=False):
            blogs = [truth.blog_of(min(entry.shown.captures)) for entry in (one, other)]
            both = replace(one, former=(*one.former, *other.wordings))
            faults = found(truth, changed(archive, archive.entries.index(one), both))
            if other in archive.entries:  # the second entry still stands on its own
                kept = [entry for entry in changed(archive, archive.entries.index(one), both).entries if entry != other]
                faults = found(truth, replace(archive, entries=tuple(kept)))
            faults.pop("not latest", 0)
            assert faults, (one, other)
            faults.pop("another story, nothing differs", 0)
            assert set(faults) <= {"another story", "another story, identical words", "two live blogs", "uncredited"}
            assert ("two live blogs" in faults) == (blogs[0] != blogs[1])
            kinds += faults
    assert kinds["another story"] > 50
    assert kinds["two live blogs"] > 10


def test_a_post_that_stands_twice() -> None:
    classes: Counter[str] = Counter()
    for truth, archive in truths():
        for index, entry in edited(truth, archive):
            old = entry.former[0]
            split = StoredEntry(("2031-04-09", "t0000"), old)
            rest = replace(entry, former=entry.former[1:])
            (duplicate, unreported) = sorted(found(truth, changed(archive, index, rest, split)).items())
            assert duplicate[0].startswith("duplicate ")
            assert duplicate[1] == 1
            assert unreported == (duplicate[0].replace("duplicate", "unreported"), 1)
            noted = replace(rest, perhaps=(split.key,))
            assert found(truth, changed(archive, index, noted, split)) == dict([duplicate])
            classes[duplicate[0]] += 1
    assert {f"duplicate {kind}" for kind in ("plain", "short", "pattern", "rewritten")} <= set(classes)


def test_the_same_wording_twice() -> None:
    count = 0
    for truth, archive in truths():
        for index, entry in enumerate(archive.entries):
            if not has_twin(truth, entry) and not entry.former:
                again = replace(entry, key=("2031-04-09", "t0000"))
                bad = changed(archive, index, entry, again)
                assert found(truth, bad) == {"duplicate unchanged": 1, "unreported unchanged": 1}
                count += 1
    assert count > 50


def watched(truth: Truth, *archives: Observations) -> Counter[str]:
    watch, findings = AnchorWatch(), Findings(Counter(), Counter(), [])
    for archive in archives:
        watch.see(truth, archive)
    watch.report(findings)
    return findings.faults


def test_an_anchor_that_leads_to_another_post_or_nowhere() -> None:
    count = 0
    for truth, archive in truths():
        one, *rest = archive.entries
        if not rest or any(has_twin(truth, entry) for entry in (one, rest[0])):
            continue
        swapped = (replace(rest[0], key=one.key), replace(one, key=rest[0].key), *rest[1:])
        assert watched(truth, archive, replace(archive, entries=swapped)) == {"moved anchor": 2}
        assert watched(truth, archive, replace(archive, entries=tuple(rest))) == {"moved anchor": 1}
        place: Key = ("2031-04-10", "t0001")
        moved = Observations((replace(one, key=place), *rest), {one.key: place})
        assert watched(truth, archive, moved) == {}
        ring = Observations(tuple(rest), {one.key: place, place: one.key})
        assert watched(truth, archive, ring) == {"moved anchor": 1}
        wrong = Observations(tuple(rest), {one.key: rest[0].key})
        assert watched(truth, archive, wrong) == {"moved anchor": 1}
        count += 1
    assert count > 40


def test_a_post_with_the_words_of_another_is_its_own_entry() -> None:
    """Two posts that are equal word for word on one page need two entries, each credited."""
    count = 0
    for history in (simulate(kind, seed) for kind in ("several", "colliding", "none") for seed in range(400)):
        truth, archive = Truth(history, history.sequence), perfect_archive(history, history.sequence)
        for one, other in combinations(archive.entries, 2):
            if {*other.wordings} <= {*one.wordings}:
                single = tuple(entry for entry in archive.entries if entry != other)
                assert set(found(truth, replace(archive, entries=single))) - {"not latest"} == {"uncredited"}
                count += 1
    assert count > 3
