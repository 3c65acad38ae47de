/**
 * Turns text into index terms exactly as scripts/daybook/search/analysis.py does for the index:
 * a word that they treat differently cannot be found. A test compares them.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const PLAIN_LETTERS = {
    ı: "i", ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ß: "ss", æ: "ae", œ: "oe", þ: "th",
  };
  const SEPARATORS = new RegExp(
    "[\\u0000-\\u0020!\"#$%&()*+,/:;<=>?@\\[\\\\\\]^_{|}~\\u007f-\\u00bf\\u00d7\\u00f7\\u1680\\u180e" +
      "\\u2000-\\u206f\\u20a0-\\u20cf\\u2190-\\u2bff\\u3000-\\u303f]+", "g");

  /**
   * Folds a text and splits it into words.
   * @param {string} text
   * @returns {string[][]} the words of each chunk between spaces; the joined form of a compound comes last
   */
  function foldedChunks(text) {
    return text
      .normalize("NFKD").replace(/([A-Za-z])[\u0300-\u036f]+/g, "$1").normalize("NFC").toLowerCase()
      .replace(/[ıłøđðħßæœþ]/g, (letter) => PLAIN_LETTERS[letter])
      .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, "")
      .replace(/[`\u2018\u2019\u201b\u02bb\u02bc\u2032]/g, "'")
      .replace(/[\u2010-\u2013\u2212]/g, "-")
      .replace(/([0-9]),(?=[0-9]{3}(?![0-9]))/g, "$1")
      .replace(/(?<![a-z0-9.])[a-z](?:\.[a-z])+(?![a-z0-9])/g, (initials) => initials.replace(/\./g, ""))
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

  Daybook.analysis = {
    foldedChunks, trim, queryWords, termOf, pipeline,
    fold: (text) => foldedChunks(text).flat().join(" "),
  };
})();
