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
  // A word as typed counts that much more than the other forms of its family. Of the values tried on the needs in
  // tests/bench/needs/tuning.txt (0 to 1), this gives the best order.
  const EXACT_BOOST = 0.25;

  /** lunr joins label and node id without a separator, so digits in terms collide; this adds one. */
  function fixTokenSets(lunr) {
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
        const row = shards.has(position) && shards.get(position).terms.get(term);
        return row ? [{ segment, row }] : [];
      });
      if (!parts.length) continue;
      // The first segment has the term's first document, and the field in which it appears there.
      const [{ segment, row }] = parts;
      const firstIds = fields.map((_, field) => Daybook.indexFiles.firstId(row, field));
      const firstId = Math.min(...firstIds);
      const first = Daybook.indexFiles.documentNumber(segment, firstId);
      merged.push({ term, rank: row.rank, parts, first, field: firstIds.indexOf(firstId) });
    }
    merged.sort((a, b) => a.first - b.first || a.field - b.field || a.rank - b.rank);
    return new Map(merged.map((one) => [one.term, one]));
  }

  /** Decodes the postings of a field of a merged term; `visit` as in Daybook.indexFiles.eachPosting. */
  function eachPosting(merged, field, visit) {
    for (const { segment, row } of merged.parts) Daybook.indexFiles.eachPosting(segment, row, field, visit);
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
      const idf = inverseFrequency(documents, postings);
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
    return new lunr.Index({ invertedIndex, fieldVectors, tokenSet, fields });
  }

  /** Returns lunr's inverse document frequency of a term with this number of postings in all fields. */
  function inverseFrequency(documents, postings) {
    return Math.log(1 + Math.abs((documents - postings + 0.5) / (postings + 0.5)));
  }

  /**
   * Returns how much each term of a clause counts in a query. A family counts as one term: a form that few entries have
   * must not count more than the others only because it is rare.
   * @param {number} documents
   * @param {Object} clause
   * @param {function(string): number} countPostings of a term in all fields, 0 if no document has it
   * @returns {[string, number][]} terms and boosts; a term may be there twice
   */
  function weigh(documents, clause, countPostings) {
    const known = [...clause.terms].filter((term) => countPostings(term)).sort();
    const all = known.reduce((sum, term) => sum + countPostings(term), 0);
    const boost = (term) => clause.boost * (inverseFrequency(documents, all) / inverseFrequency(documents, countPostings(term)));
    const typed = [...clause.typed].filter((term) => countPostings(term)).sort();
    return [...known.map((term) => [term, boost(term)]), ...typed.map((term) => [term, boost(term) * EXACT_BOOST])];
  }

  /** Ranks the candidates with lunr, best first. */
  function rank(manifest, terms, isCandidate, clauses) {
    const counts = new Map([...terms].map(([term, merged]) => {
      let postings = 0;
      manifest.fields.forEach((_, f) => eachPosting(merged, f, () => postings++));
      return [term, postings];
    }));
    return buildIndex(manifest, terms, isCandidate).query((query) => {
      for (const clause of clauses) {
        for (const [term, boost] of weigh(manifest.documents, clause, (one) => counts.get(one) || 0)) {
          query.clause({ term, fields: clause.fields, boost, usePipeline: false });
        }
      }
    }).map(({ ref, score }) => ({ number: Number(ref), score }));
  }

  fixTokenSets(lunr);
  Daybook.lunrIndex = { fixTokenSets, mergeTerms, matchGroup, matchTexts, weigh, rank };
})();
