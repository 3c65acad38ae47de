"""Layout of any outlet that marks its posts with schema.org, as microdata or RDFa."""

from daybook.parse.web.layouts.base import Layout


def _property_selector(name: str) -> str:
    """Return a selector for a property in microdata (``itemprop``) or RDFa (``property``, prefixed or not)."""
    return f'[itemprop~="{name}"], [property~="{name}"], [property$=":{name}"], [property$="org/{name}"]'


SCHEMA_MARKUP = Layout(
    name="schema.org markup",
    marker="liveBlogUpdate",
    entry=_property_selector("liveBlogUpdate"),
    published=_property_selector("datePublished"),
    modified=_property_selector("dateModified"),
    headline=_property_selector("headline"),
    author=_property_selector("author"),
)
