"""Pelican's writer, replaced: a page is rendered from its view and goes through Output."""

from typing import Any

from jinja2 import Template, TemplateError
from pelican.contents import Page
from pelican.writers import Writer

from ..errors import ArchiveError
from .addresses import path_of, root_of
from .articles import DayArticle
from .press import KEY, Press
from .prose import page_view


class SiteWriter(Writer):  # type: ignore[misc]
    """Write pages that differ from what is there, and none outside the output folder."""

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        """Take over one build's Press."""
        super().__init__(output_path, settings)
        self.press: Press = settings[KEY]
        self.press.output.open()

    def write_file(self, name: str, template: Template, context: dict[str, Any], **values: Any) -> None:
        """Render a page; templates see views and `Press.templates_see`, not Pelican's context."""
        path = path_of(name)
        try:
            text = template.render(root=self._root(path), path=path, **self._shown(values))
        except TemplateError as error:
            reason = f"the page {name} cannot be rendered: {error}"
            raise ArchiveError(reason, path=template.filename or "") from error
        self.press.output.put(name, text.encode())

    def _shown(self, values: dict[str, Any]) -> dict[str, Any]:
        article, page = values.get("article"), values.get("page")
        if isinstance(article, DayArticle):
            return self.press.day_values(article)
        return {"page": page_view(page)} if isinstance(page, Page) else values

    def _root(self, path: str) -> str:
        # A host answers with 404.html at any depth, so its links cannot be relative.
        siteurl = self.press.siteurl
        return f"{siteurl}/" if path == "404.html" and siteurl else root_of(path)
