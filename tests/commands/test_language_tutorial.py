"""docs/languages.md: its examples give what it says."""

import re
from pathlib import Path

import pytest
from builds import build_site
from paths import FIXTURES, ROOT

from daybook.core.config import BuildPaths
from daybook.core.errors import ArchiveError
from daybook.site.views.i18n import Language
from daybook.site.views.words import load_interface

DOCUMENT = (ROOT / "docs" / "languages.md").read_text()
SNIPPET = re.compile(r"^```(?:python|toml)\n# (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
MESSAGE = re.compile(r"^```\n([a-z].*)\n```$", re.MULTILINE)
READING = FIXTURES / "site" / "reading"


def snippets() -> dict[str, str]:
    """Return the text of each file that the document shows."""
    found = dict(SNIPPET.findall(DOCUMENT))
    assert sorted(found) == ["pelican.conf.py", "theme/strings/en.toml", "theme/strings/nl.toml"]
    return found


def paths_of(folder: Path, conf: str, **files: str) -> BuildPaths:
    for name, text in files.items():
        (folder / "theme" / "strings").mkdir(parents=True, exist_ok=True)
        (folder / "theme" / "strings" / f"{name}.toml").write_text(text)
    (folder / "conf.py").write_text((READING / "conf.py").read_text() + conf)
    return BuildPaths(
        content=READING / "content", output=folder / "site", conf=folder / "conf.py", cache=folder / "cache"
    )


def test_a_language_is_added_as_shown(tmp_path: Path) -> None:
    shown = snippets()
    paths = paths_of(tmp_path, shown["pelican.conf.py"], nl=shown["theme/strings/nl.toml"])
    (warning,) = build_site(paths)
    message, _ = MESSAGE.findall(DOCUMENT)
    assert re.sub(r"\d+", "…", f"warning: {warning}").startswith(message.removesuffix("…"))
    day = (paths.output / "2031/04/09/index.html").read_text()
    assert '<html lang="nl" dir="ltr">' in day and ">Dagen</a>" in day
    assert '<span class="counter">Dag 367</span>' in day and "woensdag 9 april 2031" in day
    assert "4 berichten, oldest first" in day


def test_a_mistake_is_reported_as_shown(tmp_path: Path) -> None:
    paths = paths_of(tmp_path, 'DEFAULT_LANG = "nl"\n', nl='[page]\nday = "Dagen"\n')
    with pytest.raises(ArchiveError) as error:
        build_site(paths)
    _, message = MESSAGE.findall(DOCUMENT)
    assert str(error.value).removeprefix(f"{tmp_path}/") == message


def test_single_words_are_changed_as_shown(tmp_path: Path) -> None:
    paths = paths_of(tmp_path, "", en=snippets()["theme/strings/en.toml"])
    assert build_site(paths) == ()
    home = (paths.output / "index.html").read_text()
    assert ">Diary</a>" in home and ">Who we are</a>" in home and ">Topics</a>" in home


def test_the_languages_of_the_first_table() -> None:
    rows = re.findall(r"^\| `(\S+)` \| (?:`(\S+)` )?\| (English|German|Ukrainian)", DOCUMENT, re.MULTILINE)
    assert len(rows) == 5
    for entries, interface, name in rows:
        language = load_interface([ROOT / "theme"], entries, interface).language
        assert language.name.startswith(name), (entries, interface)


def test_the_plural_forms_of_the_second_table() -> None:
    tags = {"Japanese": "ja", "Korean": "ko", "English": "en", "German": "de", "Dutch": "nl", "Polish": "pl"}
    tags |= {"Arabic": "ar", "Chinese": "zh", "French": "fr", "Spanish": "es", "Ukrainian": "uk"}
    rows = re.findall(r"^\| ([\w, ]+) \| ((?:`\w+` ?)+)\|$", DOCUMENT, re.MULTILINE)
    found = {name: set(re.findall(r"\w+", forms)) for names, forms in rows for name in names.split(", ")}
    assert found == {name: Language(tag).plural_categories for name, tag in tags.items()}


def test_the_languages_that_ship() -> None:
    listed = DOCUMENT[DOCUMENT.index("one file for each language") : DOCUMENT.index("All are complete")]
    files = {path.stem for path in (ROOT / "theme" / "strings").glob("*.toml")}
    assert set(re.findall(r"`(\w\w)(?:\.toml)?`", listed)) == files
    assert [tag for tag in files if Language(tag).name.partition(" (")[0] not in listed] == []
