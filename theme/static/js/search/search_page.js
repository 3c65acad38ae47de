/**
 * The search page: it asks, shows, and says what went wrong.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const area = document.getElementById("search");
  if (!area) return;
  const find = (selector) => area.querySelector(selector);
  const [form, list, status, notes] = [find("form"), find("ol"), find("[role=status]"), find(".notes")];
  const [more, retry, filters, facets] = [find("[data-more]"), find("[data-retry]"), find("details"), find(".facets")];
  const { root, manifest: manifestPath, lunr: lunrPath, firstDay } = area.dataset;
  const words = JSON.parse(area.dataset.words);
  const options = [...form.elements.topic.options].slice(1);
  const page = {
    words,
    topics: new Map(options.map((option) => [option.value, option.text])),
    kindOf: new Map(options.map((option) => [option.value, option.parentNode.dataset.kind])),
    kinds: Object.fromEntries([...form.elements.kind.options].map((option) => [option.value, option.text])),
    root,
    address: (q) => Daybook.searchForm.addressOf({ ...Daybook.searchForm.values(form), q }),
    ask: (q) => choose({ q }),
  };

  const PAUSE = 150;
  let latest = 0;
  let current = null;
  let known = {};
  let typed = false;
  let timer = 0;

  /** Typing makes one entry of the history; a search that is sent off replaces it. */
  function writeAddress(typing) {
    const address = page.address(form.elements.q.value.trim());
    if (address !== location.pathname + location.search) history[typed ? "replaceState" : "pushState"](null, "", address);
    typed = typing;
  }

  async function manifest() {
    if (!window.lunr) await Daybook.indexFiles.script(root + lunrPath, () => Boolean(window.lunr));
    const file = await Daybook.indexFiles.load("manifest", root + manifestPath);
    if (known.file !== file) known = { file, read: Daybook.indexFiles.readManifest(file) };
    return known.read;
  }

  async function run(typing) {
    const turn = ++latest;
    retry.hidden = true;
    list.setAttribute("aria-busy", "true");
    const waiting = setTimeout(() => (status.textContent = words.searching), 400);
    try {
      const question = Daybook.searchForm.question(form, firstDay, page.kindOf);
      const answer = await Daybook.runQuery(root, await manifest(), question, typing);
      const cards = await answer.next();
      if (turn === latest) show(answer, cards, typing);
    } catch (error) {
      if (turn === latest) fail(error);
    } finally {
      clearTimeout(waiting);
      if (turn === latest) list.setAttribute("aria-busy", "false");
    }
  }

  function show(answer, cards, typing) {
    current = answer;
    list.replaceChildren();
    append(cards);
    const asked = form.elements.q.value;
    notes.replaceChildren(...(answer.query.empty ? [] : Daybook.messages.about(answer, asked, words, page)));
    const adds = [count(answer)];
    if (!typing && !answer.query.empty && !answer.count) {
      adds.push(Daybook.messages.otherWords(answer, asked, words, page).then((lines) => {
        if (answer === current) notes.append(...lines);
      }));
    }
    Promise.all(adds).catch((error) => answer === current && fail(error));
  }

  /** Count the answer for the open filters. */
  async function count(answer) {
    if (!filters.open || !answer) return;
    const counts = await Daybook.indexFiles.part(root, "facets");
    if (answer === current) await counts.show(facets, page, answer, choose);
  }

  function append(cards) {
    list.append(...cards.map((card) => Daybook.results.result(page, card, current.query.clauses)));
    more.hidden = !current.more;
    status.textContent = summary();
  }

  function summary() {
    if (current.query.empty) return "";
    const entries = Daybook.results.counted(words, current.count);
    if (!current.exact) {
      return Daybook.results.fill(words.partly, { entries, checked: current.checked, all: current.numbers.length });
    }
    return current.count ? entries : words.none;
  }

  function fail(error) {
    console.error(error);
    current = null;
    list.replaceChildren();
    notes.replaceChildren();
    facets.replaceChildren();
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

  /** Set fields of the form and search. */
  function choose(asked) {
    Daybook.searchForm.fill(form, asked);
    settle();
  }

  /** Answer at once what is loaded; else load the finished words and wait for a pause. */
  function type() {
    clearTimeout(timer);
    // What does not come here or below is asked for again, and missed, by the answer itself.
    Daybook.indexFiles.part(root, "results").catch(() => {});
    const answerNow = () => {
      writeAddress(true);
      run(true);
    };
    const clauses = known.read && window.lunr ? Daybook.queryParser.parse(form.elements.q.value, known.read.fields, true).clauses : [];
    if (clauses.length && Daybook.lunrIndex.isLoaded(known.read, clauses)) return answerNow();
    timer = setTimeout(answerNow, PAUSE);
    const finished = clauses.filter((clause) => clause.word && !clause.open && !clause.distance);
    if (finished.length) Daybook.lunrIndex.rowsOf(root, known.read, finished).catch(() => {});
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    settle();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name !== "q") settle();
  });
  form.elements.q.addEventListener("input", type);
  filters.addEventListener("toggle", () => count(current).catch(fail));
  more.addEventListener("click", showMore);
  retry.addEventListener("click", () => {
    Daybook.indexFiles.forget();
    run(false);
  });
  area.addEventListener("keydown", walk);

  function open() {
    filters.open = Daybook.searchForm.readAddress(form) || filters.open;
    run(false);
  }

  window.addEventListener("popstate", () => {
    clearTimeout(timer);
    typed = false;
    open();
  });
  // By then every other part of this script, and lunr if it came, has run.
  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("search-waiting").remove();
    area.hidden = false;
    open();
  });
})();
