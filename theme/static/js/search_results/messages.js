/**
 * What the page says beside its results: how a query was read, and what else could be asked.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});

  /**
   * A line that ends in other questions.
   * @param {string} text
   * @param {[string, string][]} offers each a label and the query it stands for
   * @param {{address: function(string): string, ask: function(string)}} page
   */
  function line(text, offers, page) {
    const made = document.createElement("p");
    made.append(text);
    for (const [label, q] of offers) {
      const link = document.createElement("a");
      link.href = page.address(q);
      link.textContent = label;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        page.ask(q);
      });
      made.append(" ", link);
    }
    return made;
  }

  /** The lines about an answer's query: what was not read as meant, spellings, a flood. */
  function about(answer, q, words, page) {
    const { fill } = Daybook.results;
    const { notes, clauses, flood } = answer.query;
    const lines = notes.map(([kind, word]) => line(fill(words.notes[kind], { word }), [], page));
    for (const { word, spellings } of clauses.filter((clause) => clause.spellings)) {
      let asked = word;
      const just = Daybook.queryParser.replaced(q, word, (typed) => `"${(asked = typed)}"`);
      const offer = [fill(words.just, { word: asked }), just];
      lines.push(line(fill(words.spellings, { spellings: spellings.join(", ") }), [offer], page));
    }
    if (flood) lines.push(line(words.flood, [[words.best, q]], page));
    return lines;
  }

  /**
   * Offer other words for those that no entry has.
   * @returns {Promise<Element[]>}
   */
  async function otherWords(answer, q, words, page) {
    const absent = answer.query.absent.filter((clause) => clause.word && !clause.distance);
    if (!absent.length) return [];
    const vocabulary = await Daybook.indexFiles.part(answer.root, "vocabulary");
    const offers = [];
    for (const clause of absent) {
      for (const other of await vocabulary.suggest(answer.root, answer.manifest, clause)) {
        offers.push([other, Daybook.queryParser.replaced(q, clause.word, () => other)]);
      }
    }
    return offers.length ? [line(words.meant, offers, page)] : [];
  }

  Daybook.messages = { about, otherWords };
})();
