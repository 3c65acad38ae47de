"""Find names that many entries have and no topic covers, for `daybook topics`.

A name is a word with a capital letter inside a sentence, or several in a row. In languages that write all nouns with a
capital, a single word counts only if it mostly has no article before it, as names do. Scripts without capitals have no
names here.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from msgspec import Struct

# A word that begins with a capital letter and has a small one: not an abbreviation of the text's own, such as LIVE.
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w’'-]*"
_NAME = re.compile(rf"(?<![\w’'.-]){_CAPITAL}(?:[ \u00a0]{_CAPITAL}){{0,3}}")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…»“”\"'(–—-]|\n)\s{0,9}[\"“„«‘(]{0,9}$")
_NOUNS_WITH_CAPITALS = {"de", "lb"}
_ARTICLES = {
    *("der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines", "im", "am", "zum"),
    *("zur", "vom", "beim", "ins", "kein", "keine", "keinen", "diese", "dieser", "dieses", "ihre", "seine", "mehrere"),
}
_WITH_ARTICLE = 0.2  # of the uses of a common noun, at least this share has an article before it
_EXAMPLES = 3


class FrequentName(Struct, frozen=True):
    """A name, its language, the number of entries that have it, and some of them."""

    name: str
    lang: str
    count: int
    examples: tuple[str, ...]


class _Use(Struct):
    """Where a name was found."""

    entries: list[str]
    with_article: int = 0
    uses: int = 0


def frequent_names(
    texts: Iterable[tuple[str, str, str]], is_covered: Callable[[str], bool], least: int = 3
) -> list[FrequentName]:
    """Return the names that at least `least` entries have and that are not covered, most frequent first.

    `texts` are entries: the address, the language, and the headline and text.
    """
    found: dict[tuple[str, str], _Use] = defaultdict(lambda: _Use([]))
    small: Counter[tuple[str, str]] = Counter()
    for address, lang, text in texts:
        for word in re.findall(r"[^\W\d_]+", text):
            if word.islower():
                small[lang, word] += 1
        for match in _NAME.finditer(text):
            name, before = match[0].rstrip("’'-"), text[max(0, match.start() - 30) : match.start()]
            name = name.replace("\u00a0", " ")
            if _SENTENCE_START.search(before):  # the first word has its capital from the sentence
                before, _, name = name.partition(" ")
            if not any(letter.islower() for letter in name):
                continue
            use = found[lang, name]
            use.uses += 1
            use.with_article += before.lower().split()[-1:] != [] and before.lower().split()[-1] in _ARTICLES
            if use.entries[-1:] != [address]:
                use.entries.append(address)
    names = []
    for (lang, name), use in found.items():
        is_noun = lang.split("-")[0] in _NOUNS_WITH_CAPITALS and " " not in name
        if len(use.entries) < least or small[lang, name.lower()] > use.uses or is_covered(name):
            continue
        if is_noun and use.with_article >= _WITH_ARTICLE * use.uses:
            continue
        names.append(FrequentName(name, lang, len(use.entries), tuple(use.entries[:_EXAMPLES])))
    return sorted(names, key=lambda each: (each.lang, -each.count, each.name))
