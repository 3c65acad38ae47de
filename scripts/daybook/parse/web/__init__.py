"""Read HTML pages, and the JSON-LD data inside them, as outlines. The modules, in import order:

- `layouts`: CSS selectors for the posts of single outlets
- `dom`: parse HTML, find what is visible, name the regions of a page that are not coverage
- `blocks`: cut the tree into visible paragraphs and mark reader comments
- `quotations`: make quotations one element each, with a line for the speaker
- `media`: add a line of text for each picture, video and embedded page
- `to_markdown`: convert HTML nodes and the body of a post to Markdown
- `post_fields`: find the times, headline and id of a post element
- `marks`: find the times that may be stamps, and their places in the tree
- `tree_evidence`: weigh series of them by what only a tree shows
- `find_posts`: decide which elements are posts
- `page_header`: read what surrounds the posts: page header, captions, boxes
- `post`: read one post element
- `repeated_blocks`: mark what posts in elements repeat: names, roles, labels, ages
- `posts_in_elements`: read posts that have an element each
- `text_flow`: read posts that reach from one stamp, or one day of a chronicle, to the next
- `match_posts`: merge the posts of data and text, and remove posts that a page repeats
- `live_signs`: what calls a page live beside its titles
- `jsonld`: read live blogs in schema.org JSON-LD
- `html_reader`: read a whole page and combine its text with its data
"""
