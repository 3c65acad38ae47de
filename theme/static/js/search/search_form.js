/** Converts between the search form, the filters, the address of the page, and day numbers. */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const FIELDS = ["q", "from", "to", "sort"];
  // Filters with several values at once. An entry must have one of the values of each.
  const FACETS = ["topic", "kind", "outlet", "lang", "year"];
  const DAY = 86400000; // milliseconds
  const END = 8.64e15; // the last time of a date in a browser

  const isoDate = (time) => (Math.abs(time) < END ? new Date(time).toISOString().slice(0, 10) : "");
  const dateOfDay = (firstDay, number) => isoDate(Date.parse(firstDay) + (Math.floor(number) - 1) * DAY);

  /** Turns a month or year into its first or last day, since a date field accepts only days. */
  function fullDate(name, value) {
    const [, year, month] = /^(\d{4})(?:-(\d\d))?$/.exec(value) || [];
    if (!year) return value;
    return name === "from" ? `${year}-${month || "01"}-01` : isoDate(Date.UTC(year, month || 12, 0));
  }

  const readFields = (form) => Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value.trim()]));

  function fill(form, values, firstDay) {
    for (const name of FIELDS.filter((field) => field in values)) {
      const isDate = name === "from" || name === "to";
      form.elements[name].value = isDate ? fullDate(name, values[name]) : values[name];
    }
    if (!form.elements.sort.value) form.elements.sort.value = "relevance";
    for (const field of form.querySelectorAll("[data-day-of]")) {
      const date = form.elements[field.dataset.dayOf].value;
      const number = Math.round((Date.parse(date) - Date.parse(firstDay)) / DAY) + 1;
      field.value = number > 0 ? String(number) : "";
    }
  }

  /** Sets a date from the field of its day number. */
  function setDay(form, field, firstDay) {
    const number = Number(field.value);
    form.elements[field.dataset.dayOf].value = number > 0 && number < 1e6 ? dateOfDay(firstDay, number) : "";
  }

  /** Reads the address of the page. @returns {Object} fields as text, facets as lists */
  function readAddress(firstDay) {
    const parameters = new URLSearchParams(location.search);
    const values = Object.fromEntries(FIELDS.map((name) => [name, parameters.get(name) || ""]));
    const day = Number(parameters.get("day"));
    if (day > 0 && day < 1e6) values.from = values.to = dateOfDay(firstDay, day);
    for (const name of FACETS) values[name] = [...new Set(parameters.getAll(name).filter(Boolean))];
    return values;
  }

  /** Returns the address of the page for such values, without empty values and defaults. */
  function addressOf(values) {
    const parameters = new URLSearchParams();
    for (const name of ["q", ...FACETS, "from", "to", "sort"]) {
      for (const value of [values[name]].flat()) {
        if (value && !(name === "sort" && value === "relevance")) parameters.append(name, value);
      }
    }
    const query = String(parameters);
    return location.pathname + (query && "?" + query);
  }

  Daybook.searchForm = { FACETS, readFields, fill, setDay, readAddress, addressOf };
})();
