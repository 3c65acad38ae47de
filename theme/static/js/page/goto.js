/**
 * Forms that lead to a day by its number or date, and the key `g`, which opens one on every page. What is neither a
 * number nor a date goes to the search.
 */
(() => {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const pad = (number) => String(number).padStart(2, "0");

  /**
   * Reads a day number or a date: `465`, `#465`, `day 465`, `2023-06-02`, `2 June 2023`, `June 2, 2023`, `2.6.2023`.
   * @param {string} text what a reader typed
   * @param {string[]} months names, twelve long ones and twelve short ones
   * @returns {string} the path of the day, or "" if it is neither
   */
  Daybook.dayPath = (text, months) => {
    const typed = text.trim().toLowerCase();
    const number = /^(?:#|\p{L}+\s*)?\s*(\d{1,5})$/u.exec(typed);
    if (number) return `day/${Number(number[1])}/`;
    const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed);
    if (iso) return `${iso[1]}/${pad(iso[2])}/${pad(iso[3])}/`;
    const dotted = /^(\d{1,2})[./]\s*(\d{1,2})[./]\s*(\d{4})$/.exec(typed);
    if (dotted) return `${dotted[3]}/${pad(dotted[2])}/${pad(dotted[1])}/`;
    const words = typed.replace(/[.,]/g, " ").split(/\s+/);
    const month = months.findIndex((name) => words.some((word) => word.length > 2 && name.toLowerCase().startsWith(word)));
    const year = words.find((word) => /^\d{4}$/.test(word));
    const date = words.find((word) => /^\d{1,2}$/.test(word));
    return month < 0 || !year || !date ? "" : `${year}/${pad((month % 12) + 1)}/${pad(date)}/`;
  };

  for (const form of document.querySelectorAll("form.goto")) {
    form.addEventListener("submit", (event) => {
      const path = Daybook.dayPath(form.elements.q.value, form.dataset.months.split("|"));
      if (!path) return;
      event.preventDefault();
      location.href = Daybook.address(form.dataset.root + path);
    });
  }
})();
