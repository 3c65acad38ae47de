"""`daybook topics`: which names no topic covers, and which topics match nothing or nearly everything."""

import argparse
from collections import Counter
from collections.abc import Mapping
from itertools import groupby

from daybook.archive.content import find_day_files, load_topics, read_day_with_lines
from daybook.archive.frequent_names import frequent_names
from daybook.archive.topics import entry_topics
from daybook.commands.arguments import add_path_arguments, build_paths, read_count
from daybook.core.config import load_config
from daybook.core.markdown import plain_text
from daybook.core.model import without_tombstones
from daybook.core.progress import show_progress

_USELESS_SHARE = 0.8  # of all entries: a topic on more of them is no help to find one
_FEW = 20  # entries: of fewer, no topic has too many
_MOST = 1000


def add_topics_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "List frequent names without a topic, by language, and topics of no or nearly every entry."
    parser.add_argument("--most", help="how many names of each language to list; default: $MOST or 20")
    add_path_arguments(parser, "content", "conf")


def topics(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    """Print the names and the topics, and return 0."""
    most = read_count("MOST", options.most or environ.get("MOST", "") or "20", _MOST)
    config = load_config(build_paths(options, environ))
    declared = load_topics(config.paths.content)
    texts: list[tuple[str, str, str]] = []
    counts: Counter[str] = Counter()
    files = find_day_files(config.paths.content)
    for file in show_progress(files, len(files), "days read"):
        day = without_tombstones(read_day_with_lines(file)[0])
        for entry in day.entries:
            text = plain_text(entry.body)
            counts.update(entry_topics(entry, text, declared.matcher))
            lang = entry.lang or day.lang or config.lang
            texts.append((f"{day.date}#{entry.anchor}", lang, f"{entry.headline}\n\n{text}"))
    names = frequent_names(texts, lambda name: bool(declared.matcher.find_topics(name)))
    for lang, group in groupby(names, lambda each: each.lang):
        print(f"{lang}: frequent names that no topic covers")
        for each in list(group)[:most]:
            print(f"  {each.count:>6,}  {each.name}  ({', '.join(each.examples)})")
    if not names:
        print("No name of three or more entries lacks a topic.")
    for slug, topic in sorted(declared.declared.items()):
        if not counts[slug]:
            print(f"topics/{slug}.md: no entry has the topic {topic.name}; correct its `aliases`")
        elif len(texts) >= _FEW and counts[slug] > _USELESS_SHARE * len(texts):
            share = f"{counts[slug]:,} of {len(texts):,} entries have the topic {topic.name}"
            print(f"topics/{slug}.md: {share}: too common to be useful; narrow its `aliases`")
    return 0
