"""Objects of schema.org in JSON: the only place that knows how loosely their values are written."""

from collections.abc import Iterator, Mapping
from html import unescape

from ..records import is_address
from .decoding import clean, one_line
from .moments import Moment, read_moment

_DEEPEST = 40  # levels of nested data
Item = Mapping[str, object]


def items_of(document: object, depth: int = 0) -> Iterator[Item]:
    """Give every object of a document, outer ones first."""
    if depth > _DEEPEST:
        return
    if isinstance(document, dict):
        yield document
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    for value in inner:
        yield from items_of(value, depth + 1)


def types_of(item: Item) -> set[str]:
    """Give the types of an object, without their vocabulary."""
    value = item.get("@type")
    names = value if isinstance(value, list) else [value]
    return {str(name).rpartition("/")[2].rpartition(":")[2] for name in names}


def list_of(item: Item, *names: str) -> list[Item]:
    """Give the objects under the first name that is there; a bare text is one with a name."""
    value = next((item[name] for name in names if item.get(name)), [])
    values = value if isinstance(value, list) else [value]
    return [each if isinstance(each, dict) else {"name": each} for each in values]


def text_of(item: Item, *names: str) -> str:
    """Give the text under the first name that has one, on one line."""
    values = (plain(item.get(name)) for name in names)
    return one_line(clean(unescape(next((value for value in values if value), ""))))


def address_of(item: Item) -> str:
    """Give the web address of an object; "" without one."""
    main = item.get("mainEntityOfPage")
    found = (plain(value) for value in (item.get("url"), item.get("@id"), main))
    return next((address for address in found if is_address(address)), "")


def moment_in(item: Item, name: str) -> Moment | None:
    """Give the time under a name; None without a real one."""
    return read_moment(plain(item.get(name)))


def plain(value: object) -> str:
    """Give a value as text; of an object its name, value or id, of a list its first."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = next((value[name] for name in ("@value", "name", "value", "@id") if name in value), "")
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
