"""What a person should look at after a build, though it stops none."""

from collections.abc import Iterator, Sequence

from .edition import Edition

_SHOWN = 10  # addresses
_MANY, _MOST = 200, 0.8  # entries of the archive; the share of them that a topic can have and still lead somewhere


def doubts(edition: Edition, missing: Sequence[str]) -> Iterator[str]:
    """Word published addresses that the site lacks, and topics that nearly every entry has."""
    for address in missing[:_SHOWN]:
        yield f"{address} was published and is gone; make publish will refuse"
    if len(missing) > _SHOWN:
        yield f"so are {len(missing) - _SHOWN} more addresses"
    entries = edition.counts["entries"]
    for slug, topic in sorted(edition.topic_links.items()):
        if entries >= _MANY and topic.count > _MOST * entries:
            share = f"{topic.count:,} of {entries:,} entries have the topic {topic.name}, so that it leads nowhere"
            declared = edition.topics[slug].declared
            yield f"{share}; {f'narrow the aliases in topics/{slug}.md' if declared else 'records name it'}"
