"""Measure how well results answer information needs: nDCG@10 over an invented archive with known answers.

`needs/tuning.txt` and `needs/held_out.txt` have the needs, each with the entries that answer it and a grade for each
entry. The entries lie among thousands of others that are made of the same words and answer nothing. Weights are chosen
with the first file only.
"""

import datetime as dt
import math
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from playwright.sync_api import Browser
from searched_site import write_site

from daybook.core.record import Record
from daybook.search.document import Document

NEEDS = Path(__file__).parent / "needs"
NEED_SETS = ("tuning", "held_out")
_FIRST_DAY = dt.date(2022, 2, 24)
_DAYS = 500
_OTHERS = 3_000  # entries of the same words that answer no need


class Need(Struct, frozen=True):
    """A query and the entries that belong to it: (grade, headline, text); grade 0 shares words only."""

    query: str
    entries: tuple[tuple[int, str, str], ...]


def load_needs(name: str) -> list[Need]:
    """Return the needs of a set of `NEED_SETS`. Raises ValueError for a line that is not understood."""
    needs: list[tuple[str, list[tuple[int, str, str]]]] = []
    for number, line in enumerate((NEEDS / f"{name}.txt").read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("? "):
            needs.append((line[2:], []))
        elif line and not line.startswith("#"):
            grade, _, rest = line.partition(" ")
            headline, bar, text = rest.partition(" | ")
            if grade not in "0123" or not bar or not needs:
                raise ValueError(f"{name}.txt:{number}: expected a grade, a headline, | and a text")
            needs[-1][1].append((int(grade), headline, text))
    return [Need(query, tuple(entries)) for query, entries in needs]


def need_records(days: int = _DAYS, others: int = _OTHERS) -> list[Record]:
    """Return records of all needs' entries and of others made of the same words, in time order.

    The entries of one need follow one another within some days, in the order of the file. A record's `id` is its
    headline in the file of needs, or empty.
    """
    rng = random.Random(60)
    needs = [need for name in NEED_SETS for need in load_needs(name)]
    placed = []
    for need in needs:
        at = dt.datetime.combine(_FIRST_DAY, dt.time(0), dt.UTC) + dt.timedelta(minutes=rng.randrange(days * 1440))
        for _, headline, text in need.entries:
            placed.append(Record(at=at.isoformat(), headline=headline, text=text, id=headline))
            at += dt.timedelta(minutes=rng.randint(45, 4000))
    placed += _other_records(needs, days, others, rng)
    return sorted(placed, key=lambda record: record.at)


def _other_records(needs: Sequence[Need], days: int, count: int, rng: random.Random) -> Iterator[Record]:
    """Yield records of random sentences, whose words are as frequent as in the entries of the needs."""
    texts = (f"{headline} {text}" for need in needs for _, headline, text in need.entries)
    frequencies = Counter(word.strip(".,;:") for text in texts for word in text.split())
    words, weights = list(frequencies), list(frequencies.values())

    def sentence(least: int, most: int) -> str:
        chosen = " ".join(rng.choices(words, weights, k=rng.randint(least, most)))
        return chosen[0].upper() + chosen[1:]

    for _ in range(count):
        at = dt.datetime.combine(_FIRST_DAY, dt.time(0), dt.UTC) + dt.timedelta(minutes=rng.randrange(days * 1440))
        text = " ".join(f"{sentence(7, 16)}." for _ in range(rng.randint(2, 5)))
        yield Record(at=at.isoformat(), headline=sentence(4, 8), text=text)


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Return the normalized discounted cumulative gain of the first `depth` results.

    The gain of a result of grade g at rank r is (2^g - 1) / log2(r + 1); the sum is divided by that of the best order.
    """

    def gain(values: Sequence[int]) -> float:
        return sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(values[:depth]))

    best = gain(sorted(grades.values(), reverse=True))
    return gain([grades.get(name, 0) for name in ranked]) / best if best else 0.0


def mean_ndcg(needs: Sequence[Need], answers: Sequence[Sequence[str]]) -> float:
    """Return the mean nDCG@10; an answer lists headlines in order, as the file of needs has them."""
    values = [
        ndcg(answer, {headline: grade for grade, headline, _ in need.entries})
        for need, answer in zip(needs, answers, strict=True)
    ]
    return sum(values) / len(values)


# For each query: the headlines of the first results, of all tiers.
_ANSWER = """async (queries) => {
  const { root } = document.querySelector("[data-results]").dataset;
  const { indexFiles } = Daybook;
  const manifest = indexFiles.readManifest(await indexFiles.loadFile("manifest", root + "search/manifest.js"));
  await indexFiles.loadPart(root, "results");
  const answers = [];
  for (const q of queries) {
    const question = { q, from: "", to: "", sort: "relevance", accepts: null };
    const answer = await Daybook.runQuery(root, manifest, question, false);
    answers.push((await answer.next(10)).map(({ headline }) => headline));
  }
  return answers;
}"""


def ask_daybook(browser: Browser, records: Sequence[Record], queries: Sequence[str]) -> list[list[str]]:
    """Return the first ten headlines for each query in the search page, repeats not folded."""
    documents = []
    for number, record in enumerate(records):
        at = dt.datetime.fromisoformat(record.at)
        path = f"{at:%Y/%m/%d}/#n{number}"
        text = str(record.text)
        documents.append(Document(path=path, date=at.date(), time=at.time(), headline=record.headline, text=text))
    with tempfile.TemporaryDirectory() as folder:
        write_site(Path(folder), documents)
        page = browser.new_page()
        page.goto((Path(folder) / "search/index.html").as_uri())
        answers: list[list[str]] = page.evaluate(_ANSWER, list(queries))
        page.close()
    return answers
