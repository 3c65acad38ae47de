"""Open the pages of a site in a browser and report what an attack achieved: scripts, requests, markup."""

import functools
import re
import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from chromium import launch
from msgspec import Struct
from playwright.sync_api import Browser, Page, sync_playwright
from serving import Server

POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
_BROWSERS = 2  # processes at a time
_PAGES = 100  # pages of one browser context, which slows down with each
# Records the calls that attacks make when they run.
_RECORD_CALLS = """
window.calls = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...values) => { window.calls.push(name + " " + values.join(" ")); return null; };
"""
# Lists elements and attributes that no page of the site may have, also where an attack ran without a call.
_LIST_FOREIGN_MARKUP = """
() => {
  const foreign = [];
  const schemes = ["http:", "https:", "mailto:", "file:"];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    if (["iframe", "object", "embed", "base", "frame", "applet", "math", "style", "video", "audio"].includes(name))
      foreign.push(name);
    if (name === "script" && !element.src && element.type !== "application/ld+json") foreign.push("inline script");
    if (name === "script" && element.src && !element.src.startsWith(location.origin)) foreign.push(element.src);
    if (name === "meta" && /refresh/i.test(element.httpEquiv)) foreign.push("refresh");
    if (element.type === "application/ld+json") JSON.parse(element.textContent);
    for (const attribute of element.attributes) {
      if (attribute.name.startsWith("on") || attribute.name === "style" || attribute.name === "srcdoc")
        foreign.push(name + " " + attribute.name);
      if (["href", "src", "action", "formaction", "data", "poster", "ping", "background"].includes(attribute.name)) {
        let url = "";
        try { url = new URL(attribute.value, document.baseURI); } catch { continue; }
        const isLink = name === "a" || /^(schema\\.|canonical$|license$)/i.test(element.rel);
        if (!schemes.includes(url.protocol) || (!isLink && url.origin !== location.origin))
          foreign.push(name + " " + attribute.name + "=" + attribute.value.slice(0, 80));
      }
    }
  }
  return foreign;
}
"""


class Findings(Struct):
    """The number of pages opened, and of scripts, requests and elements that should not be there."""

    pages: int = 0
    executed: int = 0
    foreign_requests: int = 0
    foreign_markup: int = 0
    examples: list[str] = []

    def note(self, kind: str, what: str) -> None:
        """Keep the first few examples."""
        if len(self.examples) < 10:
            self.examples.append(f"{kind}: {what[:200]}")

    def add(self, other: "Findings") -> None:
        """Add the findings of another browser."""
        self.pages += other.pages
        self.executed += other.executed
        self.foreign_requests += other.foreign_requests
        self.foreign_markup += other.foreign_markup
        self.examples += other.examples


def copy_without_policy(site: Path, copy: Path) -> Path:
    """Copy a site without its Content-Security-Policy, to test the pages without its protection; return the copy."""
    shutil.copytree(site, copy)
    for path in copy.rglob("*.html"):
        path.write_bytes(POLICY.sub(b"", path.read_bytes()))
    return copy


def inspect_site(site: Path, paths: Sequence[str]) -> Findings:
    """Open pages of a site in several browsers at a time."""
    shares = [paths[number::_BROWSERS] for number in range(_BROWSERS)]
    whole = Findings(examples=[])
    with ProcessPoolExecutor(_BROWSERS) as pool:
        for findings in pool.map(functools.partial(_inspect_share, site), shares):
            whole.add(findings)
    return whole


def _inspect_share(site: Path, paths: list[str]) -> Findings:
    with Server(site) as server, sync_playwright() as playwright:
        browser = launch(playwright)
        return inspect_pages(browser, server.url, paths)


def inspect_pages(browser: Browser, address: str, paths: Iterable[str]) -> Findings:
    """Open pages below an address one by one and return what was found."""
    findings = Findings(examples=[])
    remaining = iter(paths)
    while share := list(islice(remaining, _PAGES)):
        context = browser.new_context()
        context.add_init_script(_RECORD_CALLS)
        context.on("request", lambda request: _note_request(request.url, address, findings))
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.dismiss())
        for path in share:
            page.goto(address + path, wait_until="load")
            _inspect(page, path, findings)
        context.close()
    return findings


def _note_request(url: str, address: str, findings: Findings) -> None:
    if not url.startswith((address, "data:", "blob:", "about:")):
        findings.foreign_requests += 1
        findings.note("request", url)


def _inspect(page: Page, path: str, findings: Findings) -> None:
    findings.pages += 1
    if path.startswith("search/?"):
        page.wait_for_selector("ol.results[aria-busy=false]", state="attached")
    for call in page.evaluate("window.calls"):
        findings.executed += 1
        findings.note("executed", f"{path} {call}")
    for markup in page.evaluate(_LIST_FOREIGN_MARKUP):
        findings.foreign_markup += 1
        findings.note("markup", f"{path} {markup}")


def search_url(text: str) -> str:
    """Return the address of a search for a text, whose beginning is also the value of every other parameter."""
    whole, part = (quote(piece.encode("utf-8", "replace"), safe="") for piece in (text, text[:400]))
    return f"search/?q={whole}&topic={part}&kind={part}&sort={part}&from={part}&day={part}#{part}"


def list_pages(site: Path) -> list[str]:
    """Return the paths of all HTML pages of a site except the redirects from day numbers."""
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return [name for name in names if not name.startswith("day/")]
