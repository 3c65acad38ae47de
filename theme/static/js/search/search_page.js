/** The search page: runs searches, shows results, and reports what could not be loaded. */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const area = document.getElementById("search");
  if (!area) return;
  const find = (selector) => area.querySelector(selector);
  const [form, list, status, messages] = [find("form"), find("ol"), find("[role=status]"), find(".notes")];
  const [more, retry, filters, facets] = [find("[data-more]"), find("[data-retry]"), find("details"), find(".facets")];
  const { root, manifest: manifestPath, lunr: lunrPath, firstDay } = area.dataset;
  const strings = JSON.parse(area.dataset.words);
  const options = [...form.elements.topic.options].slice(1);
  const page = {
    strings,
    topics: new Map(options.map((option) => [option.value, option.text])),
    kindOf: new Map(options.map((option) => [option.value, option.parentNode.dataset.kind])),
    kinds: Object.fromEntries([...form.elements.kind.options].map((option) => [option.value, option.text])),
    root,
    addressOf: (q) => Daybook.searchForm.addressOf({ ...Daybook.searchForm.read(form), q }),
    search: (q) => setAndSearch({ q }),
  };

  const TYPING_PAUSE = 150; // milliseconds
  const SEARCHING_DELAY = 400; // milliseconds before the page says that it searches
  let latest = 0;
  let current = null;
  let loaded = {};
  let typed = false;
  let timer = 0;

  /** Typing adds one entry to the history; a submitted search replaces it. */
  function writeAddress(typing) {
    const address = page.addressOf(form.elements.q.value.trim());
    if (address !== location.pathname + location.search) history[typed ? "replaceState" : "pushState"](null, "", address);
    typed = typing;
  }

  async function loadManifest() {
    if (!window.lunr) await Daybook.indexFiles.loadScript(root + lunrPath, () => Boolean(window.lunr));
    const file = await Daybook.indexFiles.loadFile("manifest", root + manifestPath);
    if (loaded.file !== file) loaded = { file, manifest: Daybook.indexFiles.readManifest(file) };
    return loaded.manifest;
  }

  async function run(typing) {
    const turn = ++latest;
    retry.hidden = true;
    list.setAttribute("aria-busy", "true");
    const waiting = setTimeout(() => (status.textContent = strings.searching), SEARCHING_DELAY);
    try {
      const question = Daybook.searchForm.question(form, firstDay, page.kindOf);
      const answer = await Daybook.runQuery(root, await loadManifest(), question, typing);
      const results = await answer.next();
      if (turn === latest) show(answer, results, typing);
    } catch (error) {
      if (turn === latest) fail(error);
    } finally {
      clearTimeout(waiting);
      if (turn === latest) list.setAttribute("aria-busy", "false");
    }
  }

  function show(answer, results, typing) {
    current = answer;
    list.replaceChildren();
    append(results);
    const text = form.elements.q.value;
    messages.replaceChildren(...(answer.query.empty ? [] : Daybook.messages.queryMessages(answer, text, page)));
    const additions = [showFacets(answer)];
    if (!typing && !answer.query.empty && !answer.count) {
      additions.push(Daybook.messages.suggestions(answer, text, page).then((lines) => {
        if (answer === current) messages.append(...lines);
      }));
    }
    Promise.all(additions).catch((error) => answer === current && fail(error));
  }

  /** Shows the counts of the results if the filters are open. */
  async function showFacets(answer) {
    if (!filters.open || !answer) return;
    const part = await Daybook.indexFiles.loadPart(root, "facets");
    if (answer === current) await part.show(facets, page, answer, setAndSearch);
  }

  function append(results) {
    list.append(...results.map((result) => Daybook.results.render(page, result, current.query.clauses)));
    more.hidden = !current.more;
    status.textContent = summary();
  }

  function summary() {
    if (current.query.empty) return "";
    const entries = Daybook.results.formatCount(strings, current.count);
    if (!current.exact) {
      const checked = Daybook.results.formatNumber(strings, current.checked);
      return Daybook.results.fillPlural(strings, strings.partly, current.numbers.length, { entries, checked });
    }
    return current.count ? entries : strings.none;
  }

  function fail(error) {
    console.error(error);
    current = null;
    list.replaceChildren();
    messages.replaceChildren();
    facets.replaceChildren();
    more.hidden = true;
    retry.hidden = false;
    status.textContent = strings.failed;
  }

  async function showMore() {
    const answer = current;
    more.disabled = true;
    try {
      const results = await answer.next();
      if (answer !== current) return;
      const before = list.children.length;
      append(results);
      list.children[before]?.querySelector("a").focus();
    } catch (error) {
      fail(error);
    } finally {
      more.disabled = false;
    }
  }

  /** The arrow keys move the focus from the field through the results and back. */
  function moveFocus(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [form.elements.q, ...list.querySelectorAll("h2 a")];
    const position = stops.indexOf(document.activeElement);
    if (!step || position < 0 || !stops[position + step]) return;
    event.preventDefault();
    stops[position + step].focus();
  }

  function submit() {
    clearTimeout(timer);
    writeAddress(false);
    run(false);
  }

  /** Sets fields of the form and searches. */
  function setAndSearch(values) {
    Daybook.searchForm.fill(form, values);
    submit();
  }

  /** Searches at once if everything is loaded; else loads the shards of finished words and waits for a pause. */
  function handleInput() {
    clearTimeout(timer);
    // A failure here or below is ignored: the search requests the file again and reports it.
    Daybook.indexFiles.loadPart(root, "results").catch(() => {});
    const searchNow = () => {
      writeAddress(true);
      run(true);
    };
    const { manifest } = loaded;
    const clauses = manifest && window.lunr ? Daybook.queryParser.parse(form.elements.q.value, manifest.fields, true).clauses : [];
    if (clauses.length && Daybook.lunrIndex.isLoaded(manifest, clauses)) return searchNow();
    timer = setTimeout(searchNow, TYPING_PAUSE);
    const finished = clauses.filter((clause) => clause.word && !clause.unfinished && !clause.distance);
    if (finished.length) Daybook.lunrIndex.loadShards(root, manifest, finished).catch(() => {});
  }

  function open() {
    filters.open = Daybook.searchForm.readAddress(form) || filters.open;
    run(false);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name !== "q") submit();
  });
  form.elements.q.addEventListener("input", handleInput);
  filters.addEventListener("toggle", () => showFacets(current).catch(fail));
  more.addEventListener("click", showMore);
  retry.addEventListener("click", () => {
    Daybook.indexFiles.reset();
    run(false);
  });
  area.addEventListener("keydown", moveFocus);
  window.addEventListener("popstate", () => {
    clearTimeout(timer);
    typed = false;
    open();
  });
  // lunr and the manifest are deferred scripts after this one: they have run by then.
  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("search-waiting").remove();
    area.hidden = false;
    open();
  });
})();
