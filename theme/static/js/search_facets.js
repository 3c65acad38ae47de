/**
 * Filters and counts results by topic, kind of topic, outlet, language and year, and draws them over time.
 * Loaded when the filters open or the address has one.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const MAX_VALUES = 8; // of a facet before it is expanded
  const SVG = "http://www.w3.org/2000/svg";
  const [WIDTH, HEIGHT] = [640, 64];
  let expanded = new Set(); // the facets of which all values are shown

  /**
   * Loads the values that each document of some years has of each facet.
   * @returns {Promise<Object<string, function(number): string[]>>} by name of the facet, functions of a document number
   */
  async function loadTables(page, manifest, years) {
    const { loadFacets, lastNotAfter } = Daybook.indexFiles;
    const facets = await loadFacets(page.root, manifest, years);
    const read = (name) => (number) => facets[name][number];
    const topic = read("topic");
    const kindsOf = (number) => [...new Set(topic(number).map((slug) => page.kindOf.get(slug)).filter(Boolean))];
    const year = (number) => [manifest.days[lastNotAfter(manifest.firsts, number)].date.slice(0, 4)];
    return { topic, kind: kindsOf, outlet: read("outlet"), lang: read("lang"), year };
  }

  /**
   * Returns a function that tells whether a document between two dates has, of each facet with chosen values, one of
   * these.
   * @param {Object} chosen `from`, `to` and a list of values by name of the facet
   */
  async function filter(page, manifest, chosen) {
    const { daysBetween, facetYear } = Daybook.indexFiles;
    const tables = await loadTables(page, manifest, new Set(daysBetween(manifest, chosen).map(facetYear)));
    const wanted = Daybook.searchForm.FACETS.filter((name) => chosen[name].length).map((name) => [tables[name], new Set(chosen[name])]);
    return (number) => wanted.every(([valuesOf, values]) => valuesOf(number).some((value) => values.has(value)));
  }

  /** Counts documents by the values that each has; sorted by count, then by value. */
  function countBy(numbers, valuesOf) {
    const counts = new Map();
    for (const number of numbers) for (const value of valuesOf(number)) counts.set(value, (counts.get(value) || 0) + 1);
    return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  }

  /** Returns what readers call a value of a facet. */
  function labelOf(page, name, value) {
    if (name === "topic") return page.topics.get(value) || value;
    if (name === "kind") return page.kinds[value] || value;
    if (name !== "lang") return value;
    try {
      return new Intl.DisplayNames([page.strings.language], { type: "language" }).of(value);
    } catch {
      return value; // not a tag that the browser knows
    }
  }

  const element = (name, className, ...children) => Daybook.results.createElement(name, className, ...children);
  /** Returns an element for a name beside other text, which a name written from right to left would reorder. */
  const isolated = (name) => element("bdi", "", Daybook.analysis.withoutDirection(name));

  function createButton(className, children, onClick) {
    const button = Object.assign(element("button", className, ...children), { type: "button" });
    button.addEventListener("click", onClick);
    return button;
  }

  /** Shows the active filters, each as a button that removes it. */
  function showActive(area, page, values, choose) {
    const { facet: words, facets: titles } = page.strings;
    const { fill, formatDate } = Daybook.results;
    const items = Daybook.searchForm.FACETS.flatMap((name) => values[name].map((value) => ({
      label: `${titles[name]}: ${labelOf(page, name, value)}`,
      without: { [name]: values[name].filter((other) => other !== value) },
    })));
    const { from, to } = values;
    if (from || to) {
      const pattern = from && to ? words.range : from ? words.since : words.until;
      const [first, last] = [from, to].map((date) => date && formatDate(page.strings, date));
      items.push({ label: from === to ? first : fill(pattern, { from: first, to: last }), without: { from: "", to: "" } });
    }
    const list = element("ul", "");
    list.setAttribute("aria-label", words.active);
    for (const { label, without } of items) {
      const sign = element("span", "", " ×");
      sign.setAttribute("aria-hidden", "true");
      const button = createButton("", [isolated(label), sign], () => choose(without));
      button.setAttribute("aria-label", fill(words.remove, { filter: label }));
      list.append(element("li", "", button));
    }
    if (items.length > 1) {
      const none = Object.fromEntries(Daybook.searchForm.FACETS.map((name) => [name, []]));
      list.append(element("li", "", createButton("", [words.remove_all], () => choose({ ...none, from: "", to: "" }))));
    }
    area.replaceChildren(...(items.length ? [list] : []));
  }

  /** Builds the check boxes of a facet; those that are chosen come first. */
  function createFacet(page, name, counts, chosen, choose, redraw) {
    const { facet: words, facets: titles, } = page.strings;
    const known = new Map(counts);
    const values = [...chosen.map((value) => [value, known.get(value) || 0]), ...counts.filter(([value]) => !chosen.includes(value))];
    const shown = expanded.has(name) ? values : values.slice(0, Math.max(MAX_VALUES, chosen.length));
    const list = element("ul", "");
    for (const [value, count] of shown) {
      const box = Object.assign(document.createElement("input"), { type: "checkbox", name, value, checked: chosen.includes(value) });
      box.addEventListener("change", () =>
        choose({ [name]: box.checked ? [...chosen, value] : chosen.filter((other) => other !== value) }));
      const number = element("span", "count", Daybook.results.formatNumber(page.strings, count));
      list.append(element("li", "", element("label", "", box, " ", isolated(labelOf(page, name, value)), " ", number)));
    }
    const group = element("fieldset", "facet", element("legend", "", titles[name]), list);
    if (values.length > MAX_VALUES) {
      const label = expanded.has(name) ? words.fewer
        : Daybook.results.fill(words.all, { n: Daybook.results.formatNumber(page.strings, values.length) });
      const button = createButton("", [label], () => {
        expanded = new Set(expanded.has(name) ? [...expanded].filter((other) => other !== name) : [...expanded, name]);
        redraw();
      });
      button.dataset.expands = name;
      button.setAttribute("aria-expanded", String(expanded.has(name)));
      group.append(button);
    }
    return group;
  }

  /** Returns all months from the archive's first to its last, as `2023-06`. */
  function monthsOf({ days }) {
    const months = [];
    const last = days[days.length - 1].date.slice(0, 7);
    let [year, month] = days[0].date.split("-").map(Number);
    for (let name = ""; name < last; month = (month % 12) + 1, year += month === 1 ? 1 : 0) {
      months.push((name = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`));
    }
    return months;
  }

  const setAttributes = (svg, values) => Object.entries(values).forEach(([name, value]) => svg.setAttribute(name, String(value)));
  /** Returns whether time runs from right to left, as the names of the months below the bars do. */
  const isMirrored = () => document.documentElement.dir === "rtl";
  const round = (value) => Math.round(value * 100) / 100;

  /** Draws a bar per month, its height relative to the month with the most results. */
  function drawBars(page, months, counts, isChosen, label) {
    const most = Math.max(1, ...counts.values());
    const svg = document.createElementNS(SVG, "svg");
    setAttributes(svg, { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": label, class: "histogram" });
    const step = WIDTH / months.length;
    months.forEach((month, i) => {
      const count = counts.get(month) || 0;
      const height = round((count / most) * HEIGHT);
      const bar = document.createElementNS(SVG, "rect");
      setAttributes(bar, { x: round(isMirrored() ? WIDTH - (i + 0.85) * step : i * step), y: round(HEIGHT - height), width: round(step * 0.85), height });
      if (!isChosen(month)) bar.setAttribute("class", "outside");
      const title = document.createElementNS(SVG, "title");
      title.textContent = nameMonth(page, month, count);
      bar.append(title);
      svg.append(bar);
    });
    return svg;
  }

  function nameMonth(page, month, count) {
    const { formatMonth, formatCount } = Daybook.results;
    return `${formatMonth(page.strings, month)}: ${formatCount(page.strings, count)}`;
  }

  /** Lets a pointer select the months between where it is pressed and where it is released. */
  function selectByPointer(svg, months, choose) {
    let start = -1;
    const bars = [...svg.querySelectorAll("rect")];
    const monthAt = ({ clientX }) => {
      const { left, right, width } = svg.getBoundingClientRect();
      const distance = isMirrored() ? right - clientX : clientX - left;
      return Math.max(0, Math.min(months.length - 1, Math.floor((distance / width) * months.length)));
    };
    const range = (event) => [start, monthAt(event)].sort((a, b) => a - b);
    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      start = monthAt(event);
      svg.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    svg.addEventListener("pointermove", (event) => {
      if (start < 0) return;
      const [first, last] = range(event);
      bars.forEach((bar, i) => bar.classList.toggle("outside", i < first || i > last));
    });
    svg.addEventListener("pointerup", (event) => {
      if (start < 0) return;
      const [first, last] = range(event);
      start = -1;
      choose({ from: months[first], to: months[last] });
    });
    svg.addEventListener("pointercancel", () => (start = -1));
  }

  /** Builds the histogram: the bars with the ends of their axis, and two lists that select a range without a pointer. */
  function createHistogram(page, manifest, byMonth, { from, to }, choose) {
    const { facet: words } = page.strings;
    const { fill, formatMonth, formatCount } = Daybook.results;
    const months = monthsOf(manifest);
    const counts = new Map(byMonth);
    const [most] = byMonth;
    const first = months.find((month) => month >= from.slice(0, 7)) || months[0];
    const last = (to && months.findLast((month) => month <= to.slice(0, 7))) || months[months.length - 1];
    const named = most ? { month: formatMonth(page.strings, most[0]), entries: formatCount(page.strings, most[1]) } : null;
    const ends = [months[0], months[months.length - 1]].map((month) => formatMonth(page.strings, month));
    const label = [words.over_time, named && fill(words.summary, named)].filter(Boolean).join(". ");
    const svg = drawBars(page, months, counts, (month) => month >= first && month <= last, label);
    selectByPointer(svg, months, choose);
    const select = (text, value, onChange) => {
      const list = element("select", "");
      for (const month of months) list.append(Object.assign(element("option", "", nameMonth(page, month, counts.get(month) || 0)), { value: month }));
      list.value = value;
      list.addEventListener("change", () => onChange(list.value));
      return element("label", "", `${text} `, list);
    };
    const bounds = element("p", "bounds",
      select(words.first_month, first, (month) => choose({ from: month, to: month > last ? month : last })),
      select(words.last_month, last, (month) => choose({ from: month < first ? month : first, to: month })));
    const axis = element("p", "axis", element("span", "", ends[0]), element("span", "", ends[1]));
    axis.setAttribute("aria-hidden", "true"); // the lists name all months
    const group = element("fieldset", "facet", element("legend", "", words.over_time), svg, axis, bounds);
    return group;
  }

  /**
   * Shows the counts of an answer. Those of a facet count what its other values would add: the filters of all other
   * facets apply to them.
   * @param {Element} area its content is replaced; the focus stays on the same control
   * @param {Object} page
   * @param {{answer: Object, values: Object, search: function(Object): Promise<Object>}} present `values` are those of
   *   the form and all facets, and `search` answers with some of them changed
   * @param {function(Object)} choose is called with changed values
   */
  async function show(area, page, present, choose) {
    const { answer, values, search } = present;
    const { FACETS } = Daybook.searchForm;
    const numbersWithout = async (changed, isActive) => (isActive ? (await search(changed)).numbers : answer.numbers);
    const numbers = await Promise.all(FACETS.map((name) => numbersWithout({ [name]: [] }, values[name].length)));
    const ofAllDates = await numbersWithout({ from: "", to: "" }, values.from || values.to);
    const { lastNotAfter, facetYears } = Daybook.indexFiles;
    const tables = await loadTables(page, answer.manifest, facetYears(answer.manifest, [...new Set(numbers)].flat()));
    const { days, firsts } = answer.manifest;
    const byMonth = countBy(ofAllDates, (number) => [days[lastNotAfter(firsts, number)].date.slice(0, 7)]);
    const counts = FACETS.map((name, i) => countBy(numbers[i], tables[name]));
    const draw = () => {
      const focused = area.contains(document.activeElement) ? document.activeElement : null;
      const groups = FACETS.map((name, i) => ({ name, counts: counts[i] }))
        .filter((group) => group.counts.length > 1 || values[group.name].length || group.name === "topic" && group.counts.length);
      area.replaceChildren(
        ...(days.length ? [createHistogram(page, answer.manifest, byMonth, values, choose)] : []),
        ...groups.map((group) => createFacet(page, group.name, group.counts, values[group.name], choose, draw)),
      );
      if (focused) refocus(area, focused);
    };
    draw();
  }

  /** Moves the focus to the control that replaced the one that had it. */
  function refocus(area, { name, value, dataset }) {
    const controls = [...area.querySelectorAll("input, button[data-expands]")];
    controls.find((control) => (dataset.expands ? control.dataset.expands === dataset.expands : control.name === name && control.value === value))?.focus();
  }

  Daybook.facets = { show, showActive, filter };
})();
