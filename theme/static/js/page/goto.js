/**
 * Forms that lead to a day by its number or date, to a month or to a topic, and the key `g`, which opens one on every
 * page. What names none of them is searched.
 */
(() => {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const pad = (number) => String(number).padStart(2, "0");

  /**
   * Reads a day number or a date in figures: `465`, `#465`, `2023-06-02`, `2.6.2023`.
   * @param {string} text what a reader typed
   * @returns {string} the path of the day, or "" if it is neither
   */
  const dayPath = (text) => {
    const typed = text.trim();
    const number = /^#?\s*(\d{1,5})$/.exec(typed);
    if (number) return `day/${Number(number[1])}/`;
    const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed);
    if (iso) return `${iso[1]}/${pad(iso[2])}/${pad(iso[3])}/`;
    const dotted = /^(\d{1,2})[./]\s*(\d{1,2})[./]\s*(\d{4})$/.exec(typed);
    return dotted ? `${dotted[3]}/${pad(dotted[2])}/${pad(dotted[1])}/` : "";
  };

  /** Returns the path of the page that a text names in the language of the site, or "". */
  const namedPath = async (form, text) => {
    await Promise.all([
      Daybook.suggest || Daybook.addScript(form.dataset.suggest),
      Daybook.places || Daybook.addScript(form.dataset.root + "search/places.js"),
    ]);
    const [named] = Daybook.ways.find(Daybook.places, text, false);
    const begun = Daybook.ways.find(Daybook.places, text, true);
    return named?.path || (begun.length === 1 ? begun[0].path : "");
  };

  const connect = (Daybook.connectGoto = (form) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = form.elements.q.value;
      const path = dayPath(text) || (await namedPath(form, text).catch(() => ""));
      location.href = Daybook.address(form.dataset.root + (path || `search/?q=${encodeURIComponent(text)}`));
    });
  });
  document.querySelectorAll("form.goto").forEach(connect);
})();
