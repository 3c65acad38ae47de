/**
 * Results as the reader sees them: the only place that builds their elements. The scripts of
 * this folder come with the first answer, not with the page.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});

  /** Put values into a pattern such as "{n} entries". */
  function fill(pattern, values) {
    return pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  }

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  /** "2 June 2023", as the theme's words have it. */
  function dateText(words, date) {
    const [year, month, day] = date.split("-").map(Number);
    return fill(words.date, { day, month: words.months[month - 1], year });
  }

  /** "June 2023" of `2023-06`. */
  function monthText(words, name) {
    const [year, month] = name.split("-");
    return fill(words.month, { month: words.months[Number(month) - 1], year });
  }

  function when(words, card) {
    const time = element("time", "", dateText(words, card.date) + (card.time ? `, ${card.time}` : ""));
    time.dateTime = card.time ? `${card.date}T${card.time}` : card.date;
    const day = card.day === null ? "" : `${fill(words.day, { n: card.day })} · `;
    return element("p", "entry-time", day, time, card.time ? ` ${words.zone}` : `, ${words.untimed}`);
  }

  function topics(root, card, names) {
    const list = element("ul", "topics");
    for (const slug of card.topics) {
      const link = element("a", "", names.get(slug) || slug);
      link.href = Daybook.address(`${root}topics/${slug}/`);
      list.append(element("li", "", link));
    }
    return list;
  }

  /**
   * Build one result.
   * @param {{root: string, words: Object, topics: Map<string, string>}} page
   * @param {Object} card as Daybook.indexFiles.card gives it
   * @param {Object[]} clauses whose words are marked
   * @returns {HTMLLIElement}
   */
  function result(page, card, clauses) {
    const link = element("a", card.made ? "made" : "");
    link.href = Daybook.address(page.root + card.path);
    link.addEventListener("click", () => leaveMarks(card, clauses));
    Daybook.snippet.marked(link, card.headline || card.text.slice(0, 80) || card.path, inField(clauses, "headline"), false);
    const snippet = element("p", "snippet");
    Daybook.snippet.marked(snippet, card.text, inField(clauses, "text"), true);
    const item = element("li", "result", element("h2", "", link), when(page.words, card), snippet);
    if (card.topics.length) item.append(topics(page.root, card, page.topics));
    return item;
  }

  function inField(clauses, field) {
    return clauses.filter((clause) => clause.fields.includes(field));
  }

  /** Leave the marked words for the page that the result opens; without storage it shows none. */
  function leaveMarks(card, clauses) {
    const surfaces = (text, field) =>
      Daybook.snippet.places(text, inField(clauses, field)).map(([start, end]) => text.slice(start, end));
    const words = new Set([...surfaces(card.headline, "headline"), ...surfaces(card.text, "text")]);
    try {
      sessionStorage.setItem("daybook-marks", JSON.stringify({ path: card.path, words: [...words] }));
    } catch {
      // storage is refused: the entry opens all the same
    }
  }

  function number(words, n) {
    return String(n).replace(/\B(?=(\d{3})+$)/g, words.thousands);
  }

  /** "1 entry", "12 entries". */
  function counted(words, n) {
    return fill(n === 1 ? words.one : words.other, { n: number(words, n) });
  }

  Daybook.results = { fill, result, number, counted, monthText };
})();
