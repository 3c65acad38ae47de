"""Turn text into index terms: fold it, drop stop words, stem the rest.

The rules are lunr's for English. `theme/static/js/search/analysis.js` does the same in the browser, and both must agree
on every character: a word that they treat differently cannot be found. lunr.py and lunr.js differ in how they split and
trim text. `fold` therefore normalizes the text before either sees it, and leaves the space as the only separator.
"""

import re
from functools import cache
from itertools import chain

from lunr.stemmer import PorterStemmer
from lunr.stop_word_filter import stop_word_filter

from daybook.core.text import fold_spelling

# lunr expands a star by trying all positions in a term: a very long term makes matching slow enough to block the page.
MAX_TERM_LENGTH = 64  # characters

# lunr drops `us` as a pronoun; in news it is a country.
INDEXED_STOP_WORDS = {"us"}

# What separates words, in the order of `fold`.
_FULL_STOPS = re.compile("(?<![0-9])\\.|\\.(?![0-9])")
_SEPARATORS = re.compile(
    '[\u0000-\u0020!"#$%&()*+,/:;<=>?@\\[\\\\\\]^_{|}~\u007f-\u00bf\u00d7\u00f7\u1680\u180e'
    "\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u303f]+"
)
_NOT_ALPHANUMERIC_ENDS = re.compile(r"^[\W_]+|[\W_]+$")

# A word that `fold` and `trim` would only change to lower case once the punctuation around it is removed.
# Most words are of this kind, and the match is much cheaper than `fold`.
_PLAIN_WORD = re.compile(
    r"""[!"#$%&()*+,/:;<=>?@\[\\\]^_{|}~]*([A-Za-z]+)(?:['’]s)?[!"#$%&()*+,./:;<=>?@\[\\\]^_{|}~”]*"""
)

# lunr.js requires a letter before the endings `ies` and `eed`, so these words lose only `s` and `ed`.
_BARE_ENDINGS = {"ies": "ie", "eed": "e"}


class Analyzer:
    """Turns texts into terms and remembers the terms of each distinct chunk between white space.

    No rule of `fold` looks across white space, so the chunks can be analysed one by one.
    """

    def __init__(self) -> None:
        self._term = cache(term_of)
        self._chunk_terms = cache(self._analyze_chunk)

    def terms(self, text: str) -> list[str]:
        """Return the terms of `text` in order, repeated as often as they occur."""
        return list(chain.from_iterable(map(self._chunk_terms, text.split())))

    def _analyze_chunk(self, chunk: str) -> tuple[str, ...]:
        plain = _PLAIN_WORD.fullmatch(chunk)
        words = (plain[1].lower(),) if plain else fold(chunk).split(" ")
        return tuple(term for term in map(self._term, words) if term)


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, its words separated by one space.

    A compound of two or three parts with a digit appears split and joined: ``F-16`` is found as F16, F-16, and 16.

    >>> fold("Türkiye’s U.S.-made F‑16s—2,500 of them")
    "turkiye's us made f 16s f16s 2500 of them"
    """
    text = _SEPARATORS.sub(" ", _FULL_STOPS.sub(" ", fold_spelling(text).lower()))
    words = []
    for chunk in text.split(" "):
        parts = [part for part in chunk.split("-") if trim(part)]
        words += parts
        if 2 <= len(parts) <= 3 and re.search("[0-9]", chunk):
            words.append("".join(trim(part) for part in parts))
    return " ".join(words)


def term_of(word: str) -> str:
    """Return the stem of a folded word as lunr.js computes it, or "" for a stop word and for punctuation.

    A word with non-ASCII letters stays as it is.
    """
    trimmed = trim(word)
    if stop_word_filter(trimmed) is None and trimmed not in INDEXED_STOP_WORDS:
        return ""
    if not trimmed.isascii():
        return trimmed
    return _BARE_ENDINGS.get(trimmed) or str(BrowserStemmer().stem(trimmed))


def trim(word: str) -> str:
    """Remove from a folded word its possessive, apostrophes, and what is not a letter or digit at its ends.

    Cuts the result after `MAX_TERM_LENGTH` characters.
    """
    trimmed = _NOT_ALPHANUMERIC_ENDS.sub("", word).removesuffix("'s").replace("'", "")
    return trimmed if len(trimmed) <= MAX_TERM_LENGTH else trim(trimmed[:MAX_TERM_LENGTH])


class BrowserStemmer(PorterStemmer):  # type: ignore[misc]  # lunr has no types
    """lunr.py's Porter stemmer, changed where lunr.js differs: a final `y` after a vowel stays."""

    b: str
    k: int

    def step1c(self) -> None:
        """Turn a final `y` to `i` after a consonant that is not the word's first letter."""
        if self.k > 1 and self.b[self.k] == "y" and self.b[self.k - 1] not in "aeiou":
            self.b = self.b[: self.k] + "i" + self.b[self.k + 1 :]
