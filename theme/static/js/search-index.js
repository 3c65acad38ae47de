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

  /** Merge the segments' rows of each matched term; terms in lunr's order of first appearance. */
  function gather(segmentRows, clauses, fields) {
    const merged = new Map();
    for (const { segment, maps } of segmentRows) {
      for (const map of maps) {
        for (const [term, row] of map) {
          if (term[0] === " " || !clauses.some((c) => (c.prefix ? term.startsWith(c.term) : term === c.term))) continue;
          const postings = Daybook.shards.postings(segment, row);
          const known = merged.get(term);
          if (known) postings.forEach((list, f) => known.postings[f].push(...list));
          else merged.set(term, { term, rank: row[1], postings });
        }
      }
    }
    for (const row of merged.values()) {
      const firsts = row.postings.map((list) => (list.length ? list[0].number : Infinity));
      row.first = Math.min(...firsts);
      row.field = firsts.indexOf(row.first);
    }
    return [...merged.values()].sort((a, b) => a.first - b.first || a.field - b.field || a.rank - b.rank);
  }

  /** Build the partial index; `everything` adds each document with an empty vector. */
  function build(manifest, rows, everything) {
    const { fields, boosts, lengths, documents, k1, b } = manifest;
    const invertedIndex = Object.create(null);
    const vectors = Object.create(null);
    const nothing = Object.freeze({});
    if (everything) for (let n = 0; n < documents; n++) vectors[`${fields[0]}/${n}`] = [];
    rows.forEach((row, index) => {
      const posting = { _index: index };
      fields.forEach((field, f) => {
        posting[field] = Object.create(null);
        for (const { number } of row.postings[f]) posting[field][number] = nothing;
      });
      const idf = lunr.idf(posting, documents);
      fields.forEach((field, f) => {
        const average = lengths[f] / documents;
        for (const { number, frequency: tf, length } of row.postings[f]) {
          const score = idf * ((k1 + 1) * tf) / (k1 * (1 - b + b * (length / average)) + tf) * boosts[f];
          (vectors[`${field}/${number}`] ||= []).push(index, Math.round(score * 1000) / 1000);
        }
      });
      invertedIndex[row.term] = posting;
    });
    const fieldVectors = Object.create(null);
    for (const ref of Object.keys(vectors)) fieldVectors[ref] = new lunr.Vector(vectors[ref]);
    const tokenSet = lunr.TokenSet.fromArray(rows.map((row) => row.term).sort());
    return new lunr.Index({ invertedIndex, fieldVectors, tokenSet, fields, pipeline: new lunr.Pipeline() });
  }

  function ask(index, clauses) {
    const { REQUIRED, PROHIBITED } = lunr.Query.presence;
    return index.query((query) => {
      for (const { term, prefix, prohibited, fields, boost } of clauses) {
        const presence = prohibited ? PROHIBITED : REQUIRED;
        query.clause({ term: prefix ? term + "*" : term, presence, fields, boost, usePipeline: false });
      }
    });
  }

  /**
   * Rank the documents that satisfy every clause.
   * @returns {Promise<{hits: {number: number, score: number}[], clauses: Object[]}>} best first;
   *   `clauses` as they were searched, for marking
   */
  async function search(root, manifest, asked) {
    guardTokenSets();
    const segmentRows = await rowsOf(root, manifest, asked);
    const terms = new Set(segmentRows.flatMap(({ maps }) => maps.flatMap((map) => [...map.keys()])));
    const clauses = asked.map((clause) => settle(clause, terms));
    const everything = clauses.every((clause) => clause.prohibited);
    const index = build(manifest, gather(segmentRows, clauses, manifest.fields), everything);
    const hits = ask(index, clauses).map(({ ref, score }) => ({ number: Number(ref), score }));
    return { hits, clauses };
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
