/**
 * Words of a query in a text: where they stand, the snippet around them, and phrases.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const WORD = /[\p{L}\p{M}\p{N}]+(?:[.,'’\-‐‑–][\p{L}\p{M}\p{N}]+)*/gu;
  const PART = /[^\-‐‑–]+/g;
  const LENGTH = 220;
  const BEFORE = 60;

  function matcher(clauses) {
    const wanted = clauses.filter((clause) => !clause.prohibited);
    return (words) => words.some((word) => {
      const plain = Daybook.analysis.trim(word);
      const term = Daybook.analysis.term(plain);
      return term !== "" && wanted.some((clause) => Daybook.expandTerms.matches(clause, term));
    });
  }

  /**
   * Find the clauses' words in a text.
   * @returns {[number, number][]} start and end of each
   */
  function places(text, clauses) {
    const matches = matcher(clauses);
    const found = [];
    for (const { 0: word, index } of text.matchAll(WORD)) {
      const words = Daybook.analysis.chunks(word).flat();
      if (!matches(words)) continue;
      const parts = [...word.matchAll(PART)].filter((part) => matches(Daybook.analysis.chunks(part[0]).flat()));
      if (parts.length) parts.forEach((part) => found.push([index + part.index, index + part.index + part[0].length]));
      else found.push([index, index + word.length]);
    }
    return found;
  }

  /** Choose the stretch that holds the most of them. */
  function densest(text, found) {
    if (text.length <= LENGTH || !found.length) return [0, Math.min(text.length, LENGTH)];
    let best = 0;
    let most = 0;
    let next = 0;
    found.forEach(([start], i) => {
      while (next < found.length && found[next][1] <= start - BEFORE + LENGTH) next++;
      if (next - i > most) [best, most] = [i, next - i];
    });
    const start = Math.max(0, Math.min(found[best][0] - BEFORE, text.length - LENGTH));
    return [start, start + LENGTH];
  }

  /** Move a cut to the next space, so that no word is halved. */
  function whole(text, [start, end]) {
    const from = start === 0 ? 0 : text.indexOf(" ", start) + 1 || start;
    const to = end >= text.length ? text.length : Math.max(from + 1, text.lastIndexOf(" ", end));
    return [from, to];
  }

  /**
   * Append a text to an element with the clauses' words marked.
   * @param {Element} element
   * @param {string} text
   * @param {Object[]} clauses
   * @param {boolean} short only a snippet of it
   */
  function marked(element, text, clauses, short) {
    const plain = text.replace(/\s+/g, " ").trim();
    const found = places(plain, clauses);
    const [from, to] = short ? whole(plain, densest(plain, found)) : [0, plain.length];
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

  /** Say whether a card holds what every phrase asks for, word by word. */
  function holds(card, phrases) {
    const texts = { headline: card.made ? "" : card.headline, text: card.text, topic: "" };
    return phrases.every(({ words, fields, prohibited }) => {
      const wanted = ` ${words.join(" ")} `;
      const stands = fields.some((field) => {
        const folded = Daybook.analysis.chunks(texts[field]).flatMap(Daybook.analysis.asked).filter(Boolean);
        return ` ${folded.join(" ")} `.includes(wanted);
      });
      return stands !== prohibited;
    });
  }

  Daybook.snippet = { marked, holds, places };
})();
