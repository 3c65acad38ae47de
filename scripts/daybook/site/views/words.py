"""The words of the interface: the files ``strings/<language>.toml`` of the theme's folders.

A file is named by its language, a BCP 47 tag such as ``pt-BR``. A word that is missing in it comes from the file of
the language without its last subtag (``pt``) if that has the same script, and at last from English. Of several
folders, the first that has a word counts, so that an archive can change single words of the theme.

A word is a text with placeholders in braces, or a table of plural forms, by CLDR's names of their categories. The
complete theme's English file defines which words there are and which placeholders each has.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from markupsafe import Markup, escape
from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.hashing import digest
from daybook.core.toml import read_toml
from daybook.site.views.i18n import Language, likely_script

ENGLISH = "en"
FOLDER = "strings"
# A table of words that only an archive's own templates use: its words need not be in the complete theme.
OWN_WORDS = "own"
_PLURAL_CATEGORIES = frozenset({"zero", "one", "two", "few", "many", "other"})
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_PLACEHOLDER = re.compile(r"[a-z_]+")
_COUNT = "n"  # the placeholder of the number that chooses a plural form


class PluralForms:
    """A word that depends on a number: `form` chooses its text."""

    def __init__(self, forms: Mapping[str, str], language: Language) -> None:
        """Take the texts by category, in the language that they are written in."""
        self.forms, self._language = dict(forms), language

    def form(self, number: int) -> str:
        """Return the text for a number."""
        category = self._language.plural_category(number)
        # Forms for a million and more need not be there.
        return self.forms.get(category) or self.forms.get("other") or list(self.forms.values())[-1]


class Words:
    """A table of words, as attributes and items; a missing one raises an ArchiveError with its key and file."""

    def __init__(self, table: Mapping[str, Any], name: str, path: Path) -> None:
        """Take words and tables by name; `name` is the key of the table itself, `path` a file to add words to."""
        self._table, self._name, self._path = table, name, path
        self.__dict__.update(table)  # pages read a word several times for each entry

    def __getitem__(self, name: str) -> Any:
        if name not in self._table:
            key = f"{self._name}.{name}".lstrip(".")
            raise ArchiveError(f"the word {key} is missing; add it", path=self._path)
        return self._table[name]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # Jinja and pickle look for special methods
            raise AttributeError(name)
        return self[name]


class Interface(Struct, frozen=True):
    """The words of the interface and its language."""

    words: Words
    language: Language
    digest: bytes  # of all that pages show of it
    missing: tuple[str, ...]  # keys of words that are shown in English in an interface in another language


class _File(Struct, frozen=True):
    path: Path
    words: dict[str, str | dict[str, str]]  # texts and plural forms by key: `page.skip`


def load_interface(folders: Sequence[Path], content_lang: str, interface_lang: str = "") -> Interface:
    """Read the words of a theme, whose folders are given with the complete one last.

    The language is `interface_lang`, or if that is "", the language of the content if the theme has words in it, else
    English.

    Raises:
        ArchiveError: A file is missing or not valid, has a word that is not known or lacks one of its placeholders
            or plural forms, or there are no words in `interface_lang`.
    """
    files = _list_files(folders)
    complete = folders[-1] / FOLDER / f"{ENGLISH}.toml"
    if complete not in files.get(ENGLISH, ()):
        raise ArchiveError("the theme has no English words; copy this file from the theme of Daybook", path=complete)
    tag = interface_lang or content_lang
    chain = [part for part in _fallbacks(tag) if part in files and likely_script(part) == likely_script(tag)]
    if not chain:
        if interface_lang:
            known = ", ".join(sorted(files))
            reason = f"INTERFACE_LANG {interface_lang!r}: there are words in {known} only; write this file"
            raise ArchiveError(reason, path=folders[0] / FOLDER / f"{interface_lang}.toml")
        tag, chain = ENGLISH, [ENGLISH]
    language = _language(tag, files[chain[0]][-1])
    english = language if tag == ENGLISH else Language(ENGLISH)
    known_words = _read_file(complete, english).words
    used: dict[str, str | PluralForms] = {}
    translated: set[str] = set()
    for part in dict.fromkeys([ENGLISH, *reversed(chain)]):
        own = english if part == ENGLISH else language
        for path in reversed(files[part]):
            file = _read_file(path, own)
            if path != complete:
                _check_against(file, known_words, own)
            used |= {key: PluralForms(w, own) if isinstance(w, dict) else w for key, w in file.words.items()}
            translated |= file.words.keys() if part in chain else set()
    missing = tuple(sorted(key for key in known_words if key not in translated))
    plain = [(key, word.forms if isinstance(word, PluralForms) else word) for key, word in sorted(used.items())]
    return Interface(
        words=_tree(used, "", complete),
        language=language,
        digest=digest(language.tag, plain),
        missing=missing,
    )


def _list_files(folders: Sequence[Path]) -> dict[str, list[Path]]:
    """Return the files of each language, by its tag in lower case, in the order of the folders."""
    files: dict[str, list[Path]] = {}
    for path in (path for folder in folders for path in sorted((folder / FOLDER).glob("*.toml"))):
        if not _LANGUAGE_TAG.fullmatch(path.stem):
            raise ArchiveError("not named by a language; rename it like de.toml or pt-BR.toml", path=path)
        files.setdefault(path.stem.lower(), []).append(path)
    return files


def _fallbacks(tag: str) -> Iterator[str]:
    """Yield a tag in lower case, then without its last subtag, and so on: ``pt-br``, ``pt``."""
    subtags = tag.lower().split("-")
    for count in range(len(subtags), 0, -1):
        yield "-".join(subtags[:count])


def _language(tag: str, path: Path) -> Language:
    try:
        return Language(tag)
    except ValueError as error:
        raise ArchiveError(f"{error}; name the file by a language that it has", path=path) from None


def _read_file(path: Path, language: Language) -> _File:
    table = read_toml(path, 'write each word as in days = "Days"')
    words: dict[str, str | dict[str, str]] = {}
    try:
        for key, word in _flatten(table, ""):
            words[key] = word
            for text in word.values() if isinstance(word, dict) else (word,):
                placeholders(text, key)
            if isinstance(word, dict):
                _check_forms(key, word, language)
    except ArchiveError as error:
        raise error.at(path) from None
    return _File(path, words)


def _flatten(table: dict[str, Any], prefix: str) -> Iterator[tuple[str, str | dict[str, str]]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, str):
            if not value.strip():
                raise ArchiveError(
                    f"{key} is empty; write a text, or delete the line for the word of the next language"
                )
            yield key, value
        elif isinstance(value, dict) and value and value.keys() <= _PLURAL_CATEGORIES:
            if not all(isinstance(text, str) for text in value.values()):
                raise ArchiveError(f"{key}: each plural form must be a text in quotation marks")
            yield key, value
        elif isinstance(value, dict):
            yield from _flatten(value, f"{key}.")
        else:
            raise ArchiveError(f"{key} must be a text in quotation marks")


def placeholders(text: str, key: str = "") -> frozenset[str]:
    """Return the names in braces of a text.

    Raises ArchiveError, which names `key`, if a brace has no counterpart, or if there is no simple name in braces.

    >>> sorted(placeholders("{entries} on {days}"))
    ['days', 'entries']
    """
    try:
        parts = [(name, bool(form), conversion) for _, name, form, conversion in Formatter().parse(text)]
    except ValueError:
        raise ArchiveError(f"{key}: a brace {{ or }} without its counterpart in {text!r}") from None
    names = [name for name, _, _ in parts if name is not None]
    if any(form or conversion for _, form, conversion in parts) or not all(map(_PLACEHOLDER.fullmatch, names)):
        raise ArchiveError(f"{key}: only a name can be in braces, as in {{date}}: {text!r}")
    return frozenset(names)


def fill(text: str, **values: object) -> Markup:
    """Return a text as HTML, with values in the places of its placeholders; a value that is no HTML is escaped.

    It takes less than half the time of `Markup.format`; a day page needs ten texts for each entry.

    >>> fill("{name} & more", name="A < B")
    Markup('A &lt; B &amp; more')
    """
    parts = []
    for literal, name in _split_at_placeholders(text):
        parts.append(literal)
        if name:
            parts.append(escape(values[name]))
    return Markup("".join(parts))


@cache
def _split_at_placeholders(text: str) -> tuple[tuple[str, str], ...]:
    """Return the pieces of a text as HTML, each with the placeholder after it, "" at the end of the text."""
    return tuple((str(escape(literal)), name or "") for literal, name, _, _ in Formatter().parse(text))


def _check_forms(key: str, forms: dict[str, str], language: Language) -> None:
    for category in sorted(language.plural_categories - forms.keys()):
        needed = ", ".join(sorted(language.plural_categories))
        raise ArchiveError(f"{key}: the plural form {category!r} is missing; {language.name} has {needed}")
    for category, text in forms.items():
        if _COUNT not in placeholders(text, key) and not language.stands_for_one_number(category):
            raise ArchiveError(f"{key}.{category}: {{{_COUNT}}} is missing; this form is used for several numbers")


def _check_against(file: _File, known: Mapping[str, str | dict[str, str]], language: Language) -> None:
    """Compare a file with the complete theme's English words."""
    for key, word in file.words.items():
        if key.startswith(f"{OWN_WORDS}."):
            continue
        if key not in known:
            raise ArchiveError(f"unknown word {key}; {_advice(key, word, known)}", path=file.path)
        if isinstance(word, dict) != isinstance(known[key], dict):
            needed = ", ".join(sorted(language.plural_categories))
            kind = f"a table of plural forms ({needed})" if isinstance(known[key], dict) else "a text, not a table"
            raise ArchiveError(f"{key} must be {kind}", path=file.path)
        wanted = _all_placeholders(known[key])
        for form, text in word.items() if isinstance(word, dict) else [("", word)]:
            found, name = placeholders(text), f"{key}.{form}".rstrip(".")
            for extra in sorted(found - wanted):
                braces = ", ".join(f"{{{each}}}" for each in sorted(wanted)) or "no placeholder"
                raise ArchiveError(f"{name}: unknown placeholder {{{extra}}}; this word has {braces}", path=file.path)
            for lost in sorted(wanted - found - ({_COUNT} if form else set())):
                raise ArchiveError(f"{name}: the placeholder {{{lost}}} is missing", path=file.path)


def _advice(key: str, word: str | dict[str, str], known: Mapping[str, str | dict[str, str]]) -> str:
    if similar := get_close_matches(key, known, n=1, cutoff=0.7):
        return f"did you mean {similar[0]}?"
    if isinstance(word, dict) and any(name.startswith(f"{key}.") for name in known):
        return f"the names {', '.join(sorted(_PLURAL_CATEGORIES))} are for plural forms only"
    return f"delete it, or put a word for a template of your own into the table [{OWN_WORDS}]"


def _all_placeholders(word: str | dict[str, str]) -> frozenset[str]:
    texts = word.values() if isinstance(word, dict) else (word,)
    return frozenset().union(*map(placeholders, texts))


def _tree(words: Mapping[str, str | PluralForms], name: str, path: Path) -> Words:
    """Return the words below the table `name` as nested tables."""
    table: dict[str, Any] = {}
    groups: dict[str, dict[str, str | PluralForms]] = {}
    for key, word in words.items():
        first, _, rest = key.partition(".")
        if rest:
            groups.setdefault(first, {})[rest] = word
        else:
            table[first] = word
    tables = {first: _tree(group, f"{name}.{first}".lstrip("."), path) for first, group in groups.items()}
    return Words({**table, **tables}, name, path)
