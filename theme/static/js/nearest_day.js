// The page for addresses that do not exist: where one names a day, lead to the nearest that does.
(() => {
  "use strict";
  const line = document.getElementById("nearest");
  const DAY = 24 * 60 * 60 * 1000;
  if (!line) return;

  /** Give the date that an address is about (`/2023/06/02/`, `/2023/06/`, `/day/465/`), or null. */
  const wanted = (path) => {
    const number = /\/day\/(\d{1,5})(?:\/|$)/.exec(path);
    if (number) return Date.parse(line.dataset.first) + (Number(number[1]) - 1) * DAY;
    const date = /\/(\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?(?:\/|$|\.)/.exec(path);
    return date ? Date.UTC(Number(date[1]), Number(date[2] ?? 1) - 1, Number(date[3] ?? 1)) : null;
  };

  /** Give the nearest moment inside one run of days, `2023-06-01/2023-06-30`. */
  const within = (run, moment) => {
    const [first, last] = run.split("/").map(Date.parse);
    return Math.min(Math.max(moment, first), last);
  };

  const link = (moment) => {
    const anchor = document.createElement("a");
    const iso = new Date(moment).toISOString().slice(0, 10);
    anchor.href = Daybook.address(`${line.dataset.root}${iso.replaceAll("-", "/")}/`);
    const form = { dateStyle: "long", timeZone: "UTC" };
    anchor.textContent = new Intl.DateTimeFormat(document.documentElement.lang, form).format(moment);
    return anchor;
  };

  const moment = wanted(location.pathname);
  const runs = line.dataset.days.trim();
  if (moment === null || Number.isNaN(moment) || !runs) return;
  const days = runs.split(" ").map((run) => within(run, moment));
  const nearest = days.reduce((best, day) => (Math.abs(day - moment) < Math.abs(best - moment) ? day : best));
  const [before, after] = line.textContent.split("{day}");
  line.replaceChildren(before, link(nearest), after);
  line.hidden = false;
})();
