/**
 * An answer counted by topic, kind, year and month, and drawn over time: loaded when the
 * filters open. Every count is a button that sets the filter it counts.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const TOPICS_SHOWN = 12;
  const SVG = "http://www.w3.org/2000/svg";
  const [WIDTH, HEIGHT] = [640, 64];

  /** Load the topics of every document. @returns {Promise<function(number): string[]>} slugs by number */
  async function topicTable(root, manifest) {
    const tables = await Daybook.indexFiles.ofSegments(root, manifest, "topics");
    const sets = manifest.segments.flatMap((_, i) => {
      const [slugs, distinct, places] = tables[i];
      const named = distinct.map((set) => set.map((place) => slugs[place]));
      return Array.from(places, (character) => named[Daybook.indexFiles.readLength(character.codePointAt(0))]);
    });
    return (number) => sets[number];
  }

  /**
   * Make a filter that keeps documents with any of some topics.
   * @returns {Promise<function(number): boolean>}
   */
  async function withAny(root, manifest, slugs) {
    const wanted = new Set(slugs);
    const topicsOf = await topicTable(root, manifest);
    return (number) => topicsOf(number).some((slug) => wanted.has(slug));
  }

  /** Count documents by a list of names each; the most frequent first, then in the order of names. */
  function counts(numbers, namesOf) {
    const found = new Map();
    for (const number of numbers) for (const name of namesOf(number)) found.set(name, (found.get(name) || 0) + 1);
    return [...found].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  }

  /** All months from the archive's first to its last, as `2023-06`. */
  function monthsOf({ days }) {
    const months = [];
    const [last] = days.slice(-1);
    let [year, month] = days[0].date.split("-").map(Number);
    for (let name = ""; name < last.date.slice(0, 7); month = (month % 12) + 1, year += month === 1 ? 1 : 0) {
      months.push((name = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`));
    }
    return months;
  }

  /**
   * Draw an answer over time: one bar a month, as high as its share of the fullest.
   * @param {[string, number][]} byMonth
   * @param {string} label what the picture shows, in words
   */
  function histogram(months, byMonth, label) {
    const found = new Map(byMonth);
    const most = Math.max(...found.values());
    const picture = document.createElementNS(SVG, "svg");
    const set = (element, values) => Object.entries(values).forEach(([name, value]) => element.setAttribute(name, value));
    set(picture, { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": label, class: "histogram" });
    const step = WIDTH / months.length;
    months.forEach((month, i) => {
      const height = Math.round(((found.get(month) || 0) / most) * HEIGHT * 100) / 100;
      const bar = document.createElementNS(SVG, "rect");
      const place = { x: i * step, y: HEIGHT - height, width: step * 0.85, height };
      set(bar, Object.fromEntries(Object.entries(place).map(([name, value]) => [name, String(Math.round(value * 100) / 100)])));
      picture.append(bar);
    });
    return picture;
  }

  function group(page, title, items, choose) {
    const list = document.createElement("ul");
    for (const { name, label, count } of items) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(`${label} `, Object.assign(document.createElement("span"), { textContent: Daybook.results.number(page.words, count) }));
      button.addEventListener("click", () => choose(name));
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    }
    const heading = Object.assign(document.createElement("h2"), { textContent: title });
    return items.length ? [heading, list] : [];
  }

  /**
   * Show an answer's counts.
   * @param {Element} area is filled anew
   * @param {{root: string, words: Object, topics: Map<string, string>, kindOf: Map<string, string>, kinds: Object}} page
   * @param {Object} answer as Daybook.runQuery gives it
   * @param {function(Object)} choose is called with the filters that a count stands for
   */
  async function show(area, page, answer, choose) {
    const { root, manifest, numbers } = answer;
    const topicsOf = await topicTable(root, manifest);
    const { place } = Daybook.indexFiles;
    const monthOf = (number) => manifest.days[place(manifest.firsts, number)].date.slice(0, 7);
    const byMonth = counts(numbers, (number) => [monthOf(number)]).sort();
    const byYear = new Map();
    for (const [month, n] of byMonth) byYear.set(month.slice(0, 4), (byYear.get(month.slice(0, 4)) || 0) + n);
    const byTopic = counts(numbers, topicsOf).slice(0, TOPICS_SHOWN);
    const byKind = counts(numbers, (number) => new Set(topicsOf(number).map((slug) => page.kindOf.get(slug)).filter(Boolean)));
    const { words } = page;
    const item = (label) => ([name, count]) => ({ name, label: label(name), count });
    const monthName = (name) => Daybook.results.monthText(words, name);
    const spans = byYear.size > 1 ? [...byYear].map(item(String)) : byMonth.map(item(monthName));
    const during = (name) => choose({ from: name, to: name, day: "" });
    const picture = numbers.length ? [histogram(monthsOf(manifest), byMonth, words.over_time)] : [];
    area.replaceChildren(
      ...picture,
      ...group(page, words.by_time, spans, during),
      ...group(page, words.by_kind, byKind.map(item((kind) => page.kinds[kind])), (kind) => choose({ kind })),
      ...group(page, words.by_topic, byTopic.map(item((slug) => page.topics.get(slug) || slug)), (topic) => choose({ topic })),
    );
  }

  Daybook.facets = { show, withAny };
})();
