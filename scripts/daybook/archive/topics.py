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


def load_topic(text: str, slug: str) -> Topic:
    """Read the text of a topic file, named after the slug; a mistake in either is an ArchiveError."""
    check_slug(slug, "file name")
    front = load_front_matter(text, _KEYS)
    kind = front.text("kind", "theme")
    if kind not in TOPIC_KINDS:
        reason = f"unknown kind {kind!r}; known: {', '.join(TOPIC_KINDS)}"
        raise ArchiveError(reason, line=front.lines["kind"])
    name = front.text("name").strip()
    if not name:
        raise ArchiveError("a topic needs a `name`; add a line such as `name: Kyiv`", line=1)
    aliases, exclusions = _load_phrases(front, "aliases"), _load_phrases(front, "exclusions")
    former_slugs = front.items("former")
    try:
        former_slugs = [check_slug(str(slug)) for slug in former_slugs]
    except ArchiveError as error:
        raise ArchiveError(f"`former`: {error.reason}", line=front.lines["former"]) from None
    return Topic(
        slug=slug,
        name=name,
        kind=kind,
        aliases=aliases,
        exclusions=exclusions,
        former_slugs=tuple(former_slugs),
        introduction=front.body.strip("\n"),
    )


def _load_phrases(front: FrontMatter, key: str) -> tuple[str, ...]:
    phrases = front.items(key)
    for phrase in phrases:
        reason = ""
        if not isinstance(phrase, str) or len(phrase.strip()) < 2 or phrase != " ".join(phrase.split()):
            reason = "must be text with at least two characters and no extra spaces"
        elif not phrase[0].isalnum():
            reason = "must begin with a letter or digit"
        elif phrase.lower() in _TOO_COMMON:
            reason = "is too common a word; use a longer phrase"
        if reason:
            raise ArchiveError(f"`{key}`: {phrase!r} {reason}", line=front.lines[key])
    return tuple(phrases)


def undeclared_topic(slug: str) -> Topic:
    """Return the topic of a slug that records name and no topic file describes."""
    return Topic(slug=slug, name=slug, declared=False)


_Phrase = tuple[re.Pattern[str], str]  # an alias and the slug of its topic, or an exclusion and ""


class TopicMatcher(Struct, frozen=True):
    """Finds topics in text."""

    by_first_word: dict[str, list[_Phrase]]  # in lower case
    current_slugs: dict[str, str] = {}  # by former slug

    def find_topics(self, text: str) -> set[str]:
        """Return the slugs of the topics whose aliases occur in a text as whole words.

        At each place the longest phrase counts; an exclusion only prevents other matches there. A phrase with a
        capital letter must have the same case in the text, one in lower case matches in any case.
        """
        text = unicodedata.normalize("NFC", text)
        words = set(_WORD.findall(text.lower()))
        phrases = (phrase for word in self.by_first_word.keys() & words for phrase in self.by_first_word[word])
        matches = [(*match.span(), slug) for pattern, slug in phrases for match in pattern.finditer(text)]
        slugs: set[str] = set()
        last_end = 0
        for start, end, slug in sorted(matches, key=lambda match: (match[0], -match[1], match[2])):
            if start >= last_end:
                slugs.add(slug)
                last_end = end
        return slugs - {""}


def build_topic_matcher(topics: Collection[Topic]) -> TopicMatcher:
    """Return a matcher for all topics; raise an ArchiveError if two have the same alias or slug, current or former."""
    owners: dict[str, str] = {}
    by_first_word: dict[str, list[_Phrase]] = {}
    for topic in topics:
        aliases = [(alias, topic.slug) for alias in topic.aliases]
        for spelling, slug in [*aliases, *((exclusion, "") for exclusion in topic.exclusions)]:
            text = unicodedata.normalize("NFC", spelling)
            if slug and owners.setdefault(text, slug) != slug:
                owned = f"belongs to two topics: {owners[text]} and {slug}"
                raise ArchiveError(f"the alias {text!r} {owned}; remove it from one")
            first_word = _WORD.findall(text.lower())[0]
            end = r"(?!\w)" if text[-1].isalnum() else ""
            whole_words = re.compile(rf"(?<!\w){re.escape(text)}{end}", re.IGNORECASE if text == text.lower() else 0)
            by_first_word.setdefault(first_word, []).append((whole_words, slug))
    slugs = {topic.slug for topic in topics}
    current_slugs: dict[str, str] = {}
    for topic in topics:
        for slug in topic.former_slugs:
            if other := slug if slug in slugs else current_slugs.get(slug):
                reason = f"`former` of {topic.slug} lists {slug}, which is already used by {other}"
                raise ArchiveError(f"{reason}; remove it from one")
            current_slugs[slug] = topic.slug
    return TopicMatcher(by_first_word, current_slugs)


def entry_topics(entry: Entry, text: str, matcher: TopicMatcher) -> tuple[str, ...]:
    """Return an entry's topics, sorted: those found in its plain `text`, plus its ``+slug``, minus its ``-slug``."""
    slugs = matcher.find_topics(f"{entry.headline}\n\n{text}")
    signed = [(slug[0], matcher.current_slugs.get(slug[1:], slug[1:])) for slug in entry.topics]
    slugs |= {slug for sign, slug in signed if sign == "+"}
    return tuple(sorted(slugs - {slug for sign, slug in signed if sign == "-"}))
