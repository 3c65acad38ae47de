"""Read topic files, and find the topics of an entry by the aliases in its text."""

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

# With one of these words as an alias, nearly every entry would have the topic.
_TOO_COMMON = {
    *("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "he", "in", "is", "it"),
    *("of", "on", "or", "she", "that", "the", "they", "to", "was", "we"),
}


# Topic files


def load_topic(text: str, slug: str) -> Topic:
    """Read the text of a topic file, whose name is the slug; the text below the front matter is the introduction.

    Raises:
        ArchiveError: The file has a mistake, or the slug is malformed.
    """
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
        aliases=_load_phrases(front, "aliases"),
        exclusions=_load_phrases(front, "exclusions"),
        former_slugs=tuple(_check_former_slug(item, front.lines["former"]) for item in front.items("former")),
        introduction=front.body.strip("\n"),
    )


def _load_phrases(front: FrontMatter, key: str) -> tuple[str, ...]:
    return tuple(_check_phrase(item, key, front.lines[key]) for item in front.items(key))


def _check_phrase(item: object, key: str, line: int) -> str:
    if not isinstance(item, str) or len(item.strip()) < 2 or item != " ".join(item.split()):
        raise ArchiveError(f"`{key}`: {item!r} must be text of two letters at least, with single spaces", line=line)
    if not item[0].isalnum():
        raise ArchiveError(f"`{key}`: {item!r} must begin with a letter or digit", line=line)
    if item.lower() in _TOO_COMMON:
        raise ArchiveError(f"`{key}`: {item!r} is so common a word that it would match everywhere", line=line)
    return item


def _check_former_slug(item: object, line: int) -> str:
    try:
        return check_slug(str(item))
    except ArchiveError as error:
        raise ArchiveError(f"`former`: {error.reason}", line=line) from None


def undeclared_topic(slug: str) -> Topic:
    """Return the topic of a slug that records name and no topic file describes."""
    return Topic(slug=slug, name=slug, declared=False)


# Matching


class _Phrase(Struct, frozen=True):
    """An alias of the topic `slug`, or an exclusion, whose slug is ""."""

    pattern: re.Pattern[str]
    slug: str


class TopicMatcher(Struct, frozen=True):
    """Finds topics in text.

    Attributes:
        by_first_word: The phrases of all topics by their first word, in lower case.
        current_slugs: The current slug for each former one.
    """

    by_first_word: dict[str, list[_Phrase]]
    current_slugs: dict[str, str] = {}

    def find_topics(self, text: str) -> set[str]:
        """Return the slugs of the topics whose aliases occur in a text as whole words.

        At each place the longest phrase counts; an exclusion only prevents other matches there. A phrase with a
        capital letter must have the same case in the text, one in lower case matches in any case.
        """
        text = unicodedata.normalize("NFC", text)
        words = set(_WORD.findall(text.lower()))
        phrases = (phrase for word in self.by_first_word.keys() & words for phrase in self.by_first_word[word])
        matches = [(*match.span(), phrase.slug) for phrase in phrases for match in phrase.pattern.finditer(text)]
        slugs: set[str] = set()
        last_end = 0
        for start, end, slug in sorted(matches, key=lambda match: (match[0], -match[1], match[2])):
            if start >= last_end:
                slugs.add(slug)
                last_end = end
        return slugs - {""}


def build_topic_matcher(topics: Collection[Topic]) -> TopicMatcher:
    """Return a matcher for all topics.

    Raises:
        ArchiveError: Two topics have the same alias or former slug.
    """
    owners: dict[str, str] = {}
    by_first_word: dict[str, list[_Phrase]] = {}
    for topic in topics:
        aliases = [(alias, topic.slug) for alias in topic.aliases]
        for spelling, slug in [*aliases, *((exclusion, "") for exclusion in topic.exclusions)]:
            text = unicodedata.normalize("NFC", spelling)
            if slug and owners.setdefault(text, slug) != slug:
                raise ArchiveError(f"the alias {text!r} belongs to two topics: {owners[text]} and {slug}")
            first_word = _WORD.findall(text.lower())[0]
            by_first_word.setdefault(first_word, []).append(_Phrase(_whole_words(text), slug))
    return TopicMatcher(by_first_word, _map_former_slugs(topics))


def _whole_words(text: str) -> re.Pattern[str]:
    end = r"(?!\w)" if text[-1].isalnum() else ""
    return re.compile(rf"(?<!\w){re.escape(text)}{end}", re.IGNORECASE if text == text.lower() else 0)


def _map_former_slugs(topics: Collection[Topic]) -> dict[str, str]:
    """Return the current slug for each former one; raise an ArchiveError if another topic has or had it."""
    slugs = {topic.slug for topic in topics}
    current: dict[str, str] = {}
    for topic in topics:
        for slug in topic.former_slugs:
            other = slug if slug in slugs else current.get(slug)
            if other:
                raise ArchiveError(f"{topic.slug} names the former slug {slug}, which belongs to {other}")
            current[slug] = topic.slug
    return current


def entry_topics(entry: Entry, text: str, matcher: TopicMatcher) -> tuple[str, ...]:
    """Return the slugs of an entry's topics, sorted: those found in the text, plus its ``+slug``, minus its ``-slug``.

    `text` is the body as plain text.
    """
    slugs = matcher.find_topics(f"{entry.headline}\n\n{text}")
    signed = [(slug[0], matcher.current_slugs.get(slug[1:], slug[1:])) for slug in entry.topics]
    slugs |= {slug for sign, slug in signed if sign == "+"}
    return tuple(sorted(slugs - {slug for sign, slug in signed if sign == "-"}))
