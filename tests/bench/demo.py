"""A large invented archive to look at and to measure: the only place that makes one up.

Words are built of syllables and stand as often as words do in real text (the second half
as often as the first, the third a third as often, …); topics come and go in bursts, as
stories do. Same arguments, same records.
"""

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Sequence

from daybook.core.record import Record

FIRST_DAY = dt.date(2022, 2, 24)
_WORDS = 24_000
_TOPICS = 180
_STARTS, _VOWELS, _ENDS, _COMMON = (
    tuple(line.split())
    for line in (
        "b br c cl d dr f fl g gr h j k kl l m n p pl pr qu r s sh sk sl st t th tr v w z",
        "a e i o u ai ea ee io ou",
        "b ck d g l ll m n nd nt p r rd rt s sh st t th x",
        "the of to in and a on for that by with from as at it was said would after over more than were its",
    )
)
_ENDINGS = ("", "", "", "s", "ed", "ing", "ly", "er", "ation")
_KINDS = ("Harbour", "Ministry", "River", "Council", "Mount")


def demo_days(days: int, per_day: int) -> Iterator[Record]:
    """Yield the records of `days` consecutive days, about `per_day` entries each, in time order."""
    chance = random.Random(2022)
    words = _words(chance)
    weights = list(itertools.accumulate(1 / place for place in range(1, len(words) + 1)))
    topics = [_name(chance) for _ in range(_TOPICS)]
    for number in range(days):
        date = FIRST_DAY + dt.timedelta(days=number)
        current = _stories(number, topics, chance)
        minutes = sorted(chance.sample(range(24 * 60), max(1, min(1440, round(chance.gauss(per_day, per_day / 5))))))
        for minute in minutes:
            at = dt.datetime.combine(date, dt.time(minute // 60, minute % 60), dt.UTC)
            named = list(dict.fromkeys(chance.choices(current, k=chance.randint(0, 3))))
            text = _text(words, weights, named, chance)
            headline = " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(4, 9))).capitalize()
            yield Record(at=at.isoformat(), headline=headline, text=text, topics=tuple(_slug(name) for name in named))


def demo_topics() -> list[tuple[str, str]]:
    """Give the slug and name of every topic that the records name."""
    chance = random.Random(2022)
    _words(chance)
    return sorted({(_slug(name), name) for name in (_name(chance) for _ in range(_TOPICS))})


def _words(chance: random.Random) -> list[str]:
    """Invent distinct words, the common English ones first: length and endings as in real text."""
    made = dict.fromkeys(_COMMON)
    while len(made) < _WORDS:
        syllables = [chance.choice(_STARTS) + chance.choice(_VOWELS) for _ in range(chance.randint(1, 3))]
        made["".join(syllables) + chance.choice(_ENDS) + chance.choice(_ENDINGS)] = None
    return list(made)


def _name(chance: random.Random) -> str:
    start = chance.choice(_STARTS) + chance.choice(_VOWELS) + chance.choice(_ENDS)
    return f"{chance.choice(_KINDS)} {(start + chance.choice(_VOWELS) + chance.choice(_ENDS)).capitalize()}"


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _stories(number: int, topics: Sequence[str], chance: random.Random) -> list[str]:
    """Choose a day's topics: a few always there, and those whose burst is on."""
    lasting = list(topics[:6])
    bursts = [name for place, name in enumerate(topics) if (number + place * 37) % 400 < 12 + place % 30]
    return lasting + chance.sample(bursts, min(len(bursts), 8))


def _text(words: Sequence[str], weights: Sequence[float], named: Sequence[str], chance: random.Random) -> str:
    """Write one to three paragraphs of sentences that name the topics."""
    paragraphs = []
    for _ in range(chance.randint(1, 3)):
        sentences = []
        for _ in range(chance.randint(1, 4)):
            said = chance.choices(words, cum_weights=weights, k=chance.randint(8, 22))
            if named:
                said[chance.randrange(1, len(said))] = chance.choice(named)
            sentences.append(said[0].capitalize() + " " + " ".join(said[1:]) + ".")
        paragraphs.append(" ".join(sentences))
    return "\n\n".join(paragraphs)
