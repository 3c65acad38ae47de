/**
 * What is asked: the only place that knows how form, address and question belong together.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const NAMES = ["q", "from", "to", "day", "topic", "kind", "sort"];
  const DAY = 86400000;

  function values(form) {
    return Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value.trim()]));
  }

  /** Write a month or year as its first or last day, which is what a date field takes. */
  function whole(name, value) {
    const [, year, month] = /^(\d{4})(?:-(\d\d))?$/.exec(value) || [];
    if (!year || (name !== "from" && name !== "to")) return value;
    if (name === "from") return `${year}-${month || "01"}-01`;
    return isoDate(Date.UTC(year, month || 12, 0));
  }

  function isoDate(time) {
    return new Date(time).toISOString().slice(0, 10);
  }

  function fill(form, asked) {
    for (const [name, value] of Object.entries(asked)) form.elements[name].value = whole(name, value);
    if (!form.elements.sort.value) form.elements.sort.value = "relevance";
  }

  /** Fill the form from the page's address. @returns {boolean} whether it filters */
  function readAddress(form) {
    const asked = new URLSearchParams(location.search);
    fill(form, Object.fromEntries(NAMES.map((name) => [name, asked.get(name) || ""])));
    return NAMES.slice(1).some((name) => asked.get(name));
  }

  function addressOf(asked) {
    const kept = Object.entries(asked).filter(([name, value]) => value && !(name === "sort" && value === "relevance"));
    const written = String(new URLSearchParams(kept));
    return location.pathname + (written && "?" + written);
  }

  /**
   * The question as it is answered: a day number is a date, a kind is its topics.
   * @param {HTMLFormElement} form
   * @param {string} firstDay the date of day 1
   * @param {Map<string, string>} kindOf each topic's kind
   */
  function question(form, firstDay, kindOf) {
    const asked = values(form);
    const day = Number(asked.day);
    if (day > 0 && day < 1e6) asked.from = asked.to = isoDate(Date.parse(firstDay) + (Math.floor(day) - 1) * DAY);
    const kinds = asked.kind ? [...kindOf.keys()].filter((slug) => kindOf.get(slug) === asked.kind) : null;
    return { ...asked, kinds };
  }

  Daybook.searchForm = { values, fill, readAddress, addressOf, question };
})();
