"""Pelican's writer, replaced: what is asked for goes through the Press."""

from typing import Any

from pelican.contents import Page
from pelican.writers import Writer

from .articles import DayArticle
from .press import KEY, Press
from .prose import page_view


class SiteWriter(Writer):  # type: ignore[misc]
    """Write pages that differ from what is there, and none outside the output folder."""

    def __init__(self, output_path: str, settings: dict[str, Any]) -> None:
        """Take over one build's Press, and let it write the days."""
        super().__init__(output_path, settings)
        self.press: Press = settings[KEY]
        self.press.print_days()

    def write_file(self, name: str, template: Any, context: dict[str, Any], **values: Any) -> None:
        """Write a page of prose; days, which Pelican asks for one by one, are written already."""
        if isinstance(values.get("page"), Page):
            self.press.print_prose(page_view(values["page"]))
        elif isinstance(values.get("article"), DayArticle):
            self.press.day_pages += 1
