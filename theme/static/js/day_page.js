// A day's page: turn the order of its entries, copy an entry's link, open the jump list where there is room.
(() => {
  "use strict";
  const status = document.getElementById("status");
  const list = document.getElementById("entries");
  if (!list) return;

  const say = (words) => { if (status) status.textContent = words; };
  const newestFirst = () => new URL(location.href).searchParams.get("order") === "newest";

  /** Reverse the entries in the document itself: readers of every kind meet the same order. */
  const reverse = () => {
    for (const parent of [list, document.querySelector(".jump ol")]) {
      if (parent) parent.append(...[...parent.children].reverse());
    }
    const words = document.querySelector(".tools span");
    const shown = words.textContent;
    words.textContent = words.dataset.newest;
    words.dataset.newest = shown;
    const button = document.getElementById("turn");
    const name = button.textContent;
    button.textContent = button.dataset.other;
    button.dataset.other = name;
    return words.textContent;
  };

  const keep = (newest) => {
    const address = new URL(location.href);
    if (newest) address.searchParams.set("order", "newest");
    else address.searchParams.delete("order");
    history.replaceState(history.state, "", address);
  };

  const offerTurning = () => {
    const button = document.getElementById("turn");
    button.hidden = false;
    button.addEventListener("click", () => {
      keep(!newestFirst());
      say(reverse());
    });
    if (!newestFirst()) return;
    reverse();
    // The browser has scrolled to the entry's old place already.
    document.querySelector("article:target")?.scrollIntoView({ block: "start" });
  };

  const entryAddress = (article) => {
    const address = new URL(location.href);
    address.search = "";
    address.hash = article.id;
    return address.href;
  };

  const copy = async (button) => {
    await navigator.clipboard.writeText(entryAddress(button.closest("article")));
    button.classList.add("done");
    say(button.dataset.done);
    setTimeout(() => { button.classList.remove("done"); say(""); }, 2000);
  };

  const offerActs = () => {
    const model = document.getElementById("actions");
    if (!model) return;
    // Browsers give the clipboard to secure pages only.
    if (!navigator.clipboard) model.content.querySelector(".copy").remove();
    for (const line of list.querySelectorAll(".entry-time")) line.append(model.content.cloneNode(true));
    list.addEventListener("click", (event) => {
      const button = event.target.closest(".copy");
      if (button) copy(button).catch(() => { location.hash = button.closest("article").id; });
    });
  };

  const jump = document.querySelector(".jump");
  if (jump) jump.open = matchMedia("(min-width: 62rem)").matches;
  offerTurning();
  offerActs();
})();
