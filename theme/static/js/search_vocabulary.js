/**
 * The vocabulary of the archive, for what the shards cannot answer: stars within a word, fuzzy
 * words, and suggestions. Loaded only then.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});

  /**
   * Loads the words of all segments.
   * @returns {Promise<Map<string, number>>} each word with its frequency class, the binary logarithm of
   *   its number of documents
   */
  async function load(root, manifest) {
    const known = new Map();
    for (const [lines, classes] of await Daybook.indexFiles.loadSegmentFiles(root, manifest, "vocabulary")) {
      Daybook.indexFiles.frontDecode(lines).forEach((term, i) => {
        known.set(term, Math.max(known.get(term) || 0, Number(classes[i])));
      });
    }
    return known;
  }

  /**
   * Returns the words that match a clause with stars or a distance.
   * @returns {Set<string>}
   */
  function expand(known, clause) {
    return new Set(clause.wild ? matchPattern(known, clause.term) : findSimilar(known, clause.term, clause.distance));
  }

  /** Finds each part of the pattern at its first position: a regular expression would try all, for hours on a long term. */
  function matchPattern(known, pattern) {
    const [first, ...inner] = pattern.split("*");
    const last = inner.pop();
    const matches = (term) => {
      let at = first.length;
      for (const part of inner) {
        const found = term.indexOf(part, at);
        if (found < 0) return false;
        at = found + part.length;
      }
      return term.startsWith(first) && term.endsWith(last) && term.length - last.length >= at;
    };
    return [...known.keys()].filter(matches);
  }

  /** Returns the words within an edit distance, as lunr decides; it gets only those that the letters do not rule out. */
  function findSimilar(known, term, distance) {
    const possible = [...known.keys()].filter((other) => minDistance(term, other, distance) <= distance);
    if (!possible.length) return [];
    const wanted = lunr.TokenSet.fromFuzzyString(term, distance);
    return lunr.TokenSet.fromArray(possible.sort()).intersect(wanted).toArray();
  }

  /**
   * Returns a lower bound of the edit distance: the letters that one term has and the other lacks, the larger of
   * both directions. Stops with Infinity above `limit`.
   */
  function minDistance(one, other, limit) {
    if (Math.abs(one.length - other.length) > limit) return Infinity;
    let rest = one;
    let extra = 0;
    for (const letter of other.split("")) {
      const at = rest.indexOf(letter);
      if (at < 0) extra++;
      else rest = rest.slice(0, at) + rest.slice(at + 1);
      if (extra > limit) return Infinity;
    }
    return Math.max(extra, rest.length);
  }

  Daybook.vocabulary = { load, expand };
})();
