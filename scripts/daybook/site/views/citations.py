"""How to cite an entry: the outlet's post as the work, and the archive as the place where it was read.

`citation_forms` gives the citation in the common styles, which are English, and as records of the common formats. The
styles are templates for one kind of work, a page of the web; the tests compare them with a CSL processor. No form
contains the date of access, because no clock decides what a page says: the date at which the outlet's page was saved
is in its place.
"""

import datetime as dt
import json
import re
from typing import Any
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from daybook.core.config import Config
from daybook.core.text import parse_instant
from daybook.site.views.entry_view import capture_time_utc
from daybook.site.views.view_models import CitationForm, EntryView, SourceView

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
_SHORT_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
# Controls of the writing direction: they would turn what follows in a citation.
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# A person's name of two or three words. Others, and those with such a word, stay as they are.
_NAME_PART = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-])*")
_PARTICLES = frozenset(
    {
        "af",
        "al",
        "da",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "dos",
        "du",
        "la",
        "le",
        "ten",
        "ter",
        "van",
        "von",
        "zu",
        "zum",
        "zur",
    }
)
_NO_PERSON = frozenset(
    {
        "agence",
        "agencies",
        "agency",
        "bureau",
        "correspondent",
        "desk",
        "editor",
        "editors",
        "live",
        "media",
        "news",
        "newsroom",
        "post",
        "radio",
        "redaktion",
        "reporters",
        "reuters",
        "staff",
        "team",
        "times",
        "tv",
        "the",
    }
)
_FAMILY_NAME_FIRST = frozenset({"hu", "ja", "km", "ko", "vi", "zh"})
_END = re.compile(r"[.!?…。！？]['\"”’»)]*$")
# BibTeX counts braces after a backslash, too, and one without the other ends the record early.
_LATEX = {
    **{"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "{": "\\textbraceleft{}"},
    **{"}": "\\textbraceright{}", "#": "\\#", "$": "\\$", "%": "\\%", "&": "\\&", "_": "\\_"},
}
_NESTED = str.maketrans('“”„"', "‘’‚'")
# The styles describe a work without a title and do not quote the description.
_UNTITLED = "Live blog entry"
_WIKI = {"|": "{{!}}", "[": "&#91;", "]": "&#93;", "{": "&#123;", "}": "&#125;", "<": "&lt;", "~": "&#126;", "'": "'"}


class Author(Struct, frozen=True):
    """An author; `given` is "" for one that is no person, or whose name cannot be divided safely."""

    family: str
    given: str = ""

    @property
    def name(self) -> str:
        """Return the name in its natural order."""
        return f"{self.given} {self.family}".strip()


class Citation(Struct, frozen=True, kw_only=True):
    """What a citation of an entry says. Addresses are absolute; "" is not known."""

    id: str
    title: str  # "" without a headline and without words
    authors: tuple[Author, ...]
    outlet: str
    page: str  # the title of the outlet's page
    date: dt.date
    time: str  # 13:29 UTC
    lang: str
    url: str  # of the outlet's page
    archive: str
    place: str  # in the archive: Day 465
    archive_url: str
    saved: dt.date | None  # when the outlet's page was saved

    @property
    def nested_title(self) -> str:
        """Return the title for use in double quotation marks: its own become single."""
        return self.title.translate(_NESTED)


def cite_entry(entry: EntryView, config: Config) -> Citation:
    """Return what a citation of an entry says."""
    source = _cited_source(entry)
    lang = entry.lang or config.lang
    path, siteurl, number = entry.page or entry.path, config.paths.siteurl.rstrip("/"), entry.day.number
    captured = capture_time_utc(source.captured) if source else ""
    outlet = _line(source.outlet) if source else ""
    return Citation(
        id=f"entry-{entry.day.date}-{entry.anchor}",
        title=_line(entry.headline),
        authors=tuple(author for name in entry.authors if (author := divide_name(_line(name), lang)).family),
        outlet=outlet if outlet or source else _line(config.name),
        page=_line(source.title) if source else "",
        date=entry.day.date,
        time=f"{entry.time:%H:%M} {config.zone_name}" if entry.time is not None else "",
        lang=_line(lang),
        url=_url(source.url) if source else "",
        archive=_line(config.name),
        place=f"Day {number}" if number is not None else entry.day.date.isoformat(),
        archive_url=f"{siteurl}/{path}" if siteurl else "",
        saved=parse_instant(captured).date() if captured else None,
    )


def _cited_source(entry: EntryView) -> SourceView | None:
    """Return the outlet's page that an entry is cited from: the first with an address, else the first."""
    sources = entry.sources or entry.carriers
    return next((source for source in sources if source.url), sources[0] if sources else None)


def divide_name(name: str, lang: str) -> Author:
    """Return an author with family and given name, if the name is surely that of a person.

    >>> divide_name("Ada von Lind", "en"), divide_name("Nordpost newsroom", "en")
    (Author(family='von Lind', given='Ada'), Author(family='Nordpost newsroom', given=''))
    """
    parts = name.split(" ")
    at = next((number for number, part in enumerate(parts) if number and part in _PARTICLES), len(parts) - 1)
    given, family = parts[:at], parts[at:]
    capitals = [part for part in parts if part not in _PARTICLES]
    is_person = (
        2 <= len(capitals) <= 3
        and len(capitals[-1]) > 1
        and lang.lower().partition("-")[0] not in _FAMILY_NAME_FIRST
        and all(_NAME_PART.fullmatch(part) and part[0].isupper() and not part[1:].isupper() for part in capitals)
        and not any(part.lower() in _NO_PERSON for part in parts)
        and capitals[-1] == family[-1]
        and bool(given)
    )
    return Author(" ".join(family), " ".join(given)) if is_person else Author(name)


def _line(text: str) -> str:
    """Return a text on one line: a line break in RIS begins another field or record."""
    return " ".join(_CONTROLS.sub("", text).split())


def _url(url: str) -> str:
    """Return an address without characters that end a field or an argument in some format."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~-._")


def citation_forms(cited: Citation) -> tuple[CitationForm, ...]:
    """Return a citation in the common styles and in the formats of reference managers."""
    texts = (("wikipedia", "Wikipedia"), ("apa", "APA"), ("chicago", "Chicago"), ("mla", "MLA"))
    codes = (("bibtex", "BibTeX"), ("ris", "RIS"), ("csl", "CSL-JSON"))
    write = {
        **{"apa": apa, "chicago": chicago, "mla": mla, "wikipedia": wikipedia},
        **{"bibtex": bibtex, "ris": ris, "csl": csl_json},
    }
    forms = [CitationForm(name, title, write[name](cited), is_code=name == "wikipedia") for name, title in texts]
    return (*forms, *(CitationForm(name, title, write[name](cited), is_code=True) for name, title in codes))


def apa(cited: Citation) -> str:
    """Return a citation in the style of the APA, 7th edition."""
    names = [_initials(author) for author in cited.authors]
    date = f"({_year(cited)}, {_month(cited)} {cited.date.day})"
    if names:
        head = [_ended(_listed(names, ", & ", 2)), f"{date}.", _ended(_title(cited))]
    else:
        head = [_ended(_title(cited)), f"{date}."]
    outlet = "" if _is_author(cited, cited.outlet) else cited.outlet
    return _sentences(*head, _ended(outlet), cited.url, _via(cited))


def chicago(cited: Citation) -> str:
    """Return a citation as the bibliography of the Chicago Manual of Style has it."""
    date = f"{_month(cited)} {cited.date.day}, {_year(cited)}."
    # The outlet is in place of an author.
    author = _authors_inverted(cited) or cited.outlet
    named = cited.authors and cited.outlet and not _is_author(cited, cited.outlet)
    outlet = f"{cited.outlet}, {date}" if named else date
    return _sentences(_ended(author), _quoted_title(cited), outlet, _ended(cited.url), _via(cited))


def mla(cited: Citation) -> str:
    """Return a citation in the style of the MLA, 9th edition."""
    date = f"{cited.date.day} {_SHORT_MONTHS[cited.date.month - 1]} {_year(cited)}"
    parts = [part for part in (cited.outlet, date, cited.url) if part]
    authors = "" if _is_author(cited, cited.outlet) else _authors_inverted(cited)
    if len(cited.authors) > 2:
        authors = f"{_authors_inverted(replace(cited, authors=cited.authors[:1]))}, et al"
    via = f"{', '.join(filter(None, [cited.archive, cited.archive_url or cited.place]))}."
    return _sentences(_ended(authors), _quoted_title(cited), f"{', '.join(parts)}.", via)


def wikipedia(cited: Citation) -> str:
    """Return a citation as the template ``cite web`` of the English Wikipedia.

    The template needs a date for an archived page. Without one, the archive's address is the address of the work.
    """
    archived = bool(cited.url and cited.archive_url and cited.saved)
    fields: dict[str, str] = {}
    for number, author in enumerate(cited.authors, start=1):
        last, first, whole = (("last", "first", "author"), (f"last{number}", f"first{number}", f"author{number}"))[
            len(cited.authors) > 1
        ]
        fields |= {last: author.family, first: author.given} if author.given else {whole: author.family}
    fields |= {
        "date": cited.date.isoformat(),
        "title": _title(cited),
        "url": cited.url if archived or not cited.archive_url else cited.archive_url,
        "website": cited.outlet,
        "language": "" if cited.lang.partition("-")[0] == "en" else cited.lang,
        "archive-url": cited.archive_url if archived else "",
        "archive-date": cited.saved.isoformat() if archived and cited.saved else "",
        "via": cited.archive if cited.archive != cited.outlet else "",
    }
    parameters = [f"|{name}={_wiki(value)}" for name, value in fields.items() if value]
    return f"{{{{cite web {' '.join(parameters)}}}}}"


def bibtex(cited: Citation) -> str:
    """Return a citation as a record of BibLaTeX and BibTeX."""
    authors = [
        f"{_latex(author.family)}, {_latex(author.given)}" if author.given else f"{{{_latex(author.family)}}}"
        for author in cited.authors
    ]
    fields = {
        "author": " and ".join(authors),
        "title": f"{{{_latex(_title(cited))}}}",
        "organization": f"{{{_latex(cited.outlet)}}}" if cited.outlet else "",
        "date": cited.date.isoformat(),
        "year": _year(cited),
        "url": cited.url or cited.archive_url,
        "urldate": cited.saved.isoformat() if cited.saved else "",
        "note": _latex(_note(cited)),
    }
    rows = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@online{{{cited.id},", *rows, "}"])


def ris(cited: Citation) -> str:
    """Return a citation as a record of RIS."""
    names = [f"{author.family}, {author.given}" if author.given else author.family for author in cited.authors]
    fields = [
        ("TY", "ELEC"),
        *(("AU", name) for name in names),
        ("TI", _title(cited)),
        ("T2", cited.outlet),
        ("PY", _year(cited)),
        ("DA", f"{cited.date:%Y/%m/%d}".rjust(10, "0")),
        ("LA", cited.lang),
        ("UR", cited.url or cited.archive_url),
        ("L2", cited.archive_url if cited.url else ""),
        ("DP", cited.archive if cited.archive != cited.outlet else ""),
        ("Y2", f"{cited.saved:%Y/%m/%d}" if cited.saved else ""),
        ("N1", _note(cited)),
    ]
    return "\n".join([*(f"{name}  - {value}" for name, value in fields if value), "ER  - "])


def csl_item(cited: Citation) -> dict[str, Any]:
    """Return a citation as an item of CSL-JSON."""
    item = {
        "id": cited.id,
        "type": "webpage",
        "title": _title(cited),
        "author": [
            {"family": author.family, "given": author.given} if author.given else {"literal": author.family}
            for author in cited.authors
        ],
        "container-title": cited.outlet,
        "issued": _date_parts(cited.date),
        "URL": cited.url or cited.archive_url,
        "archive": cited.archive if cited.archive != cited.outlet else "",
        "archive_location": cited.archive_url if cited.url else "",
        "accessed": _date_parts(cited.saved) if cited.saved else None,
        "language": cited.lang,
        "note": _note(cited),
    }
    return {name: value for name, value in item.items() if value}


def csl_json(cited: Citation) -> str:
    """Return a citation as CSL-JSON."""
    fields = [
        f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in csl_item(cited).items()
    ]
    return "[{\n" + ",\n".join(fields) + "\n}]"


def _date_parts(date: dt.date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[date.year, date.month, date.day]]}


def _note(cited: Citation) -> str:
    """Return what the formats have no field for."""
    via = f"Archived in {cited.archive}, {cited.place}"
    time = f"Posted {cited.date.isoformat()}, {cited.time}" if cited.time else ""
    page = f"in “{cited.page}”" if cited.page else ""
    address = f": {cited.archive_url}" if cited.archive_url and cited.url else ""
    return ". ".join(filter(None, [" ".join(filter(None, [time, page])), via + address]))


def _via(cited: Citation) -> str:
    return f"Archived in {cited.archive}{f': {cited.archive_url}' if cited.archive_url else f', {cited.place}.'}"


def _year(cited: Citation) -> str:
    return f"{cited.date.year:04}"


def _month(cited: Citation) -> str:
    return _MONTHS[cited.date.month - 1]


def _initials(author: Author) -> str:
    """Return a name as the APA has it: ``Lind, A.-M. K.``."""
    initials = ["-".join(f"{part[0]}." for part in name.split("-") if part) for name in author.given.split()]
    return f"{author.family}, {' '.join(initials)}" if initials else author.family


def _authors_inverted(cited: Citation) -> str:
    """Return the authors, the first with the family name first."""
    first, *others = cited.authors or (Author(""),)
    head = f"{first.family}, {first.given}" if first.given else first.family
    if not others:
        return head
    return _listed([head, *(author.name for author in others)], ", and ", 2)


def _listed(names: list[str], last: str, comma_from: int = 3) -> str:
    """Join names; `last` is before the last one."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])}{last if len(names) >= comma_from else last.removeprefix(',')}{names[-1]}"


def _title(cited: Citation) -> str:
    return cited.title or f"[{_UNTITLED}]"


def _quoted_title(cited: Citation) -> str:
    return f"“{_ended(cited.nested_title)}”" if cited.title else _ended(_UNTITLED)


def _is_author(cited: Citation, outlet: str) -> bool:
    """Tell whether the outlet itself is the only author, so that the styles name it once."""
    return bool(outlet) and [author.name for author in cited.authors] == [outlet]


def _ended(text: str) -> str:
    """Return a text with a full stop, unless it ends a sentence itself."""
    return text if not text or _END.search(text) else f"{text}."


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)


def _wiki(text: str) -> str:
    """Return a text as the value of a parameter: nothing in it ends the parameter or is markup."""
    text = "".join(_WIKI.get(character, character) for character in text)
    return text.replace("''", "&#39;&#39;")
