/**
 * Turns text into index terms exactly as scripts/daybook/search/analysis.py and `fold_spelling` of
 * scripts/daybook/core/text.py do for the index: a word that they treat differently cannot be found. A test compares
 * them.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const PLAIN_LETTERS = {
    ı: "i", ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ß: "ss", æ: "ae", œ: "oe", þ: "th",
    Ł: "L", Ø: "O", Đ: "D", Ð: "D", Ħ: "H", ẞ: "SS", Æ: "Ae", Œ: "Oe", Þ: "Th",
  };
  const LETTERS = new RegExp(`[${Object.keys(PLAIN_LETTERS).join("")}]`, "g");
  // The insides of character classes. snippet.js uses them to find whole words, too.
  const INVISIBLE = "\\u00ad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff";
  const SPACING_ACCENTS = "\\u00b4\\u1fbd\\u1fbf\\u1ffd\\u1ffe";
  const APOSTROPHES = "`\\u02b9\\u02bb-\\u02bf\\u0559\\u055a\\u05f3\\u07f4\\u07f5\\u2018\\u2019\\u201b\\u2032\\u2035\\ua78c";
  const HYPHENS = "\\u058a\\u05be\\u1400\\u1806\\u2010-\\u2013\\u2043\\u2212\\u2e17\\u2e40\\u2e5d\\u30a0";
  const anyOf = (characters) => new RegExp(`[${characters}]`, "g");
  const SPACING_ACCENT = anyOf(SPACING_ACCENTS);
  const FOLDED = [
    [LETTERS, (letter) => PLAIN_LETTERS[letter]],
    [anyOf(INVISIBLE), ""], [anyOf(HYPHENS), "-"], [anyOf(APOSTROPHES), "'"],
    [/([0-9]),(?=[0-9]{3}(?![0-9]))/g, "$1"],
    [
      /(?<![A-Za-z0-9.])[A-Za-z](?:\.[A-Za-z])+(?![A-Za-z0-9])(?:\.(?!\S))?/g,
      (initials) => initials.replace(/\./g, ""),
    ],
  ];
  const SEPARATORS = new RegExp(
    "[\\u0000-\\u0020!\"#$%&()*+,/:;<=>?@\\[\\\\\\]^_{|}~\\u007f-\\u00bf\\u00d7\\u00f7\\u1680\\u180e" +
      "\\u2000-\\u206f\\u20a0-\\u20cf\\u2190-\\u2bff\\u3000-\\u303f]+", "g");

  /** Makes the spellings of a word equal, with their case. */
  function foldSpelling(text) {
    const plain = text
      .replace(SPACING_ACCENT, "'")
      .normalize("NFKD").replace(/([A-Za-z])[\u0300-\u036f]+/g, "$1").normalize("NFC");
    return FOLDED.reduce((folded, [pattern, by]) => folded.replace(pattern, by), plain);
  }

  /**
   * Folds a text and splits it into words.
   * @param {string} text
   * @returns {string[][]} the words of each chunk between spaces; the joined form of a compound comes last
   */
  function foldedChunks(text) {
    return foldSpelling(text).toLowerCase()
      .replace(/(?<![0-9])\.|\.(?![0-9])/g, " ")
      .replace(SEPARATORS, " ")
      .split(" ").map(splitCompound).filter((words) => words.length);
  }

  /** Splits a compound at its hyphens; one of two or three parts with a digit is followed by its joined form. */
  function splitCompound(chunk) {
    const parts = chunk.split("-").filter(trim);
    if (parts.length > 1 && parts.length < 4 && /[0-9]/.test(chunk)) parts.push(parts.map(trim).join(""));
    return parts;
  }

  /**
   * Removes from a folded word its possessive, apostrophes, and what is not a letter or digit at its ends,
   * and cuts it after 64 characters.
   */
  function trim(word) {
    const plain = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "").replace(/'s$/, "").replace(/'/g, "");
    const cut = plain.replace(/(.{64}).+/su, "$1");
    return cut === plain ? plain : trim(cut);
  }

  /** Folds and splits a text as a query: of a compound only the joined form is searched for, if it has one. */
  function queryWords(text) {
    return foldedChunks(text).flatMap((words) => {
      const joined = words[words.length - 1];
      const isJoined = words.length > 2 && joined === words.slice(0, -1).map(trim).join("");
      return (isJoined ? [joined] : words).map(trim);
    });
  }

  /** lunr pipeline functions from a folded word to its term, for an index and for queries. */
  const pipeline = [
    (token) => (trim(String(token)) ? token.update(trim) : null),
    (token) => (String(token) === "us" ? token : lunr.stopWordFilter(token)),
    (token) => (/^[\x00-\x7f]*$/.test(String(token)) ? lunr.stemmer(token) : token),
  ];

  /** Returns the term of a trimmed word, or "" for a stop word. */
  function termOf(word) {
    let token = new lunr.Token(word);
    for (const step of pipeline) token = token && step(token);
    return token ? String(token) : "";
  }

  /** Removes the controls of the writing direction, which would turn the text after them. */
  const withoutDirection = (text) => text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");

  Daybook.analysis = {
    withoutDirection,
    foldedChunks, trim, queryWords, termOf, pipeline,
    apostrophes: `'${SPACING_ACCENTS}${APOSTROPHES}\\uff07\\uff40`,
    hyphens: `\\-${HYPHENS}\\ufe63\\uff0d`,
    invisible: INVISIBLE,
    fold: (text) => foldedChunks(text).flat().join(" "),
  };
})();
