"""Build one index with stock lunr and the analysis of `daybook.search`; the shards must give the same results."""

from lunr.builder import Builder
from lunr.pipeline import Pipeline

from daybook.search.document import BOOSTS, FIELDS, K1, B


def whole_index_builder() -> Builder:
    """Return a builder of one index over all documents, which are added as folded texts with a `ref`."""
    builder = Builder()
    builder.pipeline = builder.search_pipeline = Pipeline()
    builder.ref("ref")
    builder.k1(K1)
    builder.b(B)
    for field, boost in zip(FIELDS, BOOSTS, strict=True):
        builder.field(field, boost)
    return builder
