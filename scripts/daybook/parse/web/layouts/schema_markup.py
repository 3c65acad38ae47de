"""Pages of any outlet that mark their posts with schema.org, as microdata or RDFa."""

from daybook.parse.web.layouts.base import Layout


def _property(name: str) -> str:
    """Select a property in either spelling, with or without a prefix."""
    return f'[itemprop~="{name}"], [property~="{name}"], [property$=":{name}"], [property$="org/{name}"]'


SCHEMA_MARKUP = Layout(
    name="schema.org markup",
    marker="liveBlogUpdate",
    entry=_property("liveBlogUpdate"),
    published=_property("datePublished"),
    modified=_property("dateModified"),
    headline=_property("headline"),
    author=_property("author"),
)
