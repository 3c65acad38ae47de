/** Shows the times of entries on the reader's own clock, too, if the reader asks for it in the list of shortcuts. */
(() => {
  "use strict";
  const STORAGE_KEY = "daybook-clock";
  const Daybook = (window.Daybook = window.Daybook || {});
  const pattern = document.getElementById("help-button")?.dataset.clock;

  // Storage may be disabled: then the choice is valid for one page.
  const load = () => { try { return localStorage.getItem(STORAGE_KEY); } catch { return null; } };
  const store = (value) => { try { localStorage.setItem(STORAGE_KEY, value); } catch { /* see above */ } };

  let isShown = load() === "on";

  const show = () => {
    for (const old of document.querySelectorAll(".reader-clock")) old.remove();
    if (!isShown || !pattern) return;
    for (const time of document.querySelectorAll(".entry-time time[datetime*=T]")) {
      const at = new Date(time.getAttribute("datetime"));
      const clock = document.createElement("span");
      clock.className = "clock reader-clock";
      const own = `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
      clock.textContent = pattern.replace("{time}", own);
      (time.closest("a") ?? time).after(" ", clock);
    }
  };

  /** Connects the box in the list of shortcuts with which readers choose. */
  Daybook.connectClock = (box) => {
    box.checked = isShown;
    box.addEventListener("change", () => {
      isShown = box.checked;
      store(isShown ? "on" : "off");
      show();
    });
  };
  show();
})();
