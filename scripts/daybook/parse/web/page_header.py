"""Read what surrounds the posts of a page: its header, captions, boxes, and unrelated blocks."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile, zip_longest

from bs4 import BeautifulSoup, Tag
from msgspec.structs import replace

from daybook.core.model import Caption
from daybook.parse.base.decode import TextLine, one_line
from daybook.parse.base.page import ClassifiedLine, LineRole, PrintedDate
from daybook.parse.text.classify import LineClass, parse_caption
from daybook.parse.text.sections import PageHeader, read_page_header
from daybook.parse.time.dates import dates_with_year
from daybook.parse.time.header_dates import stated_date
from daybook.parse.time.instants import parse_machine_time
from daybook.parse.time.names import with_ascii_digits
from daybook.parse.web.blocks import Block
from daybook.parse.web.dom import (
    HEADING_TAGS,
    MEDIA,
    MEDIA_ADDRESS,
    MEDIA_KIND,
    MEDIA_TEXT,
    PAGE_TAGS,
    attribute_text,
    contains_tag,
)
from daybook.parse.web.media import media_line

_PARAGRAPH_TAGS = HEADING_TAGS | {"p", "li", "blockquote", "dd", "dt", "pre", "td"}
_BOX_TAGS = frozenset({"div", "section", "aside", "ul"})
_HEADER_BLOCKS = 40  # below the title that are searched for the date of the page
_MAIN_TAGS = frozenset({"main", "article"})
_BLOCKS_ABOVE_TITLE = 3
_NO_LINE = 0  # the number of a title that is in no visible block
_CREDIT_CLASS = re.compile(r"(?:^|[\s_-])(?:credit|credits|author|source|copyright|photographer|agency)(?:$|[\s_-])")
_NUMBERS_OF_DATE = re.compile(r"(?<![\d/.-])(?P<one>\d{1,2})[/.-](?P<other>\d{1,2})[/.-](?P<year>20\d\d)(?!\d)")
_LABELLED_CREDIT = re.compile(
    r"[(\[]?\s?(?:(?:Photo|Photograph|Image|Picture|Foto|Bild|Video)s?(?: credit)?(?::|\sby)\s?|©\s?)?"
    r"(?P<credit>.+?)\s?[)\]]?"
)


def read_header_blocks(blocks: Sequence[Block], title: str) -> PageHeader:
    """Read the blocks above the first post. Only paragraphs below the title belong to the lede.

    `title` is the title in the page's metadata, for pages that show no ``<h1>``.
    """
    titles = (block.element.name == "h1" or (block.is_heading and block.element.find_parent("h1")) for block in blocks)
    start = next((index for index, is_title in enumerate(titles) if is_title), None)
    lines = list(classify_other_blocks(blocks[: start or 0], "above the title"))
    header_lines: list[LineClass] = []
    if start is None:
        header_lines.append(LineClass(line=TextLine(_NO_LINE, _NO_LINE, title or "-", "heading")))
    for block in blocks[start or 0 :]:
        line_class = block.lines[0]
        is_paragraph = block.element.name in _PARAGRAPH_TAGS or (block.containers and block.element.name != "th")
        is_paragraph = is_paragraph and not line_class.stamp
        is_understood = is_paragraph or line_class.date or line_class.rule or line_class.caption
        is_in_region = block.region and not (line_class.date and block.region == "byline")
        if is_in_region or block.figure or not is_understood:
            lines += classify_other_blocks([block], "between title and posts")
        else:
            header_lines += block.lines
    header = read_page_header(tuple(header_lines))
    lines += [line for line in header.lines if line.number != _NO_LINE]
    date = header.header_date if header.date else _date_beside_words(blocks[start or 0 :]) or header.header_date
    if start and not (date or header.date):
        date = _date_above_title(blocks[:start], blocks[start].element)
    date = date or (None if header.date else _confirmed_date(blocks, start or 0))
    if date:
        understood = {"role": LineRole.DATE, "reason": ""}
        lines = [
            replace(line, **understood) if line.number == date.line and line.role is LineRole.NOT_UNDERSTOOD else line
            for line in lines
        ]
    return replace(header, lines=tuple(lines), header_date=date)


def _date_beside_words(blocks: Sequence[Block]) -> PrintedDate | None:
    """Return the date in the first line between title and posts that states one; None if there is none."""
    for block in blocks[:_HEADER_BLOCKS]:
        if block.region in ("", "byline") and not block.figure:
            for each in block.lines:
                date = stated_date(each.line.text)
                if date:
                    return replace(date, line=each.line.number)
    return None


def _date_above_title(above: Sequence[Block], title: Tag) -> PrintedDate | None:
    """Return the date in a line just above the title, in the same main element; None if there is none.

    Elsewhere above the title a page prints the day on which it is read.
    """
    main = next((tag for tag in title.parents if tag.name in _MAIN_TAGS), None)
    for block in above[: -_BLOCKS_ABOVE_TITLE - 1 : -1]:
        if main is not None and block.region in ("", "byline") and any(tag is main for tag in block.element.parents):
            date = stated_date(block.text)
            if date:
                return replace(date, line=block.number)
    return None


def _confirmed_date(blocks: Sequence[Block], start: int) -> PrintedDate | None:
    """Return the date in a header line such as "Updated on 05/10/2031" if something tells which number is the month.

    It is a machine-readable time in the same line, or else a date with words above the title, which alone may be the
    day on which the page is read. `start` is the index of the title.
    """
    above = [date for block in blocks[:start] for _, date in dates_with_year(with_ascii_digits(block.text))]
    for block in blocks[start : start + _HEADER_BLOCKS]:
        if block.region not in ("", "byline") or block.figure:
            continue
        tags = [
            block.element,
            *(tag for node in block.nodes if isinstance(node, Tag) for tag in (node, *node.descendants)),
        ]
        times = [parse_machine_time(attribute_text(tag, "datetime")) for tag in tags if isinstance(tag, Tag)]
        stated = [date for time in times if time and (date := time.printed_date(block.number))]
        for day in map(_NUMBERS_OF_DATE.search, (with_ascii_digits(each.line.text) for each in block.lines)):
            numbers = day and ({int(day["one"]), int(day["other"])}, int(day["year"]))
            for date in (*stated, *above) if numbers else ():
                if ({date.day, date.month}, date.year) == numbers:
                    return replace(date, line=block.number)
    return None


def head_title(tree: BeautifulSoup) -> str:
    """Return the title in the ``<head>`` of a page; "" without one.

    ``og:title`` is preferred to ``<title>``, which often ends with the name of the outlet.
    """
    meta = (tree.head or tree).select_one('meta[property="og:title"], meta[name="twitter:title"]')
    title = tree.title.get_text() if tree.title else ""
    return one_line(str(meta.get("content") or "") if meta else title)


def classify_other_blocks(blocks: Iterable[Block], reason: str) -> Iterator[ClassifiedLine]:
    """Yield the role of each line that belongs to no post; `reason` is for lines that are not understood."""
    for block in blocks:
        only_links = all(node.name == "a" if isinstance(node, Tag) else not str(node).strip() for node in block.nodes)
        for line_class in block.lines:
            if block.figure and block.region in ("", "byline"):
                yield line_class.with_role(LineRole.CAPTION)
            elif block.region:
                yield line_class.with_role(LineRole.BOILERPLATE, block.region)
            elif line_class.rule:
                yield line_class.with_role(LineRole.BOILERPLATE, line_class.rule.name)
            elif only_links or block.element.name == "a":
                yield line_class.with_role(LineRole.BOILERPLATE, "link")
            elif line_class.date:
                yield line_class.with_role(LineRole.DATE)
            elif block.element.name == "th":
                yield line_class.with_role(LineRole.BOILERPLATE, "head of a column")
            else:
                yield line_class.with_role(LineRole.NOT_UNDERSTOOD, reason)


def mark_boxes(blocks: Sequence[Block], posts: Sequence[Tag]) -> tuple[Block, ...]:
    """Set the region of the blocks in a box with a known heading, such as "Key events", to the name of its rule.

    A box never contains a post or the title of the page.
    """
    excluded = {id(parent) for post in posts for parent in post.self_and_parents}
    boxes: dict[int, tuple[int, str]] = {}  # number of the heading and name of the rule, by id of the box
    for block in blocks:
        rule = block.lines[0].rule
        if not (block.is_heading and rule and rule.effect in ("box", "end")):
            continue
        box = _box_around(block.element)
        if id(box) in boxes or (id(box) not in excluded and box.name in _BOX_TAGS and not contains_tag(box, PAGE_TAGS)):
            boxes[id(box)] = (block.number, rule.name)
        else:
            excluded.add(id(box))
    found = []
    for block in blocks:
        around = [boxes[id(tag)] for tag in block.element.self_and_parents if id(tag) in boxes] if boxes else []
        found.append(replace(block, region=max(around)[1]) if around and not block.region else block)
    return tuple(found)


def _box_around(heading: Tag) -> Tag:
    """Return the smallest element that contains more text than a heading.

    The strings are compared lazily: the first string outside the heading ends the comparison.
    """
    box = heading
    while box.parent is not None and all(
        one == other for one, other in zip_longest(box.parent.stripped_strings, box.stripped_strings)
    ):
        box = box.parent
    return box.parent or box


def figure_captions(blocks: Iterable[Block]) -> tuple[Caption, ...]:
    """Return the captions of all figures among the blocks, each once."""
    return tuple(dict.fromkeys(filter(None, map(_figure_caption, _figures(blocks)))))


def _figures(blocks: Iterable[Block]) -> Iterable[list[Block]]:
    """Return the blocks of each caption."""
    figures: dict[int, list[Block]] = {}
    for block in blocks:
        if block.figure is not None and block.region in ("", "byline"):
            figures.setdefault(id(block.figure), []).append(block)
    return figures.values()


def caption_lines(blocks: Iterable[Block]) -> dict[int, Block]:
    """Return the line that each figure leaves in the text of its post, by the number of the first block of its caption.

    The line is ``Picture: The gap, seen from the mole. (Coast Pictures)``, a link to the picture.
    """
    lines = {}
    for own in _figures(blocks):
        caption = _figure_caption(own)
        around = [*own[0].nodes, *own[0].element.self_and_parents]
        marked = next((tag for tag in around if isinstance(tag, Tag) and MEDIA_KIND in tag.attrs), None)
        if caption is None:  # only a credit: the description of the picture is before it
            caption = Caption(
                text=attribute_text(marked, MEDIA_TEXT) if marked else "",
                credit=_without_label(one_line(" ".join(block.text for block in own))),
            )
        credit = f"({caption.credit})" if caption.credit else ""
        text = " ".join(filter(None, (caption.text, credit)))
        kind = attribute_text(marked, MEDIA_KIND) if marked else ""
        line = media_line(kind, text, attribute_text(marked, MEDIA_ADDRESS) if marked else "")
        lines[own[0].number] = Block(
            number=own[0].number,
            text=line.get_text(),
            lines=(),
            element=line,
            nodes=tuple(line.contents),
            region=MEDIA,
        )
    return lines


def _figure_caption(blocks: Sequence[Block]) -> Caption | None:
    """Read the blocks of one caption; None if they contain only a credit."""
    texts: dict[bool, list[str]] = {True: [], False: []}  # by whether they are credits
    for block in blocks:
        texts[_is_credit(block)].append(block.text)
    text, credit = one_line(" ".join(texts[False])), one_line(" ".join(texts[True]))
    if not text:
        return None
    if not texts[True]:
        tags = [node for node in blocks[-1].nodes if isinstance(node, Tag)]
        credit = one_line(tags[-1].get_text()) if tags and _is_credit_tag(tags[-1]) else ""
        if not credit or text == credit or not text.endswith(credit):
            return parse_caption(text) or Caption(text=text)
        text = text.removesuffix(credit).rstrip(" /|")
    return Caption(text=text, credit=_without_label(credit))


def _without_label(credit: str) -> str:
    """Return a credit without "Photo:" and brackets."""
    match = _LABELLED_CREDIT.fullmatch(credit)
    return match["credit"] if match else credit


def _is_credit(block: Block) -> bool:
    rules = [each.rule.name for each in block.lines if each.rule]
    if len(rules) == len(block.lines) and all(name in ("credit-alone", "agency-credit") for name in rules):
        return True
    around = takewhile(lambda tag: tag.name not in ("figcaption", "figure"), (block.element, *block.element.parents))
    if any(map(_is_credit_tag, around)):
        return True
    tags = [node for node in block.nodes if isinstance(node, Tag)]
    return len(tags) == 1 and _is_credit_tag(tags[0]) and one_line(tags[0].get_text()) == one_line(block.text)


def _is_credit_tag(tag: Tag) -> bool:
    names = f"{attribute_text(tag, 'class')} {attribute_text(tag, 'itemprop')}".lower()
    return tag.name in ("cite", "small") or _CREDIT_CLASS.search(names) is not None
