"""Text in XML: escaped, and without the characters that XML 1.0 cannot hold."""

import re
from xml.sax.saxutils import escape, quoteattr

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Write text as the content of an element; an impossible character shows as U+FFFD."""
    return escape(_possible(text))


def xml_value(text: str) -> str:
    """Write text as the value of an attribute, quotation marks included."""
    return quoteattr(_possible(text))


def _possible(text: str) -> str:
    # str: markup that is data here must not escape itself while it is escaped.
    return _NO_XML.sub("\ufffd", str(text))
