"""What a browser runs, loads and holds of a site: the judge of whether an attack came through."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from playwright.sync_api import Browser, Page

POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
# Attacks announce themselves; what runs without a word is found by what the page then holds.
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
    if (element.type === "application/ld+json") JSON.parse(element.textContent);
    for (const attribute of element.attributes) {
      if (attribute.name.startsWith("on") || attribute.name === "style" || attribute.name === "srcdoc")
        wrong.push(name + " " + attribute.name);
      if (["href", "src", "action", "formaction", "data", "poster", "ping", "background"].includes(attribute.name)) {
        let scheme = "";
        try { scheme = new URL(attribute.value, document.baseURI).protocol; } catch { continue; }
        if (!schemes.includes(scheme)) wrong.push(name + " " + attribute.name + "=" + attribute.value.slice(0, 80));
      }
    }
  }
  return wrong;
}
"""


class Verdict(Struct):
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


def without_policy(site: Path, copy: Path) -> Path:
    """Copy a site and take the policy out of every page: what holds then is not the policy's doing."""
    shutil.copytree(site, copy)
    for path in copy.rglob("*.html"):
        path.write_bytes(POLICY.sub(b"", path.read_bytes()))
    return copy


def judge(browser: Browser, address: str, paths: Iterable[str]) -> Verdict:
    """Open pages below an address one by one and look at each."""
    verdict = Verdict(examples=[])
    context = browser.new_context()
    context.add_init_script(_LISTEN)

    def on_request(url: str) -> None:
        if not url.startswith((address, "data:", "blob:", "about:")):
            verdict.foreign_requests += 1
            verdict.note("request", url)

    context.on("request", lambda request: on_request(request.url))
    context.route(lambda url: not url.startswith(address), lambda route: route.abort())
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    for path in paths:
        page.goto(address + path, wait_until="load")
        _look(page, path, verdict)
    context.close()
    return verdict


def _look(page: Page, path: str, verdict: Verdict) -> None:
    verdict.pages += 1
    for words in page.evaluate("window.ran"):
        verdict.executed += 1
        verdict.note("executed", f"{path} {words}")
    for words in page.evaluate(_LOOK):
        verdict.foreign_markup += 1
        verdict.note("markup", f"{path} {words}")


def pages_of(site: Path) -> list[str]:
    """List a site's pages that a reader opens; those that only lead on are left out."""
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return [name for name in names if not name.startswith("day/")]
