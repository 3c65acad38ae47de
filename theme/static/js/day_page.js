/** The page of a day: reverses the entries, copies links to them, opens the list of headlines on wide screens. */
(() => {
  "use strict";
  const status = document.getElementById("status");
  const list = document.getElementById("entries");
  const COPIED_DURATION = 2000; // milliseconds
  if (!list) return;

  const announce = (text) => { if (status) status.textContent = text; };
  const isNewestFirst = () => new URL(location.href).searchParams.get("order") === "newest";

  /** Reverses the entries in the document itself, so that assistive technology reads the order that is displayed. */
  const reverse = () => {
    for (const parent of [list, document.querySelector(".jump ol")]) {
      if (parent) parent.append(...[...parent.children].reverse());
    }
    const label = document.querySelector(".tools span");
    [label.textContent, label.dataset.newest] = [label.dataset.newest, label.textContent];
    const button = document.getElementById("turn");
    [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
    return label.textContent;
  };

  const writeAddress = (newestFirst) => {
    const address = new URL(location.href);
    if (newestFirst) address.searchParams.set("order", "newest");
    else address.searchParams.delete("order");
    history.replaceState(history.state, "", address);
  };

  const enableReversing = () => {
    const button = document.getElementById("turn");
    button.hidden = false;
    button.addEventListener("click", () => {
      writeAddress(!isNewestFirst());
      announce(reverse());
    });
    if (!isNewestFirst()) return;
    reverse();
    // The browser has already scrolled to where the entry was before.
    document.querySelector("article:target")?.scrollIntoView({ block: "start" });
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
  enableReversing();
  addActions();
})();
