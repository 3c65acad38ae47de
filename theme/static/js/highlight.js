/**
 * The words that a search found, marked in the entry it opens: the result leaves them in the
 * tab's storage for the entry's address, so the address itself stays as it is.
 */
(function () {
  "use strict";
  let left = null;
  try {
    left = JSON.parse(sessionStorage.getItem("daybook-marks"));
    sessionStorage.removeItem("daybook-marks");
  } catch {
    // storage is refused, or held something else: nothing is marked
  }
  const words = left && Array.isArray(left.words) ? left.words.filter((word) => typeof word === "string" && word) : [];
  const here = location.pathname.replace(/index\.html$/, "") + location.hash;
  const entry = location.hash && document.getElementById(location.hash.slice(1));
  if (!words.length || !entry || !here.endsWith("/" + left.path)) return;

  const literal = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const longestFirst = [...words].sort((a, b) => b.length - a.length).map(literal).join("|");
  const shape = new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst})(?![\\p{L}\\p{N}])`, "gu");

  /** Put the words of one text into marks. */
  function mark(text) {
    const pieces = [];
    let at = 0;
    for (const { 0: word, index } of text.data.matchAll(shape)) {
      pieces.push(text.data.slice(at, index), Object.assign(document.createElement("mark"), { textContent: word }));
      at = index + word.length;
    }
    if (pieces.length) text.replaceWith(...pieces, text.data.slice(at));
  }

  const texts = document.createTreeWalker(entry, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) if (!texts.currentNode.parentElement.closest(".entry-time, .entry-footer")) found.push(texts.currentNode);
  found.forEach(mark);
})();
