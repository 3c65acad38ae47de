"""Posts that a page shows twice: the only place that takes a pinned post for the copy it is."""

from msgspec.structs import replace

from .page import Fate, Line, Note, Outline, Post


def without_copies(outline: Outline) -> Outline:
    """Keep each post once, where it stands in the flow; the copy above is noted and accounted for.

    A copy has the id of a post below, or is the first post of the page and says what one below says.
    """
    copies: dict[int, Post] = {}
    below: dict[object, Post] = {}
    for index, post in reversed(list(enumerate(outline.posts))):
        original = below.get(post.id) if post.id else None
        if original is None and index == 0:
            original = below.get(_content(post))
        if original is not None:
            copies[post.line] = original
        for name in (post.id, _content(post)):
            below.setdefault(name, post)
    if not copies:
        return outline
    held = {number for post in outline.posts if post.line in copies for number in post.held}
    notes = (
        Note(line, f"a copy of the post at {outline.unit} {post.line}: kept once") for line, post in copies.items()
    )
    return replace(
        outline,
        posts=tuple(post for post in outline.posts if post.line not in copies),
        lines=tuple(_as_copy(line) if line.number in held else line for line in outline.lines),
        notes=(*outline.notes, *notes),
    )


def _content(post: Post) -> tuple[object, ...]:
    stamp = post.stamp and (post.stamp.clock, post.stamp.zone)
    return (stamp, post.headline, post.paragraphs, post.markdown)


def _as_copy(line: Line) -> Line:
    return replace(line, fate=Fate.BOILERPLATE, why="copy of a post below")
