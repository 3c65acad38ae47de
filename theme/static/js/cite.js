// A day's page: cite one entry, in the forms that people and their programs use.
(() => {
  "use strict";
  const dialog = document.getElementById("cite");
  const list = document.getElementById("entries");
  if (!dialog || !list) return;
  const { site, day, date, zone, untimed, pattern, source: sourceWords, copy: copyWord, copied } = dialog.dataset;

  /** An element's words on one line: in RIS a line break begins another field, or another record. */
  const line = (element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

  /** Read from the page what a citation of an entry says. */
  const facts = (article) => {
    const page = document.querySelector("link[rel=canonical]")?.href ?? location.href;
    const address = new URL(page);
    address.search = "";
    address.hash = article.id;
    const heading = article.querySelector("h2").cloneNode(true);
    heading.querySelector(".hidden")?.remove();
    const time = article.querySelector(".entry-time time");
    const cited = [...article.querySelectorAll(".source-ref")].map((ref) => line(document.querySelector(`${ref.hash} p`)));
    return {
      id: `entry-${date}-${article.id}`,
      headline: line(heading),
      authors: [...article.querySelectorAll(".author")].map(line),
      time: time ? `${time.textContent} ${zone}` : untimed,
      sources: [...new Set(cited)].filter(Boolean).join("; "),
      address: address.href,
      read: new Date().toISOString().slice(0, 10),
    };
  };

  const note = (entry) => [
    `${day}, ${entry.time}`,
    ...(entry.sources ? [sourceWords.replace("{titles}", () => entry.sources)] : []),
  ].join(". ");

  const text = (entry) =>
    pattern.replace(/\{(\w+)\}/g, (_, name) => ({ ...entry, site, day })[name] ?? "");

  const LATEX = {
    "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "{": "\\{", "}": "\\}", "#": "\\#", "$": "\\$", "%": "\\%", "&": "\\&", _: "\\_",
  };
  const latex = (words) => words.replace(/[\\{}#$%&_~^]/g, (mark) => LATEX[mark]);

  const bibtex = (entry) => {
    const fields = {
      author: entry.authors.map((name) => `{${latex(name)}}`).join(" and "),
      title: `{${latex(entry.headline)}}`,
      organization: `{${latex(site)}}`,
      date,
      url: entry.address,
      urldate: entry.read,
      note: latex(note(entry)),
    };
    const rows = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}},`);
    return [`@online{${entry.id},`, ...rows, "}"].join("\n");
  };

  const ris = (entry) => [
    "TY  - ELEC",
    ...entry.authors.map((name) => `AU  - ${name}`),
    `TI  - ${entry.headline}`,
    `T2  - ${site}`,
    `PY  - ${date.slice(0, 4)}`,
    `DA  - ${date.replaceAll("-", "/")}`,
    `UR  - ${entry.address}`,
    `Y2  - ${entry.read.replaceAll("-", "/")}`,
    `N1  - ${note(entry)}`,
    "ER  - ",
  ].join("\n");

  const parts = (iso) => ({ "date-parts": [iso.split("-").map(Number)] });
  const csl = (entry) => JSON.stringify([{
    id: entry.id,
    type: "webpage",
    ...(entry.authors.length && { author: entry.authors.map((literal) => ({ literal })) }),
    title: entry.headline,
    "container-title": site,
    issued: parts(date),
    accessed: parts(entry.read),
    URL: entry.address,
    note: note(entry),
  }], null, 2);

  const WIKI = { "|": "{{!}}", "[": "&#91;", "]": "&#93;", "{": "&#123;", "}": "&#125;", "<": "&lt;", "~": "&#126;" };
  const wiki = (words) => words.replace(/[|[\]{}<~]/g, (mark) => WIKI[mark]);
  const wikipedia = (entry) => {
    const fields = [["title", entry.headline], ["website", site], ["date", date], ["url", entry.address],
      ["access-date", entry.read], ["author", entry.authors.join("; ")]];
    const filled = fields.filter(([, value]) => value).map(([name, value]) => `|${name}=${wiki(value)}`);
    return `{{cite web ${filled.join(" ")}}}`;
  };

  const forms = { text, bibtex, ris, csl, wikipedia };

  const show = (article) => {
    const entry = facts(article);
    for (const place of dialog.querySelectorAll("pre")) place.textContent = forms[place.dataset.form](entry);
    dialog.querySelector("[role=status]").textContent = "";
    dialog.showModal();
  };

  const offerCopying = (place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = copyWord;
    button.setAttribute("aria-describedby", `cite-${place.dataset.form}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(place.textContent);
      dialog.querySelector("[role=status]").textContent = copied;
    });
    place.before(button);
  };

  // Browsers give the clipboard to secure pages only.
  if (navigator.clipboard) dialog.querySelectorAll("pre").forEach(offerCopying);
  list.addEventListener("click", (event) => {
    const button = event.target.closest(".quote");
    if (button) show(button.closest("article"));
  });
})();
