"""Turn text into index words: fold spellings, split at what is no letter or digit, keep every word.

`theme/static/js/search/analysis.js` does the same in the browser, and both must agree on every character: a word that
they treat differently cannot be found. No rule needs to know the language of a text, since the browser does not know
that of a query. lunr.py and lunr.js differ in how they split and trim text. `fold` therefore normalizes the text before
either sees it, and leaves the space as the only separator.
"""

import re
import unicodedata
from functools import cache
from itertools import chain

from lunr.tokenizer import Tokenizer

from daybook.core.text import fold_spelling

# A very long term makes matching slow enough to block the page.
MAX_WORD_LENGTH = 64  # characters

# Letters of scripts that are written without spaces, or, in Korean, with particles that are not separated: Thai, Lao,
# Burmese, Khmer, Japanese, Chinese, Hangul.
_UNSPACED = (
    "\u0e00-\u0e4e\u0e80-\u0eff\u1000-\u1049\u1780-\u17d3\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
)
_RUNS = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")

# What separates words, in the order of `fold`.
_FULL_STOPS = re.compile("(?<![0-9])\\.|\\.(?![0-9])")
_SEPARATORS = re.compile(
    '[\u0000-\u0020!"#$%&()*+,/:;<=>?@\\[\\\\\\]^_{|}~\u007f-\u00bf\u00d7\u00f7\u055a-\u055f\u060c\u061b\u061f'
    "\u066a-\u066d\u06d4\u0964\u0965\u1680\u180e\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u3004\u3008-\u303f"
    "\u30fb\uff5f-\uff65]+"
)
# After the apostrophe of an English contraction; what is before it is not a word that readers look for.
_CONTRACTIONS = {"t", "s", "d", "m", "re", "ve", "ll"}

# Before the apostrophe of an elision is an article, a pronoun or the like; after it, what readers look for.
_ELISIONS = {
    *("l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"),
    *("un", "all", "dall", "dell", "nell", "sull", "coll", "quell", "quest", "bell", "sant", "tutt"),
}

# A word that `fold` would only change to lower case once the punctuation around it is removed. Most words are of this
# kind, and the match is much cheaper than `fold`.
_PLAIN_WORD = re.compile(
    r"""[!"#$%&()*+,/:;<=>?@\[\\\]^_{|}~]*([A-Za-z]{1,64})(?:['’]s)?[!"#$%&()*+,./:;<=>?@\[\\\]^_{|}~”]*"""
)


class Analyzer:
    """Turns texts into words and remembers those of each distinct chunk between white space.

    No rule of `fold` looks across white space, so the chunks can be analysed one by one.
    """

    def __init__(self) -> None:
        self._chunk_words = cache(self._analyze_chunk)
        self._chunk_forms = cache(written_forms)

    def words(self, text: str) -> list[str]:
        """Return the words of `text` in order, repeated as often as they occur."""
        return list(chain.from_iterable(map(self._chunk_words, text.split())))

    def forms(self, text: str) -> set[str]:
        """Return the words of `text` as written, in lower case, where folding changes them."""
        return set() if text.isascii() else set(chain.from_iterable(map(self._chunk_forms, text.split())))

    def _analyze_chunk(self, chunk: str) -> tuple[str, ...]:
        plain = _PLAIN_WORD.fullmatch(chunk)
        return (plain[1].lower(),) if plain else tuple(map(str, Tokenizer(fold(chunk))))


def fold(text: str) -> str:
    """Return the words of `text`, in lower case, without accents, separated by one space.

    Of a compound of two or three parts with letters and digits the joined form follows the parts: ``F-16`` is found as
    F16, F-16, and 16. Of a word with an apostrophe its longest part follows, or what is after an elision:
    ``dell'UE`` is found as ue. Scripts without spaces become overlapping pairs of letters, followed by the last letter.

    >>> fold("Türkiye’s U.S.-made F‑16s—2,500 of them, l’armée")
    'turkiye us made f 16s f16s 2500 of them larmee armee'
    >>> fold("北京市")
    '北京 京市 市'
    """
    return " ".join(word for chunk in fold_lower(text).split(" ") for word in chain(*_split_chunk(chunk)))


def fold_lower(text: str) -> str:
    """Return `text` folded, in lower case, with a space for what separates words; hyphens and apostrophes stay."""
    lower = fold_spelling(text).lower().replace("ς", "σ")
    return _SEPARATORS.sub(" ", _FULL_STOPS.sub(" ", lower))


def _split_chunk(chunk: str) -> tuple[list[str], list[str]]:
    """Return the words of a folded chunk that follow one another, and those that have the same position."""
    parts: list[str] = []
    extras: list[str] = []
    pieces = [piece for piece in chunk.split("-") if trim(piece)]
    for run in chain.from_iterable(map(_RUNS.findall, pieces)):
        if _IS_UNSPACED.match(run):
            parts += [run[start : start + 2] for start in range(len(run) - 1)] or [run]
            extras += run[-1:] if len(run) > 1 else []
        elif word := trim(run):
            parts.append(word)
            inner = [trim(part) for part in run.removesuffix("'s").strip("'").split("'")]
            is_elided = inner[0] in _ELISIONS
            part = "".join(inner[1:]) if is_elided else max(inner, key=len)
            if len(part) > 2 - is_elided and part != word and inner[-1] not in _CONTRACTIONS:
                extras.append(part)
    if 2 <= len(pieces) <= 3 and not _IS_UNSPACED.search(chunk):
        joined = "".join(map(trim, pieces))
        # 1-1 and 5-6 are two numbers, well-known is two words.
        if re.search("[0-9]", joined) and re.search("[^0-9.]", joined):
            extras.append(joined)
    return parts, extras


def trim(word: str) -> str:
    """Remove from a folded word its possessive, apostrophes, and what is not a letter or digit at its ends.

    A combining mark, such as a vowel sign of Hindi, belongs to the word before it. Cuts the result after
    `MAX_WORD_LENGTH` characters.
    """
    trimmed = _without_ends(word).removesuffix("'s").replace("'", "")
    return trimmed if len(trimmed) <= MAX_WORD_LENGTH else trim(trimmed[:MAX_WORD_LENGTH])


def _without_ends(word: str) -> str:
    start, end = 0, len(word)
    while start < end and not word[start].isalnum():
        start += 1
    while end > start and not (word[end - 1].isalnum() or unicodedata.category(word[end - 1])[0] == "M"):
        end -= 1
    return word[start:end]


def written_forms(chunk: str) -> tuple[str, ...]:
    """Return the words of a chunk as written, in lower case, where folding changes them but leaves one word."""
    if chunk.isascii() or _IS_UNSPACED.search(chunk):
        return ()
    pieces = re.split("[-‐‑‒–—'’ʼ]", chunk.lower())
    forms = map(_without_ends, pieces)
    return tuple(form for form in forms if not form.isascii() and form != (word := fold(form)) and " " not in word)
