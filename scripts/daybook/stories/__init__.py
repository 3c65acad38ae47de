"""Entries → stories: which entries report the same continuing matter, decided from the texts alone.

- `terms`: the words, names and figures of an entry
- `vectors`: weighted words of an entry, and how alike two entries are
- `threads`: one pass over all days that puts each entry into a story
- `story_cache`: the pass with a cache: only new and changed days and those after them are decided again

Everything that decides about an entry is before it or on its own day, so a new day changes no older story.
"""
