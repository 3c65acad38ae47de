/**
 * What a reader types, read once: the only place for the query's grammar.
 *
 *   grain -corridor headline:port ship* "Black Sea"^2 zelensky~1 *burg
 *
 * Every word must be there; nothing a reader can type is an error: what cannot be read as
 * meant is searched as plain words, and `notes` says so.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const SHORTEST_PREFIX = 2;
  const FURTHEST = 2;
  const MOST_STARS = 3; // lunr's work grows twentyfold with each
  const WRITTEN = ["headline", "text"];
  const PIECE = /([-+]?)(?:([\p{L}]+):)?(?:"([^"]*)"|([^\s"^]+))(?:\^(\d{1,2})(?!\d))?/gu;

  /**
   * A word to look for. `prefix`: `term` is its beginning. `wild`: `term` holds stars.
   * `distance`: so many letters may differ. `word`: as it was typed, folded. `terms`: what it was expanded to.
   * @typedef {{term: string, prefix: boolean, wild: boolean, distance: number, word: string, open: boolean,
   *   exact: boolean, terms: Set<string>|undefined, prohibited: boolean, fields: string[], boost: number}} Clause
   * @typedef {{words: string[], prohibited: boolean, fields: string[]}} Phrase
   * @typedef {{clauses: Clause[], phrases: Phrase[], notes: string[][]}} Query
   */

  /**
   * @param {string} text
   * @param {string[]} fields the index's fields
   * @param {boolean} typing the last word may be unfinished
   * @returns {Query}
   */
  function parse(text, fields, typing) {
    const query = { clauses: [], phrases: [], notes: [] };
    if ((text.match(/"/g) || []).length % 2) {
      if (!typing) query.notes.push(["quote"]);
      text = text.replace(/"/g, " ");
    }
    for (const piece of text.matchAll(PIECE)) addPiece(query, piece, fields);
    if (typing && /[\p{L}\p{N}]$/u.test(text)) openLast(query);
    return query;
  }

  function addPiece(query, [whole, sign, field, phrase, word, boost], fields) {
    const isField = fields.includes(field && field.toLowerCase());
    const shared = {
      prohibited: sign === "-",
      fields: isField ? [field.toLowerCase()] : fields,
      boost: Number(boost) || 1,
    };
    if (phrase !== undefined) return addPhrase(query, phrase, shared, isField);
    const [, plain, near] = /^(.+?)(?:~(\d?))?$/s.exec((isField || !field ? "" : field + " ") + word);
    if (plain.includes("*")) return addStarred(query, plain, shared, whole);
    addWords(query, plain, near === undefined ? shared : { ...shared, distance: Math.min(Number(near || 1), FURTHEST) });
    if (Number(near) > FURTHEST) query.notes.push(["far", whole]);
  }

  /** A phrase, or one word that is meant as it is written: no other spelling, no topic's name. */
  function addPhrase(query, phrase, shared, isField) {
    const words = read(phrase);
    if (words.length && !words.some(Daybook.analysis.term)) return query.notes.push(["common", phrase]);
    if (words.length > 1) query.phrases.push({ words, prohibited: shared.prohibited, fields: shared.fields });
    if (words.length === 1) shared = { ...shared, exact: true, fields: isField ? shared.fields : WRITTEN };
    if (words.length === 1 || !shared.prohibited) {
      for (const word of words) addWord(query, word, shared, words.length > 1);
    }
  }

  function read(text) {
    return Daybook.analysis.chunks(text).flatMap(Daybook.analysis.asked).filter(Boolean);
  }

  function addWords(query, plain, shared) {
    for (const word of read(plain)) addWord(query, word, shared, false);
  }

  /** Words with stars: one star at the end is a beginning, others need the whole vocabulary. */
  function addStarred(query, plain, shared, whole) {
    const parts = plain.split(/\*+/).map(read);
    const letters = parts.flat().join("");
    const last = parts.length === 2 && !parts[1].length;
    if (letters.length < SHORTEST_PREFIX) query.notes.push(["short", letters + "*"]);
    else if (last) {
      const beginning = parts[0].pop();
      for (const word of parts[0]) addWord(query, word, shared, false);
      if (beginning.length < SHORTEST_PREFIX) query.notes.push(["short", beginning + "*"]);
      else query.clauses.push({ ...shared, term: beginning, prefix: true });
    } else if (parts.length <= MOST_STARS + 1 && parts.every((words) => words.length < 2)) {
      query.clauses.push({ ...shared, term: parts.map((words) => words[0] || "").join("*"), wild: true });
    } else {
      query.notes.push(["star", whole]);
      addWords(query, plain, shared);
    }
  }

  function addWord(query, word, shared, quietly) {
    const term = Daybook.analysis.term(word);
    if (term) query.clauses.push({ ...shared, term, word });
    else if (!quietly) query.notes.push(["common", word]);
  }

  /** While a word is being typed, its beginning is searched for as well as the word. */
  function openLast(query) {
    const last = query.clauses[query.clauses.length - 1];
    const plain = last && last.word && !last.prohibited && !last.distance;
    if (plain && last.word.length > SHORTEST_PREFIX) last.open = true;
  }

  /** Write a word of a query's text otherwise; `word` is folded, as clauses have it, `by` gets it as typed. */
  function replaced(text, word, by) {
    return text.replace(/[^\s"^:+~*-]+(?:-[^\s"^:~*-]+)*/g, (typed) => (read(typed).includes(word) ? by(typed) : typed));
  }

  Daybook.queryParser = { parse, replaced };
})();
