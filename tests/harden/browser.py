"""What a browser runs, loads and holds of a site: the judge of whether an attack came through."""

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
# Attacks announce themselves; what runs without a word is found by what the page then holds.
_BROWSERS = 2  # side by side
_PAGES = 100  # of one tab: it keeps what it has seen, and slows down
_LISTEN = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...words) => { window.ran.push(name + " " + words.join(" ")); return null; };
"""
_LOOK = """
() => {
  const wrong = [];
  const schemes = ["http:", "https:", "mailto:", "file:"];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    if (["iframe", "object", "embed", "base", "frame", "applet", "math", "style", "video", "audio"].includes(name))
      wrong.push(name);
    if (name === "script" && !element.src && element.type !== "application/ld+json") wrong.push("inline script");
    if (name === "script" && element.src && !element.src.startsWith(location.origin)) wrong.push(element.src);
    if (name === "meta" && /refresh/i.test(element.httpEquiv)) wrong.push("refresh");
    if (element.type === "application/ld+json") JSON.parse(element.textContent);
    for (const attribute of element.attributes) {
      if (attribute.name.startsWith("on") || attribute.name === "style" || attribute.name === "srcdoc")
        wrong.push(name + " " + attribute.name);
      if (["href", "src", "action", "formaction", "data", "poster", "ping", "background"].includes(attribute.name)) {
        let url = "";
        try { url = new URL(attribute.value, document.baseURI); } catch { continue; }
        const leads = name === "a" || /^(schema\\.|canonical$|license$)/i.test(element.rel);
        if (!schemes.includes(url.protocol) || (!leads && url.origin !== location.origin))
          wrong.push(name + " " + attribute.name + "=" + attribute.value.slice(0, 80));
      }
    }
  }
  return wrong;
}
"""


class Findings(Struct):
    """What was opened, and all that should not have happened there."""

    pages: int = 0
    executed: int = 0
    foreign_requests: int = 0
    foreign_markup: int = 0
    examples: list[str] = []

    def note(self, kind: str, what: str) -> None:
        """Keep the first few examples of what went wrong."""
        if len(self.examples) < 10:
            self.examples.append(f"{kind}: {what[:200]}")

    def add(self, other: "Findings") -> None:
        """Count what another browser saw."""
        self.pages += other.pages
        self.executed += other.executed
        self.foreign_requests += other.foreign_requests
        self.foreign_markup += other.foreign_markup
        self.examples += other.examples


def copy_without_policy(site: Path) -> Path:
    """Copy a site and take the policy out of every page: what holds then is not the policy's doing."""
    copy = site.with_name("bare")
    shutil.copytree(site, copy)
    for path in copy.rglob("*.html"):
        path.write_bytes(POLICY.sub(b"", path.read_bytes()))
    return copy


def inspect_site(site: Path, paths: Sequence[str]) -> Findings:
    """Open pages of a site in some browsers side by side."""
    shares = [paths[number::_BROWSERS] for number in range(_BROWSERS)]
    whole = Findings(examples=[])
    with ProcessPoolExecutor(_BROWSERS) as pool:
        for findings in pool.map(functools.partial(_judge_share, site), shares):
            whole.add(findings)
    return whole


def _judge_share(site: Path, paths: list[str]) -> Findings:
    with Server(site) as server, sync_playwright() as playwright:
        browser = launch(playwright)
        return inspect_pages(browser, server.url, paths)


def inspect_pages(browser: Browser, address: str, paths: Iterable[str]) -> Findings:
    """Open pages below an address one by one and look at each."""
    findings = Findings(examples=[])
    waiting = iter(paths)
    while share := list(islice(waiting, _PAGES)):
        context = browser.new_context()
        context.add_init_script(_LISTEN)
        context.on("request", lambda request: _hear(request.url, address, findings))
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.dismiss())
        for path in share:
            page.goto(address + path, wait_until="load")
            _look(page, path, findings)
        context.close()
    return findings


def _hear(url: str, address: str, findings: Findings) -> None:
    if not url.startswith((address, "data:", "blob:", "about:")):
        findings.foreign_requests += 1
        findings.note("request", url)


def _look(page: Page, path: str, findings: Findings) -> None:
    findings.pages += 1
    if path.startswith("search/?"):
        page.wait_for_selector("ol.results[aria-busy=false]", state="attached")
    for words in page.evaluate("window.ran"):
        findings.executed += 1
        findings.note("executed", f"{path} {words}")
    for words in page.evaluate(_LOOK):
        findings.foreign_markup += 1
        findings.note("markup", f"{path} {words}")


def search_url(text: str) -> str:
    """Give the address of a search that is asked a text, and filtered and sorted by its beginning."""
    whole, part = (quote(piece.encode("utf-8", "replace"), safe="") for piece in (text, text[:400]))
    return f"search/?q={whole}&topic={part}&kind={part}&sort={part}&from={part}&day={part}#{part}"


def list_pages(site: Path) -> list[str]:
    """List a site's pages that a reader opens; those that only lead on are left out."""
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return [name for name in names if not name.startswith("day/")]
