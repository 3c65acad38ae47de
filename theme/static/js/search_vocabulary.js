/**
 * The archive's whole vocabulary, for what its words' beginnings cannot tell: stars within
 * a word, near words, and what a reader may have meant. Loaded only then.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const OFFERED = 3;

  /**
   * Load the terms of all segments.
   * @returns {Promise<Map<string, number>>} each term with how common it is, on a scale of doublings
   */
  async function load(root, manifest) {
    const known = new Map();
    for (const [lines, digits] of await Daybook.indexFiles.ofSegments(root, manifest, "vocabulary")) {
      Daybook.indexFiles.readKeys(lines).forEach((term, i) => {
        known.set(term, Math.max(known.get(term) || 0, Number(digits[i])));
      });
    }
    return known;
  }

  /**
   * Give the terms that a clause with stars or a distance means.
   * @returns {Set<string>}
   */
  function expand(known, clause) {
    return new Set(clause.wild ? starred(known, clause.term) : near(known, clause.term, clause.distance));
  }

  /** Each part where it first stands: a regular expression would try all places, for hours on a long term. */
  function starred(known, pattern) {
    const [first, ...inner] = pattern.split("*");
    const last = inner.pop();
    const fits = (term) => {
      let at = first.length;
      for (const part of inner) {
        const found = term.indexOf(part, at);
        if (found < 0) return false;
        at = found + part.length;
      }
      return term.startsWith(first) && term.endsWith(last) && term.length - last.length >= at;
    };
    return [...known.keys()].filter(fits);
  }

  /** lunr decides; only terms whose letters differ by no more than the distance are shown to it. */
  function near(known, term, distance) {
    const likely = [...known.keys()].filter((other) => lettersApart(term, other, distance) <= distance);
    if (!likely.length) return [];
    const asked = lunr.TokenSet.fromFuzzyString(term, distance);
    return lunr.TokenSet.fromArray(likely.sort()).intersect(asked).toArray();
  }

  /** How many letters one term has that the other lacks, on the worse side: never more than the edits. */
  function lettersApart(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return Infinity;
    let rest = one;
    let extra = 0;
    for (const letter of other.split("")) {
      const at = rest.indexOf(letter);
      if (at < 0) extra++;
      else rest = rest.slice(0, at) + rest.slice(at + 1);
      if (extra > most) return Infinity;
    }
    return Math.max(extra, rest.length);
  }

  /**
   * Offer other words for one that no entry has, the likeliest first, as entries write them.
   * @param {Object} clause a plain word's
   * @returns {Promise<string[]>}
   */
  async function suggest(root, manifest, clause) {
    const known = await load(root, manifest);
    const first = near(known, clause.term, 1);
    const found = first.length ? first : near(known, clause.term, 2);
    const begins = (term) => Number(term[0] === clause.term[0]);
    found.sort((a, b) => begins(b) - begins(a) || known.get(b) - known.get(a) || (a < b ? -1 : 1));
    const words = await Promise.all(found.slice(0, OFFERED).map((term) => written(root, manifest, term)));
    return [...new Set(words)];
  }

  /** Find a term as the newest entry that has it writes it: terms are stems, which nobody reads. */
  async function written(root, manifest, term) {
    let newest = -1;
    for (const { segment, maps } of await Daybook.lunrIndex.rowsOf(root, manifest, [{ term }])) {
      for (const row of maps.flatMap((map) => map.get(term) ? [map.get(term)] : [])) {
        for (const f of [0, 1]) Daybook.indexFiles.postings(segment, row, f, (number) => (newest = Math.max(newest, number)));
      }
    }
    if (newest < 0) return term;
    const card = await Daybook.indexFiles.card(root, manifest, newest);
    const text = `${card.made ? "" : card.headline}\n${card.text}`;
    const [place] = Daybook.snippet.places(text, [{ term }]);
    return place ? text.slice(...place) : term;
  }

  Daybook.vocabulary = { load, expand, suggest };
})();
