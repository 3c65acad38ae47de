"""Read the posts of the data in a page's scripts: of Next.js pages, and of models that a script assigns."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec.structs import replace

from daybook.parse.base.page import Doubt, Outline
from daybook.parse.readers.page_model import MIN_POSTS, PostList, find_post_list, outline_of_list
from daybook.parse.web.jsonld import MAX_BRACKETS

# A list that is a live blog by its name, also on a page that nothing else calls live
_LIVE_NAME = re.compile(r"live[_-]?(?:blog|feed|update|post|entr|ticker|coverage|stream)|ticker", re.IGNORECASE)
_SEARCHED_SCRIPT = 5_000_000  # characters in which times are looked for
_MOST_VALUES = 40  # that one script assigns
_TIME_IN_SCRIPT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:|[:\s\"]1\d{9}(?:\d{3})?[,\"}\s]")
_PUSH = "__next_f.push("
_PUSHED = re.compile(r"__next_f\.push\(\[1,\s{0,9}(\"(?:[^\"\\]|\\.)*\")\]\)")
_ROW = re.compile(rb"(?P<id>[0-9a-f]{1,8}):(?:T(?P<length>[0-9a-f]{1,8}),)?")
_NAMED_TEXT = re.compile(r"\"\$([0-9a-f]{1,8})\"")
_ASSIGNED = re.compile(r"[\w$\]\"']\s{0,3}=\s{0,9}(?:JSON\.parse\(\s{0,9}(?=\")|(?=[{\[]))")


def posts_in_scripts(scripts: Iterable[str], *, is_live: bool) -> Outline:
    """Return the posts of the data in a page's scripts, those of the longest text; an outline without posts if none.

    If nothing on the page calls it live (`is_live` is false), the name of the list must; this is a doubt, because it
    may be the live blog of another page.

    The data is a script that is JSON, or an object that a script assigns: ``window.__STATE__ = {…}``. A script that is
    neither is left alone.
    """
    best: PostList | None = None
    pushed: list[str] = []
    for script in scripts:
        if _PUSH in script:
            pushed += _PUSHED.findall(script)
            continue
        if not is_live and not _LIVE_NAME.search(script[:_SEARCHED_SCRIPT]):
            continue
        if len(_TIME_IN_SCRIPT.findall(script[:_SEARCHED_SCRIPT])) < MIN_POSTS:
            continue
        for value in _values_in(script):
            best = _longer(best, find_post_list(value), is_live)
    named = is_live or any(map(_LIVE_NAME.search, pushed))
    for value in _streamed_values(pushed) if named else ():
        best = _longer(best, find_post_list(value), is_live)
    if best is None:
        return Outline()
    outline = outline_of_list(best, "")
    if is_live:
        return outline
    text = (
        f"{len(outline.posts)} posts are read from {best.name!r} in the page's data, but nothing on it is called live"
    )
    return replace(outline, doubts=(*outline.doubts, Doubt(kind="rival", text=text)))


def _longer(best: PostList | None, found: PostList | None, is_live: bool) -> PostList | None:
    """Return the list of the longer text; `found` counts if the page or its name says that it is a live blog."""
    if found is None or not (is_live or _LIVE_NAME.search(found.name)):
        return best
    return found if best is None or found.length > best.length else best


def _streamed_values(pushed: Sequence[str]) -> Iterator[object]:
    """Yield the values that a Next.js page streams in parts: rows ``5:{…}``, and texts ``1f:T2a,…`` that rows name."""
    try:
        data = "".join(map(json.loads, pushed)).encode()
    except ValueError:
        return
    if data.count(b"{") + data.count(b"[") > MAX_BRACKETS:
        return
    rows: list[str] = []
    texts: dict[str, str] = {}
    position = 0
    while head := _ROW.match(data, position):
        if head["length"]:
            end = head.end() + int(head["length"], 16)
            texts[head["id"].decode()] = data[head.end() : end].decode(errors="replace")
        else:
            line_end = data.find(b"\n", head.end())
            end = line_end if line_end >= 0 else len(data)
            rows.append(data[head.end() : end].decode(errors="replace"))
        position = end + (data[end : end + 1] == b"\n")
    for row in rows:
        if row[:1] in ("[", "{") and len(_TIME_IN_SCRIPT.findall(row[:_SEARCHED_SCRIPT])) >= MIN_POSTS:
            named = _NAMED_TEXT.sub(lambda match: json.dumps(texts.get(match[1], f"${match[1]}")), row)
            try:
                yield json.loads(named)
            except (ValueError, RecursionError):
                continue


def _values_in(script: str) -> Iterator[object]:
    """Yield the JSON values of a script: the whole of it, or what it assigns."""
    if script.count("{") + script.count("[") > MAX_BRACKETS:
        return
    decoder = json.JSONDecoder()
    text = script.strip()
    starts = (
        [0] if text[:1] in ("{", "[") else [match.end() for match in islice(_ASSIGNED.finditer(text), _MOST_VALUES)]
    )
    position = -1
    for start in starts:
        if start < position:
            continue  # inside the value before
        try:
            value, position = decoder.raw_decode(text, start)
            yield json.loads(value) if isinstance(value, str) else value
        except (ValueError, RecursionError):
            continue
