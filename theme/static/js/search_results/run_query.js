/**
 * Runs a search: parses the query, expands its words, finds and ranks the documents, and loads their results as they
 * are requested. Does not touch the page.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const PAGE_SIZE = 10; // results
  // With at most this many candidates, check all of them for a phrase; otherwise only those displayed.
  const MAX_CHECKED_AT_ONCE = 60;
  // More entries than these are not ranked while the reader types: it would cause a noticeable delay.
  const MAX_RANKED_WHILE_TYPING = 1000;
  const MAX_IN_LOWER_TIER = 50; // entries that lack some of the words

  /**
   * `from` and `to` are dates, months or years; `accepts` filters document numbers.
   * @typedef {{q: string, from: string, to: string, sort: string, accepts: (function(number): boolean)|null}} Question
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
    const parsed = Daybook.queryParser.parse(question.q, manifest.fields, typing);
    const hasFilter = question.from || question.to || question.accepts || parsed.filters.length;
    if (!question.q.trim() && !hasFilter) return new Answer(root, manifest, { ...parsed, clauses: [], phrases: [], absent: [], leftOut: [], empty: true }, null);
    const { query, leftOut } = Daybook.expandTerms.leaveOutCommon(manifest, parsed);
    const loaded = new Daybook.expandTerms.LoadedShards(root, manifest);
    const [clauses, filter] = await Promise.all([
      Daybook.expandTerms.expand(loaded, Daybook.queryParser.clausesOf(query), !typing),
      combineFilters(root, manifest, question, query.filters),
    ]);
    const found = new Search(loaded, withClauses(query, clauses), filter, { question, typing });
    const absent = clauses.filter(({ terms, prohibited }) => !prohibited && !terms.size);
    const phrases = query.groups.flatMap(({ items }) => items.flatMap((item) => item.phrases));
    const answer = new Answer(root, manifest, { ...query, clauses, phrases, absent, leftOut, tooMany: found.tooMany }, found);
    await answer.prepare();
    return answer;
  }

  /** Returns a query with its clauses replaced, in order. */
  function withClauses(query, clauses) {
    const rest = [...clauses];
    const replaced = (item) => ({ ...item, clauses: item.clauses.map(() => rest.shift()) });
    return { ...query, groups: query.groups.map((group) => ({ ...group, items: group.items.map(replaced) })) };
  }

  /** Combines all filters into one function of a document number. */
  async function combineFilters(root, manifest, question, filters) {
    const isInDates = dateFilter(manifest, question);
    const byFacet = filters.length ? await facetFilter(root, manifest, question, filters) : () => true;
    const { accepts } = question;
    return (number) => isInDates(number) && (!accepts || accepts(number)) && byFacet(number);
  }

  /** Returns a filter of documents between two dates, each of which may be a day, a month or a year. */
  function dateFilter(manifest, question) {
    const days = Daybook.indexFiles.daysBetween(manifest, question);
    if (!days.length) return () => false;
    const last = days[days.length - 1];
    return (number) => number >= days[0].first && number < last.first + last.count;
  }

  /**
   * Returns a filter by names of outlets or languages, written in the query; a name matches with all of its words. The
   * filter is for documents between the dates of the question.
   */
  async function facetFilter(root, manifest, question, filters) {
    const { loadFacets, daysBetween, facetYear } = Daybook.indexFiles;
    const facets = await loadFacets(root, manifest, new Set(daysBetween(manifest, question).map(facetYear)));
    const tests = filters.map(({ name, words, prohibited }) => {
      const matches = (value) => {
        const folded = Daybook.analysis.sequence(value);
        return words.every((word) => folded.includes(word));
      };
      const known = new Map(); // by the list of values, which documents share
      return (number) => {
        const values = facets[name][number];
        if (!known.has(values)) known.set(values, values.some(matches) !== prohibited);
        return known.get(values);
      };
    });
    return (number) => tests.every((test) => test(number));
  }

  /** The documents that a query finds, in tiers: with all words, with all but one, with any. */
  class Search {
    constructor(loaded, query, filter, { question, typing }) {
      const { lunrIndex } = Daybook;
      const { manifest } = loaded;
      const required = query.groups.filter(({ prohibited }) => !prohibited);
      const clauses = Daybook.queryParser.clausesOf({ groups: required });
      Object.assign(this, { loaded, manifest, required, clauses, question, typing, terms: lunrIndex.mergeTerms(loaded, Daybook.queryParser.clausesOf(query)) });
      const match = (group) => ({ group, matched: lunrIndex.matchGroup(manifest, this.terms, group) });
      this.wanted = required.map(match);
      this.unwanted = query.groups.filter(({ prohibited }) => prohibited).map(match);
      const hasWords = query.groups.length || !question.q.trim() || query.filters.length;
      this.isAllowed = Uint8Array.from({ length: manifest.documents }, (_, number) =>
        Number(hasWords && filter(number) && this.unwanted.every(({ matched }) => matched[number] < 2)));
      const candidates = this.isAllowed.map((is, number) => Number(is && this.wanted.every(({ matched }) => matched[number])));
      this.candidates = this.sort(candidates, clauses);
      this.needsCheck = [...this.wanted, ...this.unwanted].some(({ group }) => group.items.some(({ phrases }) => phrases.length));
      this.inText = lunrIndex.matchTexts(manifest, this.terms, clauses);
    }

    /**
     * Whether the query may be the name of a topic: the index has the names of all topics, so each of its words must be
     * in some. A star or near word may stand for itself in a name.
     */
    get mayNameTopic() {
      const field = this.manifest.fields.indexOf("topic");
      const isInName = (term) => this.terms.get(term)?.parts.some(({ row }) => row.fields[field].postings.length);
      return this.clauses.every(({ words, distance, terms }) => !words || distance || [...terms].some(isInName));
    }

    /** Returns the numbers of candidates, best first or in the order that the question asks for. */
    sort(isCandidate, clauses) {
      const all = [];
      isCandidate.forEach((is, number) => is && all.push(number));
      const { sort } = this.question;
      const maxRanked = sort && sort !== "relevance" ? 0 : this.typing ? MAX_RANKED_WHILE_TYPING : Infinity;
      if (clauses.length && all.length <= maxRanked) {
        const hits = Daybook.lunrIndex.rank(this.manifest, this.terms, isCandidate, clauses);
        this.hits ??= hits; // of the entries with all words, which are sorted first
        return hits.map(({ number }) => number);
      }
      this.tooMany = maxRanked > 0 && clauses.length > 0;
      return sort === "oldest" ? all : all.reverse();
    }

    /** Returns whether a result has the phrases that the query asks for and none that it excludes. */
    hasPhrases(result) {
      const unsure = [...this.wanted, ...this.unwanted].filter(({ matched }) => matched[result.number] === 1);
      if (!unsure.length) return true;
      return unsure.every(({ group }) => group.items.some((item) => item.phrases.length && Daybook.snippet.hasPhrases(result, item)) !== group.prohibited);
    }

    /**
     * Returns the entries that lack some of the words.
     * @param {Set<number>} shown entries with all of them
     * @returns {{name: string, numbers: number[]}[]} those that lack one, then those that have any
     */
    lowerTiers(shown) {
      const { common } = this.manifest;
      const units = this.required.flatMap((group) => group.items.length > 1 ? [group] :
        group.items[0].clauses.map((clause) => ({ items: [{ clauses: [clause], phrases: [] }] })));
      const telling = units.filter(({ items }) => !items.every(({ clauses }) => clauses.every(({ word }) => common.has(word))));
      if (units.length < 2 || !telling.length) return [];
      const coverage = new Uint8Array(this.manifest.documents);
      for (const unit of telling) Daybook.lunrIndex.matchGroup(this.manifest, this.terms, unit).forEach((is, number) => is && coverage[number]++);
      const most = telling.length - 1;
      const levelOf = (number) => (this.isAllowed[number] && !shown.has(number) ? Math.min(coverage[number], Math.max(most, 1)) : 0);
      const levels = coverage.map((_, number) => levelOf(number));
      let left = PAGE_SIZE - shown.size;
      const tiers = [];
      for (let level = Math.max(most, 1); level > 0 && left > 0; level--) {
        const isCandidate = levels.map((reached) => Number(reached === level));
        const numbers = this.sort(isCandidate, this.clauses).slice(0, MAX_IN_LOWER_TIER);
        if (!numbers.length) continue;
        const name = level === most && most > 1 ? "most" : "any";
        const last = tiers[tiers.length - 1];
        if (last && last.name === name) last.numbers.push(...numbers);
        else tiers.push({ name, numbers });
        left -= numbers.length;
      }
      return tiers;
    }
  }

  /** The results of a search in order, loaded as they are requested; phrases are checked in their texts. */
  class Answer {
    constructor(root, manifest, query, found) {
      Object.assign(this, { root, manifest, query, found, checked: 0, waiting: [], lower: [], matched: [] });
      this.candidates = found ? found.candidates : [];
      if (found) found.question = { ...found.question, root };
    }

    get needsCheck() {
      return Boolean(this.found && this.found.needsCheck);
    }

    /** Checks few candidates of a phrase at once, and adds entries that lack some words if there are few results. */
    async prepare() {
      if (!this.needsCheck) this.matched = this.candidates;
      else if (this.candidates.length <= MAX_CHECKED_AT_ONCE) while (!this.exact) await this.check();
      this.fillUp();
    }

    fillUp() {
      if (!this.exact || this.matched.length >= PAGE_SIZE || this.lower.length) return;
      this.lower = this.found.lowerTiers(new Set(this.matched));
    }

    /** Checks the next candidates for phrases. */
    async check() {
      const batch = this.candidates.slice(this.checked, this.checked + PAGE_SIZE);
      const results = await Promise.all(batch.map((n) => Daybook.indexFiles.loadResult(this.root, this.manifest, n)));
      this.checked += batch.length;
      this.matched.push(...batch.filter((_, i) => this.found.hasPhrases(results[i])));
      this.fillUp();
    }

    /**
     * Returns the next results, at most `count`; `tier` is the name of the tier of each, and `viaTopic` a topic of an entry
     * that has a word of the query only in the names of its topics.
     */
    async next(count = PAGE_SIZE) {
      const start = this.shown || 0;
      if (this.needsCheck) while (!this.exact && this.matched.length < start + count) await this.check();
      const queue = this.tiers.flatMap(({ name, numbers }) => numbers.map((number) => [number, name])).slice(start, start + count);
      this.shown = start + queue.length;
      return Promise.all(queue.map(async ([number, tier]) => {
        const result = await Daybook.indexFiles.loadResult(this.root, this.manifest, number);
        const viaTopic = this.found.clauses.length > 0 && !this.found.inText[number];
        return { ...result, tier, viaTopic: viaTopic ? this.topicOf(result) : null };
      }));
    }

    /** Returns the topic of a result that has a word of the query in its slug, else the first. */
    topicOf({ topics }) {
      const words = this.found.clauses.flatMap(({ terms }) => [...terms]);
      return topics.find((slug) => Daybook.analysis.sequence(slug).some((word) => words.includes(word))) || topics[0] || null;
    }

    /** The tiers of the results that are known: "all", then those that lack some words. Each has `name`, `numbers`, `count`. */
    get tiers() {
      const all = { name: "all", numbers: this.matched };
      return [all, ...this.lower].map((tier) => ({ ...tier, count: tier.numbers.length }));
    }

    /** All document numbers in order of the tiers; of a phrase that is not checked everywhere, all candidates. */
    get numbers() {
      return [...(this.exact ? this.matched : this.candidates), ...this.lower.flatMap(({ numbers }) => numbers)];
    }

    /** Whether `count` is final: without phrases it always is. */
    get exact() {
      return !this.needsCheck || this.checked >= this.candidates.length;
    }

    /** The number of entries with all words, as far as known. */
    get count() {
      return this.matched.length;
    }

    get more() {
      const known = this.matched.length + this.lower.reduce((sum, { numbers }) => sum + numbers.length, 0);
      return !this.exact || (this.shown || 0) < known;
    }
  }

  Daybook.runQuery = runQuery;
})();
