/**
 * Ranks documents with lunr, on a partial index of the query's terms.
 *
 * lunr's score is a dot product with the query's vector, so terms that the query does not contain
 * have no effect, and an index of the query's terms ranks exactly as one of all terms. Weights
 * follow lunr's formula (lunr.Builder.createFieldVectors), from frequencies and field lengths.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});

  /** lunr joins label and node id without a separator, so digits in terms collide; this adds one. */
  function fixTokenSets() {
    lunr.TokenSet.prototype.toString = function () {
      if (this._str) return this._str;
      const edges = Object.keys(this.edges).sort().map((label) => `${label}\u0000${this.edges[label].id}\u0000`);
      return (this.final ? "1" : "0") + edges.join("");
    };
  }

  /** Returns the positions of the shards of a segment that the clauses may need. */
  function neededShards(segment, clauses) {
    const { findShards } = Daybook.indexFiles;
    const needed = new Set();
    const add = (positions) => positions.forEach((position) => needed.add(position));
    for (const clause of clauses) {
      for (const term of clause.terms || []) add(findShards(segment, term, false));
      if (!clause.terms) add(findShards(segment, clause.term, false));
      if (clause.prefix || clause.unfinished) add(findShards(segment, clause.prefix ? clause.term : clause.word, true));
    }
    return [...needed];
  }

  /**
   * Loads the shards that the clauses may need.
   * @returns {Promise<{segment: Object, shards: Map<string, Array>[]}[]>} for each segment its shards
   */
  async function loadShards(root, manifest, clauses) {
    return Promise.all(manifest.segments.map(async (segment) => {
      const positions = neededShards(segment, clauses);
      const shards = await Promise.all(positions.map((position) => Daybook.indexFiles.loadShard(root, segment, position)));
      return { segment, shards };
    }));
  }

  /** Returns whether everything that the clauses need is loaded. */
  function isLoaded(manifest, clauses) {
    const { isLoaded: isFileLoaded, shardName } = Daybook.indexFiles;
    return !clauses.some((clause) => clause.wild || clause.distance) && manifest.segments.every((segment) =>
      neededShards(segment, clauses).every((position) => isFileLoaded(shardName(segment, position))));
  }

  /**
   * Merges the postings lists of each matching term; the terms come in the order in which lunr would encounter them,
   * since that decides in which order it adds floating-point scores.
   */
  function mergeTerms(segmentShards, clauses, fields) {
    const byTerm = new Map();
    for (const { segment, shards } of segmentShards) {
      for (const encoded of shards.flatMap((shard) => [...shard.values()])) {
        const [term, rank] = encoded;
        if (!clauses.some((clause) => Daybook.expandTerms.matches(clause, term))) continue;
        if (!byTerm.has(term)) byTerm.set(term, { term, rank, parts: [] });
        byTerm.get(term).parts.push({ segment, encoded });
      }
    }
    for (const merged of byTerm.values()) {
      // The first segment has the term's first document, and the field in which it appears there.
      const { segment, encoded } = merged.parts[0];
      const firstIds = fields.map((_, field) => (encoded[2 + field].length ? Math.floor(encoded[2 + field][0] / 2) : Infinity));
      const firstId = Math.min(...firstIds);
      merged.first = Daybook.indexFiles.documentNumber(segment, firstId);
      merged.field = firstIds.indexOf(firstId);
    }
    return [...byTerm.values()].sort((a, b) => a.first - b.first || a.field - b.field || a.rank - b.rank);
  }

  /** Decodes the postings of a field of a merged term; `visit` as in Daybook.indexFiles.eachPosting. */
  function eachPosting(merged, field, visit) {
    for (const { segment, encoded } of merged.parts) Daybook.indexFiles.eachPosting(segment, encoded, field, visit);
  }

  /**
   * Finds the documents that match every clause. lunr could do it, but its sets grow with the square
   * of the number of terms of a prefix, and it would score documents that are dropped afterwards.
   * @returns {Uint8Array} 1 for each document that matches
   */
  function findCandidates(manifest, terms, clauses, filter) {
    // A document's stage is one more than the number of clauses that it matched so far.
    const stage = new Uint16Array(manifest.documents).map((_, number) => (filter(number) ? 1 : 0));
    const required = clauses.filter((clause) => !clause.prohibited);
    const eachMatch = (clause, visit) => {
      const fields = clause.fields.map((field) => manifest.fields.indexOf(field));
      for (const merged of terms) {
        if (Daybook.expandTerms.matches(clause, merged.term)) fields.forEach((field) => eachPosting(merged, field, visit));
      }
    };
    required.forEach((clause, i) => eachMatch(clause, (number) => {
      if (stage[number] === i + 1) stage[number] = i + 2;
    }));
    for (const clause of clauses.filter((c) => c.prohibited)) eachMatch(clause, (number) => (stage[number] = 0));
    return Uint8Array.from(stage, (reached) => (reached === required.length + 1 ? 1 : 0));
  }

  /** Builds a lunr index of the terms that contains only the candidates. */
  function buildIndex(manifest, terms, isCandidate) {
    const { fields, boosts, lengths, documents, k1, b } = manifest;
    const invertedIndex = Object.create(null);
    const vectors = new Map();
    const noMetadata = Object.freeze({});
    terms.forEach((merged, index) => {
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
    const tokenSet = lunr.TokenSet.fromArray(terms.map(({ term }) => term).sort());
    return new lunr.Index({ invertedIndex, fieldVectors, tokenSet, fields, pipeline: new lunr.Pipeline() });
  }

  /**
   * Ranks the candidates with lunr, best first. lunr expands stars and fuzzy words itself, since it keeps
   * documents of equal score in the order of its own expansion.
   */
  function rank(manifest, terms, isCandidate, clauses) {
    return buildIndex(manifest, terms, isCandidate).query((query) => {
      for (const { term, terms: expanded, prefix, wild, distance, fields, boost } of clauses) {
        const add = (one, options) => query.clause({ term: one, fields, boost, usePipeline: false, ...options });
        if (prefix) add(term + "*");
        else if (wild || distance || !expanded) add(term, distance && { editDistance: distance });
        if (expanded && !wild && !distance) {
          [...expanded].filter((one) => !prefix || !one.startsWith(term)).forEach((one) => add(one));
        }
      }
    }).map(({ ref, score }) => ({ number: Number(ref), score }));
  }

  /** Returns the candidates in order of time, without a score. */
  function listCandidates(isCandidate) {
    const hits = [];
    isCandidate.forEach((is, number) => is && hits.push({ number, score: 0 }));
    return hits;
  }

  /**
   * Finds the documents that match every clause.
   * @param {{filter: function(number): boolean, maxRanked: number}} options `filter` is applied before ranking;
   *   more than `maxRanked` documents are not ranked but returned in order of time
   * @returns {Promise<{hits: {number: number, score: number}[], ranked: boolean, clauses: Object[], absent: Object[]}>}
   *   best first; `clauses` as they were searched, for highlighting; `absent` are those that no document matches
   */
  async function search(root, manifest, queryClauses, { filter = () => true, maxRanked = Infinity } = {}) {
    const { expand, resolveUnfinished, matches } = Daybook.expandTerms;
    fixTokenSets();
    const expanded = await expand(root, manifest, queryClauses);
    const segmentShards = await loadShards(root, manifest, expanded);
    const known = new Set(segmentShards.flatMap(({ shards }) => shards.flatMap((shard) => [...shard.keys()])));
    const clauses = expanded.map((clause) => resolveUnfinished(clause, known));
    const terms = mergeTerms(segmentShards, clauses, manifest.fields);
    const required = clauses.filter((clause) => !clause.prohibited);
    const requiredTerms = terms.filter(({ term }) => required.some((clause) => matches(clause, term)));
    const isCandidate = findCandidates(manifest, terms, clauses, filter);
    const all = listCandidates(isCandidate);
    const isRanked = required.length > 0 && all.length <= maxRanked;
    return {
      hits: isRanked ? rank(manifest, requiredTerms, isCandidate, required) : all,
      ranked: isRanked,
      clauses,
      absent: required.filter((clause) => !requiredTerms.some(({ term }) => matches(clause, term))),
    };
  }

  /**
   * Finds the documents of a topic.
   * @returns {Promise<Set<number>>}
   */
  async function findTopic(root, manifest, slug) {
    const numbers = new Set();
    const term = " " + slug;
    for (const { segment, shards } of await loadShards(root, manifest, [{ term }])) {
      for (const shard of shards) {
        const encoded = shard.get(term);
        if (encoded) Daybook.indexFiles.eachPosting(segment, encoded, 0, (number) => numbers.add(number));
      }
    }
    return numbers;
  }

  Daybook.lunrIndex = { search, findTopic, isLoaded, loadShards, fixTokenSets };
})();
