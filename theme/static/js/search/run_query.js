/**
 * One question from words and filters to a row of cards: the only place that joins query,
 * index, filters, order and phrases. Knows nothing of the page.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const SCREEN = 10;
  // So many candidates are all looked at for a phrase; more only as they are shown.
  const CHECKED_AT_ONCE = 60;
  // While typing, more entries than these are shown newest first: ranking them would be felt.
  const FLOOD = 1000;

  /**
   * `kinds` are the slugs of the kind's topics, or null without such a filter.
   * @typedef {{q: string, from: string, to: string, topic: string, kinds: string[]|null, sort: string}} Question
   */

  /** Keep numbers of documents between two dates, each given whole or as a month or year. */
  function inTime(manifest, { from, to }) {
    const days = manifest.days.filter(({ date }) =>
      (!from || date.slice(0, from.length) >= from) && (!to || date.slice(0, to.length) <= to));
    if (!days.length) return () => false;
    const last = days[days.length - 1];
    return (number) => number >= days[0].first && number < last.first + last.count;
  }

  /** All filters of a question as one function of a document's number. */
  async function filter(root, manifest, question) {
    const { topic, kinds } = question;
    const inDates = inTime(manifest, question);
    const inTopic = topic && (await Daybook.lunrIndex.ofTopic(root, manifest, topic));
    const inKind = kinds && (await (await Daybook.indexFiles.part(root, "facets")).withAny(root, manifest, kinds));
    return (number) => inDates(number) && (!inTopic || inTopic.has(number)) && (!inKind || inKind(number));
  }

  /** Search; what was typed and has no word to search for finds nothing. */
  async function find(root, manifest, { clauses, phrases }, { question, most }) {
    if (!clauses.length && !phrases.length && question.q.trim()) return { hits: [], ranked: true, clauses, absent: [] };
    const keeps = await filter(root, manifest, question);
    return Daybook.lunrIndex.search(root, manifest, clauses, { keeps, most });
  }

  /**
   * Answer a question; one without words and filters is `empty`.
   * @param {string} root
   * @param {Object} manifest as readManifest gives it
   * @param {Question} question
   * @param {boolean} typing
   * @returns {Promise<Answer>}
   */
  async function answer(root, manifest, question, typing) {
    const query = Daybook.queryParser.parse(question.q, manifest.fields, typing);
    const filtered = question.from || question.to || question.topic || question.kinds;
    if (!question.q.trim() && !filtered) return new Answer(root, manifest, { ...query, absent: [], empty: true }, []);
    const most = question.sort !== "relevance" ? 0 : typing ? FLOOD : Infinity;
    const finding = find(root, manifest, query, { question, most });
    const [found] = await Promise.all([finding, Daybook.indexFiles.part(root, "results")]);
    const numbers = found.hits.map(({ number }) => number);
    if (!found.ranked && question.sort !== "oldest") numbers.reverse();
    const flood = !found.ranked && most === FLOOD && query.clauses.some((clause) => !clause.prohibited);
    return new Answer(root, manifest, { ...query, clauses: found.clauses, absent: found.absent, flood }, numbers);
  }

  /** Cards in order, fetched as they are asked for; phrases are checked on the fetched text. */
  class Answer {
    constructor(root, manifest, query, numbers) {
      Object.assign(this, { root, manifest, query, numbers, checked: 0, found: 0, waiting: [] });
    }

    /** The next cards, at most a screen of them. */
    async next() {
      const all = this.query.phrases.length && this.numbers.length <= CHECKED_AT_ONCE;
      while ((all || this.waiting.length < SCREEN) && this.checked < this.numbers.length) {
        const batch = this.numbers.slice(this.checked, this.checked + SCREEN);
        const cards = await Promise.all(batch.map((n) => Daybook.indexFiles.card(this.root, this.manifest, n)));
        this.checked += batch.length;
        const held = cards.filter((card) => Daybook.snippet.holds(card, this.query.phrases));
        this.found += held.length;
        this.waiting.push(...held);
      }
      return this.waiting.splice(0, SCREEN);
    }

    /** Whether `count` is final: without a phrase it always is. */
    get exact() {
      return !this.query.phrases.length || this.checked >= this.numbers.length;
    }

    get count() {
      return this.query.phrases.length ? this.found : this.numbers.length;
    }

    get more() {
      return this.waiting.length > 0 || this.checked < this.numbers.length;
    }
  }

  Daybook.runQuery = answer;
})();
