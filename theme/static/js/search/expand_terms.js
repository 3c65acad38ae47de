/**
 * Decides which words of the index a clause matches: a word with its family and the other spellings of a name, a
 * beginning, a word with stars, a fuzzy word; and what to search for instead of a form that no entry has.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const MIN_SHARED = 0.6; // of the letters of a form that no entry has, those at its beginning that a relative shares
  const MAX_TAIL = 4; // letters after them

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

  /** Loads what the clauses need and expands them: adds to each the set `terms`, and `typed`, its words as typed. */
  async function expand(loaded, clauses, searchesFurther) {
    const { root, manifest } = loaded;
    const needsVocabulary = clauses.some((clause) => clause.wild || clause.distance);
    const loading = needsVocabulary && Daybook.indexFiles.loadPart(root, "vocabulary");
    if (loading) loading.catch(() => {}); // awaited below, perhaps after another file has failed
    const beginnings = clauses.flatMap(({ prefix, unfinished, term, word }) => (prefix ? [term] : unfinished ? [word] : []));
    await loaded.load(clauses.flatMap((clause) => likelyWords(manifest, clause)), beginnings);
    const vocabulary = needsVocabulary && (await loading);
    const known = vocabulary && (await vocabulary.load(root, manifest));
    const expanded = clauses.map((clause) => expandClause(loaded, clause, () => vocabulary.expand(known, clause)));
    await loaded.load(expanded.flatMap(({ terms }) => [...terms]));
    for (const clause of expanded) {
      for (const term of clause.terms) if (!loaded.has(term)) clause.terms.delete(term); // a form that no entry has
      clause.typed = clause.typed.filter((word) => clause.terms.has(word));
    }
    if (searchesFurther) {
      for (const clause of expanded) if (!clause.terms.size && clause.words && !clause.exact && !clause.distance) await addRelatives(loaded, clause);
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

  /**
   * Finds other words for a form that no entry has: the same word with a, o, u for ae, oe, ue; the words with the
   * longest common beginning, and their families; words that contain it. They are added as `instead`.
   */
  async function addRelatives(loaded, clause) {
    const [word] = clause.words;
    if (/\d/.test(word) || word.length < 3) return;
    let found = await findUmlaut(loaded, word);
    if (!found.length) found = await findByBeginning(loaded, word);
    if (!found.length && word.length > 3) {
      const vocabulary = await Daybook.indexFiles.loadPart(loaded.root, "vocabulary");
      const known = await vocabulary.load(loaded.root, loaded.manifest);
      found = [...known.keys()].filter((other) => other.includes(word));
      await loaded.load(found);
    }
    found.forEach((other) => loaded.has(other) && clause.terms.add(other));
    if (clause.terms.size) clause.instead = [...clause.terms];
  }

  async function findUmlaut(loaded, word) {
    const spelled = ["ae", "oe", "ue"].map((pair) => word.replaceAll(pair, pair[0])).concat(word.replace(/([aou])e/g, "$1"));
    const others = [...new Set(spelled)].filter((other) => other !== word);
    await loaded.load(others);
    for (const other of others) {
      const family = new Set([other, ...loaded.family(other)]);
      await loaded.load(family);
      const known = [...family].filter((one) => loaded.has(one));
      if (known.length) return known;
    }
    return [];
  }

  async function findByBeginning(loaded, word) {
    const least = Math.max(3, Math.ceil(word.length * MIN_SHARED), word.length - MAX_TAIL);
    const maxTail = word.length > 3 ? MAX_TAIL : MAX_TAIL / 2;
    const shortest = word.slice(0, Math.max(least, word.length - 3));
    await loaded.load([word, shortest]);
    let longest = least;
    let found = [];
    for (const { terms, families } of [...loaded.shardsOf(word), ...loaded.shardsOf(shortest)]) {
      for (const other of [...terms.keys(), ...families.keys()]) {
        let shared = 0;
        // The last letter is often an ending: words with it are not closer than others.
        while (shared < Math.min(other.length, word.length - (word.length > 5)) && other[shared] === word[shared]) shared++;
        if (shared < longest || other.length - shared > maxTail || /\d/.test(other)) continue;
        if (shared > longest) [longest, found] = [shared, []];
        found.push(other);
      }
    }
    const words = [...new Set(found.flatMap((other) => [other, ...loaded.family(other)]))];
    await loaded.load(words);
    return words;
  }

  /** Loads the shards that clauses need at first. */
  async function preload(root, manifest, clauses) {
    if (manifest) await new LoadedShards(root, manifest).load(clauses.flatMap((clause) => likelyWords(manifest, clause)));
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

  Daybook.expandTerms = { LoadedShards, expand, preload, isLoaded };
})();
