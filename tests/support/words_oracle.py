"""What each kind of query must find, by the definition in docs/search.md: regular expressions over invented texts.

Nothing here uses lunr, the stemmer or the analysis of `daybook.search`: the families of words are written by hand.
"""

import datetime as dt
import random
import re
from collections.abc import Callable, Iterator
from functools import cache

from daybook.search.document import Document

FIRST_DATE = dt.date(2031, 1, 6)
KINDS = (
    *("word", "exact", "phrase", "star", "inner star", "NOT", "OR", "field", "date", "day range", "facet"),
    *("two words", "number"),
)
_FAMILIES = [
    line.split()
    for line in (
        *("port ports", "ship ships shipped shipping", "carry carries carried carrying", "ferry ferries"),
        *("bridge bridges", "strike strikes striking", "talk talks talked talking", "mayor mayors", "storm storms"),
        *("flood floods flooded flooding", "treaty treaties", "attack attacks attacked attacking", "tunnel tunnels"),
        *("clinic clinics", "river rivers", "price prices priced pricing", "vote votes voted voting"),
        *("guard guards guarded guarding", "convoy convoys", "harbour harbours", "missile missiles"),
        *("report reports reported reporting", "farm farms farmed farming", "border borders", "grain grains"),
    )
]
_PLAIN = ["the", "of", "in", "and", "to", "for", "at", "by", "with", "after", "may", "us", "not", "over"]
_FIGURES = ["11", "1-1", "72-hour", "F-16", "S-300", "2.5", "16", "300", "12"]
_TOPICS = {"north-quay": "North Quay", "salt-road": "Salt Road", "low-lock": "Low Lock"}
_OUTLETS = ("The Tideway", "Morning Gauge", "Halm Dispatch")
_WORD = re.compile(r"[0-9]+(?:\.[0-9]+)?|[a-z]+")


def oracle_documents(count: int) -> list[Document]:
    """Return documents of words whose families are known, four a day."""
    rng = random.Random(31)
    forms = [form for family in _FAMILIES for form in family]
    weights = [1 / (number + 2) for number in range(len(forms))]
    rng.shuffle(forms)
    documents = []
    for number in range(count):
        date = FIRST_DATE + dt.timedelta(days=number // 4 * 3)
        pieces = [
            rng.choice(_FIGURES) if rng.random() < 0.06 else rng.choice(_PLAIN) if rng.random() < 0.3 else form
            for form in rng.choices(forms, weights, k=rng.randint(14, 45))
        ]
        text = " ".join(pieces)
        slugs = rng.sample(sorted(_TOPICS), rng.choice([0, 0, 1, 2]))
        document = Document(
            path=f"{date:%Y/%m/%d}/#n{number % 4 + 1}",
            date=date,
            number=(date - FIRST_DATE).days + 1,
            headline=" ".join(rng.choices(forms, weights, k=rng.randint(2, 5))).capitalize(),
            text=f"{text[0].upper()}{text[1:]}. {rng.choice(forms).capitalize()}, {rng.choice(forms)}!",
            topics=tuple(slugs),
            names=tuple(_TOPICS[slug] for slug in slugs),
            outlets=tuple(sorted(rng.sample(_OUTLETS, rng.choice([1, 1, 2])))),
            lang="en",
        )
        documents.append(document)
    return documents


@cache
def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text in order; the joined form of a compound with letters and digits is not among them."""
    return tuple(_WORD.findall(text.lower().replace("-", " ")))


@cache
def _joined(text: str) -> frozenset[str]:
    """Return the joined forms of compounds with letters and digits: f16, 72hour."""
    compounds = re.findall(r"(?<![\w-])\w+(?:-\w+)+", text.lower())
    return frozenset(c.replace("-", "") for c in compounds if re.search("[a-z]", c) and re.search("[0-9]", c))


def _family(word: str) -> set[str]:
    return next((set(family) for family in _FAMILIES if word in family), {word})


Matches = Callable[[Document], bool]


def _texts(document: Document, fields: str) -> list[str]:
    return [*([document.headline] if "h" in fields else []), *([document.text] if "t" in fields else []),
            *(document.names if "n" in fields else ())]  # fmt: skip


def _any_of(words: set[str], fields: str = "htn") -> Matches:
    return lambda document: any(words & {*_words(text), *_joined(text)} for text in _texts(document, fields))


def _pattern(pattern: str) -> Matches:
    fits = re.compile(pattern)
    return lambda document: any(
        fits.fullmatch(word) for text in _texts(document, "htn") for word in (*_words(text), *_joined(text))
    )


def _phrase(words: list[str]) -> Matches:
    wanted = f" {' '.join(words)} "
    return lambda document: any(wanted in f" {' '.join(_words(text))} " for text in _texts(document, "ht"))


class OracleQuery:
    """A query of a kind, its filters, and the paths of the entries that it must find."""

    def __init__(self, kind: str, q: str, matches: Matches, documents: list[Document], **filters: object) -> None:
        """Take the text, what a document must fulfil, and `from_date`, `to_date`, `topic`, `outlet`, `year`."""
        self.kind, self.q, self.filters = kind, q, filters
        self.expected = sorted(document.path for document in documents if matches(document))


def oracle_queries(documents: list[Document], kind: str, count: int) -> Iterator[OracleQuery]:
    """Yield random queries of a kind with what they must find in the documents."""
    rng = random.Random(f"{kind} 17")
    forms = [form for family in _FAMILIES for form in family]
    used = sorted(
        {word for document in documents for text in (document.headline, document.text) for word in _words(text)}
    )
    known = [form for form in forms if form in used]
    for _ in range(count):
        one, other, third = rng.sample(known, 3)
        word, other_word = _any_of(_family(one)), _any_of(_family(other))
        document = rng.choice(documents)
        if kind == "word":
            yield OracleQuery(kind, one, word, documents)
        elif kind == "two words":
            yield OracleQuery(kind, f"{one} {other}", lambda d, a=word, b=other_word: a(d) and b(d), documents)
        elif kind == "exact":
            exact = rng.choice(used)
            yield OracleQuery(kind, f'"{exact}"', _any_of({exact}, "ht"), documents)
        elif kind == "number":
            figure = rng.choice(_FIGURES)
            parts = list(_words(figure))
            matches = _phrase(parts) if len(parts) > 1 else _any_of({figure})
            yield OracleQuery(kind, figure, matches, documents)
        elif kind == "phrase":
            source = _words(rng.choice([document.text, document.text, document.headline]))
            length = min(len(source), rng.randint(2, 4))
            start = rng.randint(0, len(source) - length)
            words = list(source[start : start + length])
            yield OracleQuery(kind, f'"{" ".join(words)}"', _phrase(words), documents)
        elif kind == "star":
            beginning = one[: rng.randint(2, len(one))]
            yield OracleQuery(kind, f"{beginning}*", _pattern(f"{beginning}.*"), documents)
        elif kind == "inner star":
            start, end = one[: rng.randint(1, 2)], one[-rng.randint(1, 2) :]
            yield OracleQuery(kind, f"{start}*{end}", _pattern(f"{start}.*{end}"), documents)
        elif kind == "NOT":
            sign = rng.choice(["-", "NOT "])
            without = lambda d, a=word, b=other_word: a(d) and not b(d)  # noqa: E731
            yield OracleQuery(kind, f"{one} {sign}{other}", without, documents)
        elif kind == "OR":
            last_word = _any_of(_family(third))
            either = lambda d, a=word, b=other_word, c=last_word: (a(d) or b(d)) and c(d)  # noqa: E731
            yield OracleQuery(kind, f"({one} OR {other}) {third}", either, documents)
        elif kind == "field":
            field, letters = rng.choice([("headline", "h"), ("headline", "h"), ("text", "t")])
            yield OracleQuery(kind, f"{field}:{one}", _any_of(_family(one), letters), documents)
        else:
            yield _filtered(kind, one, documents, rng)


def _filtered(kind: str, one: str, documents: list[Document], rng: random.Random) -> OracleQuery:
    """Return a query of a word with a filter."""
    word = _any_of(_family(one))
    if kind == "date":
        date = rng.choice(documents).date
        name = rng.choice([date.isoformat(), f"{date:%Y-%m}"])
        filters: dict[str, object] = {"from_date": name, "to_date": name}
        return OracleQuery(kind, one, lambda d: word(d) and f"{d.date}".startswith(name), documents, **filters)
    if kind == "day range":
        first, last = sorted(rng.choices([document.date for document in documents], k=2))
        filters = {"from_date": f"{first}", "to_date": f"{last}"}
        return OracleQuery(kind, one, lambda d: word(d) and first <= d.date <= last, documents, **filters)
    topics, outlets = rng.sample(sorted(_TOPICS), rng.choice([0, 1, 2])), rng.sample(_OUTLETS, rng.choice([0, 1]))

    def matches(document: Document) -> bool:
        has_topic = not topics or bool({*topics} & {*document.topics})
        return word(document) and has_topic and (not outlets or bool({*outlets} & {*document.outlets}))

    return OracleQuery(kind, one, matches, documents, topic=topics, outlet=outlets)


# For each query: the paths of all results with all words.
_ANSWER = """async (queries) => {
  const root = document.getElementById("search").dataset.root;
  const { indexFiles } = Daybook;
  const manifest = indexFiles.readManifest(await indexFiles.loadFile("manifest", root + "search/manifest.js"));
  const [facets] = await Promise.all(["facets", "results"].map((name) => indexFiles.loadPart(root, name)));
  const page = { root, kindOf: new Map() };
  const answers = [];
  for (const { q, from_date = "", to_date = "", topic = [], outlet = [] } of queries) {
    const chosen = Object.fromEntries(Daybook.searchForm.FACETS.map((name) => [name, { topic, outlet }[name] || []]));
    const hasFilter = topic.length || outlet.length;
    const accepts = hasFilter ? await facets.filter(page, manifest, chosen) : null;
    const question = { q, from: from_date, to: to_date, sort: "oldest", accepts };
    const answer = await Daybook.runQuery(root, manifest, question, false);
    const paths = [];
    while (answer.more) for (const { path, tier } of await answer.next(500)) if (tier === "all") paths.push(path);
    answers.push(paths.sort());
  }
  return answers;
}"""


def answers_of_page(page: object, queries: list[OracleQuery]) -> list[list[str]]:
    """Return what the search page finds for each query, as sorted paths."""
    asked = [{"q": query.q, **query.filters} for query in queries]
    answers: list[list[str]] = page.evaluate(_ANSWER, asked)  # type: ignore[attr-defined]
    return answers
