"""The shape of a layout: CSS selectors for the parts of a post, each of which may stay empty."""

from msgspec import Struct


class Layout(Struct, frozen=True, kw_only=True):
    """How an outlet marks its posts. `entry` finds them, the others are tried inside each.

    `sign` is a text that the source of its pages holds: without it no element is looked at.

    `made` and `changed` select elements whose time is the post's or its last edit's; `made_in`
    and `changed_in` name attributes of the post itself. `key` selects the post if it is a key
    event. What a layout leaves empty is found as on any page.
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
