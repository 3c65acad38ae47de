"""Convert HTML nodes, and the body of a post, to Markdown.

The result is checked: a body becomes Markdown only if its Markdown, shown as plain text, has exactly the characters
that the HTML shows, white space aside. Otherwise emphasis is dropped, then links, and so on to all formatting. What is
dropped is named (`PostBody.lost`).

Tables of data become tables, preformatted text becomes blocks of code, and a definition list paragraphs ``Term: …``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement
from msgspec import Struct

from daybook.core.errors import ArchiveError
from daybook.core.markdown import is_allowed_link, markdown_from_text, not_markdown, plain_text
from daybook.parse.base.decode import clean_characters
from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import (
    BLOCK_TAGS,
    HEADING_TAGS,
    HTML_SPACES,
    LINE_BREAK,
    MEDIA,
    MEDIA_ADDRESS,
    MEDIA_KIND,
    MEDIA_MARK,
    SIMPLIFY,
    attribute_text,
    contains_tag,
    is_hidden,
    is_weak,
    iter_tags,
    read_tree,
    resolve_links,
    visible_strings,
)
from daybook.parse.web.media import describe_media, media_line
from daybook.parse.web.quotations import mark_quotations

_MAX_DEPTH = 100  # levels of nested elements

# Elements that a plain paragraph cannot express.
_FORMATTING_TAGS = HEADING_TAGS | {
    *("a", "b", "strong", "em", "i", "ul", "ol", "blockquote", "br", "pre", "table", "dl", "del", "s", "strike", "ins"),
    *("u", "mark"),
}
_EMPHASIS = {"em": "*", "i": "*", "strong": "**", "b": "**"}
_STRIKE_TAGS = frozenset({"del", "s", "strike"})
_STRIKE = "~~"
# What is written as Markdown, in the order in which it is given up, and how a person is told.
_SYNTAX = ("emphasis", "links", "tables", "strikes")
_LOST = {
    "emphasis": "bold and italics are not kept",
    "links": "its links are not kept",
    "tables": "a table is stored as paragraphs",
    "strikes": "struck-out text is not marked as struck out",
}
_INSERTED = "inserted text is not marked as inserted"
_BARE_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"“”«»]+")
_AFTER_ADDRESS = ".,;:!?'’”)]»…"  # ends the sentence, not the address
_NOT_IN_CELL_TAGS = HEADING_TAGS | {
    "table",
    "ul",
    "ol",
    "blockquote",
    "pre",
    "dl",
    "figure",
    "article",
    "section",
    "hr",
}
_MAX_CELLS = 5_000
_MAX_CELL_LENGTH = 400  # characters; a longer one is text in a table of layout
_MAX_SPAN = 50  # columns or rows
_AROUND_PICTURE = frozenset({"figure", "div", "picture", "a"})
_MAX_LIST_START = 999_999_999
_FENCE = "```"
_ENTRY_HEADING = re.compile(r"^##(?:[ \t]|$)", re.MULTILINE)  # begins an entry in a day file
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[!-;=?-~]+")
_SPECIAL_CHARACTER = re.compile(r"([\\`*_\[\]<>&#!~|])")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SPACES = re.compile(r" {2,}")
_BLOCK_START = re.compile(r"^(\d{0,9})([-+=:.)])")  # would begin a list, a heading or a definition


class PostBody(Struct, frozen=True, kw_only=True):
    """The text of a post.

    Attributes:
        paragraphs: Its paragraphs as plain text.
        markdown: The same text as Markdown; "" if the paragraphs say as much.
        plain_text_reason: Why the formatting was dropped; "" if it was not.
        lost: What the Markdown does not express, a sentence each.
    """

    paragraphs: tuple[str, ...] = ()
    markdown: str = ""
    plain_text_reason: str = ""
    lost: tuple[str, ...] = ()


_BodyPart = tuple[Block, str]  # a block and its text in a body: all of it, or what follows a time or headline


def count_container_blocks(blocks: Iterable[Block]) -> Mapping[int, int]:
    """Return the number of blocks in each list and quotation of a page, by the id of its element."""
    return Counter(id(container) for block in blocks if not is_weak(block.element) for container in block.containers)


def body_from_lines(lines: Iterable[tuple[Block, str]], container_sizes: Mapping[int, int]) -> PostBody:
    """Return the body of a post with its links, lists, quotations and emphasis.

    Args:
        lines: The lines of the body, each with its block.
        container_sizes: The result of `count_container_blocks`: a list becomes a list only if all of
            it belongs to the post.
    """
    groups = groupby(lines, key=lambda line: line[0])
    parts = _below_first_paragraph([(block, "\n".join(text for _, text in own)) for block, own in groups])
    paragraphs: list[str] = []
    for (block, text), (above, _) in zip(parts, [(None, ""), *parts], strict=False):
        if _follows_text(block, above):
            paragraphs[-1] += f"\n{text}"
        else:
            paragraphs.append(text)
    if not any(_has_formatting(block) for block, _ in parts):
        return PostBody(paragraphs=tuple(paragraphs))
    try:
        markdown, lost = _nodes_to_markdown(list(_node_runs(parts, container_sizes)))
    except ArchiveError as error:
        return PostBody(paragraphs=tuple(paragraphs), plain_text_reason=error.reason)
    markdown = clean_characters(markdown)
    has_link = "](<" in markdown  # no plain text can equal it, so the slow comparison is not needed
    same = not has_link and markdown == markdown_from_text("\n\n".join(paragraphs))
    return PostBody(paragraphs=tuple(paragraphs), markdown="" if same else markdown, lost=lost)


def body_from_html(html: str, url: str = "") -> PostBody:
    """Return the body that is given as HTML or plain text, for example in JSON-LD.

    `url` is the address of the page, to which links are relative.
    """
    if "<" not in html:
        texts = (paragraph.strip() for paragraph in re.split(r"\n\s*\n", clean_characters(html)))
        return PostBody(paragraphs=tuple(text for text in texts if text))
    tree = _read_body(clean_characters(html), url)
    try:
        markdown, lost = _nodes_to_markdown([tree.contents])
    except ArchiveError as error:
        text = " ".join(tree.get_text(" ").split())
        return PostBody(paragraphs=(text,) if text else (), plain_text_reason=error.reason)
    text = tree.get_text().strip()
    same = markdown == markdown_from_text(text)
    return PostBody(paragraphs=(text,) if same and text else (), markdown="" if same else markdown, lost=lost)


def _read_body(html: str, url: str) -> BeautifulSoup:
    tree = read_tree(html)
    resolve_links(tree, url)
    mark_quotations(tree)
    describe_media(tree, url)
    _place_media(tree)
    for definitions in list(iter_tags(tree, {"dl"})):
        definitions.replace_with(*_definition_paragraphs(definitions))
    return tree


def _place_media(tree: BeautifulSoup) -> None:
    """Make captions the lines of their pictures, and each line of a picture the last line of the paragraph above it."""
    for caption in [each for each in iter_tags(tree, BLOCK_TAGS | {"span"}) if MEDIA_KIND in each.attrs]:
        text = " ".join(caption.get_text(" ").split())
        caption.replace_with(
            media_line(attribute_text(caption, MEDIA_KIND), text, attribute_text(caption, MEDIA_ADDRESS))
        )
    lines = [each for each in iter_tags(tree, {"p"}) if MEDIA_MARK in each.attrs]
    has_text = any(
        not any(is_hidden(parent) for parent in string.parents)
        for string in tree.find_all(string=True)
        if type(string) is NavigableString and string.strip()
    )
    for line in lines:
        if is_weak(line) and not has_text:
            line[MEDIA_MARK] = ""
        if is_weak(line):
            continue
        beside = _element_beside(line, above=True) or _element_beside(line, above=False)
        if beside is not None and beside.name == "p":
            beside.extend([Tag(name="br"), *list(line.contents)])
            line.decompose()


def _element_beside(line: Tag, *, above: bool) -> Tag | None:
    """Return the element above or below the line of a picture, or above or below the figure that it is in."""
    around: Tag | None = line
    while around is not None:
        siblings = list(around.previous_siblings if above else around.next_siblings)
        if any(isinstance(each, NavigableString) and each.strip() for each in siblings):
            return None
        found = next((each for each in siblings if isinstance(each, Tag) and each.get_text(strip=True)), None)
        if found is not None or around.parent is None or around.parent.name not in _AROUND_PICTURE:
            return found
        around = around.parent
    return None


def escape_html(text: str) -> str:
    """Escape text for HTML, in an attribute, too."""
    return escape(text)


def html_from_text(text: str) -> str:
    """Return plain text as HTML: blank lines separate paragraphs, other line ends are kept."""
    paragraphs = re.split(r"\n[ \t]*\n\s*", text.replace("\r\n", "\n").strip())
    return "".join(
        f"<p>{'<br>'.join(map(escape, paragraph.split(chr(10))))}</p>" for paragraph in paragraphs if paragraph
    )


def text_of_html(html: str) -> str:
    """Return the text of a fragment of HTML, such as a headline."""
    return clean_characters(read_tree(f"<p>{html}</p>").get_text() if "<" in html or "&" in html else html)


def _has_formatting(block: Block) -> bool:
    if block.embed_url or block.containers or block.is_heading or "\n" in block.text or "://" in block.text:
        return True
    tags = (node for node in block.nodes if isinstance(node, Tag))
    return any(tag.name in _FORMATTING_TAGS or contains_tag(tag, _FORMATTING_TAGS) for tag in tags)


def _below_first_paragraph(parts: list[_BodyPart]) -> list[_BodyPart]:
    """Move the lines of pictures that a post begins with below its first paragraph: the text is what it begins with."""
    first = next((index for index, (block, _) in enumerate(parts) if block.region != MEDIA), 0)
    media = parts[:first]
    if not media or parts[first][0].containers or not all(_follows_text(block, parts[first][0]) for block, _ in media):
        return parts
    return [parts[first], *media, *parts[first + 1 :]]


def _follows_text(block: Block, above: Block | None) -> bool:
    """Return whether a block is the line of a picture below a paragraph: it becomes the last line of the paragraph."""
    is_paragraph = above is not None and not (above.containers or above.is_heading or above.embed_url)
    return block.region == MEDIA and not block.containers and is_paragraph


def _node_runs(parts: Sequence[_BodyPart], container_sizes: Mapping[int, int]) -> Iterator[Sequence[PageElement]]:
    """Yield the nodes of each paragraph, and once each list or quotation that belongs to the post as a whole."""
    own_sizes = count_container_blocks(block for block, _ in parts)
    done: set[int] = set()
    run: Sequence[PageElement] = ()
    above: Block | None = None
    for block, text in parts:
        if _follows_text(block, above):
            run = [*run, Tag(name="br"), *block.nodes]
            continue
        if run:
            yield run
        run, above = (), block
        whole = [tag for tag in block.containers if own_sizes[id(tag)] == container_sizes[id(tag)]]
        if text != block.text:
            run = _part_of_block(block, text)
        elif whole:
            if id(whole[0]) not in done:
                run = _definition_paragraphs(whole[0]) if whole[0].name == "dl" else whole[:1]
            done.add(id(whole[0]))
        elif block.embed_url:
            link = f'<a href="{escape(block.embed_url)}">{escape(_embed_label(block.embed_url))}</a>'
            run = read_tree(f"<blockquote><p>{link}</p></blockquote>").contents
        elif block.is_heading and block.element.name in HEADING_TAGS:
            heading = Tag(name=block.element.name)
            heading.extend([copy(node) for node in block.nodes])
            run = [heading]
        else:
            run = block.nodes
    if run:
        yield run


def _part_of_block(block: Block, text: str) -> Sequence[PageElement]:
    """Return a copy of the nodes of a block with only some of its lines, or without the time that it begins with.

    `text` is what is kept. White space does not count in the search for it.
    """
    html = "".join(
        str(node) if isinstance(node, Tag) else escape(str(node), quote=False)
        for node in block.nodes
        if isinstance(node, Tag) or type(node) is NavigableString
    )
    tree = BeautifulSoup(f"<p>{html}</p>", "lxml")
    kept = _places(
        _without_spaces(block.text),
        [_without_spaces(line) for line in text.split("\n")],
        is_one_line="\n" not in block.text,
    )
    place = 0  # of a character, without white space
    for string in list(tree.find_all(string=True)):
        if type(string) is not NavigableString or any(is_hidden(parent) for parent in string.parents):
            continue
        characters = []
        for character in string:
            if any(start <= place < end for start, end in kept):
                characters.append(character)
            place += not character.isspace()
        string.replace_with("".join(characters))
    return tree.contents


def _places(text: str, parts: Sequence[str], *, is_one_line: bool) -> list[tuple[int, int]]:
    """Return where parts of a text occur in it, one after the other; neighbours are joined. [] if one is missing.

    The part of a text of one line is its end.
    """
    found: list[tuple[int, int]] = []
    position = 0
    for part in parts:
        start = len(text) - len(part) if is_one_line and text.endswith(part) else text.find(part, position)
        if start < position:
            return []
        position = start + len(part)
        found = (
            [*found[:-1], (found[-1][0], position)] if found and found[-1][1] == start else [*found, (start, position)]
        )
    return found


def _embed_label(url: str) -> str:
    """Return the author of an embedded post as ``@name``, or the address if it does not name the author."""
    parts = urlsplit(url).path.strip("/").split("/")
    return f"@{parts[0].lstrip('@')}" if len(parts) > 2 and parts[1] in ("status", "video") else url


def html_to_markdown(html: str) -> str:
    """Convert a fragment of HTML; raises ArchiveError if it has no exact Markdown form."""
    return _nodes_to_markdown([_read_body(html, "").contents])[0]


def _nodes_to_markdown(runs: Sequence[Sequence[PageElement]]) -> tuple[str, tuple[str, ...]]:
    """Convert runs of sibling nodes, which are not modified; return the Markdown and what it does not express.

    Raises ArchiveError if they have no exact Markdown form.
    """
    visible = _without_spaces("".join(text for run in runs for text in visible_strings(run) if text != LINE_BREAK))
    for given_up in range(len(_SYNTAX) + 1):
        syntax = frozenset(_SYNTAX[given_up:])
        markdown = "\n\n".join(block for run in runs for block in _convert_blocks(run, syntax, 0))
        if _without_spaces(plain_text(markdown)) == visible:
            return markdown, tuple(_lost_meaning(runs, syntax))
    raise not_markdown(visible, "supply it as `text`, or report a bug")


def _lost_meaning(runs: Sequence[Sequence[PageElement]], syntax: frozenset[str]) -> Iterator[str]:
    """Yield what the Markdown of some nodes does not express, a sentence each."""
    tags = [
        tag for run in runs for node in run if isinstance(node, Tag) for tag in (node, *iter_tags(node, _TELLING_TAGS))
    ]
    names = {tag.name for tag in tags}
    present = {
        "emphasis": bool(names & _EMPHASIS.keys()),
        "links": "a" in names,
        "tables": "table" in names,
        "strikes": bool(names & _STRIKE_TAGS),
    }
    yield from (_LOST[name] for name in _SYNTAX if present[name] and name not in syntax)
    if "tables" in syntax and any(tag.name == "table" and _is_data(tag) and not _rows(tag) for tag in tags):
        yield _LOST["tables"]
    if "ins" in names and not names & _STRIKE_TAGS:
        yield _INSERTED
    if names & _STYLED_TAGS:
        yield "underlined and highlighted text is not marked as such"
    addresses = [str(tag.get("href") or "").strip() for tag in tags if tag.name == "a"]
    schemes = (match[1].lower() for match in map(_SCHEME.match, addresses) if match)
    lost = {scheme for scheme in schemes if scheme not in ("http", "https", "mailto", "javascript")}
    yield from (f"links to {scheme}: are not kept" for scheme in sorted(lost))
    if any(address and address[0] != "#" and not _SCHEME.match(address) for address in addresses):
        yield "relative links are not kept; set URL= to the page's address"


_STYLED_TAGS = frozenset({"u", "mark"})
_TELLING_TAGS = {*_EMPHASIS, *_STRIKE_TAGS, *_STYLED_TAGS, "a", "table", "ins"}


def _convert_blocks(nodes: Iterable[PageElement], syntax: frozenset[str], depth: int) -> Iterator[str]:
    """Yield the Markdown blocks of some nodes; inline nodes between block elements form a paragraph."""
    if depth > _MAX_DEPTH:
        raise ArchiveError(f"the HTML is nested more than {_MAX_DEPTH} tags deep; {SIMPLIFY}")
    run: list[str] = []
    for child in nodes:
        if isinstance(child, Tag) and is_hidden(child):
            continue
        if isinstance(child, Tag) and (child.name in BLOCK_TAGS or contains_tag(child, BLOCK_TAGS)):
            yield from _paragraph(run)
            run = []
            yield from _convert_block(child, syntax, depth + 1)
        else:
            run.append(_convert_inline(child, syntax, depth))
    yield from _paragraph(run)


def _convert_block(tag: Tag, syntax: frozenset[str], depth: int) -> Iterator[str]:
    if tag.name in ("ul", "ol"):
        rows = (item for item in tag.contents if isinstance(item, Tag) and item.name == "li" and not is_hidden(item))
        texts = filter(None, ("\n\n".join(_convert_blocks(row.contents, syntax, depth)) for row in rows))
        start = str(tag.get("start") or "")
        first = int(start) if start.isdecimal() and start.isascii() and int(start) <= _MAX_LIST_START - 5_000 else 1
        items = [(f"{number}. " if tag.name == "ol" else "- ", text) for number, text in enumerate(texts, first)]
        if items:
            yield "\n\n".join(_prefixed(text, marker, " " * len(marker)) for marker, text in items)
        return
    if tag.name == "pre":
        yield from _code(tag)
        return
    table_rows = _rows(tag) if tag.name == "table" and "tables" in syntax else []
    if table_rows:
        yield from _table(tag, table_rows, syntax, depth)
        return
    inner = list(_convert_blocks(tag.contents, syntax, depth))
    if tag.name == "hr":
        yield "***"
    elif tag.name == "blockquote" and inner:
        yield _prefixed("\n\n".join(inner), "> ", "> ")
    elif tag.name in HEADING_TAGS and inner:
        yield f"### {' '.join(inner)}"
    else:
        yield from inner


def _code(tag: Tag) -> Iterator[str]:
    """Yield preformatted text as a block of code."""
    text = clean_characters("".join(visible_strings(tag.contents))).replace(LINE_BREAK, "\n").strip("\r\n")
    text = "\n".join(row.rstrip() for row in text.splitlines())
    if not text.strip():
        return
    if _ENTRY_HEADING.search(text):
        yield "\n".join(f"    {row}".rstrip() for row in text.split("\n"))
    else:
        fence = _FENCE
        while fence in text:
            fence += "`"
        yield f"{fence}\n{text}\n{fence}"


def _is_data(table: Tag) -> bool:
    """Return whether a table holds data, not the layout of a page."""
    return table.get("role") not in ("presentation", "none") and len(list(iter_tags(table, {"tr"}))) > 1


def _rows(table: Tag) -> list[list[Tag | None]]:
    """Return the cells of a table of data by rows, None for a part of a merged cell; [] for another table."""
    if not _is_data(table) or contains_tag(table, _NOT_IN_CELL_TAGS):
        return []
    grid: list[list[Tag | None]] = []
    open_spans: dict[int, int] = {}  # rows that a merged cell still covers, by column
    for row in iter_tags(table, {"tr"}):
        cells: list[Tag | None] = []
        for cell in (
            each for each in row.contents if isinstance(each, Tag) and each.name in ("td", "th") and not is_hidden(each)
        ):
            while open_spans.get(len(cells)):
                open_spans[len(cells)] -= 1
                cells.append(None)
            if len(cell.get_text()) > _MAX_CELL_LENGTH:
                return []
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for column in range(len(cells), len(cells) + across):
                open_spans[column] = down - 1
            cells += [cell, *[None] * (across - 1)]
        if cells:
            grid.append(cells)
    width = max(map(len, grid), default=0)
    if len(grid) < 2 or width < 2 or len(grid) * width > _MAX_CELLS:
        return []
    return [[*cells, *[None] * (width - len(cells))] for cells in grid]


def _span(cell: Tag, name: str) -> int:
    text = str(cell.get(name) or "1")
    return min(int(text), _MAX_SPAN) if text.isdecimal() and text.isascii() and int(text) else 1


def _table(tag: Tag, rows: Sequence[Sequence[Tag | None]], syntax: frozenset[str], depth: int) -> Iterator[str]:
    """Yield a table in Markdown, below its caption; its first row is the header."""
    caption = next(iter_tags(tag, {"caption"}), None)
    if caption is not None:
        yield from _convert_blocks(caption.contents, syntax, depth)
    lines = []
    for number, cells in enumerate(rows):
        texts = [" ".join(_convert_blocks(cell.contents, syntax, depth)) if cell else "" for cell in cells]
        lines.append(f"| {' | '.join(' '.join(text.replace(chr(92) + chr(10), ' ').split()) for text in texts)} |")
        if number == 0:
            lines.append(f"|{' --- |' * len(cells)}")
    yield "\n".join(lines)


def _definition_paragraphs(definitions: Tag) -> list[PageElement]:
    """Return a definition list as paragraphs ``Term: …``; the list is not changed."""
    found: list[PageElement] = []
    terms: list[str] = []
    for item in iter_tags(definitions, {"dt", "dd"}):
        if item.find_parent("dl") is not definitions:
            continue
        # libxml2 puts an item whose end tag is missing around the next one.
        own = [node for node in item.contents if not (isinstance(node, Tag) and node.name in ("dt", "dd"))]
        inner = "".join(str(node) if isinstance(node, Tag) else escape(str(node), quote=False) for node in own).strip()
        if item.name == "dt":
            terms.append(inner)
            continue
        term = ", ".join(terms)
        terms = []
        tags = [node for node in own if isinstance(node, Tag)]
        has_blocks = any(tag.name in BLOCK_TAGS or contains_tag(tag, BLOCK_TAGS) for tag in tags)
        colon = "" if not term or _ends_with_colon(term) else ":"
        html = f"<p>{term}{colon}</p>{inner}" if term and has_blocks else f"<p>{term}{colon} {inner}</p>"
        found += BeautifulSoup(html, "lxml").body.contents  # type: ignore[union-attr]
    found += [node for term in terms for node in BeautifulSoup(f"<p>{term}</p>", "lxml").body.contents]  # type: ignore[union-attr]
    return found


def _ends_with_colon(html: str) -> bool:
    return BeautifulSoup(html, "lxml").get_text().rstrip().endswith(":")


def _text_to_markdown(text: str, syntax: frozenset[str], inside_link: bool) -> str:
    """Escape text, and make the addresses in it links unless it is inside one."""
    text = HTML_SPACES.sub(" ", text)
    if inside_link or "links" not in syntax or "://" not in text:
        return _SPECIAL_CHARACTER.sub(r"\\\1", text)
    parts: list[str] = []
    end = 0
    for match in _BARE_ADDRESS.finditer(text):
        address = match[0].rstrip(_AFTER_ADDRESS)
        if match[0][len(address) :].startswith(")") and "(" in address:
            address += ")"
        escaped = _SPECIAL_CHARACTER.sub(r"\\\1", text[end : match.start()])
        label = _SPECIAL_CHARACTER.sub(r"\\\1", address)
        fits = _SAFE_LINK.fullmatch(address) and is_allowed_link(address)
        parts += [escaped, f"[{label}](<{address}>)" if fits else label]
        end = match.start() + len(address)
    return "".join([*parts, _SPECIAL_CHARACTER.sub(r"\\\1", text[end:])])


def _convert_inline(node: object, syntax: frozenset[str], depth: int, inside_link: bool = False) -> str:
    if type(node) is NavigableString:
        return _text_to_markdown(node, syntax, inside_link)
    if not isinstance(node, Tag) or is_hidden(node):
        return ""
    if node.name == "br":
        return "\\\n"
    if depth > _MAX_DEPTH:
        raise ArchiveError(f"the HTML is nested more than {_MAX_DEPTH} tags deep; {SIMPLIFY}")
    inside_link = inside_link or node.name == "a"
    inner = "".join(_convert_inline(child, syntax, depth + 1, inside_link) for child in node.children)
    core = inner.strip(" ")
    if not core:
        return inner
    # Markdown allows no space directly inside the marks of a link or emphasis.
    head, tail = inner[: len(inner) - len(inner.lstrip(" "))], inner[len(inner.rstrip(" ")) :]
    address = str(node.get("href") or "").strip() if node.name == "a" else ""
    if address and "links" in syntax and _SAFE_LINK.fullmatch(address) and is_allowed_link(address):
        return f"{head}[{core}](<{address}>){tail}"
    mark = _EMPHASIS.get(node.name, "") if "emphasis" in syntax else ""
    if node.name in _STRIKE_TAGS and "strikes" in syntax and not any(tag.name in _STRIKE_TAGS for tag in node.parents):
        mark = _STRIKE
    return f"{head}{mark}{core}{mark}{tail}"


def _paragraph(run: list[str]) -> list[str]:
    # strip() also removes no-break spaces: at the edge of a line they are invisible, and day files do not keep them.
    rows = (_SPACES.sub(" ", row).strip() for row in "".join(run).split("\\\n"))
    paragraphs = (list(group) for is_text, group in groupby(rows, bool) if is_text)  # an empty row separates paragraphs
    return ["\\\n".join(_BLOCK_START.sub(r"\1\\\2", row) for row in paragraph) for paragraph in paragraphs]


def _prefixed(text: str, first: str, rest: str) -> str:
    """Return the text with `first` before its first line and `rest` before the others."""
    rows = text.split("\n")
    return "\n".join([first + rows[0], *((rest + row).rstrip() for row in rows[1:])])


def _without_spaces(text: str) -> str:
    return "".join(text.split())
