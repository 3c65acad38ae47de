"""Random text in invented words: bodies, headlines, place names, patterns, and the edits that outlets make to them.

The lengths of words follow those of real text: a few short words make up two fifths of it. No word identifies a post.
"""

import random
from collections.abc import Callable
from itertools import accumulate

_ONSETS = (
    "b",
    "br",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "sch",
    "st",
    "t",
    "v",
    "w",
)
_VOWELS = ("a", "e", "i", "o", "u", "ei", "ou", "au")
_CODAS = ("", "", "n", "r", "l", "s", "rt", "nd", "m")
_NAME_ENDINGS = ("", "", "a", "en", "au", "ik", "holm", "ova")


def _word(rng: random.Random, syllables: int) -> str:
    parts = (rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS) for _ in range(syllables))
    return "".join(parts)


def _distinct(make: Callable[[], str], count: int) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < count:
        words[make()] = None
    return list(words)


_rng = random.Random(2031)
SHORT = _distinct(lambda: _word(_rng, 1)[:3], 60)
CONTENT = _distinct(lambda: _word(_rng, _rng.choices((1, 2, 3, 4), (2, 5, 3, 1))[0]), 1200)
NAMES = _distinct(lambda: _word(_rng, _rng.choice((1, 2, 2))).capitalize() + _rng.choice(_NAME_ENDINGS), 150)
_SHORT_WEIGHTS = list(accumulate(1 / rank for rank in range(1, len(SHORT) + 1)))
_CONTENT_WEIGHTS = list(accumulate(1 / (rank + 8) for rank in range(1, len(CONTENT) + 1)))
# The lengths of bodies in words, and how often each range occurs.
_LENGTHS = (((4, 7), 14), ((8, 18), 56), ((19, 45), 24), ((46, 110), 6))


class Text:
    """A source of random text.

    `narrow` limits the words to 36, without short ones, so that unrelated posts have much in common. `names` are
    those of the event's places; all posts of a live blog choose among the same few.
    """

    def __init__(self, rng: random.Random, *, narrow: bool = False) -> None:
        self.rng = rng
        self.names = rng.sample(NAMES, 14)
        self.narrow = rng.sample(CONTENT, 36) if narrow else None

    def words(self, count: int) -> list[str]:
        """Return a number of words without capitals, apart from names, and with some numbers."""
        rng = self.rng
        if self.narrow:
            return rng.choices(self.narrow, k=count)
        short = rng.choices(SHORT, cum_weights=_SHORT_WEIGHTS, k=count)
        content = rng.choices(CONTENT, cum_weights=_CONTENT_WEIGHTS, k=count)
        result = []
        for index in range(count):
            place = rng.random()
            if place < 0.4:
                result.append(short[index])
            elif place < 0.89:
                result.append(content[index])
            elif place < 0.97:
                result.append(rng.choice(self.names))
            else:
                result.append(str(rng.randint(2, 400)))
        return result

    def sentence(self, count: int) -> str:
        """Return a sentence of a number of words."""
        words = self.words(count)
        while words[0].isdecimal():
            words[0] = self.words(1)[0]
        if count > 12 and self.rng.random() < 0.5:
            words[count // 2] += ","
        return _capitalized(" ".join(words)) + "."

    def body(self) -> str:
        """Return a body of one to several sentences."""
        ((least, most),) = self.rng.choices([span for span, _ in _LENGTHS], [weight for _, weight in _LENGTHS])
        return self.body_of(self.rng.randint(least, most))

    def body_of(self, count: int) -> str:
        """Return a body of a number of words; a long one has several sentences and may have two paragraphs."""
        sentences = []
        while count > 0:
            length = count if count <= 22 else self.rng.randint(8, 16)
            sentences.append(self.sentence(length))
            count -= length
        if len(sentences) > 2 and self.rng.random() < 0.5:
            return f"{' '.join(sentences[:2])}\n\n{' '.join(sentences[2:])}"
        return " ".join(sentences)

    def headline(self) -> str:
        """Return a headline of three to seven words."""
        return _capitalized(" ".join(self.words(self.rng.randint(3, 7))))

    def pattern(self, *, long: bool) -> Callable[[str], str]:
        """Return a function that inserts a name into a fixed text of 4-6 or 16-24 words."""
        words = self.sentence(self.rng.randint(16, 24) if long else self.rng.randint(4, 6)).split(" ")
        place = self.rng.randint(1, len(words) - 2)
        return lambda name: " ".join([*words[:place], name, *words[place + 1 :]])


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def replace_words(body: str, text: Text, count: int) -> str:
    """Replace a number of words; the punctuation and the paragraphs stay."""
    words = body.split(" ")
    for index in text.rng.sample(range(len(words)), min(count, len(words))):
        old = words[index]
        if "\n" in old:
            continue
        new = text.words(1)[0] if index else _capitalized(text.sentence(1)[:-1])
        words[index] = new + old[len(old.rstrip(".,")) :]
    return " ".join(words)


def mistype(body: str, text: Text) -> str:
    """Double, remove or change one letter inside a word."""
    words = body.split(" ")
    candidates = [index for index, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not candidates:
        return body
    index = text.rng.choice(candidates)
    word, place = words[index], text.rng.randint(1, len(words[index]) - 2)
    letter = text.rng.choice((word[place] * 2, "", "e"))
    words[index] = word[:place] + letter + word[place + 1 :]
    return " ".join(words)


def insert_words(body: str, text: Text) -> str:
    """Insert one to three words."""
    words = body.split(" ")
    place = text.rng.randint(1, len(words) - 1) if len(words) > 1 else 1
    return " ".join([*words[:place], *text.words(text.rng.randint(1, 3)), *words[place:]])


def append_sentence(body: str, text: Text) -> str:
    """Append a sentence, sometimes as a paragraph."""
    separator = "\n\n" if text.rng.random() < 0.2 else " "
    return f"{body}{separator}{text.sentence(text.rng.randint(4, 14))}"
