/**
 * Runs a search: parses the query, applies filters and order, finds the documents, and loads their
 * results as they are requested. Does not touch the page.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const PAGE_SIZE = 10; // results
  // With at most this many candidates, check all of them for the phrase; otherwise only those displayed.
  const MAX_CHECKED_AT_ONCE = 60;
  // More entries than these are not ranked while the reader types: it would cause a noticeable delay.
  const MAX_RANKED_WHILE_TYPING = 1000;

  /**
   * `accepts` tells of a document number whether the other filters accept it; null without other filters.
   * @typedef {{q: string, from: string, to: string, sort: string, accepts: function(number): boolean|null}} Question
   */

  /**
   * Runs a search; one without words and filters has an `empty` query and no results.
   * @param {string} root
   * @param {Object} manifest from Daybook.indexFiles.readManifest
   * @param {Question} question
   * @param {boolean} typing
   * @returns {Promise<Answer>}
   */
  async function runQuery(root, manifest, question, typing) {
    const query = Daybook.queryParser.parse(question.q, manifest.fields, typing);
    const hasFilter = question.from || question.to || question.accepts;
    if (!question.q.trim() && !hasFilter) return new Answer(root, manifest, { ...query, absent: [], empty: true }, []);
    const maxRanked = question.sort !== "relevance" ? 0 : typing ? MAX_RANKED_WHILE_TYPING : Infinity;
    const searching = find(root, manifest, query, { question, maxRanked });
    const [found] = await Promise.all([searching, Daybook.indexFiles.loadPart(root, "results")]);
    const numbers = found.hits.map(({ number }) => number);
    if (!found.ranked && question.sort !== "oldest") numbers.reverse();
    const tooMany = !found.ranked && maxRanked === MAX_RANKED_WHILE_TYPING && query.clauses.some((clause) => !clause.prohibited);
    return new Answer(root, manifest, { ...query, clauses: found.clauses, absent: found.absent, tooMany }, numbers);
  }

  /** Searches; input without a word to search for finds nothing. */
  async function find(root, manifest, { clauses, phrases }, { question, maxRanked }) {
    if (!clauses.length && !phrases.length && question.q.trim()) return { hits: [], ranked: true, clauses, absent: [] };
    const isInDates = dateFilter(manifest, question);
    const filter = (number) => isInDates(number) && (!question.accepts || question.accepts(number));
    return Daybook.lunrIndex.search(root, manifest, clauses, { filter, maxRanked });
  }

  /** Returns a filter of documents between two dates, each of which may be a day, a month or a year. */
  function dateFilter(manifest, { from, to }) {
    const days = manifest.days.filter(({ date }) =>
      (!from || date.slice(0, from.length) >= from) && (!to || date.slice(0, to.length) <= to));
    if (!days.length) return () => false;
    const last = days[days.length - 1];
    return (number) => number >= days[0].first && number < last.first + last.count;
  }

  /** The results of a search in order, loaded as they are requested; phrases are checked in the loaded text. */
  class Answer {
    constructor(root, manifest, query, numbers) {
      Object.assign(this, { root, manifest, query, numbers, checked: 0, matched: 0, waiting: [] });
    }

    /** Returns the next results, at most `count`. */
    async next(count = PAGE_SIZE) {
      const checkAll = this.query.phrases.length && this.numbers.length <= MAX_CHECKED_AT_ONCE;
      while ((checkAll || this.waiting.length < count) && this.checked < this.numbers.length) {
        const batch = this.numbers.slice(this.checked, this.checked + count);
        const loaded = await Promise.all(batch.map((n) => Daybook.indexFiles.loadResult(this.root, this.manifest, n)));
        this.checked += batch.length;
        const matching = loaded.filter((result) => Daybook.snippet.matchesPhrases(result, this.query.phrases));
        this.matched += matching.length;
        this.waiting.push(...matching);
      }
      return this.waiting.splice(0, count);
    }

    /** Whether `count` is final: without phrases it always is. */
    get exact() {
      return !this.query.phrases.length || this.checked >= this.numbers.length;
    }

    get count() {
      return this.query.phrases.length ? this.matched : this.numbers.length;
    }

    get more() {
      return this.waiting.length > 0 || this.checked < this.numbers.length;
    }
  }

  Daybook.runQuery = runQuery;
})();
