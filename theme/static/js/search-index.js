/**
 * Clauses to ranked documents: a partial lunr index over the rows of the query's terms.
 *
 * lunr's score is a dot product with the query's vector, so terms the query does not name
 * never matter, and an index of only its terms ranks exactly as the whole one. Weights are
 * lunr's own formula (lunr.Builder.createFieldVectors), from frequencies and lengths.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});

  /** lunr joins label and node id without a separator, so digits in terms collide: set one. */
  function guardTokenSets() {
    lunr.TokenSet.prototype.toString = function () {
      if (this._str) return this._str;
      const edges = Object.keys(this.edges).sort().map((label) => `${label}\u0000${this.edges[label].id}\u0000`);
      return (this.final ? "1" : "0") + edges.join("");
    };
  }

  /** Load what the clauses may need: for each segment the rows of its shards, by term. */
  async function rowsOf(root, manifest, clauses) {
    return Promise.all(manifest.segments.map(async (segment) => {
      const wanted = new Set(clauses.flatMap((c) => Daybook.shards.shardsOf(segment, c.term, false)));
      for (const c of clauses.filter((c) => c.prefix || c.open)) {
        Daybook.shards.shardsOf(segment, c.prefix ? c.term : c.word, true).forEach((at) => wanted.add(at));
      }
      const maps = await Promise.all([...wanted].map((at) => Daybook.shards.shard(root, segment, at)));
      return { segment, maps };
    }));
  }

  /** A word still being typed: its beginning, unless it is whole and stems to something else. */
  function settle(clause, terms) {
    if (!clause.open) return clause;
    const whole = terms.has(clause.term);
    if (whole && !clause.term.startsWith(clause.word)) return clause;
    const begun = [...terms].some((term) => term.startsWith(clause.word));
    return begun ? { ...clause, term: clause.word, prefix: true } : clause;
  }

  function matches(clause, term) {
    return term[0] !== " " && (clause.prefix ? term.startsWith(clause.term) : term === clause.term);
  }

  /** Merge the segments' rows of each matched term; terms in lunr's order of first appearance. */
  function gather(segmentRows, clauses) {
    const merged = new Map();
    for (const { segment, maps } of segmentRows) {
      for (const row of maps.flatMap((map) => [...map.values()])) {
        const term = row[0];
        if (!clauses.some((clause) => matches(clause, term))) continue;
        const postings = Daybook.shards.postings(segment, row);
        const known = merged.get(term);
        if (known) known.postings = known.postings.map((list, f) => list.concat(postings[f]));
        else merged.set(term, { term, rank: row[1], postings });
      }
    }
    for (const row of merged.values()) {
      const firsts = row.postings.map((list) => (list.length ? list[0].number : Infinity));
      row.first = Math.min(...firsts);
      row.field = firsts.indexOf(row.first);
    }
    return [...merged.values()].sort((a, b) => a.first - b.first || a.field - b.field || a.rank - b.rank);
  }

  /**
   * Mark the documents that satisfy every clause. lunr could do it too, but its sets grow
   * with the square of a prefix's terms, and it would weigh documents that are then dropped.
   * @returns {Uint8Array} 1 for each document that does
   */
  function candidates(manifest, rows, clauses, keeps) {
    const stage = new Uint8Array(manifest.documents).map((_, number) => (keeps(number) ? 1 : 0));
    const wanted = clauses.filter((clause) => !clause.prohibited);
    const numbers = (clause) => rows.filter((row) => matches(clause, row.term)).flatMap((row) =>
      clause.fields.flatMap((field) => row.postings[manifest.fields.indexOf(field)].map(({ number }) => number)));
    wanted.forEach((clause, i) => {
      for (const number of numbers(clause)) if (stage[number] === i + 1) stage[number] = i + 2;
    });
    for (const clause of clauses.filter((c) => c.prohibited)) for (const n of numbers(clause)) stage[n] = 0;
    return stage.map((reached) => (reached === wanted.length + 1 ? 1 : 0));
  }

  /** Build the partial index of the candidates; a query without words has them all, unweighed. */
  function build(manifest, rows, isCandidate, unweighed) {
    const { fields, boosts, lengths, documents, k1, b } = manifest;
    const invertedIndex = Object.create(null);
    const vectors = new Map();
    const nothing = Object.freeze({});
    if (unweighed) isCandidate.forEach((is, number) => is && vectors.set(`${fields[0]}/${number}`, []));
    rows.forEach((row, index) => {
      const found = row.postings.reduce((sum, list) => sum + list.length, 0);
      // lunr.idf, which would count the postings; here only the candidates' are kept
      const idf = Math.log(1 + Math.abs((documents - found + 0.5) / (found + 0.5)));
      const posting = (invertedIndex[row.term] = Object.assign(Object.create(null), { _index: index }));
      fields.forEach((field, f) => {
        posting[field] = Object.create(null);
        const average = lengths[f] / documents;
        for (const { number, frequency: tf, length } of row.postings[f]) {
          if (!isCandidate[number]) continue;
          posting[field][number] = nothing;
          const score = idf * ((k1 + 1) * tf) / (k1 * (1 - b + b * (length / average)) + tf) * boosts[f];
          const ref = `${field}/${number}`;
          if (!vectors.has(ref)) vectors.set(ref, []);
          vectors.get(ref).push(index, Math.round(score * 1000) / 1000);
        }
      });
    });
    const fieldVectors = Object.create(null);
    for (const [ref, elements] of vectors) fieldVectors[ref] = new lunr.Vector(elements);
    const tokenSet = lunr.TokenSet.fromArray(rows.map((row) => row.term).sort());
    return new lunr.Index({ invertedIndex, fieldVectors, tokenSet, fields, pipeline: new lunr.Pipeline() });
  }

  /**
   * Rank the documents that satisfy every clause.
   * @param {function(number): boolean} keeps filters documents before they are ranked
   * @returns {Promise<{hits: {number: number, score: number}[], clauses: Object[]}>} best first;
   *   `clauses` as they were searched, for marking
   */
  async function search(root, manifest, asked, keeps = () => true) {
    guardTokenSets();
    const segmentRows = await rowsOf(root, manifest, asked);
    const terms = new Set(segmentRows.flatMap(({ maps }) => maps.flatMap((map) => [...map.keys()])));
    const clauses = asked.map((clause) => settle(clause, terms));
    const rows = gather(segmentRows, clauses);
    const wanted = clauses.filter((clause) => !clause.prohibited);
    const ranked = rows.filter((row) => wanted.some((clause) => matches(clause, row.term)));
    const isCandidate = candidates(manifest, rows, clauses, keeps);
    const hits = build(manifest, ranked, isCandidate, !wanted.length).query((query) => {
      for (const { term, prefix, fields, boost } of wanted) {
        query.clause({ term: prefix ? term + "*" : term, fields, boost, usePipeline: false });
      }
    });
    return { hits: hits.map(({ ref, score }) => ({ number: Number(ref), score })), clauses };
  }

  /**
   * Find the documents of a topic.
   * @returns {Promise<Set<number>>}
   */
  async function ofTopic(root, manifest, slug) {
    const found = new Set();
    for (const { segment, maps } of await rowsOf(root, manifest, [{ term: " " + slug }])) {
      for (const map of maps) {
        const row = map.get(" " + slug);
        if (row) Daybook.shards.postings(segment, row)[0].forEach(({ number }) => found.add(number));
      }
    }
    return found;
  }

  Daybook.index = { search, ofTopic, guardTokenSets };
})();
