/**
 * The search page: its form, its address, its messages. Everything asked is in the address.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const area = document.getElementById("search");
  if (!area) return;
  const form = area.querySelector("form");
  const list = area.querySelector("ol");
  const [status, notes] = [area.querySelector("[role=status]"), area.querySelector(".notes")];
  const [more, retry] = [area.querySelector("[data-more]"), area.querySelector("[data-retry]")];
  const { root, manifest: manifestPath, lunr: lunrPath } = area.dataset;
  const words = JSON.parse(area.dataset.words);
  const topics = new Map([...form.elements.topic.options].map((option) => [option.value, option.text]));
  const parts = ["words", "query", "shards", "index", "snippet", "results", "answer"];
  if (!parts.every((part) => Daybook[part])) return giveUp();

  const PAUSE = 150;
  let latest = 0;
  let current = null;
  let known = {};
  let typed = false;
  let timer = 0;

  const names = ["q", "from", "to", "topic", "sort"];
  const { fill, result, counted } = Daybook.results;

  /** A script of the page itself is missing: only a reload can bring it. */
  function giveUp() {
    area.hidden = retry.hidden = false;
    status.textContent = words.failed;
    list.setAttribute("aria-busy", "false");
    retry.addEventListener("click", () => location.reload());
  }

  function question() {
    return Object.fromEntries(names.map((name) => [name, form.elements[name].value.trim()]));
  }

  function readAddress() {
    const asked = new URLSearchParams(location.search);
    for (const name of names) form.elements[name].value = asked.get(name) || "";
    if (!form.elements.sort.value) form.elements.sort.value = "relevance";
    area.querySelector("details").open = names.slice(1).some((name) => asked.get(name));
  }

  /** Typing makes one entry of the history; a search that is sent off replaces it. */
  function writeAddress(typing) {
    const asked = new URLSearchParams();
    for (const [name, value] of Object.entries(question())) {
      if (value && !(name === "sort" && value === "relevance")) asked.set(name, value);
    }
    const address = location.pathname + (String(asked) && "?" + asked);
    if (address !== location.pathname + location.search) history[typed ? "replaceState" : "pushState"](null, "", address);
    typed = typing;
  }

  async function manifest() {
    if (!window.lunr) await Daybook.shards.script(root + lunrPath, () => Boolean(window.lunr));
    const file = await Daybook.shards.load("manifest", root + manifestPath);
    if (known.file !== file) known = { file, read: Daybook.shards.readManifest(file) };
    return known.read;
  }

  async function run(typing) {
    const turn = ++latest;
    retry.hidden = true;
    list.setAttribute("aria-busy", "true");
    const waiting = setTimeout(() => (status.textContent = words.searching), 400);
    try {
      const answer = await Daybook.answer(root, await manifest(), question(), typing);
      const cards = await answer.next();
      if (turn === latest) show(answer, cards);
    } catch (error) {
      if (turn === latest) fail(error);
    } finally {
      clearTimeout(waiting);
      if (turn === latest) list.setAttribute("aria-busy", "false");
    }
  }

  function show(answer, cards) {
    current = answer;
    list.replaceChildren();
    append(cards);
    notes.replaceChildren(...answer.query.notes.map(([kind, word]) => {
      const note = document.createElement("p");
      note.textContent = fill(words.notes[kind], { word });
      return note;
    }));
  }

  function append(cards) {
    list.append(...cards.map((card) => result({ root, words, topics }, card, current.query.clauses)));
    more.hidden = !current.more;
    status.textContent = summary();
  }

  function summary() {
    const asked = question();
    if (!names.some((name) => name !== "sort" && asked[name])) return "";
    if (!current.exact) {
      return fill(words.partly, { entries: counted(words, current.count), checked: current.checked, all: current.numbers.length });
    }
    return current.count ? counted(words, current.count) : words.none;
  }

  function fail(error) {
    console.error(error);
    list.replaceChildren();
    notes.replaceChildren();
    more.hidden = true;
    retry.hidden = false;
    status.textContent = words.failed;
  }

  async function showMore() {
    const answer = current;
    more.disabled = true;
    try {
      const cards = await answer.next();
      if (answer !== current) return;
      const before = list.children.length;
      append(cards);
      list.children[before]?.querySelector("a").focus();
    } catch (error) {
      fail(error);
    } finally {
      more.disabled = false;
    }
  }

  /** Arrows walk from the field through the results and back. */
  function walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [form.elements.q, ...list.querySelectorAll("h2 a")];
    const at = stops.indexOf(document.activeElement);
    if (!step || at < 0 || !stops[at + step]) return;
    event.preventDefault();
    stops[at + step].focus();
  }

  function settle() {
    clearTimeout(timer);
    writeAddress(false);
    run(false);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    settle();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name !== "q") settle();
  });
  form.elements.q.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      writeAddress(true);
      run(true);
    }, PAUSE);
  });
  more.addEventListener("click", showMore);
  retry.addEventListener("click", () => {
    Daybook.shards.forget();
    run(false);
  });
  area.addEventListener("keydown", walk);
  window.addEventListener("popstate", () => {
    clearTimeout(timer);
    typed = false;
    readAddress();
    run(false);
  });

  area.hidden = false;
  readAddress();
  run(false);
})();
