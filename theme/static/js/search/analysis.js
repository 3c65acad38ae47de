/**
 * Text to terms in the browser, letter for letter as scripts/liveblog/search/analysis.py
 * does it for the index: a difference is a word that cannot be found. A test holds them together.
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

  /** Split a compound at its hyphens; with a digit in it, its joined form follows. */
  function compound(chunk) {
    const parts = chunk.split("-").filter(trim);
    if (parts.length > 1 && parts.length < 4 && /[0-9]/.test(chunk)) parts.push(parts.map(trim).join(""));
    return parts;
  }

  /**
   * Fold a text and split it at its spaces.
   * @param {string} text
   * @returns {string[][]} for each chunk its words; a joined compound comes last and holds the others
   */
  function chunks(text) {
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
      .split(" ").map(compound).filter((words) => words.length);
  }

  /** A folded word without what is no letter or digit at its ends, and no apostrophe; a long one is cut. */
  function trim(word) {
    const plain = word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "").replace(/'s$/, "").replace(/'/g, "");
    const cut = plain.replace(/(.{64}).+/su, "$1");
    return cut === plain ? plain : trim(cut);
  }

  /** The words a query for this chunk asks for: the joined form says it all. */
  function asked(words) {
    const joined = words[words.length - 1];
    const isJoined = words.length > 2 && joined === words.slice(0, -1).map(trim).join("");
    return (isJoined ? [joined] : words).map(trim);
  }

  /** The same steps as lunr pipeline functions, for index and queries alike. */
  const pipeline = [
    (token) => (trim(String(token)) ? token.update(trim) : null),
    (token) => (String(token) === "us" ? token : lunr.stopWordFilter(token)),
    (token) => (/^[\x00-\x7f]*$/.test(String(token)) ? lunr.stemmer(token) : token),
  ];

  /** The term of one trimmed word, or "" for a stop word. */
  function term(word) {
    let token = new lunr.Token(word);
    for (const step of pipeline) token = token && step(token);
    return token ? String(token) : "";
  }

  Daybook.analysis = {
    chunks, trim, asked, term, pipeline,
    fold: (text) => chunks(text).flat().join(" "),
  };
})();
