/** The page of an entry: a button that copies each citation. */
(() => {
  "use strict";
  const place = document.getElementById("cite");
  // Browsers allow access to the clipboard on secure pages only.
  if (!place || !navigator.clipboard) return;
  const status = place.querySelector("[role=status]");
  for (const text of place.querySelectorAll("pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = place.dataset.copy;
    button.setAttribute("aria-describedby", `cite-${text.dataset.form}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.textContent);
      status.textContent = place.dataset.copied;
    });
    // Beside the name of the form, so that it can be copied while it is folded.
    text.parentElement.after(button);
  }
})();
