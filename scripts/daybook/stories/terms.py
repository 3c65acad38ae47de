"""The words of an entry as stories are found by: stems, which of them are names, figures, and the headline."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import Stemmer
from msgspec import Struct

from daybook.core.text import fold_spelling

# Snowball's algorithm for a language; words of other languages stay as they are.
_ALGORITHMS = {
    **{"ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english"},
    **{"es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french"},
    **{"ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian"},
    **{"lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian"},
    **{"pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish"},
    **{"ta": "tamil", "tr": "turkish", "yi": "yiddish"},
}
_WORD = re.compile(r"[^\W\d_]+(?:['’\-‑][^\W\d_]+)*")
_WORDS = re.compile(f"({_WORD.pattern})")  # splits a text into what is before each word, and the word
_FIGURE = re.compile(r"\d+(?:[.,/]\d+)*")
_CONTINUATION = re.compile(r"\s{0,9}\((\d{1,2})\)$")
# The end of what is between two words if the second one begins a sentence. Its capital says nothing.
_SENTENCE_START = re.compile(r"(?:[.!?:…]\s{1,9}|\n)[\"“”„«'‘’(]{0,9}$")
# Scripts that are written without spaces between words: pairs of letters stand for words.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MIN_LETTERS = 2
# Of a word: whether it begins with a capital ("upper") or a small letter ("lower"), and its terms with their spellings,
# which are parts of a compound, or pairs of letters.
_Analysis = tuple[str, tuple[tuple[str, str], ...]]


class EntryTerms(Struct, frozen=True, array_like=True):
    """What the search for stories needs of an entry.

    `names` and `plain` count how often a term occurs inside a sentence with and without a capital. `spellings` are the
    terms with a capital as the text has them. A headline "Gate closed (2)" has the base "Gate closed" and the part 2.
    """

    anchor: str
    outlet: str
    minute: int
    base: str
    part: int
    counts: dict[str, int]
    in_headline: tuple[str, ...]
    names: dict[str, int]
    plain: dict[str, int]
    spellings: dict[str, str]
    figures: tuple[str, ...]


class EntryPlace(NamedTuple):
    """An entry of a day, its outlet, and its minute of the day."""

    anchor: str = ""
    outlet: str = ""
    minute: int = 0


_NO_PLACE = EntryPlace()


def entry_terms(headline: str, text: str, lang: str, place: EntryPlace = _NO_PLACE) -> EntryTerms:
    """Return the terms of an entry, from its headline and plain text in a language (BCP 47).

    >>> entry_terms("Gate closed (2)", "The mayor, Ada Lind, closed the gates.", "en").names
    {'ada': 1, 'lind': 1}
    """
    analyze = _analyzer(lang.lower().partition("-")[0])
    counts: dict[str, int] = {}
    names: dict[str, int] = {}
    plain: dict[str, int] = {}
    spellings: dict[str, str] = {}
    pieces = _WORDS.split(text)
    pieces[0] = f"\n{pieces[0]}"  # the first word begins a sentence
    for before, word in zip(pieces[::2], pieces[1::2], strict=False):
        letter, terms = analyze(word)
        has_name = letter == "upper" and not _ends_sentence(before)
        for term, part in terms:
            counts[term] = counts.get(term, 0) + 1
            if has_name:
                names[term] = names.get(term, 0) + 1
                spellings.setdefault(term, part)
            elif letter == "lower":
                plain[term] = plain.get(term, 0) + 1
    continuation = _CONTINUATION.search(headline)
    base = _CONTINUATION.sub("", headline)
    heading = dict.fromkeys(term for word in _WORD.findall(base) for term, _ in analyze(word)[1])
    return EntryTerms(
        anchor=place.anchor,
        outlet=place.outlet,
        minute=place.minute,
        base=base,
        part=int(continuation[1]) if continuation else 0,
        counts=counts,
        in_headline=tuple(heading),
        names=names,
        plain=plain,
        spellings=spellings,
        figures=tuple(sorted(set(_FIGURE.findall(text)))),
    )


def headline_without_figures(headline: str) -> str:
    """Return a headline in lower case as words alone: regular items such as "Summary, 3 May" become equal."""
    return " ".join(_WORD.findall(headline.lower()))


def is_name(names: int, plain: int) -> bool:
    """Tell whether a term that was written so often with and without a capital is a name."""
    return names > 0 and names >= 4 * plain


def is_unspaced(term: str) -> bool:
    """Tell whether a term is of a script without capitals, where none can be a name."""
    return term.upper() == term.lower()


@lru_cache(1000)
def _ends_sentence(between: str) -> bool:
    """Tell whether the characters between two words end a sentence: texts have few different ones."""
    return bool(_SENTENCE_START.search(between[-4:]))


@lru_cache(16)
def _analyzer(lang: str) -> Callable[[str], _Analysis]:
    """Return a function that analyzes a word of a language and remembers the results: most words recur."""
    algorithm = _ALGORITHMS.get(lang)
    stem = Stemmer.Stemmer(algorithm).stemWord if algorithm else str

    def analyze(word: str) -> _Analysis:
        letter = "upper" if word[0].isupper() else "lower" if word[0].islower() else ""
        if _UNSPACED.search(word):
            pairs = (word[at : at + 2] for at in range(len(word) - 1 or 1))
            return letter, tuple((pair, pair) for pair in pairs)
        parts = [part for part in re.split("[-‑]", word) if len(part) >= _MIN_LETTERS]
        return letter, tuple((str(stem(fold_spelling(part).lower().removesuffix("'s"))), part) for part in parts)

    return lru_cache(100_000)(analyze)
