"""Look at built pages the way a reader's browser does, from files and without a network."""

import html
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

PROBE = """<!doctype html><meta charset="utf-8"><pre id="result"></pre><script>
async function look(page, width) {
  const frame = document.createElement("iframe");
  frame.style = `border: 0; height: 900px; width: ${width}px`;
  frame.src = page;
  const loaded = new Promise(done => { frame.onload = done; });
  document.body.append(frame);
  await loaded;
  const view = frame.contentWindow, seen = view.document;
  if (view.MathJax && view.MathJax.startup) await view.MathJax.startup.promise;
  for (let i = 0; page.includes("?q=") && i < 50 && !seen.querySelector("#search-results li"); i++)
    await new Promise(done => setTimeout(done, 100));
  const count = selector => seen.querySelectorAll(selector).length;
  const found = {
    page, width,
    overflow: seen.scrollingElement.scrollWidth - seen.scrollingElement.clientWidth,
    formulas: count("mjx-container"),
    unrendered: [...seen.querySelectorAll(".math")].filter(e => !e.querySelector("mjx-container")).length,
    errors: count("mjx-merror, [data-mjx-error]"),
    broken_images: [...seen.images].filter(i => i.complete && i.naturalWidth === 0).length,
    search_results: count("#search-results li"),
  };
  frame.remove();
  return found;
}
(async () => {
  const all = [];
  for (const [page, width] of VISITS) all.push(await look(page, width));
  document.getElementById("result").textContent = JSON.stringify(all);
})();
</script>"""


@dataclass(frozen=True)
class Look:
    """What one page looked like at one width; lengths in CSS pixels."""

    page: str
    width: int
    overflow: int  # by how much the page is wider than the window
    formulas: int
    unrendered: int
    errors: int
    broken_images: int
    search_results: int


def look_at(pages: list[str], widths: tuple[int, ...], folder: Path) -> list[Look]:
    """Open every page (a file URL) at every width in headless Chromium; ``folder`` is scratch space."""
    probe = folder / "probe.html"
    visits = [[page, width] for page in pages for width in widths]
    probe.write_text(PROBE.replace("VISITS", json.dumps(visits)), encoding="utf-8")
    flags = (
        *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"),
        *(
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ),
        *("--window-size=1400,1000", "--virtual-time-budget=600000", "--dump-dom"),
        "--allow-file-access-from-files",  # the probe may look into the pages
    )
    nowhere = "--host-resolver-rules=MAP * ~NOTFOUND"
    command = [CHROMIUM, *flags, nowhere, f"--user-data-dir={folder / 'profile'}", probe.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    text = re.search(r'<pre id="result">(.*?)</pre>', done.stdout, re.DOTALL).group(1)
    return [Look(**found) for found in json.loads(html.unescape(text))]
