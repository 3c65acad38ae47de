"""The type of a layout: CSS selectors for the parts of a post."""

from msgspec import Struct


class Layout(Struct, frozen=True, kw_only=True):
    """CSS selectors for the posts of an outlet. An empty field is found as on any other page.

    Attributes:
        entry: Selects the posts.
        marker: Text that the HTML source of every such page contains. Pages without it are skipped
            quickly, before any selector runs.
        published: Selects, inside a post, the elements that state when it was published.
        published_attribute: Attribute of the post element that states the same.
        modified: Selects, inside a post, the elements that state when it was last edited.
        modified_attribute: Attribute of the post element that states the same.
        headline: Selects the headline inside a post.
        author: Selects the authors inside a post.
        key_event: Matches the post element if it is a key event.
    """

    name: str
    entry: str
    marker: str = ""
    published: str = ""
    published_attribute: str = ""
    modified: str = ""
    modified_attribute: str = ""
    headline: str = ""
    author: str = ""
    key_event: str = ""
