/**
 * Finds and ranks documents: the documents by their postings, the order with lunr, on a partial index of the query's
 * terms.
 *
 * lunr's score is a dot product with the query's vector, so terms that the query does not contain
 * have no effect, and an index of the query's terms ranks exactly as one of all terms. Weights
 * follow lunr's formula (lunr.Builder.createFieldVectors), from frequencies and field lengths.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const EXACT_BOOST = 1; // a word as typed counts that much more than the other forms of its family

  /** lunr joins label and node id without a separator, so digits in terms collide; this adds one. */
  function fixTokenSets() {
    lunr.TokenSet.prototype.toString = function () {
      if (this._str) return this._str;
      const edges = Object.keys(this.edges).sort().map((label) => `${label}\u0000${this.edges[label].id}\u0000`);
      return (this.final ? "1" : "0") + edges.join("");
    };
  }

  /**
   * Merges the postings lists of each term; the terms come in the order in which lunr would encounter them, since that
   * decides in which order it adds floating-point scores.
   * @returns {Map<string, Object>} by term
   */
  function mergeTerms(loaded, clauses) {
    const { fields } = loaded.manifest;
    const merged = [];
    for (const term of new Set(clauses.flatMap(({ terms }) => [...terms]))) {
      const parts = loaded.bySegment.flatMap(({ segment, shards }) => {
        const [position] = Daybook.indexFiles.findShards(segment, term, false);
        const encoded = shards.has(position) && shards.get(position).terms.get(term);
        return encoded ? [{ segment, encoded }] : [];
      });
      if (!parts.length) continue;
      // The first segment has the term's first document, and the field in which it appears there.
      const [{ segment, encoded }] = parts;
      const firstIds = fields.map((_, field) => (encoded[2 + field].length ? Math.floor(encoded[2 + field][0] / 2) : Infinity));
      const firstId = Math.min(...firstIds);
      const first = Daybook.indexFiles.documentNumber(segment, firstId);
      merged.push({ term, rank: encoded[1], parts, first, field: firstIds.indexOf(firstId) });
    }
    merged.sort((a, b) => a.first - b.first || a.field - b.field || a.rank - b.rank);
    return new Map(merged.map((one) => [one.term, one]));
  }

  /** Decodes the postings of a field of a merged term; `visit` as in Daybook.indexFiles.eachPosting. */
  function eachPosting(merged, field, visit) {
    for (const { segment, encoded } of merged.parts) Daybook.indexFiles.eachPosting(segment, encoded, field, visit);
  }

  function eachMatch(manifest, terms, clause, visit) {
    for (const term of clause.terms) {
      if (!terms.has(term)) continue;
      for (const field of clause.fields) eachPosting(terms.get(term), manifest.fields.indexOf(field), (number) => visit(number, field));
    }
  }

  /** Returns 1 for each document that matches an item, phrases aside. */
  function matchItem(manifest, terms, { clauses }) {
    const stage = new Uint8Array(manifest.documents);
    clauses.forEach((clause, i) => eachMatch(manifest, terms, clause, (number) => {
      if (stage[number] === i) stage[number] = i + 1;
    }));
    return stage.map((reached) => Number(reached === clauses.length));
  }

  /**
   * Returns 1 for each document that matches a group, phrases aside; 2 if it matches an item without a phrase, so that
   * its text need not be checked.
   */
  function matchGroup(manifest, terms, { items }) {
    const matched = new Uint8Array(manifest.documents);
    for (const item of items) {
      const value = item.phrases.length ? 1 : 2;
      matchItem(manifest, terms, item).forEach((is, number) => {
        if (is && matched[number] < value) matched[number] = value;
      });
    }
    return matched;
  }

  /** Returns 1 for each document that a clause matches in its headline or text. */
  function matchTexts(manifest, terms, clauses) {
    const matched = new Uint8Array(manifest.documents);
    for (const clause of clauses) eachMatch(manifest, terms, clause, (number, field) => field !== "topic" && (matched[number] = 1));
    return matched;
  }

  /** Builds a lunr index of the terms that contains only the candidates. */
  function buildIndex(manifest, terms, isCandidate) {
    const { fields, boosts, lengths, documents, k1, b } = manifest;
    const invertedIndex = Object.create(null);
    const vectors = new Map();
    const noMetadata = Object.freeze({});
    [...terms.values()].forEach((merged, index) => {
      let postings = 0;
      fields.forEach((_, f) => eachPosting(merged, f, () => postings++));
      // As lunr.idf, which counts the postings in the index; here the index has only those of candidates.
      const idf = Math.log(1 + Math.abs((documents - postings + 0.5) / (postings + 0.5)));
      const posting = (invertedIndex[merged.term] = Object.assign(Object.create(null), { _index: index }));
      fields.forEach((field, f) => {
        posting[field] = Object.create(null);
        const average = lengths[f] / documents;
        eachPosting(merged, f, (number, tf, length) => {
          if (!isCandidate[number]) return;
          posting[field][number] = noMetadata;
          const score = idf * ((k1 + 1) * tf) / (k1 * (1 - b + b * (length / average)) + tf) * boosts[f];
          const ref = `${field}/${number}`;
          if (!vectors.has(ref)) vectors.set(ref, []);
          vectors.get(ref).push(index, Math.round(score * 1000) / 1000);
        });
      });
    });
    const fieldVectors = Object.create(null);
    for (const [ref, elements] of vectors) fieldVectors[ref] = new lunr.Vector(elements);
    const tokenSet = lunr.TokenSet.fromArray([...terms.keys()].sort());
    return new lunr.Index({ invertedIndex, fieldVectors, tokenSet, fields, pipeline: new lunr.Pipeline() });
  }

  /** Ranks the candidates with lunr, best first. */
  function rank(manifest, terms, isCandidate, clauses) {
    return buildIndex(manifest, terms, isCandidate).query((query) => {
      for (const clause of clauses) {
        const add = (term, boost) => terms.has(term) && query.clause({ term, fields: clause.fields, boost, usePipeline: false });
        for (const term of [...clause.terms].sort()) add(term, clause.boost);
        for (const term of [...clause.typed].sort()) add(term, clause.boost * EXACT_BOOST);
      }
    }).map(({ ref, score }) => ({ number: Number(ref), score }));
  }

  Daybook.lunrIndex = { fixTokenSets, mergeTerms, matchGroup, matchTexts, rank };
})();
