/**
 * Decides which terms of the index a clause matches: a word, a prefix, a word with stars, a fuzzy
 * word, or the other spellings of a name.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});

  /** Adds to clauses with stars or a distance their terms from the vocabulary, and to names their other spellings. */
  async function expand(root, manifest, clauses) {
    const needsVocabulary = clauses.some((clause) => clause.wild || clause.distance);
    const vocabulary = needsVocabulary && (await Daybook.indexFiles.loadPart(root, "vocabulary"));
    const known = vocabulary && (await vocabulary.load(root, manifest));
    return clauses.map((clause) => {
      if (clause.wild || clause.distance) return { ...clause, terms: vocabulary.expand(known, clause) };
      const named = clause.word && !clause.exact && !clause.prohibited && findSynonyms(manifest.families, clause.term);
      return named ? { ...clause, terms: new Set([clause.term, ...named.terms]), spellings: named.spellings } : clause;
    });
  }

  /** Returns all spellings of the names that have the term, and their terms; null if it is of no name. */
  function findSynonyms(synonyms, term) {
    const { queryWords, termOf } = Daybook.analysis;
    const found = synonyms.flatMap((spellings) => {
      const terms = spellings.map((name) => queryWords(name).map(termOf));
      return terms.some(([first]) => first === term) ? spellings.map((name, i) => [name, terms[i][0]]) : [];
    });
    return found.length ? { terms: found.map(([, first]) => first), spellings: found.map(([name]) => name) } : null;
  }

  /**
   * Treats an unfinished word as a prefix if the index has terms that start with it. Exception: its stem is in the
   * index and does not start with the word.
   */
  function resolveUnfinished(clause, terms) {
    if (!clause.unfinished) return clause;
    const isTerm = terms.has(clause.term);
    if (isTerm && !clause.term.startsWith(clause.word)) return clause;
    const isPrefix = [...terms].some((term) => term.startsWith(clause.word));
    return isPrefix ? { ...clause, term: clause.word, prefix: true } : clause;
  }

  /** Returns whether a term of the index matches a clause; topics, which begin with a space, match none. */
  function matches(clause, term) {
    if (term[0] === " ") return false;
    if (clause.terms && clause.terms.has(term)) return true;
    return clause.prefix ? term.startsWith(clause.term) : !clause.terms && term === clause.term;
  }

  Daybook.expandTerms = { expand, resolveUnfinished, matches };
})();
