/** Offers other spellings for words of a query that no entry or hardly any entry has. */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const MAX_OFFERS = 3;
  const LONG_WORD = 8; // letters, from which two may differ
  const MIN_SHARE = 1 / 50; // of the documents of the best offer; rarer words may be misprints themselves
  const MAX_RARE = 3; // documents of a word for which a frequent one is offered
  const MIN_FREQUENT = 100; // documents of that one

  /** Returns the edit distance of two words, an exchange of neighbours counted as one edit; Infinity above `limit`. */
  function editDistance(a, b, limit) {
    if (Math.abs(a.length - b.length) > limit) return Infinity;
    let before = [];
    let row = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      if (Math.min(...next) > limit) return Infinity;
      [before, row] = [row, next];
    }
    return row[b.length] > limit ? Infinity : row[b.length];
  }

  /**
   * Returns the words that a misspelt word may stand for, the likeliest first.
   * @param {string} word
   * @param {Map<string, number>} counts the number of documents of each known word
   * @param {number} least documents of an offer
   */
  function similarWords(word, counts, least) {
    const limit = word.length < LONG_WORD ? 1 : 2;
    const found = [];
    for (const [other, count] of counts) {
      if (count < least || other === word || /\d/.test(other)) continue;
      const distance = editDistance(word, other, limit);
      if (distance <= limit) found.push([other, (count * (other[0] === word[0] ? 2 : 1)) / distance ** 3, count]);
    }
    found.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const most = Math.max(...found.map(([, , count]) => count));
    return found.filter(([, , count]) => count >= most * MIN_SHARE).slice(0, MAX_OFFERS).map(([other]) => other);
  }

  /**
   * Offers words for those of an answer that are probably misspelt.
   * @param {Object} answer from Daybook.runQuery
   * @param {boolean} typing only words of loaded shards are offered, none that would have to be loaded
   * @returns {Promise<[string, string][]>} pairs of a folded word of the query and another word
   */
  async function offers(answer, typing) {
    const { root, manifest, query, found } = answer;
    if (!found) return [];
    const plain = query.clauses.filter(({ words, exact, distance, prohibited, unfinished }) =>
      words && !exact && !distance && !prohibited && !(typing && unfinished));
    const counts = found.loaded.counts();
    const rare = ({ word }) => counts.has(word) && counts.get(word) <= MAX_RARE;
    const absent = plain.filter(({ words }) => !words.some((word) => counts.has(word)) && !words.some((word) => found.loaded.family(word).size));
    let known = counts;
    if (!typing && absent.length) {
      const vocabulary = await Daybook.indexFiles.loadPart(root, "vocabulary");
      known = new Map([...(await vocabulary.load(root, manifest))].map(([word, frequency]) => [word, counts.get(word) || 2 ** frequency]));
    }
    // In a large archive a word of few entries is likelier to be a misprint.
    const least = Math.min(5, 1 + Math.floor(manifest.documents / 200));
    return [
      ...absent.flatMap(({ word }) => similarWords(word, known, least).map((other) => [word, other])),
      ...plain.filter(rare).flatMap(({ word }) => similarWords(word, counts, MIN_FREQUENT).slice(0, 1).map((other) => [word, other])),
    ];
  }

  Daybook.spelling = { offers, similarWords };
})();
