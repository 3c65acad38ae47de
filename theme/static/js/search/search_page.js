/** The search page: runs searches, shows results, and reports what could not be loaded. */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const area = document.getElementById("search");
  if (!area) return;
  const find = (selector) => area.querySelector(selector);
  const [form, list, status, messages] = [find("form"), find("ol"), find("[role=status]"), find(".notes")];
  const [more, retry, filters, facets] = [find("[data-more]"), find("[data-retry]"), find("details"), find(".facets")];
  const [ways, active, tiers] = [find(".ways"), find(".active-filters"), find(".tiers")];
  const { root, manifest: manifestPath, firstDay } = area.dataset;
  const { indexFiles, searchForm } = Daybook;
  const strings = JSON.parse(area.dataset.words);
  const page = {
    strings,
    root,
    namesOutlets: "namesOutlets" in area.dataset,
    topics: new Map(), // name by slug, from places.js as the next; for the filters
    kindOf: new Map(), // kind by slug
    kinds: strings.kinds,
    addressOf: (q) => searchForm.addressOf({ ...state(), q }),
    search: (q) => setAndSearch({ q }),
  };

  const TYPING_PAUSE = 150; // milliseconds
  const SEARCHING_DELAY = 400; // milliseconds before the page says that it searches
  let chosen = Object.fromEntries(searchForm.FACETS.map((name) => [name, []])); // the values of each facet
  let latest = 0;
  let current = null;
  let loaded = {};
  let typed = false;
  let timer = 0;

  const state = () => ({ ...searchForm.readFields(form), ...chosen });

  /** Typing adds one entry to the history; a submitted search replaces it. */
  function writeAddress(typing) {
    const address = searchForm.addressOf(state());
    if (address !== location.pathname + location.search) history[typed ? "replaceState" : "pushState"](null, "", address);
    typed = typing;
  }

  async function loadManifest() {
    const file = await indexFiles.loadFile("manifest", root + manifestPath);
    if (loaded.file !== file) loaded = { file, manifest: indexFiles.readManifest(file) };
    return loaded.manifest;
  }

  /** Loads the names of days and topics, and what finds them. */
  async function loadPlaces() {
    const file = `${root}search/places.js`;
    await Promise.all([
      indexFiles.loadPart(root, "suggest"),
      Daybook.places || indexFiles.loadScript(file, () => Boolean(Daybook.places)),
    ]);
    if (page.topics.size) return;
    for (const [slug, name, kind] of Daybook.places.topics) {
      page.topics.set(slug, name);
      page.kindOf.set(slug, kind);
    }
  }

  /**
   * Returns whether a query may name a day, a month or a topic, so that their names are needed: a date has a digit.
   * Most queries do not, and show their results without this file.
   */
  function mayNamePlace(text, { found }) {
    return text.trim() !== "" && (/\p{N}/u.test(text) || Boolean(found && found.mayNameTopic));
  }

  /** Runs a search with other values than the form's where `values` has some. */
  async function answer(values, typing) {
    const question = { ...state(), ...values };
    const results = indexFiles.loadPart(root, "results");
    results.catch(() => {}); // awaited below, perhaps after another file has failed
    const manifest = await loadManifest();
    if (!Daybook.results) preload(question.q, manifest, typing);
    question.accepts = null;
    if (searchForm.FACETS.some((name) => question[name].length)) {
      const [part] = await Promise.all([indexFiles.loadPart(root, "facets"), loadPlaces()]);
      question.accepts = await part.filter(page, manifest, question);
    }
    await results;
    return Daybook.runQuery(root, manifest, question, typing);
  }

  /** Starts to load the shards of a query while the scripts that search are loading; the search reports a failure. */
  function preload(q, manifest, typing) {
    const { queryParser, expandTerms } = Daybook;
    const { query } = expandTerms.leaveOutCommon(manifest, queryParser.parse(q, manifest.fields, typing));
    expandTerms.preload(root, manifest, queryParser.clausesOf(query)).catch(() => {});
  }

  /** Returns whether there is nothing to search for, so that nothing needs to be loaded. */
  function isIdle() {
    const values = state();
    return !filters.open && ![values.q.trim(), values.from, values.to, ...searchForm.FACETS.flatMap((name) => values[name])].some(Boolean);
  }

  async function run(typing) {
    const turn = ++latest;
    retry.hidden = true;
    list.setAttribute("aria-busy", "true");
    const waiting = setTimeout(() => (status.textContent = strings.searching), SEARCHING_DELAY);
    try {
      if (isIdle()) {
        clear();
        return;
      }
      const { q } = state();
      const found = await answer({}, typing);
      const shown = found.query.empty ? null : new Daybook.FoldedResults(found);
      const places = mayNamePlace(q, found) ? loadPlaces() : null;
      places?.catch(() => {}); // reported below
      const results = shown ? await shown.next() : [];
      await places;
      if (turn !== latest) return;
      show(found, shown, results, typing);
      ways.replaceChildren(...(places ? Daybook.waysRow(page, q) : []));
    } catch (error) {
      if (turn === latest) fail(error);
    } finally {
      clearTimeout(waiting);
      if (turn === latest) list.setAttribute("aria-busy", "false");
    }
  }

  function show(found, shown, results, typing) {
    current = { answer: found, shown };
    const { answer: present } = current;
    const isCurrent = () => current?.answer === present;
    list.replaceChildren();
    tiers.replaceChildren();
    append(results);
    const text = form.elements.q.value;
    messages.replaceChildren(...(found.query.empty ? [] : Daybook.messages.queryMessages(found, text, page)));
    const additions = [showFacets()];
    if (!found.query.empty) {
      additions.push(Daybook.messages.suggestions(found, text, page, typing).then((lines) => {
        if (isCurrent()) messages.append(...lines);
      }));
    }
    Promise.all(additions).catch((error) => isCurrent() && fail(error));
  }

  /** Shows the active filters and, if the filters are open, the counts of the results. */
  async function showFacets() {
    const present = current?.answer;
    const values = state();
    const hasFilters = values.from || values.to || searchForm.FACETS.some((name) => values[name].length);
    if (!hasFilters) active.replaceChildren();
    if (present?.query.empty) facets.replaceChildren();
    if (!present || present.query.empty || !(hasFilters || filters.open)) return;
    const [part] = await Promise.all([indexFiles.loadPart(root, "facets"), loadPlaces()]);
    if (current?.answer !== present) return;
    part.showActive(active, page, values, setAndSearch);
    if (filters.open) await part.show(facets, page, { answer: present, values, search: (other) => answer(other, false) }, setAndSearch);
  }

  /** Returns the list of a tier of results; one that is not for all words has a heading. */
  function tierList(name) {
    if (!name || name === "all") return list;
    const known = tiers.querySelector(`[data-tier="${name}"]`);
    if (known) return known;
    const heading = Object.assign(document.createElement("h2"), { textContent: strings.tiers[name] });
    const results = Object.assign(document.createElement("ol"), { className: "results" });
    results.dataset.tier = name;
    tiers.append(heading, results);
    return results;
  }

  function append(results) {
    for (const result of results) {
      tierList(result.tier).append(Daybook.results.render(page, result, current.answer.query.clauses));
    }
    more.hidden = !current.shown?.more;
    status.textContent = summary();
  }

  function summary() {
    const { answer: found } = current;
    if (found.query.empty) return "";
    const entries = Daybook.results.formatCount(strings, found.count);
    if (!found.exact) {
      const checked = Daybook.results.formatNumber(strings, found.checked);
      return Daybook.results.fillPlural(strings, strings.partly, found.numbers.length, { entries, checked });
    }
    return found.count ? entries : found.lower.length ? strings.not_all : strings.none; // entries below may have some words
  }

  /** Removes all that the last search showed. */
  function clear() {
    current = null;
    for (const element of [list, tiers, messages, facets, ways, active]) element.replaceChildren();
    more.hidden = true;
    status.textContent = "";
  }

  function fail(error) {
    console.error(error);
    clear();
    retry.hidden = false;
    status.textContent = strings.failed;
  }

  async function showMore() {
    const before = current;
    more.disabled = true;
    try {
      const results = await before.shown.next();
      if (current !== before) return;
      const links = area.querySelectorAll(".result h2 a").length;
      append(results);
      area.querySelectorAll(".result h2 a")[links]?.focus();
    } catch (error) {
      fail(error);
    } finally {
      more.disabled = false;
    }
  }

  /** The arrow keys move the focus from the field through the results and back. */
  function moveFocus(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [form.elements.q, ...area.querySelectorAll(".result h2 a")];
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

  /** Sets fields of the form and facets, and searches. */
  function setAndSearch(values) {
    searchForm.fill(form, values, firstDay);
    chosen = Object.fromEntries(searchForm.FACETS.map((name) => [name, values[name] || chosen[name]]));
    submit();
  }

  /** Searches at once if everything is loaded; else loads the shards of finished words and waits for a pause. */
  function handleInput() {
    clearTimeout(timer);
    // A failure here or below is ignored: the search requests the file again and reports it.
    indexFiles.loadPart(root, "results").catch(() => {});
    const searchNow = () => {
      writeAddress(true);
      run(true);
    };
    const { manifest } = loaded;
    const { isLoaded, preload } = Daybook.expandTerms;
    const clauses = manifest ? Daybook.queryParser.clausesOf(Daybook.queryParser.parse(form.elements.q.value, manifest.fields, true)) : [];
    if (clauses.length && Daybook.results && clauses.every((clause) => isLoaded(manifest, clause))) return searchNow();
    timer = setTimeout(searchNow, TYPING_PAUSE);
    preload(root, manifest, clauses.filter(({ unfinished }) => !unfinished)).catch(() => {});
  }

  function open() {
    const values = searchForm.readAddress(firstDay);
    searchForm.fill(form, values, firstDay);
    chosen = Object.fromEntries(searchForm.FACETS.map((name) => [name, values[name]]));
    const hasFilters = values.from || values.to || values.sort || searchForm.FACETS.some((name) => values[name].length);
    filters.open = Boolean(hasFilters) || filters.open;
    run(false);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("change", ({ target }) => {
    if (target.dataset.dayOf) searchForm.setDay(form, target, firstDay);
    if (target.name === "q" || target.closest(".facets")) return;
    searchForm.fill(form, {}, firstDay);
    submit();
  });
  form.elements.q.addEventListener("input", handleInput);
  filters.addEventListener("toggle", () => (current ? showFacets().catch(fail) : run(false)));
  more.addEventListener("click", showMore);
  retry.addEventListener("click", () => {
    indexFiles.reset();
    run(false);
  });
  area.addEventListener("keydown", moveFocus);
  window.addEventListener("popstate", () => {
    clearTimeout(timer);
    typed = false;
    open();
  });
  // The manifest is a deferred script after this one: it has run by then.
  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("search-waiting").remove();
    area.hidden = false;
    open();
  });
})();
