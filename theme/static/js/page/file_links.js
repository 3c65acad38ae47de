/**
 * Completes addresses when the site is opened from a folder (`file:`): a server answers a link to a
 * directory with its index.html, a folder does not.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const fromFolder = location.protocol === "file:";

  /**
   * Adds `index.html` to a link to a directory if the site is opened from a folder.
   * @param {string} address relative, such as `../2023/06/02/#t1329`
   * @returns {string} with `index.html` before the query and fragment, or unchanged
   */
  Daybook.address = function (address) {
    if (!fromFolder || /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(address)) return address;
    const [, path, rest] = /^([^?#]*)(.*)$/s.exec(address);
    if (/(?:^|\/)\.{1,2}$/.test(path)) return path + "/index.html" + rest;
    return path.endsWith("/") ? path + "index.html" + rest : address;
  };

  if (!fromFolder) return;
  for (const name of ["href", "action"]) {
    for (const element of document.querySelectorAll(`a[${name}], link[rel][${name}], form[${name}]`)) {
      element.setAttribute(name, Daybook.address(element.getAttribute(name)));
    }
  }
  const refresh = document.querySelector('meta[http-equiv="refresh" i]');
  const target = refresh && /url=\s*(.+)$/i.exec(refresh.content);
  if (target) location.replace(Daybook.address(target[1].trim()));
})();
