/**
 * Folds the results of an answer: a repeat or continuation of a result above is a part of that result. Both are
 * recognised from what results show, so that the index needs no table of them.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const PAGE_SIZE = 10; // results, each with its repeats
  const MIN_RESULTS = 6; // of a page; each time that more are loaded is a round trip
  const MAX_ROUNDS = 3;
  const MAX_DISTANCE = 30; // days between an entry and its repeat
  const MAX_CONTINUATION = 2; // days between an entry and its continuation
  // Likeness: the cosine of both sets of words.
  const REPEAT = 0.78;
  const REPEAT_UNDER_SAME_HEADLINE = 0.6;
  const FEW_WORDS = 8; // shorter texts share most words by chance
  const COMPARED = 180; // characters of a text: what the limits above were chosen with
  const DAY = 86400000; // milliseconds

  /** Returns what a result is compared by; the number of a part, "(2)", is no word of its headline. */
  function traitsOf(result) {
    const words = (text) => text.normalize("NFKC").toLowerCase().match(/[\p{L}\p{M}]+|\d+/gu) || [];
    const headline = result.derived ? "" : words(result.headline.replace(/\(\d+\)\s*$/, "")).join(" ");
    const [, part] = /\((\d+)\)\s*$/.exec(result.headline) || [];
    const text = new Set(words(result.text.slice(0, COMPARED)));
    return { headline, part: Number(part || 1), text, figures: [...text].filter((word) => /\d/.test(word)), time: Date.parse(result.date) };
  }

  /** Returns whether one result repeats or continues the other. */
  function belongTogether(one, other) {
    const days = Math.abs(one.time - other.time) / DAY;
    if (days > MAX_DISTANCE) return false;
    const sameHeadline = one.headline !== "" && one.headline === other.headline;
    if (sameHeadline && one.part !== other.part && days <= MAX_CONTINUATION) return true;
    const [short, long] = one.text.size < other.text.size ? [one, other] : [other, one];
    if (!short.text.size) return sameHeadline && days === 0;
    const countShared = (words) => words.filter((word) => long.text.has(word)).length;
    const likeness = countShared([...short.text]) / Math.sqrt(short.text.size * long.text.size);
    const sameFigures = 2 * countShared(short.figures) >= short.figures.length;
    if (sameHeadline) return sameFigures && likeness >= REPEAT_UNDER_SAME_HEADLINE;
    return sameFigures && likeness >= REPEAT && short.text.size >= FEW_WORDS;
  }

  class FoldedResults {
    /** Takes an answer of Daybook.runQuery. */
    constructor(answer) {
      Object.assign(this, { answer, heads: [], waiting: [] });
    }

    /** Returns the next results, about a page of them, each with its `repeats`; later ones may be added to these. */
    async next() {
      for (let round = 0; round < MAX_ROUNDS && this.waiting.length < MIN_RESULTS && this.answer.more; round++) {
        for (const result of await this.answer.next(PAGE_SIZE - this.waiting.length)) this.add(result);
      }
      return this.waiting.splice(0, PAGE_SIZE);
    }

    add(result) {
      const traits = traitsOf(result);
      const head = this.heads.find((other) => belongTogether(other.traits, traits));
      if (head) {
        head.result.repeats.push(result);
        head.result.onRepeat?.(result);
      } else {
        result.repeats = [];
        this.heads.push({ result, traits });
        this.waiting.push(result);
      }
    }

    get more() {
      return this.waiting.length > 0 || this.answer.more;
    }
  }

  Daybook.FoldedResults = FoldedResults;
})();
