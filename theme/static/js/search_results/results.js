/**
 * Builds the elements of search results. The scripts of this folder are loaded with the first
 * search, not with the page.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const MAX_FALLBACK_HEADLINE = 80; // characters of the text where there is no headline

  /** Replaces the names in a pattern such as "{n} entries" by values. */
  function fill(pattern, values) {
    return pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  }

  function createElement(name, className, ...children) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  /** Formats `2023-06-02`, in English as "2 June 2023": the page has a pattern for each month, "{d} June {y}". */
  function formatDate(strings, date) {
    const [y, month, d] = date.split("-").map(Number);
    return fill(strings.dates[month - 1], { y, d, dd: date.slice(8) });
  }

  /** Formats `2023-06`, in English as "June 2023". */
  function formatMonth(strings, name) {
    const [y, month] = name.split("-").map(Number);
    return fill(strings.months[month - 1], { y });
  }

  function renderTime({ strings, namesOutlets }, result) {
    const date = formatDate(strings, result.date);
    const time = createElement("time", "", result.time ? fill(strings.at, { day: date, time: result.time }) : date);
    time.dateTime = result.time ? `${result.date}T${result.time}` : result.date;
    const day = result.dayNumber === null ? "" : `${fill(strings.day, { n: result.dayNumber })} · `;
    const line = createElement("p", "entry-time", day, time, result.time ? ` ${strings.zone}` : fill(strings.at, { day: "", time: strings.untimed }));
    if (namesOutlets) for (const outlet of result.outlets) line.append(" · ", createElement("bdi", "", Daybook.analysis.withoutDirection(outlet)));
    return line;
  }

  function renderTopics(root, result) {
    const list = createElement("ul", "topics");
    result.topics.forEach((slug, i) => {
      const link = createElement("a", "", Daybook.analysis.withoutDirection(result.topicNames[i]));
      link.href = Daybook.address(`${root}topics/${slug}/`);
      list.append(createElement("li", "", link));
    });
    return list;
  }

  /**
   * Builds the element of a result.
   * @param {{root: string, strings: Object}} page
   * @param {Object} result from Daybook.indexFiles.loadResult
   * @param {Object[]} clauses whose matches are marked
   * @returns {HTMLLIElement}
   */
  function render(page, result, clauses) {
    const link = createLink(page, result, clauses);
    const snippet = createElement("p", "snippet");
    Daybook.snippet.appendMarked(snippet, result.text, clausesOf(clauses, "text"), true);
    for (const element of [link, snippet]) markLanguage(element, result);
    const item = createElement("li", "result", createElement("h2", "", link), renderTime(page, result), snippet);
    if (result.viaTopic) item.append(createElement("p", "remark", page.strings.by_topic_only));
    if (result.topics.length) item.append(renderTopics(page.root, result));
    if (result.repeats) renderRepeats(page, item, result, clauses);
    return item;
  }

  /** Marks text of an entry with the language of the entry; its direction is that of its letters. */
  function markLanguage(element, { lang }) {
    if (lang) element.lang = lang;
    element.dir = "auto";
  }

  function createLink(page, result, clauses) {
    const link = createElement("a", result.derived ? "derived" : "");
    link.href = Daybook.address(page.root + result.path);
    link.addEventListener("click", () => storeMatches(result, clauses));
    const headline = result.headline || result.text.slice(0, MAX_FALLBACK_HEADLINE) || result.path;
    Daybook.snippet.appendMarked(link, headline, clausesOf(clauses, "headline"), false);
    return link;
  }

  /** Adds the repeats of a result to its element, and those that are found later. */
  function renderRepeats(page, item, result, clauses) {
    const summary = createElement("summary", "");
    const list = createElement("ul", "");
    const details = createElement("details", "repeats", summary, list);
    const add = (repeat) => {
      list.append(createElement("li", "", createLink(page, repeat, clauses), renderTime(page, repeat)));
      summary.textContent = fillPlural(page.strings, page.strings.repeats, list.children.length);
      if (!details.parentNode) item.append(details);
    };
    result.repeats.forEach(add);
    result.onRepeat = add;
  }

  function clausesOf(clauses, field) {
    return clauses.filter((clause) => clause.fields.includes(field));
  }

  /** Stores the matching words for the page that the result opens, where highlight.js marks them. */
  function storeMatches(result, clauses) {
    const matches = (text, field) =>
      Daybook.snippet.findMatches(text, clausesOf(clauses, field)).map(([start, end]) => text.slice(start, end));
    const words = new Set([...matches(result.headline, "headline"), ...matches(result.text, "text")]);
    try {
      sessionStorage.setItem("daybook-marks", JSON.stringify({ path: result.path, words: [...words] }));
    } catch {
      // Storage is disabled: the entry opens without marks.
    }
  }

  /** Formats a number, in English as "1,234", with the same digits and grouping as the pages. */
  function formatNumber(strings, n) {
    return new Intl.NumberFormat(strings.language, { numberingSystem: "latn", useGrouping: "always" }).format(n);
  }

  /** Joins the items of a list, in English as "a, b and c". */
  function formatList(strings, items) {
    return new Intl.ListFormat(strings.language).format(items);
  }

  /** Fills the plural form for the number `n`: `forms` has a pattern for each category of the language. */
  function fillPlural(strings, forms, n, values = {}) {
    const category = new Intl.PluralRules(strings.language).select(n);
    // Words that are not translated are in English, which has other categories.
    return fill(forms[category] ?? forms.other ?? Object.values(forms).pop(), { ...values, n: formatNumber(strings, n) });
  }

  /** Formats a number of entries, in English as "1 entry" or "12 entries". */
  function formatCount(strings, n) {
    return fillPlural(strings, strings.entries, n);
  }

  /** Builds the row of links to the days, months and topics that a query names, empty if there is none. */
  function waysRow(page, text) {
    const { strings } = page;
    const found = Daybook.ways.find(Daybook.places, text, false);
    const links = found.map((way) => {
      const link = createElement("a", "", ...describeWay(strings, way));
      link.href = Daybook.address(page.root + way.path);
      return createElement("li", "", link);
    });
    return links.length ? [createElement("ul", "", ...links)] : [];
  }

  function describeWay(strings, way) {
    if (way.kind === "month") return [formatMonth(strings, way.month)];
    const nameOfDay = (number, date) => (number ? `${fill(strings.day, { n: number })} · ` : "") + formatDate(strings, date);
    if (way.kind === "day") return [nameOfDay(way.number, way.date)];
    const first = Daybook.ways.dayWay(Daybook.places, way.first);
    const name = createElement("bdi", "", Daybook.analysis.withoutDirection(way.name));
    const label = fill(strings.way_to_topic, { entries: formatCount(strings, way.count) }).split("{topic}");
    const start = fill(strings.first_entry, { day: nameOfDay(first.number, first.date) });
    return [label[0], name, label[1] || "", ` ${start}`];
  }

  Daybook.waysRow = waysRow;
  Daybook.results = { fill, fillPlural, render, createElement, formatNumber, formatCount, formatDate, formatList, formatMonth };
})();
