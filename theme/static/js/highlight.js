/**
 * Marks the words that a search matched in the entry that it opened. The result leaves them in
 * session storage, so that the address of the entry stays unchanged.
 */
(function () {
  "use strict";
  const KEY = "daybook-marks";
  let stored = null;
  try {
    stored = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
  } catch {
    // Storage is disabled or contains something else: nothing is marked.
  }
  const words = stored && Array.isArray(stored.words) ? stored.words.filter((word) => typeof word === "string" && word) : [];
  const address = location.pathname.replace(/index\.html$/, "") + location.hash;
  const entry = location.hash && document.getElementById(location.hash.slice(1));
  if (!words.length || !entry || !address.endsWith("/" + stored.path)) return;

  const escapeForPattern = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const longestFirst = [...words].sort((a, b) => b.length - a.length).map(escapeForPattern).join("|");
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst})(?![\\p{L}\\p{N}])`, "gu");

  /** Puts the words of a text node into <mark> elements. */
  function mark(node) {
    const pieces = [];
    let at = 0;
    for (const { 0: word, index } of node.data.matchAll(pattern)) {
      pieces.push(node.data.slice(at, index), Object.assign(document.createElement("mark"), { textContent: word }));
      at = index + word.length;
    }
    if (pieces.length) node.replaceWith(...pieces, node.data.slice(at));
  }

  const walker = document.createTreeWalker(entry, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest(".entry-time, .entry-footer")) nodes.push(walker.currentNode);
  }
  nodes.forEach(mark);
})();
