// Keyboard shortcuts of every page, and the dialog that lists them and can switch them off.
(() => {
  "use strict";
  const STORED = "daybook-keys";
  const dialog = document.getElementById("help");
  const chosen = document.getElementById("help-keys");
  if (!dialog || !chosen) return;

  // Storage may be refused (private windows, file addresses): then the choice lasts one page.
  const stored = () => { try { return localStorage.getItem(STORED); } catch { return null; } };
  const store = (value) => { try { localStorage.setItem(STORED, value); } catch { /* kept for this page only */ } };

  const follow = (rel) => {
    const link = document.querySelector(`main a[rel="${rel}"]`);
    if (link) link.click();
    return Boolean(link);
  };

  const step = (by) => {
    const articles = [...document.querySelectorAll("main article:not(.prose)")];
    if (!articles.length) return false;
    const line = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) + 1;
    const tops = articles.map((article) => article.getBoundingClientRect().top);
    const ahead = tops.findIndex((top) => top > line);
    const behind = tops.findLastIndex((top) => top < line - 2);
    const article = articles[by > 0 ? ahead : behind];
    if (!article) return true;
    article.scrollIntoView({ block: "start" });
    article.querySelector("a")?.focus({ preventScroll: true });
    return true;
  };

  const toSearch = () => {
    const field = document.querySelector("main input[type=search]") || document.querySelector("input[type=search]");
    field?.focus();
    field?.scrollIntoView({ block: "nearest" });
    return Boolean(field);
  };

  const open = () => { dialog.showModal(); return true; };
  const rightToLeft = document.documentElement.dir === "rtl";
  const actions = {
    j: () => step(1),
    k: () => step(-1),
    ArrowRight: () => follow(rightToLeft ? "prev" : "next"),
    ArrowLeft: () => follow(rightToLeft ? "next" : "prev"),
    "/": toSearch,
    "?": open,
  };

  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (!chosen.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (dialog.open || event.defaultPrevented || typing(event.target)) return;
    const action = Object.hasOwn(actions, event.key) && actions[event.key];
    if (action && action()) event.preventDefault();
  });

  chosen.checked = stored() !== "off";
  chosen.addEventListener("change", () => store(chosen.checked ? "on" : "off"));

  const shown = document.getElementById("help-button")?.content.cloneNode(true);
  if (shown) {
    shown.querySelector("button").addEventListener("click", open);
    document.querySelector(".site-footer")?.append(shown);
  }
})();
