"""Text → terms: the only home of lunr. `search-words.js` does the same in the browser.

Both sides must agree letter for letter, else a word that stands in the archive is not
found. `fold` therefore does what lunr.py and lunr.js do differently, or not at all,
before either of them sees the text; after it a space is the only separator.
"""

import re
import unicodedata
from functools import cache
from itertools import chain

from lunr.builder import Builder
from lunr.pipeline import Pipeline
from lunr.stemmer import PorterStemmer
from lunr.stop_word_filter import stop_word_filter
from lunr.token import Token

from daybook.search.document import BOOSTS, FIELDS, K1, B

# lunr's stars try all places of a term, so that a word without end would hold a reader's tab.
LONGEST_TERM = 64  # letters


# lunr drops `us` as a pronoun; in news it is a country.
INDEXED_STOP_WORDS = frozenset({"us"})


_MARKS = re.compile("([A-Za-z])[\u0300-\u036f]+")


_PLAIN_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


_APOSTROPHES = re.compile("[`\u2018\u2019\u201b\u02bb\u02bc\u2032]")


_HYPHENS = re.compile("[\u2010-\u2013\u2212]")


_THOUSANDS = re.compile("([0-9]),(?=[0-9]{3}(?![0-9]))")


_INITIALS = re.compile("(?<![a-z0-9.])[a-z](?:\\.[a-z])+(?![a-z0-9])")


_FULL_STOPS = re.compile("(?<![0-9])\\.|\\.(?![0-9])")


_SEPARATORS = re.compile(
    '[\u0000-\u0020!"#$%&()*+,/:;<=>?@\\[\\\\\\]^_{|}~\u007f-\u00bf\u00d7\u00f7\u1680\u180e'
    "\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u303f]+"
)


_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


# Letters that `fold` and `trimmed` would only make small, once the signs around them are gone.
_PLAIN_WORD = re.compile(
    r"""[!"#$%&()*+,/:;<=>?@\[\\\]^_{|}~]*([A-Za-z]+)(?:['’]s)?[!"#$%&()*+,./:;<=>?@\[\\\]^_{|}~”]*"""
)


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, its words separated by one space.

    A compound with a digit appears split and joined, so that ``F-16`` is found as F16,
    F-16, and 16.

    >>> fold("Türkiye’s U.S.-made F‑16s—2,500 of them")
    "turkiye's us made f 16s f16s 2500 of them"
    """
    text = _MARKS.sub(r"\1", unicodedata.normalize("NFKD", text))
    text = unicodedata.normalize("NFC", text).lower().translate(_PLAIN_LETTERS)
    text = _HYPHENS.sub("-", _APOSTROPHES.sub("'", _INVISIBLE.sub("", text)))
    text = _INITIALS.sub(lambda match: match[0].replace(".", ""), _THOUSANDS.sub(r"\1", text))
    text = _SEPARATORS.sub(" ", _FULL_STOPS.sub(" ", text))
    return " ".join(word for chunk in text.split(" ") for word in _words(chunk))


def _words(chunk: str) -> list[str]:
    """Split a compound at its hyphens; with a digit in it, its joined form follows."""
    parts = [part for part in chunk.split("-") if trim(part)]
    if 2 <= len(parts) <= 3 and re.search("[0-9]", chunk):
        parts.append("".join(trim(part) for part in parts))
    return parts


def trim(word: str) -> str:
    """Return a folded word without what is no letter or digit at its ends, and no apostrophe; a long one is cut."""
    plain = _EDGES.sub("", word).removesuffix("'s").replace("'", "")
    return plain if len(plain) <= LONGEST_TERM else trim(plain[:LONGEST_TERM])


def term_of(word: str) -> str:
    """Return the term of a folded word, or nothing for a stop word or mere signs."""
    plain = trim(word)
    return "" if is_stop_word(plain) else stem(plain)


def is_stop_word(word: str) -> bool:
    """Say whether a word is one of lunr's stop words and no name in news."""
    return word not in INDEXED_STOP_WORDS and stop_word_filter(word) is None


class BrowserStemmer(PorterStemmer):  # type: ignore[misc]  # lunr has no types
    """lunr.py's Porter stemmer where lunr.js stems otherwise: a vowel before `y` keeps it."""

    b: str
    k: int

    def step1c(self) -> None:
        """Turn a final `y` to `i` after a consonant that is not the word's first letter."""
        if self.k > 1 and self.b[self.k] == "y" and self.b[self.k - 1] not in "aeiou":
            self.b = self.b[: self.k] + "i" + self.b[self.k + 1 :]


# lunr.js wants a letter before the ending it takes off.
_ENDINGS_ALONE = {"ies": "ie", "eed": "e"}


def stem(word: str) -> str:
    """Return an English word's stem; others have no English endings and count their letters differently."""
    if not word.isascii():
        return word
    return _ENDINGS_ALONE.get(word) or str(BrowserStemmer().stem(word))


def pipeline() -> Pipeline:
    """Return the pipeline from folded word to term, as stock lunr runs it."""

    def term(token: Token, i: int = 0, tokens: object = None) -> Token | None:
        made = term_of(str(token))
        return token.update(lambda text, metadata=None: made) if made else None

    result = Pipeline()
    term.label = "term"  # type: ignore[attr-defined]
    result._stack.append(term)
    return result


def whole_index_builder() -> Builder:
    """Return a stock lunr builder of the same analysis: the definition that shards must equal."""
    builder = Builder()
    builder.pipeline = builder.search_pipeline = pipeline()
    builder.ref("ref")
    builder.k1(K1)
    builder.b(B)
    for field, boost in zip(FIELDS, BOOSTS, strict=True):
        builder.field(field, boost)
    return builder


class Analyzer:
    """Turns texts into terms, looking once at each distinct run between white space.

    No rule of `fold` looks across white space, so the runs can be taken one by one.
    """

    def __init__(self) -> None:
        self._term = cache(term_of)
        self._terms = cache(self._terms_of)

    def terms(self, text: str) -> list[str]:
        """Return the terms of `text` in order, repeated as often as they occur."""
        return list(chain.from_iterable(map(self._terms, text.split())))

    def _terms_of(self, run: str) -> tuple[str, ...]:
        plain = _PLAIN_WORD.fullmatch(run)
        words = (plain[1].lower(),) if plain else fold(run).split(" ")
        return tuple(term for term in map(self._term, words) if term)
