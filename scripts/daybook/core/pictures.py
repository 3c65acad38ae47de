"""Pictures of the folder ``files`` in Markdown and HTML.

A picture is written ``![What it shows](files/gate.jpg "A caption")``, in days, topics and prose pages alike. Leading
``../`` do not count: with them, viewers of Markdown find the picture from the file that names it. Rendered, its
address is relative to the site's root; `place_pictures` makes it fit a page and adds width and height.
"""

import html
import re
from collections.abc import Mapping
from typing import Any

FILES_FOLDER = "files"  # in the content folder and on the site
_PICTURE = re.compile(
    r"!\[(?P<alt>(?:[^\[\]\\]|\\.){0,1000})\]"
    rf"\((?:\.\./){{0,9}}/?(?P<path>{FILES_FOLDER}/(?![A-Za-z0-9._/-]*\.\.)[A-Za-z0-9._/-]{{1,200}})"
    r'(?: "(?P<caption>(?:[^"\\]|\\.){0,1000})")?\)'
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")  # a backslash before ASCII punctuation, as in CommonMark
# What the renderer writes. In text every < is an entity, and in attributes every quote is.
_RENDERED = re.compile(rf'<img src="({FILES_FOLDER}/[^"]+)"')
_CAPTIONED = re.compile(rf'<p>(<img src="{FILES_FOLDER}/[^"]+" alt="[^"]*") title="([^"]*)">\s*</p>')


def picture_rule(state: Any, silent: bool) -> bool:
    """Read a picture at the position of an inline state of markdown-it-py."""
    match = _PICTURE.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push("picture", "img", 0)
        token.content = _ESCAPE.sub(r"\1", match["alt"]).strip()
        token.attrs = {"src": match["path"]}
        if match["caption"]:
            token.attrs["title"] = _ESCAPE.sub(r"\1", match["caption"])
    state.pos = match.end()
    return True


def render_picture(_renderer: Any, tokens: Any, position: int, _options: Any, _environment: Any) -> str:
    """Return the HTML of a picture, for the renderer of markdown-it-py."""
    token = tokens[position]
    attributes = {"src": token.attrs["src"], "alt": token.content, "title": token.attrs.get("title", "")}
    return "<img" + "".join(f' {name}="{html.escape(text)}"' for name, text in attributes.items() if text) + ">"


def with_captions(rendered: str) -> str:
    """Make a figure of each paragraph that is one picture with a caption."""
    return _CAPTIONED.sub(r"<figure>\1><figcaption>\2</figcaption></figure>", rendered)


def find_pictures(rendered: str) -> list[str]:
    """Return the paths of the pictures in HTML, ``files/gate.jpg``."""
    return _RENDERED.findall(rendered)


def place_pictures(page: str, root: str, sizes: Mapping[str, tuple[int, int]]) -> str:
    """Return a page whose pictures have addresses relative to it, width, height and lazy loading.

    `root` leads from the page to the site's root. `sizes` are pixels by path; a picture without one stays as it is.
    """

    def placed(match: re.Match[str]) -> str:
        width, height = sizes.get(match[1], (0, 0))
        size = f' width="{width}" height="{height}" loading="lazy"' if width else ""
        return f'<img src="{root}{match[1]}"{size}'

    return _RENDERED.sub(placed, page) if '<img src="files/' in page else page
