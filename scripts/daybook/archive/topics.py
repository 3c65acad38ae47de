"""Read topic files, and find the topics of an entry by the aliases in its text.

Aliases and text are folded as search folds words: an alias is found in every spelling that a search for it finds.
"""

import re
import unicodedata
from collections.abc import Collection

from msgspec import Struct

from daybook.archive.front_matter import FrontMatter, load_front_matter
from daybook.core.errors import ArchiveError
from daybook.core.markdown import check_prose
from daybook.core.model import TOPIC_KINDS, Entry, Topic
from daybook.core.text import check_slug, fold_spelling

_KEYS = frozenset({"name", "kind", "aliases", "exclusions", "former"})
_WORD = re.compile(r"\w+")
# Letters of scripts that are written without spaces: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)

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
        introduction=check_prose(front.body.strip("\n")),
    )


def _load_phrases(front: FrontMatter, key: str) -> tuple[str, ...]:
    phrases = front.items(key)
    for phrase in phrases:
        reason = ""
        if not isinstance(phrase, str) or len(phrase.strip()) < 2 or phrase != " ".join(phrase.split()):
            reason = "must be text with at least two characters and no extra spaces"
        elif not phrase[0].isalnum():
            reason = "must begin with a letter or digit"
        elif not _WORD.search(_fold(phrase)):
            reason = "must have a letter or digit"
        elif _lower(_fold(phrase)) in _TOO_COMMON:
            reason = "is too common a word; use a longer phrase"
        if reason:
            raise ArchiveError(f"`{key}`: {phrase!r} {reason}", line=front.lines[key])
    return tuple(phrases)


def undeclared_topic(slug: str) -> Topic:
    """Return the topic of a slug that records name and no topic file describes."""
    return Topic(slug=slug, name=slug, declared=False)


def _fold(text: str) -> str:
    """Fold a text with its case; white space becomes single spaces, and only paragraphs end a line."""
    return "\n".join(" ".join(paragraph.split()) for paragraph in fold_spelling(text).split("\n\n"))


def _lower(text: str) -> str:
    """Return folded text in lower case: a capital sigma at the end of a word becomes the same letter as elsewhere."""
    return text.lower().replace("ς", "σ")


class _Phrase(Struct, frozen=True):
    """An alias and the slug of its topic, or an exclusion and ""."""

    pattern: re.Pattern[str]  # of the folded phrase
    slug: str
    any_case: bool


class TopicMatcher(Struct, frozen=True):
    """Finds topics in text."""

    by_first_word: dict[str, list[_Phrase]]  # in lower case; "" for scripts without spaces, which show no first word
    current_slugs: dict[str, str] = {}  # by former slug

    def find_topics(self, text: str) -> set[str]:
        """Return the slugs of the topics whose aliases occur in a text as whole words.

        At each place the longest phrase counts; an exclusion only prevents other matches there. A phrase with a
        capital letter must have the same case in the text, one in lower case matches in any case.
        """
        text = _fold(text)
        lower = _lower(text)  # has the same length: no folded letter is longer in lower case
        words = {"", *_WORD.findall(lower)}
        phrases = (phrase for word in self.by_first_word.keys() & words for phrase in self.by_first_word[word])
        matches = [
            (*match.span(), phrase.slug)
            for phrase in phrases
            for match in phrase.pattern.finditer(lower if phrase.any_case else text)
            if not _is_mark(text[match.end() : match.end() + 1])
        ]
        slugs: set[str] = set()
        last_end = 0
        for start, end, slug in sorted(matches, key=lambda match: (match[0], -match[1], match[2])):
            if start >= last_end:
                slugs.add(slug)
                last_end = end
        return slugs - {""}


def _is_mark(character: str) -> bool:
    """Tell whether this is a combining mark, such as a vowel sign: it belongs to the word before."""
    return bool(character) and unicodedata.category(character)[0] == "M"


def _compile_phrase(spelling: str, slug: str) -> tuple[str, _Phrase]:
    """Return an alias or an exclusion with the word by which it is looked up."""
    text = _fold(spelling).removesuffix(".")  # `St.` is also found without the full stop, as in a search
    start = "" if _UNSPACED.match(text[0]) else r"(?<!\w)"
    end = r"(?!\w)" if text[-1].isalnum() and not _UNSPACED.match(text[-1]) else ""
    any_case = text == _lower(text)
    phrase = _Phrase(re.compile(f"{start}{re.escape(text)}{end}"), slug, any_case)
    return _WORD.findall(_lower(text))[0] if start else "", phrase


def build_topic_matcher(topics: Collection[Topic]) -> TopicMatcher:
    """Return a matcher for all topics.

    Raises an ArchiveError if two have the same slug, current or former, or aliases that differ in nothing that counts.
    """
    owners: dict[str, str] = {}
    by_first_word: dict[str, list[_Phrase]] = {}
    for topic in topics:
        aliases = [(alias, topic.slug) for alias in topic.aliases]
        for spelling, slug in [*aliases, *((exclusion, "") for exclusion in topic.exclusions)]:
            first_word, phrase = _compile_phrase(spelling, slug)
            if slug and owners.setdefault(phrase.pattern.pattern, slug) != slug:
                owned = f"belongs to two topics: {owners[phrase.pattern.pattern]} and {slug}"
                raise ArchiveError(f"the alias {spelling!r} {owned}; remove it from one")
            by_first_word.setdefault(first_word, []).append(phrase)
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
