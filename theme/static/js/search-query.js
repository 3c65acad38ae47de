/**
 * What a reader types, read once: the only place for the query's grammar.
 *
 *   grain -corridor headline:port ship* "Black Sea"^2
 *
 * Every word must be there; nothing a reader can type is an error: what cannot be read as
 * meant is searched as plain words, and `notes` says so.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const SHORTEST_PREFIX = 2;
  const PIECE = /([-+]?)(?:([\p{L}]+):)?(?:"([^"]*)"|([^\s"^]+))(?:\^(\d{1,2})(?!\d))?/gu;

  /**
   * @typedef {{term: string, prefix: boolean, prohibited: boolean, fields: string[], boost: number}} Clause
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
    if (phrase !== undefined) return addPhrase(query, phrase, shared);
    const plain = (isField || !field ? "" : field + " ") + word;
    const starred = /^([^*]*)\*$/.exec(plain);
    if (plain.includes("*") && !starred) query.notes.push(["star", whole]);
    addWords(query, starred ? starred[1] : plain, shared, Boolean(starred));
  }

  function addPhrase(query, phrase, shared) {
    const words = Daybook.words.chunks(phrase).flatMap(Daybook.words.asked).filter(Boolean);
    if (words.length && !words.some(Daybook.words.term)) return query.notes.push(["common", phrase]);
    if (words.length > 1) query.phrases.push({ words, prohibited: shared.prohibited, fields: shared.fields });
    if (words.length === 1 || !shared.prohibited) {
      for (const word of words) addWord(query, word, shared, words.length > 1);
    }
  }

  function addWords(query, plain, shared, starred) {
    const words = Daybook.words.chunks(plain).flatMap(Daybook.words.asked).filter(Boolean);
    words.forEach((word, i) => {
      const prefix = starred && i === words.length - 1;
      if (prefix && word.length < SHORTEST_PREFIX) query.notes.push(["short", word + "*"]);
      if (prefix && word.length >= SHORTEST_PREFIX) query.clauses.push({ ...shared, term: word, prefix });
      else addWord(query, word, shared, false);
    });
    if (starred && !words.length) query.notes.push(["short", "*"]);
  }

  function addWord(query, word, shared, quietly) {
    const term = Daybook.words.term(word);
    if (term) query.clauses.push({ ...shared, term, prefix: false, word });
    else if (!quietly) query.notes.push(["common", word]);
  }

  /** While a word is being typed, its beginning is searched for as well as the word. */
  function openLast(query) {
    const last = query.clauses[query.clauses.length - 1];
    if (last && last.word && !last.prohibited && last.word.length > SHORTEST_PREFIX) last.open = true;
  }

  Daybook.query = { parse };
})();
