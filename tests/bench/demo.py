"""Generate the records of a large invented archive, to look at and to measure.

Words are built of syllables. Their frequencies follow Zipf's law: the second is half as frequent as the first, the
third a third as frequent. Topics come in bursts, as news stories do. The same arguments give the same records.
"""

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Sequence

from daybook.core.record import Record

FIRST_DAY = dt.date(2022, 2, 24)
_WORD_COUNT = 24_000
_TOPIC_COUNT = 180
_STARTS, _VOWELS, _ENDS, _COMMON = (
    line.split()
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
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))
    topics = [_name(chance) for _ in range(_TOPIC_COUNT)]
    for number in range(days):
        date = FIRST_DAY + dt.timedelta(days=number)
        current = _topics_of_day(number, topics, chance)
        minutes = sorted(chance.sample(range(24 * 60), max(1, min(1440, round(chance.gauss(per_day, per_day / 5))))))
        for minute in minutes:
            at = dt.datetime.combine(date, dt.time(minute // 60, minute % 60), dt.UTC)
            named = list(dict.fromkeys(chance.choices(current, k=chance.randint(0, 3))))
            text = _text(words, weights, named, chance)
            headline = " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(4, 9))).capitalize()
            yield Record(at=at.isoformat(), headline=headline, text=text, topics=tuple(_slug(name) for name in named))


def demo_topics() -> list[tuple[str, str]]:
    """Return the slug and the name of every topic that the records name."""
    chance = random.Random(2022)
    _words(chance)
    return sorted({(_slug(name), name) for name in (_name(chance) for _ in range(_TOPIC_COUNT))})


def _words(chance: random.Random) -> list[str]:
    """Return distinct words, common English ones first; lengths and endings are those of real text."""
    words = dict.fromkeys(_COMMON)
    while len(words) < _WORD_COUNT:
        syllables = [chance.choice(_STARTS) + chance.choice(_VOWELS) for _ in range(chance.randint(1, 3))]
        words["".join(syllables) + chance.choice(_ENDS) + chance.choice(_ENDINGS)] = None
    return list(words)


def _name(chance: random.Random) -> str:
    start = chance.choice(_STARTS) + chance.choice(_VOWELS) + chance.choice(_ENDS)
    return f"{chance.choice(_KINDS)} {(start + chance.choice(_VOWELS) + chance.choice(_ENDS)).capitalize()}"


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _topics_of_day(number: int, topics: Sequence[str], chance: random.Random) -> list[str]:
    """Return the topics of a day: a few that never end, and some of those in a burst."""
    lasting = list(topics[:6])
    bursts = [name for index, name in enumerate(topics) if (number + index * 37) % 400 < 12 + index % 30]
    return lasting + chance.sample(bursts, min(len(bursts), 8))


def _text(words: Sequence[str], weights: Sequence[float], named: Sequence[str], chance: random.Random) -> str:
    """Return one to three paragraphs of sentences that name the topics."""
    paragraphs = []
    for _ in range(chance.randint(1, 3)):
        sentences = []
        for _ in range(chance.randint(1, 4)):
            sentence = chance.choices(words, cum_weights=weights, k=chance.randint(8, 22))
            if named:
                sentence[chance.randrange(1, len(sentence))] = chance.choice(named)
            sentences.append(sentence[0].capitalize() + " " + " ".join(sentence[1:]) + ".")
        paragraphs.append(" ".join(sentences))
    return "\n\n".join(paragraphs)
