"""Components are imported once for each depth of pages, and those that need the page with each page."""

import shutil
from pathlib import Path

import pytest

from daybook.core.errors import ArchiveError
from daybook.site.views import theme
from daybook.site.views.theme import TemplateRenderer

IMPORT = '{% from "c.html" import show with context %}{{ show() }}'


def renderer(folder: Path, **components: str) -> TemplateRenderer:
    folder.mkdir()
    for name, text in components.items():
        (folder / f"{name}.html").write_text(text)
    made = TemplateRenderer([folder], {"site": "Aller"}, {})
    made.check_and_find_uses(frozenset())
    return made


@pytest.mark.parametrize(
    ("component", "shown"),
    [
        ("{{ site }} {{ root }}", "Aller ../"),
        ("{{ path }}", "2031/"),
        ("{{ title }}", "Flood"),
        ('{% from "d.html" import inner with context %}{{ inner() }}', "Flood"),
        ("{% if title is defined %}{% set mark = 1 %}{% endif %}{{ site }}", "Aller"),
    ],
)
def test_a_component_sees_what_its_page_has(tmp_path: Path, component: str, shown: str) -> None:
    macro = "{% macro show() %}" + component + "{% endmacro %}"
    inner = "{% macro inner() %}{{ title }}{% endmacro %}"
    pages = renderer(tmp_path / "theme", p=IMPORT, c=macro, d=inner)
    assert pages.page("p", "2031/", {"title": "Flood"}).decode() == shown
    assert pages.page("p", "2031/04/", {"title": "Flood"}).decode() == shown.replace("../", "../../").replace(
        "2031/", "2031/04/"
    )


def test_a_component_is_made_once_for_each_depth(tmp_path: Path) -> None:
    made: list[int] = []
    pages = renderer(tmp_path / "theme", p=IMPORT, c="{{ note() }}{% macro show() %}{{ site }}{% endmacro %}")
    pages.add_values({"note": lambda: made.append(1) or ""}, b"")
    pages.check_and_find_uses(frozenset())
    for path in ("2031/", "2032/", "2031/04/"):
        assert pages.page("p", path, {}) == b"Aller"
    assert len(made) == 2


def test_a_value_of_a_plugin_is_seen_after_a_page_was_rendered(tmp_path: Path) -> None:
    macro = "{% macro show() %}{{ site }} {{ tide | default('') }}{% endmacro %}"
    pages = renderer(tmp_path / "theme", p=IMPORT, c=macro)
    assert pages.page("p", "", {}) == b"Aller "
    pages.add_values({"tide": "high"}, b"")
    assert pages.page("p", "", {}) == b"Aller high"


def test_what_templates_use_is_stored_beside_them_and_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[bytes, object] = {}
    monkeypatch.setattr(theme, "_USES", known)
    pages = renderer(tmp_path / "theme", p=IMPORT, c="{% macro show() %}{{ title }} {{ site }}{% endmacro %}")
    expected = pages.check_and_find_uses(frozenset())
    assert (expected["c.html"].names, expected["p.html"].references) == (["title"], ["c.html"])
    with monkeypatch.context() as unparsed:
        unparsed.setattr(theme, "find_undeclared_variables", lambda _: pytest.fail("parsed again"))
        known.clear()
        assert pages.check_and_find_uses(frozenset()) == expected
        # Without the global name, a template takes it from its page.
        known.clear()
        with pytest.raises(pytest.fail.Exception, match="parsed again"):
            TemplateRenderer([tmp_path / "theme"], {}, {}).check_and_find_uses(frozenset())
    stored = tmp_path / "theme" / "__pycache__" / "uses.msgpack"
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")
    known.clear()
    assert pages.check_and_find_uses(frozenset()) == expected


def test_compiled_templates_are_found_in_a_copy_of_the_theme_whose_files_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = renderer(tmp_path / "theme", p="{{ path }}\n{{ 1 // number }}")
    assert pages.page("p", "2031/", {"number": 1}) == b"2031/\n1"
    shutil.copytree(tmp_path / "theme", tmp_path / "copy")
    monkeypatch.setattr("jinja2.Environment.compile", lambda *_: pytest.fail("compiled again"))
    copy = TemplateRenderer([tmp_path / "copy"], {"site": "Aller"}, {})
    assert copy.page("p", "2031/", {"number": 1}) == b"2031/\n1"
    with pytest.raises(ArchiveError, match="division") as error:
        copy.page("p", "2031/", {"number": 0})
    assert (str(error.value.path), error.value.line) == (str(tmp_path / "copy" / "p.html"), 2)


def test_a_syntax_error_names_its_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="template syntax error") as error:
        renderer(tmp_path / "theme", p="\n{% endif %}")
    assert str(error.value.path).endswith("p.html") and error.value.line == 2
