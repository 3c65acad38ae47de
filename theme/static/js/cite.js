/** The page of a day: shows how to cite an entry, as text and in the formats of reference managers. */
(() => {
  "use strict";
  const dialog = document.getElementById("cite");
  const list = document.getElementById("entries");
  if (!dialog || !list) return;
  const { site, day, date, zone, untimed, pattern, source: sourcePattern, copy: copyLabel, copied } = dialog.dataset;

  /**
   * Returns the text of an element on one line, since a line break in RIS begins another field or record. Controls of
   * the writing direction are left out: they would also turn what follows in the citation, and LaTeX has none of them.
   */
  const lineOf = (element) =>
    (element?.textContent ?? "").replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "").replace(/\s+/g, " ").trim();

  /** Reads the data of a citation from the page; `cite.pattern` in theme/strings/en.toml uses these names. */
  const readEntry = (article) => {
    const page = document.querySelector("link[rel=canonical]")?.href ?? location.href;
    const address = new URL(page);
    address.search = "";
    address.hash = article.id;
    const heading = article.querySelector("h2").cloneNode(true);
    heading.querySelector(".hidden")?.remove();
    const time = article.querySelector(".entry-time time");
    const cited = [...article.querySelectorAll(".source-ref")].map((ref) => lineOf(document.querySelector(`${ref.hash} p`)));
    return {
      id: `entry-${date}-${article.id}`,
      headline: lineOf(heading),
      authors: [...article.querySelectorAll(".author")].map(lineOf),
      time: time ? `${time.textContent} ${zone}` : untimed,
      sources: [...new Set(cited)].filter(Boolean).join("; "),
      address: address.href,
      read: new Date().toISOString().slice(0, 10),
    };
  };

  const note = (entry) => [
    `${day}, ${entry.time}`,
    ...(entry.sources ? [sourcePattern.replace("{titles}", () => entry.sources)] : []),
  ].join(". ");

  const text = (entry) =>
    pattern.replace(/\{(\w+)\}/g, (_, name) => ({ ...entry, site, day })[name] ?? "");

  // Braces have names, too: BibTeX counts those after a backslash, and one without the other ends the entry early.
  const LATEX = {
    "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "{": "\\textbraceleft{}", "}": "\\textbraceright{}", "#": "\\#", "$": "\\$", "%": "\\%", "&": "\\&", _: "\\_",
  };
  const latex = (value) => value.replace(/[\\{}#$%&_~^]/g, (character) => LATEX[character]);

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
    const lines = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}},`);
    return [`@online{${entry.id},`, ...lines, "}"].join("\n");
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

  const dateParts = (iso) => ({ "date-parts": [iso.split("-").map(Number)] });
  const csl = (entry) => JSON.stringify([{
    id: entry.id,
    type: "webpage",
    ...(entry.authors.length && { author: entry.authors.map((literal) => ({ literal })) }),
    title: entry.headline,
    "container-title": site,
    issued: dateParts(date),
    accessed: dateParts(entry.read),
    URL: entry.address,
    note: note(entry),
  }], null, 2);

  const WIKI = { "|": "{{!}}", "[": "&#91;", "]": "&#93;", "{": "&#123;", "}": "&#125;", "<": "&lt;", "~": "&#126;" };
  const wiki = (value) => value.replace(/[|[\]{}<~]/g, (character) => WIKI[character]);
  const wikipedia = (entry) => {
    const fields = [["title", entry.headline], ["website", site], ["date", date], ["url", entry.address],
      ["access-date", entry.read], ["author", entry.authors.join("; ")]];
    const parameters = fields.filter(([, value]) => value).map(([name, value]) => `|${name}=${wiki(value)}`);
    return `{{cite web ${parameters.join(" ")}}}`;
  };

  const formats = { text, bibtex, ris, csl, wikipedia };

  const show = (article) => {
    const entry = readEntry(article);
    for (const output of dialog.querySelectorAll("pre")) output.textContent = formats[output.dataset.form](entry);
    dialog.querySelector("[role=status]").textContent = "";
    dialog.showModal();
  };

  const addCopyButton = (output) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = copyLabel;
    button.setAttribute("aria-describedby", `cite-${output.dataset.form}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(output.textContent);
      dialog.querySelector("[role=status]").textContent = copied;
    });
    output.before(button);
  };

  // Browsers allow access to the clipboard on secure pages only.
  if (navigator.clipboard) dialog.querySelectorAll("pre").forEach(addCopyButton);
  list.addEventListener("click", (event) => {
    const button = event.target.closest(".quote");
    if (button) show(button.closest("article"));
  });
})();
