/**
 * Turns text into index words exactly as scripts/daybook/search/analysis.py and `fold_spelling` of
 * scripts/daybook/core/text.py do for the index: a word that they treat differently cannot be found. A test compares
 * them.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const PLAIN_LETTERS = {
    ı: "i", ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ß: "ss", æ: "ae", œ: "oe", þ: "th",
    Ł: "L", Ø: "O", Đ: "D", Ð: "D", Ħ: "H", ẞ: "SS", Æ: "Ae", Œ: "Oe", Þ: "Th",
    ё: "е", Ё: "Е", ς: "σ", ة: "ه", ى: "ي", ی: "ي", ک: "ك", "\u0671": "ا", "ँ": "ं",
  };
  for (const zero of "٠۰०০੦૦୦௦౦೦൦๐໐༠၀០᠐") for (let i = 0; i < 10; i++) PLAIN_LETTERS[String.fromCharCode(zero.charCodeAt() + i)] = String(i);
  const LETTERS = new RegExp(`[${Object.keys(PLAIN_LETTERS).join("")}]`, "g");
  // The insides of character classes. snippet.js uses some to find whole words, too.
  const INVISIBLE = "\\u00ad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff";
  const SPACING_ACCENTS = "\\u00b4\\u1fbd\\u1fbf\\u1ffd\\u1ffe";
  const APOSTROPHES = "`\\u02b9\\u02bb-\\u02bf\\u0559\\u055a\\u05f3\\u07f4\\u07f5\\u2018\\u2019\\u201b\\u2032\\u2035\\ua78c";
  const HYPHENS = "\\u058a\\u05be\\u1400\\u1806\\u2010-\\u2013\\u2043\\u2212\\u2e17\\u2e40\\u2e5d\\u30a0";
  const UNSPACED = "\\u0e00-\\u0e4e\\u0e80-\\u0eff\\u1000-\\u1049\\u1780-\\u17d3\\u3005-\\u3007\\u3040-\\u30fa\\u30fc-\\u30ff" +
    "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff";
  const VOWEL_POINTS = "\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670\\u093c";
  const anyOf = (characters) => new RegExp(`[${characters}]`, "g");
  const SPACING_ACCENT = anyOf(SPACING_ACCENTS);
  const RUNS = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, "g");
  const IS_UNSPACED = new RegExp(`[${UNSPACED}]`);
  const ELISIONS = /^(?:[ldjmnstc]|(?:jus|lors|puis|quoi|pres)?qu|un|d?all|dell|nell|sull|coll|quell|quest|bell|sant|tutt)$/;
  const CONTRACTIONS = new Set(["t", "s", "d", "m", "re", "ve", "ll"]);
  const MAX_WORD_LENGTH = 64; // characters
  const MARKS = [
    [/([A-Za-z\u0370-\u03ff])[\u0300-\u036f]+/g, "$1"],
    [/([\u0400-\u04ff][\u0306\u0308]?)[\u0300\u0301]+/g, "$1"],
    [anyOf(VOWEL_POINTS), ""],
  ];
  const FOLDED = [
    [LETTERS, (letter) => PLAIN_LETTERS[letter]],
    [anyOf(INVISIBLE), ""], [/(?<=[\u05d0-\u05ea])["\u05f4\u201d](?=[\u05d0-\u05ea])/g, ""],
    [anyOf(HYPHENS), "-"], [/ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])/g, "ं"], [anyOf(APOSTROPHES), "'"],
    [/([0-9]),(?=[0-9]{3}(?![0-9]))/g, "$1"],
    [
      /(?<![A-Za-z0-9.])[A-Za-z](?:\.[A-Za-z])+(?![A-Za-z0-9])(?:\.(?!\S))?/g,
      (initials) => initials.replace(/\./g, ""),
    ],
  ];
  const SEPARATORS = new RegExp(
    "[\\u0000-\\u0020!\"#$%&()*+,/:;<=>?@\\[\\\\\\]^_{|}~\\u007f-\\u00bf\\u00d7\\u00f7\\u055a-\\u055f\\u060c\\u061b\\u061f" +
      "\\u066a-\\u066d\\u06d4\\u0964\\u0965\\u1680\\u180e\\u2000-\\u206f\\u20a0-\\u20cf\\u2190-\\u2bff\\u3000-\\u3004" +
      "\\u3008-\\u303f\\u30fb\\uff5f-\\uff65]+", "g");

  /** Makes the spellings of a word equal, with their case. */
  function foldSpelling(text) {
    const apply = (folded, [pattern, by]) => folded.replace(pattern, by);
    const plain = MARKS.reduce(apply, text.replace(SPACING_ACCENT, "'").normalize("NFKD")).normalize("NFC");
    return FOLDED.reduce(apply, plain);
  }

  /**
   * Folds a text and splits it into words.
   * @param {string} text
   * @returns {{parts: string[], extras: string[]}[]} for each chunk between spaces the words that follow one another,
   *   and words that are in the same place: the joined form of a compound, a part of a word with an apostrophe
   */
  function foldedChunks(text) {
    return foldSpelling(text).toLowerCase().replace(/ς/g, "σ")
      .replace(/(?<![0-9])\.|\.(?![0-9])/g, " ")
      .replace(SEPARATORS, " ")
      .split(" ").map(splitChunk).filter(({ parts }) => parts.length);
  }

  function splitChunk(chunk) {
    const parts = [];
    const extras = [];
    const pieces = chunk.split("-").filter(trim);
    for (const run of pieces.flatMap((piece) => piece.match(RUNS) || [])) {
      if (IS_UNSPACED.test(run)) {
        for (let i = 0; i < run.length - 1; i++) parts.push(run.slice(i, i + 2));
        if (run.length > 1) extras.push(run.slice(-1));
        else parts.push(run);
        continue;
      }
      const word = trim(run);
      if (!word) continue;
      parts.push(word);
      const inner = run.replace(/'s$/, "").replace(/^'+|'+$/g, "").split("'").map(trim);
      const isElided = ELISIONS.test(inner[0]);
      const inside = isElided ? inner.slice(1).join("") : inner.reduce((a, b) => (length(b) > length(a) ? b : a));
      if (length(inside) > 2 - isElided && inside !== word && !CONTRACTIONS.has(inner[inner.length - 1])) extras.push(inside);
    }
    if (pieces.length > 1 && pieces.length < 4 && !IS_UNSPACED.test(chunk)) {
      const joined = pieces.map(trim).join("");
      if (/[0-9]/.test(joined) && /[^0-9.]/.test(joined)) extras.push(joined);
    }
    return { parts, extras };
  }

  const length = (word) => [...word].length; // in characters, as Python counts

  /**
   * Removes from a folded word its possessive, apostrophes, and what is not a letter or digit at its ends,
   * and cuts it after 64 characters.
   */
  function trim(word) {
    const plain = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, "").replace(/'s$/, "").replace(/'/g, "");
    const cut = plain.replace(new RegExp(`(.{${MAX_WORD_LENGTH}}).+`, "su"), "$1");
    return cut === plain ? plain : trim(cut);
  }

  /**
   * Folds and splits a text as a query.
   * @returns {{words: string[], any: boolean, letter: boolean}[]} what must be found: one of `words` (the spellings of
   *   a word with an apostrophe) or, unless `any`, all of them in this order (such as the pairs of a Chinese word, or
   *   1-1). `letter` is a single letter of a script without spaces, the beginning of pairs.
   */
  function queryWords(text) {
    return foldedChunks(text).flatMap(({ parts, extras }) => {
      const isUnspaced = IS_UNSPACED.test(parts[0]);
      const alternatives = extras.filter((word) => !IS_UNSPACED.test(word));
      // Every spelling of F-16 has its joined form.
      if (parts.length > 1 && alternatives.length) return [{ words: [alternatives[alternatives.length - 1]], any: true }];
      if (alternatives.length) return [{ words: [parts[0], ...alternatives], any: true }];
      if (parts.length > 1 && (isUnspaced || parts.every((word) => /^[0-9.]+$/.test(word)))) return [{ words: parts, any: false }];
      return parts.map((word) => ({ words: [word], any: true, letter: IS_UNSPACED.test(word) && word.length === 1 }));
    });
  }

  /** Returns the words of a text that follow one another, for phrases. */
  const sequence = (text) => foldedChunks(text).flatMap(({ parts }) => parts);

  /** Removes the controls of the writing direction, which would turn the text after them. */
  const withoutDirection = (text) => text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");

  Daybook.analysis = {
    withoutDirection, foldedChunks, queryWords, sequence,
    apostrophes: `'${SPACING_ACCENTS}${APOSTROPHES}\\uff07\\uff40`,
    hyphens: `\\-${HYPHENS}\\ufe63\\uff0d`,
    invisible: INVISIBLE,
    unspaced: UNSPACED,
    fold: (text) => foldedChunks(text).flatMap(({ parts, extras }) => [...parts, ...extras]).join(" "),
  };
})();
