"""Pages of any outlet that mark their posts with schema.org, as microdata or RDFa."""

from .layout import Layout


def _property(name: str) -> str:
    """Select a property in either spelling, with or without a prefix."""
    return f'[itemprop~="{name}"], [property~="{name}"], [property$=":{name}"], [property$="org/{name}"]'


SCHEMA_MARKUP = Layout(
    name="schema.org markup",
    sign="liveBlogUpdate",
    entry=_property("liveBlogUpdate"),
    made=_property("datePublished"),
    changed=_property("dateModified"),
    headline=_property("headline"),
    author=_property("author"),
)
