/**
 * The page of trends: how many entries of each month have a word, a phrase or a topic. Counts with the search
 * index, so that it agrees with the search, and works from a folder.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const area = document.getElementById("trends");
  if (!area || !Daybook.indexFiles) return; // without the scripts of the search, the page says that it waits for them
  const find = (selector) => area.querySelector(selector);
  const [form, status, retry, pictures, table] = ["form", "[role=status]", "[data-retry]", ".pictures", ".table"].map(find);
  const fields = [...form.querySelectorAll("[name=w]")];
  const { root, manifest: manifestPath } = area.dataset;
  const strings = JSON.parse(area.dataset.words);
  const SVG = "http://www.w3.org/2000/svg";
  const [WIDTH, HEIGHT, MARGIN] = [320, 72, 4];
  // A phrase is checked in the text of every entry that has its words. Above this number only the words are counted.
  const MAX_CHECKED = 400;
  let latest = 0;

  const words = () => fields.map((field) => field.value.trim()).filter(Boolean);

  async function loadManifest() {
    const { loadFile, readManifest } = Daybook.indexFiles;
    return readManifest(await loadFile("manifest", root + manifestPath));
  }

  /** Returns all months from the archive's first to its last, as `2023-06`, each with its number of entries. */
  function monthsOf({ days }) {
    const counts = new Map();
    if (!days.length) return counts;
    const last = days[days.length - 1].date.slice(0, 7);
    let [year, month] = days[0].date.split("-").map(Number);
    for (let name = ""; name < last; month = (month % 12) + 1, year += month === 1 ? 1 : 0) {
      counts.set((name = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`), 0);
    }
    for (const { date, count } of days) counts.set(date.slice(0, 7), counts.get(date.slice(0, 7)) + count);
    return counts;
  }

  /**
   * Counts the entries of each month that a search finds with all its words.
   * @returns {Promise<{q: string, counts: Map<string, number>, total: number, isEstimate: boolean}>}
   */
  async function count(manifest, q) {
    const question = { q, from: "", to: "", sort: "oldest", accepts: null };
    const answer = await Daybook.runQuery(root, manifest, question, false);
    const { days, firsts } = manifest;
    const isEstimate = answer.needsCheck && answer.candidates.length > MAX_CHECKED;
    if (answer.needsCheck && !isEstimate) while (!answer.exact) await answer.check();
    const numbers = isEstimate ? answer.candidates : answer.tiers[0].numbers;
    const dates = numbers.map((number) => days[Daybook.indexFiles.lastNotAfter(firsts, number)].date);
    const counts = new Map();
    for (const date of dates) counts.set(date.slice(0, 7), (counts.get(date.slice(0, 7)) || 0) + 1);
    return { q, counts, total: dates.length, isEstimate };
  }

  /** Returns the address of the search for the entries of a month. */
  function addressOf(q, month) {
    const [year, number] = month.split("-").map(Number);
    const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
    const query = new URLSearchParams({ q, from: `${month}-01`, to: `${month}-${last}` });
    return Daybook.address(`${root}search/?${query}`);
  }

  function createSvg(name, attributes, ...children) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    element.append(...children);
    return element;
  }

  /** Adds the scale to the picture of a line: its most and 0 beside it, the first and the last month below it. */
  function addScale(svg, months, most) {
    const { createElement, formatMonth, formatNumber } = Daybook.results;
    const numbers = [most, 0].map((n) => createElement("span", "", formatNumber(strings, n)));
    const ends = [months[0], months[months.length - 1]].map((month) => createElement("span", "", formatMonth(strings, month)));
    const scale = [createElement("p", "numbers", ...numbers), createElement("p", "scale", ...ends)];
    for (const element of scale) element.setAttribute("aria-hidden", "true"); // the summary and the table say it
    return createElement("div", "plot", scale[0], svg, scale[1]);
  }

  /** Draws a line over the months; each point is a link. The table has the same links for the keyboard. */
  function drawLine(months, { q, counts }, most) {
    const { formatMonth, formatCount } = Daybook.results;
    const round = (value) => Math.round(value * 10) / 10;
    const step = (WIDTH - 2 * MARGIN) / Math.max(1, months.length - 1);
    const isMirrored = document.documentElement.dir === "rtl"; // time runs as the reader reads
    const points = months.map((month, i) =>
      [round(isMirrored ? WIDTH - MARGIN - i * step : MARGIN + i * step), round(HEIGHT - MARGIN - ((counts.get(month) || 0) / most) * (HEIGHT - 2 * MARGIN))]);
    const svg = createSvg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", class: "trend" });
    for (const y of [MARGIN, HEIGHT - MARGIN]) svg.append(createSvg("line", { x1: 0, x2: WIDTH, y1: y, y2: y }));
    svg.append(createSvg("polyline", { points: points.map((point) => point.join(",")).join(" ") }));
    months.forEach((month, i) => {
      const n = counts.get(month) || 0;
      if (!n) return;
      const title = createSvg("title", {}, `${formatMonth(strings, month)}: ${formatCount(strings, n)}`);
      const [cx, cy] = points[i];
      const circle = createSvg("circle", { cx, cy, r: 3 }, title);
      svg.append(createSvg("a", { href: addressOf(q, month), tabindex: "-1" }, circle));
    });
    return svg;
  }

  function createPicture(months, series) {
    const { createElement, fill, formatMonth, formatCount } = Daybook.results;
    const most = Math.max(1, ...series.counts.values());
    const top = months.find((month) => series.counts.get(month) === most);
    const summary = series.total
      ? fill(strings.summary, { entries: formatCount(strings, series.total), month: formatMonth(strings, top), most: formatCount(strings, most) })
      : strings.none;
    const lines = [createElement("p", "", summary), ...(series.isEstimate ? [createElement("p", "", strings.estimate)] : [])];
    const heading = createElement("h2", "", createElement("bdi", "", series.q));
    return createElement("section", "", heading, addScale(drawLine(months, series, most), months, most), ...lines);
  }

  function createTable(months, all) {
    const { createElement, formatMonth, formatNumber } = Daybook.results;
    const cell = (name, scope, ...children) => {
      const element = createElement(name, "", ...children);
      if (scope) element.scope = scope;
      return element;
    };
    const heads = all.map(({ q }) => cell("th", "col", createElement("bdi", "", q)));
    const rows = months.map((month) => createElement("tr", "", cell("th", "row", formatMonth(strings, month)),
      ...all.map(({ q, counts }) => {
        const n = counts.get(month) || 0;
        const link = Object.assign(createElement("a", "", formatNumber(strings, n)), { href: addressOf(q, month) });
        return cell("td", "", n ? link : "0");
      })));
    const body = createElement("table", "", createElement("thead", "", createElement("tr", "", cell("th", "col", strings.month), ...heads)),
      createElement("tbody", "", ...rows));
    return createElement("details", "", createElement("summary", "", strings.table), body);
  }

  async function run() {
    const turn = ++latest;
    const asked = words();
    const isOpen = table.querySelector("details")?.open;
    retry.hidden = true;
    pictures.replaceChildren();
    table.replaceChildren();
    status.textContent = asked.length ? strings.counting : "";
    if (!asked.length) return;
    try {
      const manifest = await loadManifest();
      await Daybook.indexFiles.loadPart(root, "results");
      const months = [...monthsOf(manifest).keys()];
      const all = [];
      for (const q of asked) all.push(await count(manifest, q));
      if (turn !== latest) return;
      pictures.replaceChildren(...all.map((series) => createPicture(months, series)));
      table.replaceChildren(createTable(months, all));
      table.firstChild.open = Boolean(isOpen);
      status.textContent = Daybook.results.fillPlural(strings, strings.counted, months.length);
    } catch (error) {
      console.error(error);
      if (turn !== latest) return;
      retry.hidden = false;
      status.textContent = strings.failed;
    }
  }

  function open() {
    const given = new URLSearchParams(location.search).getAll("w").map((word) => word.trim()).filter(Boolean);
    fields.forEach((field, i) => (field.value = given[i] || ""));
    run();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = String(new URLSearchParams(words().map((word) => ["w", word])));
    history.pushState(null, "", location.pathname + (query && `?${query}`));
    run();
  });
  retry.addEventListener("click", () => {
    Daybook.indexFiles.reset();
    run();
  });
  window.addEventListener("popstate", open);
  document.getElementById("search-waiting").remove();
  area.hidden = false;
  open();
})();
