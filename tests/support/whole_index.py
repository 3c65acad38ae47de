"""Build one index with stock lunr and the analysis of `daybook.search`; the shards must give the same results."""

from lunr.builder import Builder
from lunr.pipeline import Pipeline
from lunr.token import Token

from daybook.search.analysis import term_of
from daybook.search.document import BOOSTS, FIELDS, K1, B


def whole_index_builder() -> Builder:
    """Return a builder of one index over all documents, which are added as folded texts with a `ref`."""
    builder = Builder()
    builder.pipeline = builder.search_pipeline = _pipeline()
    builder.ref("ref")
    builder.k1(K1)
    builder.b(B)
    for field, boost in zip(FIELDS, BOOSTS, strict=True):
        builder.field(field, boost)
    return builder


def _pipeline() -> Pipeline:
    """Return a pipeline of one function, from a folded word to its term."""

    def to_term(token: Token, i: int = 0, tokens: object = None) -> Token | None:
        term = term_of(str(token))
        return token.update(lambda text, metadata=None: term) if term else None

    to_term.label = "term"  # type: ignore[attr-defined]
    pipeline = Pipeline()
    pipeline._stack.append(to_term)
    return pipeline
