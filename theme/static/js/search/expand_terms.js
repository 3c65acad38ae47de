/**
 * Decides which words of the index a clause matches: a word with its family and the other spellings of a name, a
 * beginning, a word with stars, a fuzzy word. search_vocabulary.js finds other words for a form that no entry has.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const MIN_BESIDE_COMMON = 2; // other words, beside which a very common word is not searched

  /** Leaves out words that so many entries have that they say nothing beside others, unless they are quoted. */
  function leaveOutCommon(manifest, query) {
    const isCommon = ({ items, prohibited }) => !prohibited && items.every(({ clauses, phrases }) => !phrases.length &&
      clauses.every((clause) => clause.words && !clause.exact && !clause.unfinished && clause.fields.length === manifest.fields.length &&
        clause.words.every((word) => manifest.common.has(word))));
    const others = query.groups.filter((group) => !group.prohibited && !isCommon(group));
    if (others.length < MIN_BESIDE_COMMON) return { query, leftOut: [] };
    const leftOut = query.groups.filter(isCommon).flatMap(({ items }) => items.flatMap(({ clauses }) => clauses.map(({ word }) => word)));
    return { query: { ...query, groups: query.groups.filter((group) => !isCommon(group)) }, leftOut };
  }

  /** The shards that are loaded for a query, by segment; more are loaded as words turn out to be needed. */
  class LoadedShards {
    constructor(root, manifest) {
      Object.assign(this, { root, manifest, bySegment: manifest.segments.map((segment) => ({ segment, shards: new Map() })) });
    }

    /**
     * Loads the shards that would hold some words.
     * @param {Iterable<string>} words
     * @param {Iterable<string>} beginnings of words, all of which are loaded
     */
    async load(words, beginnings = []) {
      const { findShards, loadShard } = Daybook.indexFiles;
      await Promise.all(this.bySegment.map(async ({ segment, shards }) => {
        const needed = new Set();
        const add = (positions) => positions.forEach((position) => shards.has(position) || needed.add(position));
        for (const word of words) add(findShards(segment, word, false));
        for (const beginning of beginnings) add(findShards(segment, beginning, true));
        const loaded = [...needed].map(async (position) => [position, await loadShard(this.root, segment, position)]);
        for (const [position, shard] of await Promise.all(loaded)) shards.set(position, shard);
      }));
    }

    /** Returns the shards that would hold a word, those that are loaded. */
    shardsOf(word, isBeginning = false) {
      return this.bySegment.flatMap(({ segment, shards }) =>
        Daybook.indexFiles.findShards(segment, word, isBeginning).filter((position) => shards.has(position)).map((position) => shards.get(position)));
    }

    has(word) {
      return this.shardsOf(word).some(({ terms }) => terms.has(word));
    }

    /** Returns the families of a word together. */
    family(word) {
      return new Set(this.shardsOf(word).flatMap(({ families }) => families.get(word) || []).flat());
    }

    wordsBeginning(beginning) {
      const words = this.shardsOf(beginning, true).flatMap(({ terms }) => [...terms.keys()]);
      return new Set(words.filter((word) => word.startsWith(beginning)));
    }

    /** Returns all words of the loaded shards with their numbers of documents. */
    counts() {
      const counts = new Map();
      for (const { shards } of this.bySegment) {
        for (const { terms } of shards.values()) {
          for (const [word, row] of terms) counts.set(word, (counts.get(word) || 0) + Daybook.indexFiles.countPostings(row));
        }
      }
      return counts;
    }
  }

  /**
   * Returns the words to load for a clause before its families are known: its spellings; the other form with or without
   * s; frequent families that the manifest names, since their words often fill shards of their own.
   */
  function likelyWords(manifest, clause) {
    if (!clause.words) return [];
    if (clause.exact) return clause.words;
    const related = clause.words.flatMap((word) => [
      word, ...(/[a-z]{3}s$/.test(word) ? [word.slice(0, -1)] : /[a-z]{3}$/.test(word) ? [word + "s"] : []),
      ...(manifest.apart.get(word) || []).flat(),
    ]);
    const named = findSynonyms(manifest, clause);
    return [...related, ...(named ? named.words : [])];
  }

  /** Loads the shards that clauses need at first. */
  function loadLikely(loaded, clauses) {
    const beginnings = clauses.flatMap(({ prefix, unfinished, term, word }) => (prefix ? [term] : unfinished ? [word] : []));
    return loaded.load(clauses.flatMap((clause) => likelyWords(loaded.manifest, clause)), beginnings);
  }

  /** Loads what the clauses need and expands them: adds to each the set `terms`, and `typed`, its words as typed. */
  async function expand(loaded, clauses, searchesFurther) {
    const { root, manifest } = loaded;
    const needsVocabulary = clauses.some((clause) => clause.wild || clause.distance);
    const loading = needsVocabulary && Daybook.indexFiles.loadPart(root, "vocabulary");
    if (loading) loading.catch(() => {}); // awaited below, perhaps after another file has failed
    await loadLikely(loaded, clauses);
    const vocabulary = needsVocabulary && (await loading);
    const known = vocabulary && (await vocabulary.load(root, manifest));
    const expanded = clauses.map((clause) => expandClause(loaded, clause, () => vocabulary.expand(known, clause)));
    await loaded.load(expanded.flatMap(({ terms }) => [...terms]));
    for (const clause of expanded) {
      for (const term of clause.terms) if (!loaded.has(term)) clause.terms.delete(term); // a form that no entry has
      clause.typed = clause.typed.filter((word) => clause.terms.has(word));
    }
    if (searchesFurther) {
      for (const clause of expanded) {
        if (clause.terms.size || !clause.words || clause.exact || clause.distance) continue;
        await (await Daybook.indexFiles.loadPart(root, "vocabulary")).addRelatives(loaded, clause);
      }
    }
    return expanded;
  }

  function expandClause(loaded, clause, fromVocabulary) {
    if (clause.wild || clause.distance) return { ...clause, terms: new Set(fromVocabulary()), typed: [] };
    if (clause.prefix) return { ...clause, terms: loaded.wordsBeginning(clause.term), typed: [] };
    if (clause.exact) return { ...clause, terms: new Set(clause.words), typed: [] };
    const named = !clause.prohibited && findSynonyms(loaded.manifest, clause);
    const spellings = [...clause.words, ...(named ? named.words : [])];
    const begun = clause.unfinished ? [...loaded.wordsBeginning(clause.word)] : [];
    const terms = new Set([...spellings, ...spellings.flatMap((word) => [...loaded.family(word)]), ...begun]);
    return { ...clause, terms, typed: clause.words, ...(named && { spellings: named.spellings }) };
  }

  /** Returns all spellings of the names that a word is one of; null if it is none. */
  function findSynonyms({ synonyms }, clause) {
    const found = synonyms.filter((spellings) => spellings.some(({ word }) => clause.words.includes(word))).flat();
    return found.length ? { words: found.map(({ word }) => word), spellings: found.map(({ name }) => name) } : null;
  }

  /** Loads the shards that clauses need at first, before the search itself is loaded. */
  async function preload(root, manifest, clauses) {
    if (manifest) await loadLikely(new LoadedShards(root, manifest), clauses);
  }

  /** Returns whether the shards are loaded that a clause needs at first. */
  function isLoaded(manifest, clause) {
    if (clause.wild || clause.distance) return false;
    const { isShardLoaded, findShards } = Daybook.indexFiles;
    const beginning = clause.prefix ? clause.term : clause.unfinished && clause.word;
    return manifest.segments.every((segment) => {
      const positions = likelyWords(manifest, clause).flatMap((word) => findShards(segment, word, false));
      return [...positions, ...(beginning ? findShards(segment, beginning, true) : [])].every((position) => isShardLoaded(segment, position));
    });
  }

  Daybook.expandTerms = { LoadedShards, leaveOutCommon, expand, preload, isLoaded };
})();
