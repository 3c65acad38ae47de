"""Hostile strings: published attacks on web pages, and random text of pieces that have a meaning in some format."""

import json
import random
import sys
import unicodedata
import warnings
from collections.abc import Iterator
from functools import cache

import brs_kb
from strategies import PIECES

# Attacks through Markdown, front matter, templates and JSON-LD, which the published lists do not contain.
OWN = (
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "![x](https://a.example/p.png)",
    '![x](x"onerror="alert(1))',
    '[x](https://a.example "\\" onmouseover=alert(1) x=\\"")',
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    '<https://a.example/"onclick=alert(1)>',
    "```\n</code></pre><script>alert(1)</script>\n```",
    "# </h1><script>alert(1)</script>",
    "---\ntitle: y\n---\n<script>alert(1)</script>",
    '[anchor]: # "t0000\\"><script>alert(1)</script>"',
    "{{ ''.__class__.__mro__ }}{% include '/etc/passwd' %}",
    "{{ site|attr('__class__') }}",
    "{filename}/x {static}/x {attach}x {tag}x {index} |filename|x {author}x",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><script>alert(1)</script>",
    "\u2028alert(1)\u2029",
    '"});alert(1);Daybook.receive("x',
    "\u202e<script>alert(1)</script>\u202c",
    "//a.example/x",
    "\\\\a.example\\x",
    'https://a.example/" autofocus onfocus=alert(1) x="',
    "https://user:pass@a.example/",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "../../../../etc/passwd",
    "..\\..\\x",
    "CON",
    "x\0.md",
)

# Text that programs have taken for something else: values of other formats and languages, commands, names of devices,
# patterns, and numbers beyond the usual range.
MISTAKEN = (
    *("undefined", "null", "None", "NIL", "true", "False", "NaN", "-Infinity", "0x1F", "1e400", "-0", "1,000.00", "٤٢"),
    *(
        "1/0",
        "0..1",
        "1;2",
        "=1+1",
        "@SUM(1)",
        "+1",
        "-1",
        "%d%s%n",
        "%00",
        "%0a%0d",
        "$HOME",
        "`id`",
        "$(id)",
        "; ls",
        "| id",
    ),
    *(
        "' OR 1=1 --",
        "1'; DROP TABLE days; --",
        '" OR ""="',
        "NUL",
        "COM1",
        "LPT1.md",
        "con.",
        ".",
        "..",
        "~",
        "-rf",
        "--help",
    ),
    *(
        "(a+)+$",
        "^(?:.*)*$",
        "[",
        "*",
        "?",
        "(?i)",
        "\\d",
        "\\Q",
        "<!DOCTYPE x [<!ENTITY y 'z'>]>",
        "<![CDATA[x]]>",
        "&y;",
    ),
    *(
        "{}",
        "[]",
        "{0}",
        "{0.__class__}",
        "${7*7}",
        "#{7*7}",
        "<%= 7*7 %>",
        "%{7*7}",
        "{{7*7}}",
        "@(7*7)",
        "\\u0041",
        "&#x41;",
    ),
)


@cache
def one_of_each_kind() -> tuple[str, ...]:
    """Return a short text for each category, direction and width that characters have together, in a fixed order.

    So every kind of character occurs: letters of both directions, digits, marks, spaces, controls, private use,
    surrogates and unassigned code points. The characters depend on Python's version of Unicode.
    """
    seen: dict[tuple[str, str, str], str] = {}
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        kind = (unicodedata.category(char), unicodedata.bidirectional(char), unicodedata.east_asian_width(char))
        if kind not in seen:
            seen[kind] = f"a{char}b {char * 3} {char}"
    return tuple(seen.values())


_MORE = (
    *("\0", "\ud800", "\udfff", "\ufdd0", "\ufffe", "\x1b[31m", "\x7f", "\x85", "\x9f", "\u2066", "\u2069"),
    *("\u200e", "\u200f", "\ufeff", "\u0301", "\u1100\u1161", "\U0001f469\u200d\U0001f692", "\U000e0041"),
    *("!!python/object:os.system", "&anchor *anchor", "? key\n: value", "%YAML 1.2", "key: [a, b", "'''", '"""'),
    *("{% raw %}", "{# c #}", "{{", "}}", "${7*7}", "<%= 7*7 %>", "#{7*7}", "{attach}x", "{tag}x", "|static|x"),
    *("\r", "\r\n", "\t", "\f", "\x0b", "  \n", "\\\n", "===", "***", "+ ", "~~~", "\\[", "\\", "&#0;", "&nbsp;"),
    *("]: # ", "(((", "[[[", "***", "___", "<a@b.example>", "<http://a.example>", "://", "\n---\n", "\n## 10:00 x\n"),
)


@cache
def attacks() -> tuple[str, ...]:
    """Return all attack strings, each once, always in the same order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # brs_kb calls datetime.utcnow
        published = [str(payload["payload"]) for payload in brs_kb.get_all_payloads().values()]
    return tuple(dict.fromkeys(text for text in (*OWN, *published, *MISTAKEN, *one_of_each_kind()) if text))


def texts(count: int, seed: int = 1) -> Iterator[str]:
    """Yield `count` strings of hostile pieces; the same seed gives the same strings."""
    rng = random.Random(seed)
    pieces = [*PIECES, *_MORE]
    for _ in range(count):
        text = "".join(rng.choices(pieces, k=rng.randint(1, 12)))
        yield json.loads(json.dumps(text))  # joins adjacent surrogates to one character
