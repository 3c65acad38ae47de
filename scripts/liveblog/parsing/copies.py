"""Posts that a page shows twice: the only place that takes a pinned post for the copy it is."""

from msgspec.structs import replace

from .likeness import words_of
from .page import Fate, Line, Note, Outline, Post


def without_copies(outline: Outline) -> Outline:
    """Keep each post once, where it stands in the flow; a copy is noted and accounted for.

    A copy has the id of a post below, or is the first post of the page and says what one below says,
    or is a mere headline of a box that repeats the time and headline of a post. A page that shows
    all its posts twice, for narrow and for wide windows, has the first of each.
    """
    copies = _second_half(outline.posts)
    below: dict[object, Post] = {}
    told = {_heading(post): post for post in outline.posts if _has_body(post)}
    for index, post in reversed(list(enumerate(outline.posts))) if not copies else ():
        original = below.get(post.id) if post.id else None
        if original is None and index == 0:
            original = below.get(_content(post))
        if original is None and post.headline and not _has_body(post):
            original = told.get(_heading(post))
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


def _second_half(posts: tuple[Post, ...]) -> dict[int, Post]:
    """Give the posts of a second half that says just what the first does, each with its like."""
    half = len(posts) // 2
    first, second = posts[:half], posts[half:]
    same = half > 1 and [_content(post) for post in first] == [_content(post) for post in second]
    return {post.line: like for post, like in zip(second, first, strict=True)} if same else {}


def _content(post: Post) -> tuple[object, ...]:
    stamp = post.stamp and (post.stamp.clock, post.stamp.zone)
    return (stamp, post.headline, post.paragraphs, post.markdown)


def _heading(post: Post) -> tuple[object, ...]:
    return (post.stamp and (post.stamp.clock, post.stamp.zone), words_of(post.headline))


def _has_body(post: Post) -> bool:
    return bool(post.paragraphs or post.markdown)


def _as_copy(line: Line) -> Line:
    return replace(line, fate=Fate.BOILERPLATE, why="copy of a post")
