"""Find the families of words: the forms of one word, in the language of the entries that contain them.

Two words are of one family if they share a key: the folded word itself, the stem of the word as written or as folded,
or a line of ``irregular_forms.toml``. Forms that readers type and that perhaps no entry has are members as well: the
irregular ones, in Hebrew the stem, without prefixes and endings, in Arabic the word without its article, in Ukrainian
the first case of names such as Київ, in German the infinitive of a participle, in Spanish and Portuguese the singular
and plural of words with -z and -ão. A search for a word finds its family, too.
Families are found when the index is built, so the browser stems nothing; a shard ends with the families of its words
(`shards` describes the format).
"""

import re
import tomllib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import Stemmer

from daybook.search.analysis import fold
from daybook.search.postings import front_code, front_decode, js_sort_key
from daybook.search.term_counts import DayTermCounts

# The forms of a segment: by language the words as written, each with the number of days that have it.
Forms = dict[str, dict[str, int]]
# The words of a segment by language and key, ``en ship``, separated by spaces.
Keyed = dict[str, str]
Family = tuple[str, ...]  # in the order of JavaScript

MAX_MEMBERS = 32
_SNOWBALL = {
    **{"ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english"},
    **{"eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish"},
    **{"fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian"},
    **{"it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian"},
    **{"no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian"},
    **{"sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish"},
}
_ARABIC, _GERMAN, _HEBREW, _UKRAINIAN = "ar", "de", "he", "uk"
_ARABIC_ARTICLE = re.compile("(?:[وفبك]?ال|لل)(?=..)")  # after a conjunction or preposition of one letter
_HEBREW_PREFIXES, _HEBREW_ENDINGS = "והבלכמש", ("ים", "ות", "י")

# Snowball removes neither the ge- of German participles nor the -te of the past tense.
_GERMAN_PREFIX = re.compile(
    "(?:ab|an|auf|aus|be|bei|durch|ein|ent|er|fest|frei|heraus|her|hinaus|hin|los|mit|nach|nieder|statt|teil|um|unter"
    "|ver|vor|weg|weiter|wieder|zer|zurück|zusammen|zu|über)(?=...)"
)
_INSEPARABLE = {"be", "ent", "er", "unter", "ver", "zer", "über"}  # prefixes that take the place of ge-
_GERMAN_PARTICIPLE = re.compile("ge(.{3,}?)e?te?[mnrs]?")
_GERMAN_PAST = re.compile("(.{3,}?)e?te[nt]?|(.{3,}[^e])en|(.{3,}e[lr])n")
_GERMAN_NOUNS = re.compile("ge(?:biet|dicht|fecht|halt|rät|recht|rücht|richt|samt|schäft|schicht|sicht|wicht|walt)")
# An ending of the singular, and those of its plural, the usual one first, that Snowball does not join with it.
_CHANGING_PLURALS = {"es": ("z", "ces"), "pt": ("ão", "ões", "ães", "ãos")}

# Snowball has no Ukrainian. These are the endings of nouns and adjectives in all cases, and those of common verb forms.
_UKRAINIAN_ENDINGS = re.compile(
    "[аяиі]ми|[оеє]ві|ь?ого|ь?ому|[оеє]ю|[оє]ї|[ії]в|ей|[ая]м|[ая]х|[оеєиі]м|[иі]й|[иі]х"
    "|[аяоеєиіїую]|т[иь]|л[аои]|[уюая]ть|[иї]ть|в"
)
# О, е or і before the last consonant changes or disappears from case to case: корабель, кораблі; стіл, столи.
_MOVING_VOWEL = re.compile("(?<=.)[оеєії](?=[^аеєиіїоуюя]$)")
_MIN_UKRAINIAN_STEM = 3  # letters


class FamilyFinder:
    """Finds the keys of words, and remembers them."""

    def __init__(self) -> None:
        self._stemmers = {language: cache(Stemmer.Stemmer(name).stemWord) for language, name in _SNOWBALL.items()}
        self._fold = cache(fold)
        self._irregular = cache(self._load_irregular)

    def keys(self, form: str, language: str) -> tuple[str, set[str]]:
        """Return the folded word of a form (a word as written, in lower case) and its keys; language is ``de``."""
        word = self._word(form)
        if word.isdigit():
            return word, set()
        found = self._stems(form, word, language)
        lines = {f"={line}" for key in found for line in self._irregular(language)[0].get(key, ())}
        if language == _GERMAN:
            lines |= self._german_keys(form)
        return word, found | lines

    def _word(self, form: str) -> str:
        """Return the folded word of a form."""
        return form if form.isascii() else self._fold(form)

    def _stems(self, form: str, word: str, language: str) -> set[str]:
        """Return a folded word and its stems."""
        found = {word}
        if stem := self._stemmers.get(language):
            found |= {self._fold(stem(form)), stem(word)} if form != word else {stem(word)}
        elif language == _HEBREW:
            found.update(_hebrew_stems(word))
        elif language == _UKRAINIAN:
            found.update(map(_ukrainian_key, _ukrainian_stems(word)))
        if language == _ARABIC and (article := _ARABIC_ARTICLE.match(word)):
            found.add(word[article.end() :])
        return found

    def _load_irregular(self, language: str) -> tuple[dict[str, list[str]], dict[str, tuple[str, ...]]]:
        """Return the irregular words of a language, each named by its first form: names by key, forms by name."""
        names: dict[str, list[str]] = {}
        forms: dict[str, tuple[str, ...]] = {}
        for line in _irregular_forms().get(language, "").split("\n"):
            listed = line.split()
            forms |= {listed[0]: tuple(map(self._fold, listed))} if listed else {}
            for key in set().union(*(self._stems(form, self._fold(form), language) for form in listed)):
                names.setdefault(key, []).append(listed[0])
        return names, forms

    def _german_keys(self, form: str) -> set[str]:
        """Return the keys of a German verb: its infinitive without -en, and its irregular line behind a prefix."""
        keys: set[str] = set()
        prefix = _GERMAN_PREFIX.match(form)
        if prefix:
            base, names = form[prefix.end() :], self._irregular(_GERMAN)[0]
            verbs = (base, f"ge{base}") if prefix[0] in _INSEPARABLE else (base,)
            bases = {key for verb in verbs for key in self._stems(verb, self._fold(verb), _GERMAN)}
            keys |= {f"={prefix[0]}+{name}" for key in bases for name in names.get(key, ())}
        if stem := _german_participle(form):
            keys.add(f"~{stem}")
        if found := _GERMAN_PAST.fullmatch(form):
            keys.add(f"~{found[1] or found[2] or found[3]}")
        return keys

    def _unwritten(self, key: str, word: str, form: str, language: str) -> Iterator[str]:
        """Yield the members of a key that perhaps no entry has."""
        if key.startswith("="):
            prefix, _, name = key[1:].rpartition("+")
            for other in self._irregular(language)[1][name]:
                yield self._fold(prefix) + (other.removeprefix("ge") if prefix and prefix in _INSEPARABLE else other)
        elif language == _HEBREW and len(key) > 1:
            yield key
        elif language == _ARABIC and (article := _ARABIC_ARTICLE.match(word)):
            yield word[article.end() :]
        elif language == _UKRAINIAN:
            yield from _ukrainian_names(word)
        elif language == _GERMAN and key == f"~{_german_participle(form)}":
            yield f"{self._fold(key[1:])}{'n' if key.endswith(('el', 'er')) else 'en'}"
        singular, *plurals = _CHANGING_PLURALS.get(language, ("",))
        if singular and form.endswith(singular):
            yield self._fold(form.removesuffix(singular) + plurals[0])
        for plural in plurals:
            if form.endswith(plural):
                yield self._fold(form.removesuffix(plural) + singular)

    def group(self, forms: Forms) -> Keyed:
        """Return the words of a segment by key."""
        return self.regroup({}, {}, forms)

    def regroup(self, keyed: Keyed, before: Forms, after: Forms) -> Keyed:
        """Return the words by key of the forms `after`, from those of the forms `before`.

        Only forms that come or go are looked at, and those that share a key with one that goes.
        """
        changed: dict[str, set[str]] = {}
        for language in sorted(before.keys() | after.keys()):
            old, new = before.get(language, {}), after.get(language, {})
            gone = {key for form in old.keys() - new.keys() for key in self.keys(form, language)[1]}
            words = {word for key in gone for word in keyed[f"{language} {key}"].split(" ")}
            changed |= {f"{language} {key}": set() for key in gone}
            # A form of a key has its folded word there, so that no other form can have a key of one that is gone.
            forms = {form for form in new if self._word(form) in words} if words else set()
            for form in forms | new.keys() - old.keys():
                word, keys = self.keys(form, language)
                for key in keys:
                    name = f"{language} {key}"
                    if name not in changed:
                        changed[name] = set(keyed[name].split(" ")) if name in keyed else set()
                    changed[name].update((word, *self._unwritten(key, word, form, language)))
        current = {**keyed, **{name: " ".join(sorted(words)) for name, words in changed.items()}}
        return {name: current[name] for name in sorted(current) if current[name]}


@cache
def _irregular_forms() -> dict[str, str]:
    """Return the lines of ``irregular_forms.toml`` by language."""
    return tomllib.loads(Path(__file__).with_name("irregular_forms.toml").read_text(encoding="utf-8"))


FAMILY_FINDER = FamilyFinder()  # remembers words through all builds of a process


def has_families(language: str) -> bool:
    """Return whether words of a language can have other forms that are known."""
    return language in _SNOWBALL or language in (_HEBREW, _UKRAINIAN)


def _german_participle(form: str) -> str:
    """Return the infinitive without -en of a German participle such as geräumt, abgesagt; "" for another word."""
    prefix = _GERMAN_PREFIX.match(form)
    for start in (0, prefix.end()) if prefix else (0,):
        found = _GERMAN_PARTICIPLE.fullmatch(form, start)
        if found and not _GERMAN_NOUNS.match(form, start):
            return form[:start] + found[1]
    return ""


def _hebrew_stems(word: str) -> Iterator[str]:
    """Yield a Hebrew word without up to two of the prefixes that are written as part of it, and without its ending."""
    stems = [word]
    while len(stems[-1]) > 3 and stems[-1][0] in _HEBREW_PREFIXES and len(stems) < 3:
        stems.append(stems[-1][1:])
    if len(word) == 3 and word[0] in "הוב":
        stems.append(word[1:])
    for stem in stems:
        yield stem
        if len(stem) > 3:
            yield next((stem.removesuffix(end) for end in _HEBREW_ENDINGS if stem.endswith(end)), stem)


def _ukrainian_stems(word: str) -> Iterator[str]:
    """Yield a Ukrainian word without its soft sign, which has no ending in some cases, and without its ending."""
    if len(word) <= _MIN_UKRAINIAN_STEM:
        return
    verb = word.removesuffix("ся") if len(word) > _MIN_UKRAINIAN_STEM + 2 else word
    yield verb.rstrip("ьй")
    for length in range(min(4, len(verb) - _MIN_UKRAINIAN_STEM), 0, -1):
        if _UKRAINIAN_ENDINGS.fullmatch(verb, len(verb) - length):
            yield verb[:-length].rstrip("ь")
            return


def _ukrainian_key(stem: str) -> str:
    """Return a stem without what changes in it: the moving vowel, and the last consonant before і (річка, річці)."""
    key = _MOVING_VOWEL.sub("", stem)
    # No word looks like this, so that it is the key of no other.
    return f"~{key[:-1]}{ {'ц': 'к', 'з': 'г'}.get(key[-1], key[-1]) }"


def _ukrainian_names(word: str) -> Iterator[str]:
    """Yield the first case of a name such as Київ, Харків."""
    for stem in _ukrainian_stems(word):
        if len(stem) > _MIN_UKRAINIAN_STEM and stem.endswith(("ов", "ев", "єв")):
            yield f"{stem[:-2]}{'їв' if stem[-2] == 'є' else 'ів'}"


class FormCounter:
    """Counts in how many days of a segment each form occurs."""

    def __init__(self, forms: Forms | None = None) -> None:
        """Start with the counts of a segment, which stay as they are."""
        self._counts = {language: Counter(counts) for language, counts in (forms or {}).items()}

    def add(self, day: DayTermCounts) -> None:
        """Count a day."""
        for language, forms in day.forms().items():
            if has_families(language):
                self._counts.setdefault(language, Counter()).update(forms)

    def remove(self, day: DayTermCounts) -> None:
        """Count a day no longer."""
        for language, forms in day.forms().items():
            if has_families(language):
                self._counts[language].subtract(forms)

    @property
    def forms(self) -> Forms:
        """Return the forms that occur, sorted."""
        by_language = sorted(self._counts.items())
        forms = {
            language: {form: counts[form] for form in sorted(counts) if counts[form] > 0}
            for language, counts in by_language
        }
        return {language: counts for language, counts in forms.items() if counts}


def find_families(own: Keyed, base: Keyed) -> list[Family]:
    """Return the families of a segment, each at least two words; none lies within another.

    Those of the recent segment include words of the `base`, so that a new form of an old word changes no file there.
    """
    families: set[Family] = set()
    for key, words in own.items():
        others = base.get(key, "")
        if others and others != words:
            members = {*words.split(" "), *others.split(" ")}
        elif " " in words:
            members = set(words.split(" "))
        else:
            continue
        # The shortest words are the likeliest that readers type.
        kept = sorted(members, key=lambda word: (len(word), word))[:MAX_MEMBERS]
        families.add(tuple(sorted(kept, key=js_sort_key)))
    return list(_without_subsets(families))


def _without_subsets(families: set[Family]) -> Iterator[Family]:
    larger: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for family in sorted(families, key=lambda family: (-len(family), family)):
        members = frozenset(family)
        if not any(members <= other for other in larger[family[0]]):
            yield family
            for word in family:
                larger[word].append(members)


def family_tables(families: Iterable[Family], keys: Sequence[str]) -> dict[int, list[Family]]:
    """Return the families of each shard, by position: those with a word that the shard holds or would hold."""
    sort_keys = [js_sort_key(key) for key in keys]
    tables: defaultdict[int, list[Family]] = defaultdict(list)
    for family in sorted(families):
        for position in {max(0, bisect_right(sort_keys, js_sort_key(word)) - 1) for word in family}:
            tables[position].append(family)
    return tables


def dump_families(families: Iterable[Family]) -> str:
    """Write families one per line: each word front-coded, separated by spaces."""
    return "\n".join(front_code(family).replace("\n", " ") for family in families)


def frequent_families_apart(tables: Iterable[str], counts: Mapping[str, int], most: int) -> str:
    """Return those families of shards, as in `dump_families`, that lie in several of them, the most frequent ones."""
    shards = Counter(line for table in tables if table for line in table.split("\n"))
    apart = [line for line, number in shards.items() if number > 1]
    weights = {line: sum(counts.get(word, 0) for word in front_decode(line.replace(" ", "\n"))) for line in apart}
    return "\n".join(sorted(sorted(apart, key=lambda line: (-weights[line], line))[:most]))
