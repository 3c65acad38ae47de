/**
 * A clause's terms: the only place that says which terms of the index a word, a beginning,
 * a word with stars, a near word or a name's other spellings mean.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});

  /** The other spellings of a name, if it is one: all families that it belongs to. */
  function family(families, term) {
    const spelled = families.flatMap((spellings) => {
      const terms = spellings.map((name) => Daybook.analysis.chunks(name).flatMap(Daybook.analysis.asked).map(Daybook.analysis.term));
      return terms.some(([one]) => one === term) ? spellings.map((name, i) => [name, terms[i][0]]) : [];
    });
    return spelled.length ? { terms: spelled.map(([, one]) => one), spellings: spelled.map(([name]) => name) } : null;
  }

  /** Give stars and near words their terms from the vocabulary, and names their other spellings. */
  async function expanded(root, manifest, clauses) {
    const far = clauses.some((c) => c.wild || c.distance);
    const vocabulary = far && (await Daybook.indexFiles.part(root, "vocabulary"));
    const known = vocabulary && (await vocabulary.load(root, manifest));
    return clauses.map((c) => {
      if (c.wild || c.distance) return { ...c, terms: vocabulary.expand(known, c) };
      const named = c.word && !c.exact && !c.prohibited && family(manifest.families, c.term);
      return named ? { ...c, terms: new Set([c.term, ...named.terms]), spellings: named.spellings } : c;
    });
  }

  /** A word still being typed: its beginning, unless it is whole and stems to something else. */
  function settle(clause, terms) {
    if (!clause.open) return clause;
    const whole = terms.has(clause.term);
    if (whole && !clause.term.startsWith(clause.word)) return clause;
    const begun = [...terms].some((term) => term.startsWith(clause.word));
    return begun ? { ...clause, term: clause.word, prefix: true } : clause;
  }

  function matches(clause, term) {
    if (term[0] === " ") return false;
    if (clause.terms && clause.terms.has(term)) return true;
    return clause.prefix ? term.startsWith(clause.term) : !clause.terms && term === clause.term;
  }

  Daybook.expandTerms = { expanded, settle, matches };
})();
