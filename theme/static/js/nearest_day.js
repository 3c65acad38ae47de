/** The page for unknown addresses: if the address contains a date, links to the nearest day of the archive. */
(() => {
  "use strict";
  const line = document.getElementById("nearest");
  const DAY = 24 * 60 * 60 * 1000; // milliseconds
  if (!line) return;

  /** Returns the date in an address (`/2023/06/02/`, `/2023/06/`, `/day/465/`) in milliseconds, or null. */
  const requestedDate = (path) => {
    const number = /\/day\/(\d{1,5})(?:\/|$)/.exec(path);
    if (number) return Date.parse(line.dataset.first) + (Number(number[1]) - 1) * DAY;
    const date = /\/(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?(?:\/|$|\.)/.exec(path);
    return date ? Date.UTC(Number(date[1]), Number(date[2] ?? 1) - 1, Number(date[3] ?? 1)) : null;
  };

  /** Returns the date nearest to `date` in a range of days, `2023-06-01/2023-06-30`. */
  const nearestIn = (range, date) => {
    const [first, last] = range.split("/").map(Date.parse);
    return Math.min(Math.max(date, first), last);
  };

  /** Formats `2023-06-02` with the pattern of its month, such as "{d} June {y}". */
  const formatDate = (iso) => {
    const [y, month, d] = iso.split("-").map(Number);
    const values = { y, d, dd: iso.slice(8) };
    return JSON.parse(line.dataset.patterns)[month - 1].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };

  const createLink = (date) => {
    const link = document.createElement("a");
    const iso = new Date(date).toISOString().slice(0, 10);
    link.href = Daybook.address(`${line.dataset.root}${iso.replaceAll("-", "/")}/`);
    link.textContent = formatDate(iso);
    return link;
  };

  /** Adds the headline of a day, from its page, to the link to it. */
  const addHeadline = async (link) => {
    const answer = await fetch(link.href);
    const title = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".day .title");
    if (answer.ok && title) link.append(": ", title.textContent);
  };

  const requested = requestedDate(location.pathname);
  const ranges = line.dataset.days.trim();
  if (requested === null || Number.isNaN(requested) || !ranges) return;
  const days = ranges.split(" ").map((range) => nearestIn(range, requested));
  const nearest = days.reduce((best, day) => (Math.abs(day - requested) < Math.abs(best - requested) ? day : best));
  const [before, after] = line.textContent.split("{day}");
  const link = createLink(nearest);
  line.replaceChildren(before, link, after);
  line.hidden = false;
  addHeadline(link).catch(() => {}); // the date alone is enough
})();
