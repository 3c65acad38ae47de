/**
 * The vocabulary of the archive, for what the shards cannot answer: stars within a word, fuzzy
 * words, suggestions, and other words for a form that no entry has. Loaded only then.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});

  /**
   * Loads the words of all segments.
   * @returns {Promise<Map<string, number>>} each word with its frequency class, the binary logarithm of
   *   its number of documents
   */
  async function load(root, manifest) {
    const known = new Map();
    for (const [lines, classes] of await Daybook.indexFiles.loadSegmentFiles(root, manifest, "vocabulary")) {
      Daybook.indexFiles.frontDecode(lines).forEach((term, i) => {
        known.set(term, Math.max(known.get(term) || 0, Number(classes[i])));
      });
    }
    return known;
  }

  /**
   * Returns the words that match a clause with stars or a distance.
   * @returns {Set<string>}
   */
  function expand(known, clause) {
    return new Set(clause.wild ? matchPattern(known, clause.term) : findSimilar(known, clause.term, clause.distance));
  }

  /** Finds each part of the pattern at its first position: a regular expression would try all, for hours on a long term. */
  function matchPattern(known, pattern) {
    const [first, ...inner] = pattern.split("*");
    const last = inner.pop();
    const matches = (term) => {
      let at = first.length;
      for (const part of inner) {
        const found = term.indexOf(part, at);
        if (found < 0) return false;
        at = found + part.length;
      }
      return term.startsWith(first) && term.endsWith(last) && term.length - last.length >= at;
    };
    return [...known.keys()].filter(matches);
  }

  /** Returns the words within an edit distance, as lunr decides; it gets only those that the letters do not rule out. */
  function findSimilar(known, term, distance) {
    const possible = [...known.keys()].filter((other) => minDistance(term, other, distance) <= distance);
    if (!possible.length) return [];
    const wanted = lunr.TokenSet.fromFuzzyString(term, distance);
    return lunr.TokenSet.fromArray(possible.sort()).intersect(wanted).toArray();
  }

  /**
   * Returns a lower bound of the edit distance: the letters that one term has and the other lacks, the larger of
   * both directions. Stops with Infinity above `limit`.
   */
  function minDistance(one, other, limit) {
    if (Math.abs(one.length - other.length) > limit) return Infinity;
    let rest = one;
    let extra = 0;
    for (const letter of other.split("")) {
      const at = rest.indexOf(letter);
      if (at < 0) extra++;
      else rest = rest.slice(0, at) + rest.slice(at + 1);
      if (extra > limit) return Infinity;
    }
    return Math.max(extra, rest.length);
  }

  const MIN_SHARED = 0.6; // of the letters of a form that no entry has, those at its beginning that a relative shares
  const MAX_TAIL = 4; // letters after them
  const INFINITIVE = /(?:[aei]re|[аеияу]ть(?:ся)?)$/; // a long ending of Italian and Russian, which readers type
  const MIN_PART = 5; // letters of a form without its ending that other words contain

  /**
   * Finds other words for a form that no entry has: the same word without what its language may add or change; the
   * words with the longest common beginning, and their families; words that contain it. They are added as `instead`.
   */
  async function addRelatives(loaded, clause) {
    const [word] = clause.words;
    if (/\d/.test(word) || word.length < 3) return;
    const others = otherSpellings(word);
    let found = await findKnown(loaded, others);
    for (const one of [word, ...others]) if (!found.length) found = await findByBeginning(loaded, one);
    if (!found.length && word.length > 3) {
      const known = [...(await load(loaded.root, loaded.manifest)).keys()];
      const parts = [word, ...others].flatMap((one) => [one, one.slice(0, -1), one.slice(0, -2)].filter((part) => part === one || part.length >= MIN_PART));
      const part = parts.find((inside) => inside.length > 3 && known.some((other) => other.includes(inside)));
      found = part ? known.filter((other) => other.includes(part)) : [];
      await loaded.load(found);
    }
    found.forEach((other) => loaded.has(other) && clause.terms.add(other));
    if (clause.terms.size) clause.instead = [...clause.terms];
  }

  /**
   * Returns other spellings and forms of a folded word: a, o, u for ae, oe, ue; without the article of Arabic and the
   * prefixes of Hebrew; the singular of a Greek or Hindi plural; the infinitive of a German or English participle.
   */
  function otherSpellings(word) {
    const changed = ["ae", "oe", "ue"].map((pair) => word.replaceAll(pair, pair[0]));
    changed.push(word.replace(/([aou])e/g, "$1"), word.replace(/^(?:[وفبك]?ال|لل)(?=..)/, ""), word.replace(/(?:εισ|εων)$/, "η"));
    changed.push(word.replace(/^[והבלכמש](?=[\u05d0-\u05ea]{2})/, ""), word.replace(/^[והבלכמש]{2}(?=[\u05d0-\u05ea]{2})/, ""));
    changed.push(word.replace(/(?:ing|ed)$/, ""), word.replace(/(?:ing|ed)$/, "e"), word.replace(/([a-z])\1(?:ing|ed)$/, "$1"));
    changed.push(word.replace(/ि?य(?:ां|ों)$/, "ी"), word.replace(/^ge([a-z]{3,}?)e?t$/, "$1en"));
    return [...new Set(changed)].filter((other) => other !== word);
  }

  /** Returns the first of some words that entries have in any form, with its family. */
  async function findKnown(loaded, words) {
    await loaded.load(words);
    for (const word of words) {
      const family = new Set([word, ...loaded.family(word)]);
      await loaded.load(family);
      const known = [...family].filter((one) => loaded.has(one));
      if (known.length) return known;
    }
    return [];
  }

  async function findByBeginning(loaded, word) {
    const stem = Math.max(4, word.replace(INFINITIVE, "").length);
    const least = Math.max(3, Math.min(stem, Math.max(Math.ceil(word.length * MIN_SHARED), word.length - MAX_TAIL)));
    const maxTail = word.length > 3 ? MAX_TAIL : MAX_TAIL / 2;
    const shortest = word.slice(0, Math.max(least, word.length - 3));
    await loaded.load([word, shortest]);
    let longest = least;
    let found = [];
    for (const { terms, families } of [...loaded.shardsOf(word), ...loaded.shardsOf(shortest)]) {
      for (const other of [...terms.keys(), ...families.keys()]) {
        let shared = 0;
        // The last letter is often an ending: words with it are not closer than others.
        while (shared < Math.min(other.length, word.length - (word.length > 5)) && other[shared] === word[shared]) shared++;
        if (shared < longest || other.length - shared > maxTail || /\d/.test(other)) continue;
        if (shared > longest) [longest, found] = [shared, []];
        found.push(other);
      }
    }
    const words = [...new Set(found.flatMap((other) => [other, ...loaded.family(other)]))];
    await loaded.load(words);
    return words;
  }

  Daybook.vocabulary = { load, expand, addRelatives };
})();
