/**
 * Addresses that also work from a folder: the only place that knows how `file:` differs.
 *
 * A server answers a directory link with its index.html; a folder on disk does not, so
 * there the links of the page are completed once it is read.
 */
(function () {
  "use strict";
  const Daybook = (window.Daybook = window.Daybook || {});
  const fromFolder = location.protocol === "file:";

  /**
   * Complete a link to a directory where nobody else would.
   * @param {string} address relative, such as `../2023/06/02/#t1329`
   * @returns {string} the same, or with `index.html` before its query and fragment
   */
  Daybook.address = function (address) {
    if (!fromFolder || /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(address)) return address;
    const [, place, rest] = /^([^?#]*)(.*)$/s.exec(address);
    if (/(?:^|\/)\.{1,2}$/.test(place)) return place + "/index.html" + rest;
    return place.endsWith("/") ? place + "index.html" + rest : address;
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
