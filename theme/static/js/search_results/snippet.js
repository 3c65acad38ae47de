/** Finds the words of a query in a text: matches to highlight, the snippet around them, and phrases. */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const { apostrophes, hyphens, invisible } = Daybook.analysis;
  const LETTER = "[\\p{L}\\p{M}\\p{N}]";
  const BREAK = `[${invisible}]*`; // such as a soft hyphen, which does not divide a word
  const WORD = new RegExp(`${LETTER}(?:${BREAK}(?:[.,${apostrophes}${hyphens}]${BREAK})?${LETTER})*`, "gu");
  const UNSPACED = new RegExp(`[${Daybook.analysis.unspaced}]`);
  const COMPOUND_PART = new RegExp(`[^${hyphens}]+`, "gu");
  const MAX_LENGTH = 220; // characters of a snippet
  const CONTEXT_BEFORE = 60; // characters before the first match of a snippet

  /** Returns a function that tells whether any of some folded words matches a clause. */
  function matcher(clauses) {
    const terms = new Set(clauses.filter(({ prohibited }) => !prohibited).flatMap((clause) => [...(clause.terms || [clause.term])]));
    return (words) => words.some((word) => terms.has(word));
  }

  const allWords = (text) => Daybook.analysis.foldedChunks(text).flatMap(({ parts, extras }) => [...parts, ...extras]);

  /**
   * Finds the words of a text that match a clause; of a compound only the matching parts, if there are any.
   * @returns {[number, number][]} start and end of each
   */
  function findMatches(text, clauses) {
    const matches = matcher(clauses);
    const found = [];
    for (const { 0: word, index } of text.matchAll(WORD)) {
      if (!matches(allWords(word))) continue;
      if (UNSPACED.test(word)) {
        addPairs(word, index, matches, found);
        continue;
      }
      const parts = [...word.matchAll(COMPOUND_PART)].filter((part) => matches(allWords(part[0])));
      if (parts.length) parts.forEach((part) => found.push([index + part.index, index + part.index + part[0].length]));
      else found.push([index, index + word.length]);
    }
    return found;
  }

  /** Adds the matching pairs of letters of a script without spaces; those that overlap or touch become one. */
  function addPairs(word, index, matches, found) {
    const letters = [...word];
    let at = index;
    letters.forEach((letter, i) => {
      const pair = letter + (letters[i + 1] || "");
      if (matches(allWords(pair)) && UNSPACED.test(letter)) {
        const last = found[found.length - 1];
        const end = at + (pair.length > letter.length && !matches([letter]) ? pair.length : letter.length);
        if (last && last[1] >= at) last[1] = Math.max(last[1], end);
        else found.push([at, end]);
      }
      at += letter.length;
    });
  }

  /** Chooses the range with the most matches. */
  function densestRange(text, found) {
    if (text.length <= MAX_LENGTH || !found.length) return [0, Math.min(text.length, MAX_LENGTH)];
    let best = 0;
    let most = 0;
    let next = 0;
    found.forEach(([start], i) => {
      while (next < found.length && found[next][1] <= start - CONTEXT_BEFORE + MAX_LENGTH) next++;
      if (next - i > most) [best, most] = [i, next - i];
    });
    const start = Math.max(0, Math.min(found[best][0] - CONTEXT_BEFORE, text.length - MAX_LENGTH));
    return [start, start + MAX_LENGTH];
  }

  /** Moves the ends of a range to spaces, so that no word is cut. */
  function alignToWords(text, [start, end]) {
    const from = start === 0 ? 0 : text.indexOf(" ", start) + 1 || start;
    const to = end >= text.length ? text.length : Math.max(from + 1, text.lastIndexOf(" ", end));
    return [from, to];
  }

  /**
   * Appends a text to an element, with the matches in <mark> elements.
   * @param {Element} element
   * @param {string} text
   * @param {Object[]} clauses
   * @param {boolean} short only a snippet of it
   */
  function appendMarked(element, text, clauses, short) {
    const plain = Daybook.analysis.withoutDirection(text).replace(/\s+/g, " ").trim();
    const found = findMatches(plain, clauses);
    const [from, to] = short ? alignToWords(plain, densestRange(plain, found)) : [0, plain.length];
    let at = from;
    if (from > 0) element.append("… ");
    for (const [start, end] of found) {
      if (start < at || end > to) continue;
      const mark = document.createElement("mark");
      mark.textContent = plain.slice(start, end);
      element.append(plain.slice(at, start), mark);
      at = end;
    }
    element.append(plain.slice(at, to), to < plain.length ? " …" : "");
  }

  /** Returns whether a result contains every phrase of an item of a query, word for word. */
  function hasPhrases(result, { phrases }) {
    const texts = { headline: result.derived ? "" : result.headline, text: result.text };
    return phrases.every(({ words, fields }) => fields.some((field) =>
      ` ${Daybook.analysis.sequence(texts[field] || "").join(" ")} `.includes(` ${words.join(" ")} `)));
  }

  Daybook.snippet = { appendMarked, findMatches, hasPhrases };
})();
