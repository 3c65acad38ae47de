/** Finds the words of a query in a text: matches to highlight, the snippet around them, and phrases. */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const { apostrophes, hyphens, invisible } = Daybook.analysis;
  const LETTER = "[\\p{L}\\p{M}\\p{N}]";
  const BREAK = `[${invisible}]*`; // such as a soft hyphen, which does not divide a word
  const WORD = new RegExp(`${LETTER}(?:${BREAK}(?:[.,${apostrophes}${hyphens}]${BREAK})?${LETTER})*`, "gu");
  const COMPOUND_PART = new RegExp(`[^${hyphens}]+`, "gu");
  const MAX_LENGTH = 220; // characters of a snippet
  const CONTEXT_BEFORE = 60; // characters before the first match of a snippet

  function matcher(clauses) {
    const { trim, termOf } = Daybook.analysis;
    const wanted = clauses.filter((clause) => !clause.prohibited);
    return (words) => words.some((word) => {
      const term = termOf(trim(word));
      return term !== "" && wanted.some((clause) => Daybook.expandTerms.matches(clause, term));
    });
  }

  /**
   * Finds the words of a text that match a clause; of a compound only the matching parts, if there are any.
   * @returns {[number, number][]} start and end of each
   */
  function findMatches(text, clauses) {
    const { foldedChunks } = Daybook.analysis;
    const matches = matcher(clauses);
    const found = [];
    for (const { 0: word, index } of text.matchAll(WORD)) {
      if (!matches(foldedChunks(word).flat())) continue;
      const parts = [...word.matchAll(COMPOUND_PART)].filter((part) => matches(foldedChunks(part[0]).flat()));
      if (parts.length) parts.forEach((part) => found.push([index + part.index, index + part.index + part[0].length]));
      else found.push([index, index + word.length]);
    }
    return found;
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

  /** Returns whether a result contains every phrase, word for word, and none that is prohibited. */
  function matchesPhrases(result, phrases) {
    const texts = { headline: result.derived ? "" : result.headline, text: result.text, topic: "" };
    return phrases.every(({ words, fields, prohibited }) => {
      const wanted = ` ${words.join(" ")} `;
      const isFound = fields.some((field) => {
        const folded = Daybook.analysis.queryWords(texts[field]).filter(Boolean);
        return ` ${folded.join(" ")} `.includes(wanted);
      });
      return isFound !== prohibited;
    });
  }

  Daybook.snippet = { appendMarked, findMatches, matchesPhrases };
})();
