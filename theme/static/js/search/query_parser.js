/**
 * Parses what a reader types.
 *
 *   grain -corridor headline:port ship* "Black Sea"^2 zelensky~1 *burg (drone OR missile) outlet:Tideway
 *
 * A document must match every group. No input is an error: what cannot be read as intended is searched as plain
 * words, and `warnings` lists it.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const { queryWords } = Daybook.analysis;
  const MIN_PREFIX = 2; // characters
  const MAX_DISTANCE = 2; // edits
  const MAX_STARS = 3; // with each, matching takes longer
  const TEXT_FIELDS = ["headline", "text"]; // without the names of topics
  const FILTERS = ["outlet", "lang"];
  const PIECE = /[()]|([-+]?)(?:([\p{L}]+):)?(?:"([^"]*)"|([^\s"^()]+))(?:\^(\d{1,2})(?!\d))?/gu;

  /**
   * A word to search for. `word` is the folded word as typed and `words` its spellings. `term` is set for variants:
   * with `prefix` it is the beginning of words, with `wild` it contains stars, with `distance` it is a word that may
   * differ by that number of edits. `exact` excludes the other forms of a word and other spellings of a name.
   * `unfinished` is set while the word is being typed. expand_terms.js adds what the clause was expanded to.
   * @typedef {{word: string, words: string[], term: string, prefix: boolean, wild: boolean, distance: number,
   *   unfinished: boolean, exact: boolean, fields: string[], boost: number, prohibited: boolean}} Clause
   * @typedef {{clauses: Clause[], phrases: {words: string[], fields: string[]}[]}} Item a document matches it with all
   *   of its clauses and phrases
   * @typedef {{items: Item[], prohibited: boolean}} Group a document matches it with any of its items
   * @typedef {{groups: Group[], filters: Object[], warnings: string[][]}} Query each warning is a kind and the part of
   *   the text that it is about
   */

  /**
   * @param {string} text
   * @param {string[]} fields the index's fields
   * @param {boolean} typing the last word may be unfinished
   * @returns {Query}
   */
  function parse(text, fields, typing) {
    const query = { groups: [], filters: [], warnings: [] };
    text = text.replace(/(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])/g, "\u05f4"); // a letter of a Hebrew abbreviation
    if ((text.match(/"/g) || []).length % 2) {
      if (!typing) query.warnings.push(["quote"]);
      text = text.replace(/"/g, " ");
    }
    readPieces(query, [...text.matchAll(PIECE)], fields, typing);
    if (typing && /[\p{L}\p{M}\p{N}]$/u.test(text)) markUnfinished(query);
    return query;
  }

  const isOperator = (piece) => ["AND", "OR", "NOT"].includes(piece);

  /** Reads words and operators. OR joins its neighbours, or groups of words in parentheses that are joined by OR. */
  function readPieces(query, pieces, fields, typing) {
    let joins = false;
    let negates = false;
    let operator = "";
    pieces.forEach((piece, i) => {
      const [whole] = piece;
      const next = pieces[i + 1] && pieces[i + 1][0];
      if (whole === "(" || whole === ")") return;
      if (isOperator(whole)) {
        const before = query.groups[query.groups.length - 1];
        const isPlaced = !operator && next && !isOperator(next) && next !== ")" && (whole === "NOT" || (before && pieces[i - 1][0] !== "("));
        const canJoin = whole !== "OR" || (!before?.prohibited && !/^-|^NOT$/.test(next || ""));
        if (isPlaced && canJoin) {
          operator = whole;
          joins = whole === "OR";
          negates = whole === "NOT";
          return;
        }
        if (!typing) query.warnings.push(["operator", whole]);
        if (isPlaced) return; // a OR -b: both are required
      }
      const items = readPiece(query, piece, fields);
      const prohibited = piece[1] === "-" || negates;
      if (joins && items.length) query.groups[query.groups.length - 1].items.push(merge(items));
      else if (prohibited && items.length) query.groups.push({ items: [merge(items)], prohibited: true });
      // A word of several parts has one group for each, unless OR follows.
      else if (next === "OR" && items.length) query.groups.push({ items: [merge(items)], prohibited: false });
      else query.groups.push(...items.map((item) => ({ items: [item], prohibited: false })));
      joins = negates = false;
      operator = "";
    });
    for (const { items, prohibited } of query.groups) {
      for (const clause of items.flatMap(({ clauses }) => clauses)) clause.prohibited = prohibited;
    }
  }

  function merge(items) {
    return { clauses: items.flatMap(({ clauses }) => clauses), phrases: items.flatMap(({ phrases }) => phrases) };
  }

  /** @returns {Item[]} all of them must match */
  function readPiece(query, [piece, sign, name, phrase, word, boost], fields) {
    const field = name && name.toLowerCase();
    if (FILTERS.includes(field)) {
      query.filters.push({ name: field, words: Daybook.analysis.sequence(phrase ?? word), prohibited: sign === "-" });
      return [];
    }
    const isField = fields.includes(field);
    const shared = { fields: isField ? [field] : fields, boost: Number(boost) || 1 };
    if (phrase !== undefined) return readPhrase(phrase, shared, isField);
    const [, text, distance] = /^(.+?)(?:~(\d?))?$/s.exec((isField || !field ? "" : name + " ") + word);
    if (text.includes("*")) return readStars(query, text, shared, piece);
    if (Number(distance) > MAX_DISTANCE) query.warnings.push(["far", piece]);
    const edits = distance === undefined ? 0 : Math.min(Number(distance || 1), MAX_DISTANCE);
    return readWords(text, edits ? { ...shared, distance: edits } : shared);
  }

  /** A phrase of one word is that word as written: no other form or spelling, no name of a topic. */
  function readPhrase(phrase, shared, isField) {
    const words = Daybook.analysis.sequence(phrase);
    const exact = { ...shared, exact: true, fields: isField ? shared.fields : TEXT_FIELDS };
    return words.length ? [sequenceItem(words, exact)] : [];
  }

  function sequenceItem(words, shared) {
    const phrases = words.length > 1 && !shared.fields.includes("topic") ? [{ words, fields: shared.fields }] : [];
    return { clauses: words.map((word) => ({ ...shared, word, words: [word] })), phrases };
  }

  function readWords(text, shared) {
    return queryWords(text).map(({ words, any, letter }) => {
      if (!any) return sequenceItem(words, { ...shared, exact: true, fields: shared.fields.filter((f) => shared.fields.length < 3 || f !== "topic") });
      if (letter) return clauseItem({ ...shared, term: words[0], prefix: true });
      const [word] = words;
      return clauseItem(shared.distance ? { ...shared, word, words, term: word } : { ...shared, word, words });
    });
  }

  function clauseItem(clause) {
    return { clauses: [clause], phrases: [] };
  }

  /** Reads a word with stars: one star at the end makes a prefix, any other needs the whole vocabulary. */
  function readStars(query, text, shared, piece) {
    const parts = text.split(/\*+/).map((part) => queryWords(part).flatMap(({ words }) => words));
    const letters = parts.flat().join("");
    const isUnspaced = new RegExp(`[${Daybook.analysis.unspaced}]`).test(letters);
    const isPrefix = parts.length === 2 && !parts[1].length;
    if (isUnspaced) return readWords(text.replace(/\*/g, " "), shared); // its pairs are found anywhere
    if (letters.length < MIN_PREFIX) {
      query.warnings.push(["short", letters + "*"]);
      return [];
    }
    if (isPrefix) {
      const prefix = parts[0].pop();
      const items = parts[0].map((word) => clauseItem({ ...shared, word, words: [word] }));
      if (prefix.length >= MIN_PREFIX) return [...items, clauseItem({ ...shared, term: prefix, prefix: true })];
      query.warnings.push(["short", prefix + "*"]);
      return items;
    }
    if (parts.length <= MAX_STARS + 1 && parts.every((words) => words.length < 2)) {
      return [clauseItem({ ...shared, term: parts.map((words) => words[0] || "").join("*"), wild: true })];
    }
    query.warnings.push(["star", piece]);
    return readWords(text.replace(/\*/g, " "), shared);
  }

  /** Marks the last word as unfinished: it is searched for as a prefix too. */
  function markUnfinished({ groups }) {
    const last = groups[groups.length - 1];
    const [clause] = last && !last.prohibited ? last.items[last.items.length - 1].clauses.slice(-1) : [];
    if (clause && clause.words && !clause.exact && !clause.distance && clause.word.length > MIN_PREFIX) clause.unfinished = true;
  }

  /** Returns all clauses of a query. */
  function clausesOf({ groups }) {
    return groups.flatMap(({ items }) => items.flatMap(({ clauses }) => clauses));
  }

  /**
   * Replaces a word in the text of a query.
   * @param {string} text
   * @param {string} word folded, as in clauses
   * @param {function(string): string} replacement gets the word as typed
   */
  function replaceWord(text, word, replacement) {
    const has = (typed) => queryWords(typed).some(({ words }) => words.includes(word));
    return text.replace(/[^\s"^:+~*()-]+(?:-[^\s"^:~*()-]+)*/g, (typed) => (has(typed) ? replacement(typed) : typed));
  }

  Daybook.queryParser = { parse, clausesOf, replaceWord };
})();
