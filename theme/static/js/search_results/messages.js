/** Messages above the results: how the query was interpreted, and what else to search for. */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});

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

  /** Returns the lines about a query: warnings, spellings that are included, too many results to rank. */
  function queryMessages(answer, q, page) {
    const { fill, formatList } = Daybook.results;
    const { strings } = page;
    const { warnings, clauses, tooMany } = answer.query;
    const lines = warnings.map(([kind, word]) => createLine(fill(strings.notes[kind], { word }), [], page));
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
   * Suggests other words for those that no entry contains.
   * @returns {Promise<Element[]>}
   */
  async function suggestions(answer, q, page) {
    const absent = answer.query.absent.filter((clause) => clause.word && !clause.distance);
    if (!absent.length) return [];
    const vocabulary = await Daybook.indexFiles.loadPart(answer.root, "vocabulary");
    const links = [];
    for (const clause of absent) {
      for (const other of await vocabulary.suggest(answer.root, answer.manifest, clause)) {
        links.push([other, Daybook.queryParser.replaceWord(q, clause.word, () => other)]);
      }
    }
    return links.length ? [createLine(page.strings.did_you_mean, links, page)] : [];
  }

  Daybook.messages = { queryMessages, suggestions };
})();
