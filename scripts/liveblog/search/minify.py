"""Scripts without their comments and white space: the only home of rjsmin."""

import rjsmin


def minified(script: str) -> str:
    """Return a script as a browser reads it; comments that begin with ``/*!`` stay."""
    return str(rjsmin.jsmin(script, keep_bang_comments=True))
