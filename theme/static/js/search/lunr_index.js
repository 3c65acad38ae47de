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

  /** The shards of a segment, as positions, that the clauses may need. */
  function wanted(segment, clauses) {
    const found = new Set();
    for (const c of clauses) {
      for (const term of c.terms || []) Daybook.indexFiles.shardsOf(segment, term, false).forEach((at) => found.add(at));
      if (!c.terms) Daybook.indexFiles.shardsOf(segment, c.term, false).forEach((at) => found.add(at));
      if (c.prefix || c.open) {
        Daybook.indexFiles.shardsOf(segment, c.prefix ? c.term : c.word, true).forEach((at) => found.add(at));
      }
    }
    return [...found];
  }

  /** Load what the clauses may need: for each segment the rows of its shards, by term. */
  async function rowsOf(root, manifest, clauses) {
    return Promise.all(manifest.segments.map(async (segment) => {
      const maps = await Promise.all(wanted(segment, clauses).map((at) => Daybook.indexFiles.shard(root, segment, at)));
      return { segment, maps };
    }));
  }

  /** Whether all that plain clauses need is there already. */
  function isLoaded(manifest, clauses) {
    return !clauses.some((c) => c.wild || c.distance) && manifest.segments.every((segment) =>
      wanted(segment, clauses).every((at) => Daybook.indexFiles.holds(Daybook.indexFiles.shardName(segment, at))));
  }

  /** Merge the segments' rows of each matched term; terms in lunr's order of first appearance. */
  function gather(segmentRows, clauses, fields) {
    const merged = new Map();
    for (const { segment, maps } of segmentRows) {
      for (const row of maps.flatMap((map) => [...map.values()])) {
        if (!clauses.some((clause) => Daybook.expandTerms.matches(clause, row[0]))) continue;
        if (!merged.has(row[0])) merged.set(row[0], { term: row[0], rank: row[1], parts: [] });
        merged.get(row[0]).parts.push({ segment, row });
      }
    }
    for (const row of merged.values()) {
      // The first segment holds the term's first document, and the field it stands in there.
      const { segment, row: first } = row.parts[0];
      const codes = fields.map((_, f) => (first[2 + f].length ? Math.floor(first[2 + f][0] / 2) : Infinity));
      row.first = Daybook.indexFiles.numberOf(segment, Math.min(...codes));
      row.field = codes.indexOf(Math.min(...codes));
    }
    return [...merged.values()].sort((a, b) => a.first - b.first || a.field - b.field || a.rank - b.rank);
  }

  /** Read a field's postings of a gathered row; `visit` as in Daybook.indexFiles.postings. */
  function eachPosting(row, field, visit) {
    for (const part of row.parts) Daybook.indexFiles.postings(part.segment, part.row, field, visit);
  }

  /**
   * Mark the documents that satisfy every clause. lunr could do it too, but its sets grow
   * with the square of a prefix's terms, and it would weigh documents that are then dropped.
   * @returns {Uint8Array} 1 for each document that does
   */
  function candidates(manifest, rows, clauses, keeps) {
    const stage = new Uint16Array(manifest.documents).map((_, number) => (keeps(number) ? 1 : 0));
    const wanted = clauses.filter((clause) => !clause.prohibited);
    const mark = (clause, visit) => {
      const fields = clause.fields.map((field) => manifest.fields.indexOf(field));
      for (const row of rows) if (Daybook.expandTerms.matches(clause, row.term)) fields.forEach((f) => eachPosting(row, f, visit));
    };
    wanted.forEach((clause, i) => mark(clause, (number) => {
      if (stage[number] === i + 1) stage[number] = i + 2;
    }));
    for (const clause of clauses.filter((c) => c.prohibited)) mark(clause, (number) => (stage[number] = 0));
    return Uint8Array.from(stage, (reached) => (reached === wanted.length + 1 ? 1 : 0));
  }

  /** Build the partial index of the candidates; a query without words has them all, unweighed. */
  function build(manifest, rows, isCandidate) {
    const { fields, boosts, lengths, documents, k1, b } = manifest;
    const invertedIndex = Object.create(null);
    const vectors = new Map();
    const nothing = Object.freeze({});
    rows.forEach((row, index) => {
      let found = 0;
      fields.forEach((_, f) => eachPosting(row, f, () => found++));
      // lunr.idf, which would count the postings; here only the candidates' are kept
      const idf = Math.log(1 + Math.abs((documents - found + 0.5) / (found + 0.5)));
      const posting = (invertedIndex[row.term] = Object.assign(Object.create(null), { _index: index }));
      fields.forEach((field, f) => {
        posting[field] = Object.create(null);
        const average = lengths[f] / documents;
        eachPosting(row, f, (number, tf, length) => {
          if (!isCandidate[number]) return;
          posting[field][number] = nothing;
          const score = idf * ((k1 + 1) * tf) / (k1 * (1 - b + b * (length / average)) + tf) * boosts[f];
          const ref = `${field}/${number}`;
          if (!vectors.has(ref)) vectors.set(ref, []);
          vectors.get(ref).push(index, Math.round(score * 1000) / 1000);
        });
      });
    });
    const fieldVectors = Object.create(null);
    for (const [ref, elements] of vectors) fieldVectors[ref] = new lunr.Vector(elements);
    const tokenSet = lunr.TokenSet.fromArray(rows.map((row) => row.term).sort());
    return new lunr.Index({ invertedIndex, fieldVectors, tokenSet, fields, pipeline: new lunr.Pipeline() });
  }

  /** Rank the candidates with lunr, best first; it expands stars and near words anew, as equal scores keep its order. */
  function ranked(manifest, rows, isCandidate, wanted) {
    return build(manifest, rows, isCandidate).query((query) => {
      for (const { term, terms, prefix, wild, distance, fields, boost } of wanted) {
        const add = (one, edits) => query.clause({ term: one, fields, boost, usePipeline: false, ...edits });
        if (prefix) add(term + "*");
        else if (wild || distance || !terms) add(term, distance && { editDistance: distance });
        if (terms && !wild && !distance) [...terms].filter((one) => !prefix || !one.startsWith(term)).forEach((one) => add(one));
      }
    }).map(({ ref, score }) => ({ number: Number(ref), score }));
  }

  /** The candidates in their own order, without a score. */
  function unranked(isCandidate) {
    const hits = [];
    isCandidate.forEach((is, number) => is && hits.push({ number, score: 0 }));
    return hits;
  }

  /**
   * Find the documents that satisfy every clause.
   * @param {{keeps: function(number): boolean, most: number}} options `keeps` filters documents before
   *   they are ranked; more than `most` are not ranked but stand in their order
   * @returns {Promise<{hits: {number: number, score: number}[], ranked: boolean, clauses: Object[], absent: Object[]}>}
   *   best first; `clauses` as they were searched, for marking; `absent` are those that no document holds
   */
  async function search(root, manifest, asked, { keeps = () => true, most = Infinity } = {}) {
    guardTokenSets();
    const wide = await Daybook.expandTerms.expanded(root, manifest, asked);
    const segmentRows = await rowsOf(root, manifest, wide);
    const terms = new Set(segmentRows.flatMap(({ maps }) => maps.flatMap((map) => [...map.keys()])));
    const clauses = wide.map((clause) => Daybook.expandTerms.settle(clause, terms));
    const rows = gather(segmentRows, clauses, manifest.fields);
    const wanted = clauses.filter((clause) => !clause.prohibited);
    const heard = rows.filter((row) => wanted.some((clause) => Daybook.expandTerms.matches(clause, row.term)));
    const isCandidate = candidates(manifest, rows, clauses, keeps);
    const all = unranked(isCandidate);
    const weighed = wanted.length > 0 && all.length <= most;
    return {
      hits: weighed ? ranked(manifest, heard, isCandidate, wanted) : all,
      ranked: weighed,
      clauses,
      absent: wanted.filter((clause) => !heard.some((row) => Daybook.expandTerms.matches(clause, row.term))),
    };
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
        if (row) Daybook.indexFiles.postings(segment, row, 0, (number) => found.add(number));
      }
    }
    return found;
  }

  Daybook.lunrIndex = { search, ofTopic, isLoaded, rowsOf, guardTokenSets };
})();
