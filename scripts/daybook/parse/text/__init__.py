"""Reader of plain text pages; its line rules are also used for HTML.

- `classify`: the class of each line, mostly from the line alone
- `sections`: the page header, and the post from one stamp to the next
- `series`: times that a page repeats alike, which are its stamps
- `evidence`: what speaks for a series
- `bylines`: names of authors beside stamps, below headlines and at the ends of posts
- `ends`: what recurs at the ends of posts, and links below the last one
- `boxes`: adverts and forms of newsletters between posts
- `embedded_posts`: times of posts of social networks inside posts
- `lists_of_posts`: lists that name posts of the page, such as key events
- `comments`: comments of readers below the posts
- `other_times`: all times printed like stamps that are no posts, also those of other stories
- `long_lines`: split lines that hold several posts
- `find_stamps`: which times of a text are its stamps
- `time_of_page`: the page's own time among the stamps, and words behind all clocks
- `wrapping`: joins lines that were wrapped at a width
- `outline`: a text page to an outline
- `chronicle`: a text whose headings are days, without clock times
"""
