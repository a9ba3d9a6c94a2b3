"""Opens a page from disk in Chromium without a window, and tells what came of it."""

import json
import subprocess
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

POLICY = '<meta http-equiv="Content-Security-Policy"'
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--virtual-time-budget=20000",
]
_DARK = "--blink-settings=preferredColorScheme=0"
_RESULT = "what-the-browser-says"
# What axe finds, and what only a browser knows: colours, width, and whatever was fetched.
_PROBE = """
addEventListener("load", async () => {
  document.querySelectorAll("details").forEach(one => one.open = true);
  const found = await axe.run();
  const told = document.createElement("pre");
  told.id = "RESULT";
  told.textContent = JSON.stringify({
    violations: found.violations.map(
      one => [one.impact, one.id, ...one.nodes.map(node => node.html)]
    ),
    passes: found.passes.map(one => one.id),
    unsure: found.incomplete.map(one => [one.id, ...one.nodes.map(node => node.html)]),
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    width: innerWidth,
    needed: document.documentElement.scrollWidth,
    fetched: performance.getEntriesByType("resource").map(one => one.name),
  });
  document.body.append(told);
});
""".replace("RESULT", _RESULT)


class Skeleton(HTMLParser):
    """The elements of a page with their attributes, and its text, without what they enclose."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.texts: dict[str, str] = {}
        self._within = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(attrs)))
        self._within = dict(attrs).get("id") or tag

    def handle_data(self, data: str) -> None:
        self.texts[self._within] = self.texts.get(self._within, "") + data


def opened(chromium: str, page: Path, *switches: str) -> str:
    """The page as Chromium has it in the end, as markup."""
    profile = page.with_suffix(".profile")
    command = [chromium, *SWITCHES, *switches, f"--user-data-dir={profile}", "--dump-dom"]
    done = subprocess.run(
        [*command, page.as_uri()], capture_output=True, check=True, timeout=120, text=True
    )
    return done.stdout


def judged(chromium: str, text: str, folder: Path, *, dark: bool, width: int) -> dict[str, Any]:
    """What axe, and the browser itself, say of the page, in light or dark, at a width."""
    script = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    # The page lets no script run; the policy that forbids it is all that is taken out.
    assert text.count(POLICY) == 1
    text = text.replace(POLICY, '<meta name="no-policy"')
    page = folder / "judged.html"
    page.write_text(f"{text}<script>{script}</script><script>{_PROBE}</script>", encoding="utf-8")
    switches = [f"--window-size={width},900", *([_DARK] if dark else [])]
    dumped = opened(chromium, page, *switches)
    found: dict[str, Any] = json.loads(Skeleton(dumped).texts[_RESULT])
    return found
