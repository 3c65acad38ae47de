"""Entries → topics: topic files, and the matching of their aliases in text."""

import re
import unicodedata
from collections.abc import Collection

from msgspec import Struct

from daybook.archive.front_matter import FrontMatter, load_front_matter
from daybook.core.errors import ArchiveError
from daybook.core.model import TOPIC_KINDS, Entry, Topic
from daybook.core.text import check_slug

_KEYS = frozenset({"name", "kind", "aliases", "exclusions", "former"})


_WORD = re.compile(r"\w+")


# An alias that is such a word would put its topic on every page.
_TOO_COMMON = frozenset(
    [
        *("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "he", "in", "is", "it"),
        *("of", "on", "or", "she", "that", "the", "they", "to", "was", "we"),
    ]
)


class _Phrase(Struct, frozen=True):
    """A spelling to look for; `slug` is "" for an exclusion, which only uses up its words."""

    pattern: re.Pattern[str]
    slug: str


class TopicMatcher(Struct, frozen=True):
    """All phrases by the first word of each, in small letters; former slugs with those of today."""

    by_first_word: dict[str, list[_Phrase]]
    current_slugs: dict[str, str] = {}

    def find_topics(self, text: str) -> set[str]:
        """Find the slugs of topics that a text names: whole words, longest phrase first.

        A phrase with a capital letter matches in just that case, one in small letters in any.
        """
        text = unicodedata.normalize("NFC", text)
        words = set(_WORD.findall(text.lower()))
        phrases = (phrase for word in self.by_first_word.keys() & words for phrase in self.by_first_word[word])
        places = [(*match.span(), phrase.slug) for phrase in phrases for match in phrase.pattern.finditer(text)]
        found: set[str] = set()
        end = 0
        for start, stop, slug in sorted(places, key=lambda place: (place[0], -place[1], place[2])):
            if start >= end:
                found.add(slug)
                end = stop
        return found - {""}


def build_topic_matcher(topics: Collection[Topic]) -> TopicMatcher:
    """Gather all topics' phrases; an alias that two topics claim is an error."""
    owner: dict[str, str] = {}
    by_first_word: dict[str, list[_Phrase]] = {}
    for topic in topics:
        spellings = [(alias, topic.slug) for alias in topic.aliases]
        for spelling, slug in [*spellings, *((exclusion, "") for exclusion in topic.exclusions)]:
            text = unicodedata.normalize("NFC", spelling)
            if slug and owner.setdefault(text, slug) != slug:
                raise ArchiveError(f"the alias {text!r} belongs to two topics: {owner[text]} and {slug}")
            first_word = _WORD.findall(text.lower())[0]
            by_first_word.setdefault(first_word, []).append(_Phrase(_whole_words(text), slug))
    return TopicMatcher(by_first_word, _renamed(topics))


def entry_topics(entry: Entry, text: str, matcher: TopicMatcher) -> tuple[str, ...]:
    """Give an entry's topics, sorted: what its words name, plus `+slug`, minus `-slug`.

    `text` is the body as a reader sees it.
    """
    named = matcher.find_topics(f"{entry.headline}\n\n{text}")
    signed = [(slug[0], matcher.current_slugs.get(slug[1:], slug[1:])) for slug in entry.topics]
    named |= {slug for sign, slug in signed if sign == "+"}
    return tuple(sorted(named - {slug for sign, slug in signed if sign == "-"}))


def _renamed(topics: Collection[Topic]) -> dict[str, str]:
    """Give today's slug for each former one, which no other topic may have or have had."""
    today = {topic.slug: topic.slug for topic in topics}
    renamed: dict[str, str] = {}
    for topic in topics:
        for slug in topic.former_slugs:
            other = today.get(slug) or renamed.get(slug)
            if other:
                raise ArchiveError(f"{topic.slug} names the former slug {slug}, which belongs to {other}")
            renamed[slug] = topic.slug
    return renamed


def _whole_words(text: str) -> re.Pattern[str]:
    end = r"(?!\w)" if text[-1].isalnum() else ""
    return re.compile(rf"(?<!\w){re.escape(text)}{end}", re.IGNORECASE if text == text.lower() else 0)


def load_topic(text: str, slug: str) -> Topic:
    """Read a topic file; its name is the slug, its prose the page's introduction."""
    check_slug(slug)
    front = load_front_matter(text, _KEYS)
    kind = front.text("kind", "theme")
    if kind not in TOPIC_KINDS:
        reason = f"unknown kind {kind!r}; known: {', '.join(TOPIC_KINDS)}"
        raise ArchiveError(reason, line=front.lines["kind"])
    name = front.text("name").strip()
    if not name:
        raise ArchiveError("a topic needs a `name`", line=1)
    return Topic(
        slug=slug,
        name=name,
        kind=kind,
        aliases=_phrases(front, "aliases"),
        exclusions=_phrases(front, "exclusions"),
        former_slugs=tuple(_former(item, front.lines["former"]) for item in front.items("former")),
        introduction=front.body.strip("\n"),
    )


def undeclared_topic(slug: str) -> Topic:
    """Make the topic of a slug that records name and no topic file describes."""
    return Topic(slug=slug, name=slug, declared=False)


def _former(item: object, line: int) -> str:
    try:
        return check_slug(str(item))
    except ArchiveError as error:
        raise ArchiveError(f"`former`: {error.reason}", line=line) from None


def _phrases(front: FrontMatter, key: str) -> tuple[str, ...]:
    return tuple(_phrase(item, front.lines[key]) for item in front.items(key))


def _phrase(item: object, line: int) -> str:
    if not isinstance(item, str) or len(item.strip()) < 2 or item != " ".join(item.split()):
        raise ArchiveError(f"impossible alias {item!r}: two letters at least, single spaces", line=line)
    if not item[0].isalnum():
        raise ArchiveError(f"impossible alias {item!r}: it must begin with a letter or digit", line=line)
    if item.lower() in _TOO_COMMON:
        raise ArchiveError(f"the alias {item!r} is so common a word that it would match everywhere", line=line)
    return item
