/** Pages of entries or chapters: turns their order, filters by outlet, marks the entry being read, opens folded parts, copies links. */
(() => {
  "use strict";
  const status = document.getElementById("status");
  const list = document.getElementById("entries");
  const COPIED_DURATION = 2000; // milliseconds
  if (!list) return;

  const announce = (text) => { if (status) status.textContent = text; };
  const query = () => new URL(location.href).searchParams;

  const writeAddress = (name, value) => {
    const address = new URL(location.href);
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
    history.replaceState(history.state, "", address);
  };

  /** Turns the order in the document itself, so that assistive technology reads what is displayed. */
  const enableTurning = () => {
    const button = document.getElementById("turn");
    if (!button) return;
    const first = button.dataset.first ?? "oldest";
    let order = first;
    const turn = () => {
      // Groups of entries by day are turned with their entries.
      const parents = [list, document.querySelector(".jump ol"), ...list.querySelectorAll(":scope > .group > div")];
      for (const parent of parents) if (parent) parent.append(...[...parent.children].reverse());
      order = order === "oldest" ? "newest" : "oldest";
      // In a story, days without a chapter stay between the two chapters.
      for (const silence of list.querySelectorAll(".silence")) {
        if (order === "newest") silence.parentElement.append(silence);
        else silence.parentElement.prepend(silence);
      }
      button.textContent = button.dataset[order === "oldest" ? "newest" : "oldest"];
      return button.dataset[order === "oldest" ? "stateOldest" : "stateNewest"];
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      announce(turn());
      writeAddress("order", order === first ? "" : order);
    });
    const wanted = query().get("order");
    if (wanted !== (first === "oldest" ? "newest" : "oldest")) return;
    turn();
    // The browser has already scrolled to where the entry was before.
    document.querySelector("article:target")?.scrollIntoView({ block: "start" });
  };

  /** Shows the entries of one outlet. */
  const enableOutlets = () => {
    const group = document.querySelector(".outlet-filter");
    if (!group) return;
    const buttons = [...group.querySelectorAll("button")];
    const namesOf = (article) => [...article.querySelectorAll(".entry-time .source-ref")].map((link) => link.textContent);
    const choose = (name) => {
      for (const button of buttons) button.setAttribute("aria-pressed", String((button.dataset.outlet ?? "") === name));
      for (const article of list.children) article.hidden = Boolean(name) && !namesOf(article).includes(name);
    };
    for (const button of buttons) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const name = button.dataset.outlet ?? "";
        choose(name);
        writeAddress("outlet", name);
        announce(button.textContent);
      });
    }
    group.querySelector("p").hidden = true;
    const wanted = query().get("outlet");
    if (buttons.some((button) => button.dataset.outlet === wanted)) choose(wanted);
  };

  /** Opens what an address or a link leads to: a folded report, the changes of an entry. */
  const openTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.matches("details")) target.open = true;
    for (const folded of target?.querySelectorAll(":scope > .repeat-text") ?? []) folded.open = true;
  };

  const enableUnfolding = () => {
    const button = document.getElementById("unfold");
    const folded = [...list.querySelectorAll("details")];
    if (!button || !folded.length) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = folded.some((each) => !each.open);
      for (const each of folded) each.open = open;
      button.textContent = open ? button.dataset.close : button.dataset.open;
    });
  };

  /** Names the time of the entry being read in the bar, and draws how much of the day is read. */
  const followReading = () => {
    const place = document.querySelector(".pager .place");
    const line = document.querySelector(".pager .progress rect");
    const articles = [...list.querySelectorAll(":scope > article")];
    if (!place || !articles.length) return;
    const links = new Map([...document.querySelectorAll(".jump a")].map((link) => [link.hash.slice(1), link]));
    let current = null;
    const update = (article) => {
      if (article === current) return;
      current?.id && links.get(current.id)?.removeAttribute("aria-current");
      current = article;
      links.get(article?.id)?.setAttribute("aria-current", "true");
      const shown = [...list.children].filter((each) => !each.hidden);
      const number = shown.indexOf(article) + 1;
      place.textContent = article ? `${article.querySelector("time")?.textContent ?? ""} ${number}/${shown.length}` : "";
      line?.setAttribute("width", String((100 * number) / shown.length));
    };
    const observer = new IntersectionObserver((changes) => {
      const top = changes.filter((change) => change.isIntersecting).at(0);
      if (top) update(top.target);
    }, { rootMargin: "-25% 0px -70% 0px" });
    for (const article of articles) observer.observe(article);
  };

  const entryAddress = (article) => {
    const address = new URL(location.href);
    address.search = "";
    address.hash = article.id;
    return address.href;
  };

  const copyLink = async (button) => {
    await navigator.clipboard.writeText(entryAddress(button.closest("article")));
    button.classList.add("done");
    announce(button.dataset.done);
    setTimeout(() => { button.classList.remove("done"); announce(""); }, COPIED_DURATION);
  };

  /** Adds the buttons of the template to each entry. */
  const addActions = () => {
    const template = document.getElementById("actions");
    if (!template) return;
    // Browsers allow access to the clipboard on secure pages only.
    if (!navigator.clipboard) template.content.querySelector(".copy").remove();
    for (const line of list.querySelectorAll(".entry-time")) line.append(template.content.cloneNode(true));
    list.addEventListener("click", (event) => {
      const button = event.target.closest(".copy");
      // Without permission to write to the clipboard, the link appears in the address bar.
      if (button) copyLink(button).catch(() => { location.hash = button.closest("article").id; });
    });
  };

  const jump = document.querySelector(".jump");
  if (jump) jump.open = matchMedia("(min-width: 62rem)").matches;
  enableTurning();
  enableOutlets();
  enableUnfolding();
  followReading();
  addActions();
  openTarget();
  addEventListener("hashchange", openTarget);
})();
