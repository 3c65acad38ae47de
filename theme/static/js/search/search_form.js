/** Converts between the search form, the address of the page, and the question to answer. */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const NAMES = ["q", "from", "to", "day", "topic", "kind", "sort"];
  const DAY = 86400000; // milliseconds

  function read(form) {
    return Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value.trim()]));
  }

  function fill(form, values) {
    for (const [name, value] of Object.entries(values)) form.elements[name].value = fullDate(name, value);
    if (!form.elements.sort.value) form.elements.sort.value = "relevance";
  }

  /** Turns a month or year into its first or last day, since a date field accepts only days. */
  function fullDate(name, value) {
    const [, year, month] = /^(\d{4})(?:-(\d\d))?$/.exec(value) || [];
    if (!year || (name !== "from" && name !== "to")) return value;
    if (name === "from") return `${year}-${month || "01"}-01`;
    return isoDate(Date.UTC(year, month || 12, 0));
  }

  function isoDate(time) {
    return new Date(time).toISOString().slice(0, 10);
  }

  /** Fills the form from the address of the page. @returns {boolean} whether the address has filters */
  function readAddress(form) {
    const parameters = new URLSearchParams(location.search);
    fill(form, Object.fromEntries(NAMES.map((name) => [name, parameters.get(name) || ""])));
    return NAMES.slice(1).some((name) => parameters.get(name));
  }

  /** Returns the address of the page for the values of the form, without empty values and defaults. */
  function addressOf(values) {
    const set = Object.entries(values).filter(([name, value]) => value && !(name === "sort" && value === "relevance"));
    const query = String(new URLSearchParams(set));
    return location.pathname + (query && "?" + query);
  }

  /**
   * Returns the question of a form for Daybook.runQuery: a day number becomes a date, a kind its topics.
   * @param {HTMLFormElement} form
   * @param {string} firstDay the date of day 1
   * @param {Map<string, string>} kindOf the kind of each topic
   */
  function question(form, firstDay, kindOf) {
    const values = read(form);
    const day = Number(values.day);
    if (day > 0 && day < 1e6) values.from = values.to = isoDate(Date.parse(firstDay) + (Math.floor(day) - 1) * DAY);
    const kinds = values.kind ? [...kindOf.keys()].filter((slug) => kindOf.get(slug) === values.kind) : null;
    return { ...values, kinds };
  }

  Daybook.searchForm = { read, fill, readAddress, addressOf, question };
})();
