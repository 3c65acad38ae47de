/** Messages above the results: how the query was interpreted, and what else to search for. */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const MAX_INSTEAD = 6; // words that are named

  /**
   * Builds a line that ends in links to other searches.
   * @param {string} text
   * @param {[string, string][]} links each a label and a query
   * @param {{addressOf: function(string): string, search: function(string)}} page
   */
  function createLine(text, links, page) {
    const line = document.createElement("p");
    const { withoutDirection } = Daybook.analysis;
    line.append(withoutDirection(text));
    for (const [label, q] of links) {
      const link = document.createElement("a");
      link.href = page.addressOf(q);
      link.textContent = withoutDirection(label);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        page.search(q);
      });
      line.append(" ", link);
    }
    return line;
  }

  /** Returns the lines about a query: warnings, words that were left out or replaced, too many results to rank. */
  function queryMessages(answer, q, page) {
    const { fill, formatList } = Daybook.results;
    const { strings } = page;
    const { warnings, clauses, tooMany, leftOut } = answer.query;
    const lines = warnings.map(([kind, word]) => createLine(fill(strings.notes[kind], { word }), [], page));
    for (const word of leftOut) lines.push(createLine(fill(strings.notes.common, { word }), [[`“${word}”`, Daybook.queryParser.replaceWord(q, word, (typed) => `"${typed}"`)]], page));
    for (const { word, instead } of clauses.filter((clause) => clause.instead)) {
      const shown = instead.slice(0, MAX_INSTEAD);
      lines.push(createLine(fill(strings.notes.instead, { word, words: formatList(strings, shown) }), [], page));
    }
    for (const { word, spellings } of clauses.filter((clause) => clause.spellings)) {
      let typedWord = word;
      const onlyThis = Daybook.queryParser.replaceWord(q, word, (typed) => `"${(typedWord = typed)}"`);
      const link = [fill(strings.exact_spelling, { word: typedWord }), onlyThis];
      lines.push(createLine(fill(strings.spellings, { spellings: formatList(strings, spellings) }), [link], page));
    }
    if (tooMany) lines.push(createLine(strings.too_many_while_typing, [[strings.best, q]], page));
    return lines;
  }

  /**
   * Offers other spellings for words that no entry or hardly any entry has.
   * @param {boolean} typing the last word may be unfinished, and nothing is loaded
   * @returns {Promise<Element[]>}
   */
  async function suggestions(answer, q, page, typing = false) {
    const offers = await Daybook.spelling.offers(answer, typing);
    const links = offers.map(([word, other]) => [other, Daybook.queryParser.replaceWord(q, word, () => other)]);
    return links.length ? [createLine(page.strings.did_you_mean, links, page)] : [];
  }

  Daybook.messages = { queryMessages, suggestions };
})();
