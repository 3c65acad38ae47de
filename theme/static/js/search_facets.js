/**
 * Counts the results of a search by topic, kind, year and month, and draws them over time. Loaded
 * when the filters open. Every count is a button that sets its filter.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const MAX_TOPICS = 12;
  const SVG = "http://www.w3.org/2000/svg";
  const [WIDTH, HEIGHT] = [640, 64];

  /** Loads the topics of all documents. @returns {Promise<function(number): string[]>} slugs by document number */
  async function loadTopics(root, manifest) {
    const { loadSegmentFiles, decodeLength } = Daybook.indexFiles;
    const tables = await loadSegmentFiles(root, manifest, "topics");
    const topics = tables.flatMap(([slugs, sets, characters]) => {
      const slugSets = sets.map((set) => set.map((position) => slugs[position]));
      return Array.from(characters, (character) => slugSets[decodeLength(character.codePointAt(0))]);
    });
    return (number) => topics[number];
  }

  /**
   * Returns a filter of documents with any of the topics.
   * @returns {Promise<function(number): boolean>}
   */
  async function topicFilter(root, manifest, slugs) {
    const wanted = new Set(slugs);
    const topicsOf = await loadTopics(root, manifest);
    return (number) => topicsOf(number).some((slug) => wanted.has(slug));
  }

  /** Counts documents by the names that each has; sorted by count, then by name. */
  function countBy(numbers, namesOf) {
    const counts = new Map();
    for (const number of numbers) for (const name of namesOf(number)) counts.set(name, (counts.get(name) || 0) + 1);
    return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  }

  /** Returns all months from the archive's first to its last, as `2023-06`. */
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
   * Draws a histogram: a bar per month, its height relative to the month with the most results.
   * @param {[string, number][]} byMonth
   * @param {string} label the text alternative
   */
  function drawHistogram(months, byMonth, label) {
    const counts = new Map(byMonth);
    const most = Math.max(...counts.values());
    const setAttributes = (element, values) => Object.entries(values).forEach(([name, value]) => element.setAttribute(name, value));
    const round = (value) => Math.round(value * 100) / 100;
    const svg = document.createElementNS(SVG, "svg");
    setAttributes(svg, { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": label, class: "histogram" });
    const step = WIDTH / months.length;
    months.forEach((month, i) => {
      const height = round(((counts.get(month) || 0) / most) * HEIGHT);
      const bar = document.createElementNS(SVG, "rect");
      const box = { x: i * step, y: HEIGHT - height, width: step * 0.85, height };
      setAttributes(bar, Object.fromEntries(Object.entries(box).map(([name, value]) => [name, String(round(value))])));
      svg.append(bar);
    });
    return svg;
  }

  /** Returns an element for a name beside a number, which a name written from right to left would reorder. */
  const isolated = (name) =>
    Object.assign(document.createElement("bdi"), { textContent: Daybook.analysis.withoutDirection(name) });

  function createGroup(page, title, items, choose) {
    const list = document.createElement("ul");
    for (const { name, label, count } of items) {
      const button = document.createElement("button");
      button.type = "button";
      const number = Daybook.results.formatNumber(page.strings, count);
      button.append(isolated(label), " ", Object.assign(document.createElement("span"), { textContent: number }));
      button.addEventListener("click", () => choose(name));
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    }
    const heading = Object.assign(document.createElement("h2"), { textContent: title });
    return items.length ? [heading, list] : [];
  }

  /**
   * Shows the counts of an answer.
   * @param {Element} area its content is replaced
   * @param {{strings: Object, topics: Map<string, string>, kindOf: Map<string, string>, kinds: Object}} page
   * @param {Object} answer from Daybook.runQuery
   * @param {function(Object)} choose is called with the filter of a count
   */
  async function show(area, page, answer, choose) {
    const { root, manifest, numbers } = answer;
    const { strings } = page;
    const topicsOf = await loadTopics(root, manifest);
    const monthOf = (number) => manifest.days[Daybook.indexFiles.lastNotAfter(manifest.firsts, number)].date.slice(0, 7);
    const byMonth = countBy(numbers, (number) => [monthOf(number)]).sort();
    const byYear = new Map();
    for (const [month, n] of byMonth) byYear.set(month.slice(0, 4), (byYear.get(month.slice(0, 4)) || 0) + n);
    const byTopic = countBy(numbers, topicsOf).slice(0, MAX_TOPICS);
    const byKind = countBy(numbers, (number) => new Set(topicsOf(number).map((slug) => page.kindOf.get(slug)).filter(Boolean)));
    const item = (label) => ([name, count]) => ({ name, label: label(name), count });
    const monthName = (name) => Daybook.results.formatMonth(strings, name);
    const periods = byYear.size > 1 ? [...byYear].map(item(String)) : byMonth.map(item(monthName));
    const choosePeriod = (name) => choose({ from: name, to: name, day: "" });
    const histogram = numbers.length ? [drawHistogram(monthsOf(manifest), byMonth, strings.over_time)] : [];
    area.replaceChildren(
      ...histogram,
      ...createGroup(page, strings.by_time, periods, choosePeriod),
      ...createGroup(page, strings.by_kind, byKind.map(item((kind) => page.kinds[kind])), (kind) => choose({ kind })),
      ...createGroup(page, strings.by_topic, byTopic.map(item((slug) => page.topics.get(slug) || slug)), (topic) => choose({ topic })),
    );
  }

  Daybook.facets = { show, topicFilter };
})();
