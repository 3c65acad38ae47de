"""HTML pages → outlines, in the order a page passes through:

- `tree`, `blocks`, `regions`, `comments`: what a reader sees, cut into paragraphs, and which are no coverage
- `finding` with `layouts`, `times`, `facts`: which elements are posts, and what they state
- `entries`, `elements`: posts in elements of their own; `flow`: posts parted only by their stamps
- `top`, `figures`, `bodies`: heads, captions, and the text of posts with its marks
- `reading` with `evidence`: what the page shows joined with what its data says
"""
