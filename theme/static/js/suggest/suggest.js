/**
 * Suggests days, months, topics and words while a reader types in a search field: an editable combobox
 * with a list box (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Loaded with the first key, with
 * search/places.js and search/words.js.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const MAX_DAYS = 3;
  const MAX_TOPICS = 5;
  const MAX_SUGGESTIONS = 9;
  const MIN_LETTERS = 2; // of a word that is completed

  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

  function formatDate({ dates }, date) {
    const [y, month, d] = date.split("-").map(Number);
    return fill(dates[month - 1], { y, d, dd: date.slice(8) });
  }

  /** Fills the plural form of the language for a number. */
  function formatCount(places, forms, n) {
    const category = new Intl.PluralRules(places.language).select(n);
    const pattern = forms[category] ?? forms.other ?? Object.values(forms).pop();
    return fill(pattern, { n: new Intl.NumberFormat(places.language, { numberingSystem: "latn", useGrouping: "always" }).format(n) });
  }

  /** Returns what a suggestion shows: its kind, its text and a remark. */
  function describe(places, way) {
    const { kinds } = places;
    if (way.kind === "topic") return [kinds.topic, way.name, formatCount(places, places.entries, way.count)];
    if (way.kind === "word") return [kinds.word, way.text, ""];
    if (way.kind === "month") {
      const [y, month] = way.month.split("-").map(Number);
      return [kinds.month, fill(places.months[month - 1], { y }), ""];
    }
    const number = way.number === null ? "" : fill(places.day, { n: way.number });
    return [kinds.day, formatDate(places, way.date), number];
  }

  /** Completes the last word of a text. @returns {Object[]} suggestions of kind "word", the most frequent words first */
  function completeWord(known, text) {
    const [, before, begun] = /^(.*?)([\p{L}\p{M}\p{N}]*)$/su.exec(text);
    const typed = Daybook.ways.plain(begun);
    if (typed.length < MIN_LETTERS || /\d/.test(typed)) return [];
    const words = known.filter((word) => word !== begun && Daybook.ways.plain(word).startsWith(typed));
    return words.map((word) => ({ kind: "word", text: before + word }));
  }

  function findSuggestions(places, words, text) {
    if (!text.trim()) return [];
    const ways = Daybook.ways.find(places, text, true);
    const days = ways.filter(({ kind }) => kind !== "topic").slice(0, MAX_DAYS);
    const topics = ways.filter(({ kind }) => kind === "topic").slice(0, MAX_TOPICS);
    return [...days, ...topics, ...completeWord(words, text)].slice(0, MAX_SUGGESTIONS);
  }

  /** Attaches the suggestions to a field and its empty list, and shows those for its present text. */
  function attach(field, list) {
    const { places, words } = Daybook;
    const root = new URL("..", field.form.action);
    const status = Object.assign(document.createElement("span"), { className: "hidden" });
    status.setAttribute("aria-live", "polite");
    list.after(status);
    let shown = [];
    let active = -1;

    function setActive(position) {
      active = position;
      [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
      if (active < 0) field.removeAttribute("aria-activedescendant");
      else {
        field.setAttribute("aria-activedescendant", list.children[active].id);
        list.children[active].scrollIntoView({ block: "nearest" });
      }
    }

    function createOption(way, i) {
      const [kind, text, remark] = describe(places, way);
      const option = document.createElement("li");
      option.id = `${list.id}-${i}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const part = (name, content) => Object.assign(document.createElement(name), { textContent: content });
      // The spaces separate the parts for screen readers.
      option.append(part("small", kind), " ", part("bdi", text), " ", part("span", remark));
      option.addEventListener("click", () => choose(way));
      return option;
    }

    function close() {
      shown = [];
      list.replaceChildren();
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      setActive(-1);
    }

    function open() {
      shown = findSuggestions(places, words, field.value);
      if (!shown.length) {
        close();
        status.textContent = "";
        return;
      }
      list.replaceChildren(...shown.map(createOption));
      list.hidden = false;
      field.setAttribute("aria-expanded", "true");
      setActive(-1);
      status.textContent = formatCount(places, places.count, shown.length);
    }

    function choose(way) {
      close();
      status.textContent = "";
      if (way.kind === "word") {
        field.value = way.text;
        field.focus();
        field.form.requestSubmit();
      } else location.href = new URL(Daybook.address(way.path), root).href;
    }

    const keys = {
      ArrowDown: () => setActive(active + 1 < shown.length ? active + 1 : -1),
      ArrowUp: () => setActive(active >= 0 ? active - 1 : shown.length - 1),
      Enter: () => active >= 0 && choose(shown[active]),
      Escape: close,
    };
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      if (list.hidden) return; // the keys then belong to the page
      if (event.key === "Tab") return close();
      if (!keys[event.key] || (event.key === "Enter" && active < 0)) return event.key === "Enter" ? close() : undefined;
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
    });
    field.addEventListener("input", open);
    field.addEventListener("blur", close);
    // A pointer must not take the focus from the field, which would close the list before the click.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    if (document.activeElement === field) open();
  }

  Daybook.suggest = { attach, findSuggestions, describe };
})();
