/**
 * Makes each search field a combobox. The suggestions are loaded with the first key that is typed in it.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});

  let loading = null;

  /** Adds a script to the page; one that fails is tried again with the next key. */
  const addScript = (Daybook.addScript = (url) => {
    return new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement("script"), { src: url, onload: resolve, onerror: reject });
      document.head.append(script);
    });
  });

  /** Loads the code and the data of the suggestions, once. */
  function load(field) {
    loading ||= Promise.all([
      Daybook.suggest || addScript(field.dataset.suggest),
      Daybook.places || addScript(new URL("places.js", field.form.action).href),
      Daybook.words || addScript(new URL("words.js", field.form.action).href),
    ]).catch((error) => {
      loading = null;
      throw error;
    });
    return loading;
  }

  for (const field of document.querySelectorAll("input[data-suggest]")) {
    const list = Object.assign(document.createElement("ul"), { id: `${field.id}-suggestions`, hidden: true, className: "suggestions" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.dataset.suggestions);
    field.parentElement.append(list);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    Object.entries(attributes).forEach(([name, value]) => field.setAttribute(name, value));
    let attached = false;
    field.addEventListener("input", () => {
      // Without suggestions the field works as before: a failure needs no message.
      if (!attached) load(field).then(() => {
        if (!attached) Daybook.suggest.attach(field, list);
        attached = true;
      }).catch(() => {});
    });
  }
})();
