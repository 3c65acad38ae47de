/** Keyboard shortcuts of every page, and the dialog that lists them and switches them off. */
(() => {
  "use strict";
  const STORAGE_KEY = "daybook-keys";
  const Daybook = (window.Daybook = window.Daybook || {});
  const button = document.getElementById("help-button");
  if (!button) return;

  // Storage may be disabled (private windows, file addresses): then the choice is valid for one page.
  const load = () => { try { return localStorage.getItem(STORAGE_KEY); } catch { return null; } };
  const store = (value) => { try { localStorage.setItem(STORAGE_KEY, value); } catch { /* see above */ } };

  /** Each action returns whether it handled the key. */
  const followLink = (rel) => {
    const link = document.querySelector(`main a[rel="${rel}"]`);
    if (link) link.click();
    return Boolean(link);
  };

  /** Scrolls to the next (1) or previous (-1) entry. */
  const moveToEntry = (direction) => {
    const articles = [...document.querySelectorAll("main article:not(.prose)")];
    if (!articles.length) return false;
    const line = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) + 1;
    const tops = articles.map((article) => article.getBoundingClientRect().top);
    const next = tops.findIndex((top) => top > line);
    const previous = tops.findLastIndex((top) => top < line - 2);
    const article = articles[direction > 0 ? next : previous];
    if (!article) return true;
    article.scrollIntoView({ block: "start" });
    article.querySelector("a")?.focus({ preventScroll: true });
    return true;
  };

  const focusSearch = () => {
    const field = document.querySelector("main input[type=search]") || document.querySelector("input[type=search]");
    field?.focus();
    field?.scrollIntoView({ block: "nearest" });
    return Boolean(field);
  };

  let enabled = load() !== "off";
  let loading = null;

  /** Prepares the dialogs, which the page lacks until one of them is opened. */
  const connectDialogs = () => {
    const box = document.getElementById("help-keys");
    box.checked = enabled;
    box.addEventListener("change", () => store((enabled = box.checked) ? "on" : "off"));
    Daybook.connectClock(document.getElementById("reader-clock"));
    Daybook.connectGoto(document.querySelector("#goto form.goto"));
  };

  const openDialog = (id) => {
    const typed = id === "goto" && takeKeys();
    loading ||= Daybook.addScript(button.dataset.dialogs).then(connectDialogs);
    const show = () => {
      const dialog = document.getElementById(id);
      if (!dialog.open) dialog.showModal();
      if (!typed) return;
      const form = dialog.querySelector("form.goto");
      form.elements.q.value = typed.value;
      if (typed.dataset.entered) form.requestSubmit();
    };
    loading.then(show).catch(() => (loading = null)).finally(() => typed && typed.remove());
    return true;
  };

  /** Returns a focused field that takes what is typed until the dialog is loaded. */
  const takeKeys = () => {
    const field = document.createElement("input");
    Object.assign(field.style, { position: "fixed", insetBlockStart: 0, opacity: 0 });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") field.dataset.entered = "true";
    });
    document.body.append(field);
    field.focus({ preventScroll: true });
    return field;
  };

  const openGoto = () => {
    const box = document.querySelector("main form.goto input");
    if (!box) return openDialog("goto");
    box.focus();
    return true;
  };
  const toTop = () => {
    scrollTo({ top: 0 });
    document.querySelector("#top a")?.focus({ preventScroll: true });
    return true;
  };

  const rightToLeft = document.documentElement.dir === "rtl";
  const actions = {
    j: () => moveToEntry(1),
    k: () => moveToEntry(-1),
    ArrowRight: () => followLink(rightToLeft ? "prev" : "next"),
    ArrowLeft: () => followLink(rightToLeft ? "next" : "prev"),
    g: openGoto,
    t: toTop,
    "/": focusSearch,
    "?": () => openDialog("help"),
  };

  const isInput = (target) => target.closest?.("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (!enabled || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") || event.defaultPrevented || isInput(event.target)) return;
    const action = Object.hasOwn(actions, event.key) && actions[event.key];
    if (action && action()) event.preventDefault();
  });

  const shown = button.content.cloneNode(true);
  shown.querySelector("button").addEventListener("click", () => openDialog("help"));
  document.querySelector(".site-footer .about-site")?.append(shown);
})();
