/**
 * Parses what a reader types into clauses and phrases.
 *
 *   grain -corridor headline:port ship* "Black Sea"^2 zelensky~1 *burg
 *
 * A document must match every clause. No input is an error: what cannot be read as intended is
 * searched as plain words, and `warnings` lists it.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const { queryWords, termOf } = Daybook.analysis;
  const MIN_PREFIX = 2; // characters
  const MAX_DISTANCE = 2; // edits
  const MAX_STARS = 3; // with each, lunr's work grows twentyfold
  const TEXT_FIELDS = ["headline", "text"]; // without the names of topics
  const PIECE = /([-+]?)(?:([\p{L}]+):)?(?:"([^"]*)"|([^\s"^]+))(?:\^(\d{1,2})(?!\d))?/gu;

  /**
   * A word to search for. `word` is the folded word as typed, `term` its term, of which there are variants:
   * with `prefix` it is the beginning of terms, with `wild` it contains stars, with `distance` it is
   * a term that may differ by that number of edits. `terms` are the terms that the clause was expanded to.
   * `unfinished` is set while the word is being typed. `exact` excludes other spellings of a name.
   * @typedef {{term: string, prefix: boolean, wild: boolean, distance: number, word: string, unfinished: boolean,
   *   exact: boolean, terms: Set<string>|undefined, prohibited: boolean, fields: string[], boost: number}} Clause
   * @typedef {{words: string[], prohibited: boolean, fields: string[]}} Phrase
   * @typedef {{clauses: Clause[], phrases: Phrase[], warnings: string[][]}} Query each warning is a kind and the
   *   part of the text that it is about
   */

  /**
   * @param {string} text
   * @param {string[]} fields the index's fields
   * @param {boolean} typing the last word may be unfinished
   * @returns {Query}
   */
  function parse(text, fields, typing) {
    const query = { clauses: [], phrases: [], warnings: [] };
    if ((text.match(/"/g) || []).length % 2) {
      if (!typing) query.warnings.push(["quote"]);
      text = text.replace(/"/g, " ");
    }
    for (const piece of text.matchAll(PIECE)) addPiece(query, piece, fields);
    if (typing && /[\p{L}\p{N}]$/u.test(text)) markUnfinished(query);
    return query;
  }

  function addPiece(query, [piece, sign, field, phrase, word, boost], fields) {
    const isField = fields.includes(field && field.toLowerCase());
    const shared = {
      prohibited: sign === "-",
      fields: isField ? [field.toLowerCase()] : fields,
      boost: Number(boost) || 1,
    };
    if (phrase !== undefined) return addPhrase(query, phrase, shared, isField);
    const [, text, distance] = /^(.+?)(?:~(\d?))?$/s.exec((isField || !field ? "" : field + " ") + word);
    if (text.includes("*")) return addWildcard(query, text, shared, piece);
    addWords(query, text, distance === undefined ? shared : { ...shared, distance: Math.min(Number(distance || 1), MAX_DISTANCE) });
    if (Number(distance) > MAX_DISTANCE) query.warnings.push(["far", piece]);
  }

  /** Adds a phrase. A phrase of one word is that word as written: no other spelling, no name of a topic. */
  function addPhrase(query, phrase, shared, isField) {
    const words = splitWords(phrase);
    if (words.length && !words.some(termOf)) return query.warnings.push(["common", phrase]);
    if (words.length > 1) query.phrases.push({ words, prohibited: shared.prohibited, fields: shared.fields });
    if (words.length === 1) shared = { ...shared, exact: true, fields: isField ? shared.fields : TEXT_FIELDS };
    if (words.length === 1 || !shared.prohibited) {
      for (const word of words) addWord(query, word, shared, words.length > 1);
    }
  }

  function splitWords(text) {
    return queryWords(text).filter(Boolean);
  }

  function addWords(query, text, shared) {
    for (const word of splitWords(text)) addWord(query, word, shared, false);
  }

  /** Adds words with stars: one star at the end makes a prefix, any other needs the whole vocabulary. */
  function addWildcard(query, text, shared, piece) {
    const parts = text.split(/\*+/).map(splitWords);
    const letters = parts.flat().join("");
    const isPrefix = parts.length === 2 && !parts[1].length;
    if (letters.length < MIN_PREFIX) query.warnings.push(["short", letters + "*"]);
    else if (isPrefix) {
      const prefix = parts[0].pop();
      for (const word of parts[0]) addWord(query, word, shared, false);
      if (prefix.length < MIN_PREFIX) query.warnings.push(["short", prefix + "*"]);
      else query.clauses.push({ ...shared, term: prefix, prefix: true });
    } else if (parts.length <= MAX_STARS + 1 && parts.every((words) => words.length < 2)) {
      query.clauses.push({ ...shared, term: parts.map((words) => words[0] || "").join("*"), wild: true });
    } else {
      query.warnings.push(["star", piece]);
      addWords(query, text, shared);
    }
  }

  /** Adds a word; a stop word is ignored, with a warning unless it is part of a phrase. */
  function addWord(query, word, shared, inPhrase) {
    const term = termOf(word);
    if (term) query.clauses.push({ ...shared, term, word });
    else if (!inPhrase) query.warnings.push(["common", word]);
  }

  /** Marks the last word as unfinished: it is searched for as a prefix too. */
  function markUnfinished(query) {
    const last = query.clauses[query.clauses.length - 1];
    const isPlainWord = last && last.word && !last.prohibited && !last.distance;
    if (isPlainWord && last.word.length > MIN_PREFIX) last.unfinished = true;
  }

  /**
   * Replaces a word in the text of a query.
   * @param {string} text
   * @param {string} word folded, as in clauses
   * @param {function(string): string} replacement gets the word as typed
   */
  function replaceWord(text, word, replacement) {
    return text.replace(/[^\s"^:+~*-]+(?:-[^\s"^:~*-]+)*/g, (typed) => (splitWords(typed).includes(word) ? replacement(typed) : typed));
  }

  Daybook.queryParser = { parse, replaceWord };
})();
