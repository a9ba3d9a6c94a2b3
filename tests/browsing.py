"""Opens pages from disk in one Chromium without a window, and tells what came of each."""

import json
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

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
    "--remote-debugging-pipe",
]
_SECONDS = 120
_LOADED = """
new Promise(done => {
  if (document.readyState === "complete") done(); else addEventListener("load", done);
})"""
# What axe finds, and what only a browser knows: colours, width, and whatever was fetched.
_PROBE = """
(async () => {
  document.querySelectorAll("details").forEach(one => one.open = true);
  const found = await axe.run();
  return {
    violations: found.violations.map(
      one => [one.impact, one.id, ...one.nodes.map(node => node.html)]
    ),
    passes: found.passes.map(one => one.id),
    unsure: found.incomplete.map(one => [one.id, ...one.nodes.map(node => node.html)]),
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    width: innerWidth,
    needed: document.documentElement.scrollWidth,
    fetched: performance.getEntriesByType("resource").map(one => one.name),
  };
})()
"""


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


class Browser:
    """A Chromium that runs, told what to do through a pair of pipes."""

    def __init__(self, commands: IO[bytes], answers: IO[bytes]) -> None:
        self._commands, self._answers = commands, answers
        self._number = 0
        self._read = b""

    def told(self, page: Path, *scripts: str, dark: bool = False, width: int = 1100) -> Any:  # noqa: ANN401
        """The value of the last of the scripts, run in a page that has been loaded, and that shares
        nothing with the pages before.
        """
        context = self._done("Target.createBrowserContext")["browserContextId"]
        try:
            target = self._done("Target.createTarget", url="about:blank", browserContextId=context)
            attached = self._done(
                "Target.attachToTarget", targetId=target["targetId"], flatten=True
            )
            tab = attached["sessionId"]
            size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
            scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
            self._done("Emulation.setDeviceMetricsOverride", tab, **size)
            self._done("Emulation.setEmulatedMedia", tab, features=[scheme])
            went = self._done("Page.navigate", tab, url=page.as_uri())
            assert "errorText" not in went, went
            return [self._value(tab, script) for script in (_LOADED, *scripts)][-1]
        finally:
            self._done("Target.disposeBrowserContext", browserContextId=context)

    def _value(self, tab: str, script: str) -> Any:  # noqa: ANN401
        found = self._done(
            "Runtime.evaluate", tab, expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def _done(self, what: str, tab: str = "", **given: object) -> dict[str, Any]:
        """What comes of a command."""
        self._number += 1
        command = {"id": self._number, "method": what, "params": given}
        self._commands.write(
            json.dumps(command | ({"sessionId": tab} if tab else {})).encode() + b"\0"
        )
        deadline = time.monotonic() + _SECONDS
        while True:
            answer: dict[str, Any] = json.loads(self._message(deadline))
            if answer.get("id") == self._number:
                assert "error" not in answer, (what, answer["error"])
                result: dict[str, Any] = answer["result"]
                return result

    def _message(self, deadline: float) -> bytes:
        while b"\0" not in self._read:
            ready, _, _ = select.select(
                [self._answers], [], [], max(0, deadline - time.monotonic())
            )
            new = self._answers.read(1 << 20) if ready else b""
            assert new, "Chromium does not answer"
            self._read += new
        message, _, self._read = self._read.partition(b"\0")
        return message


@contextmanager
def browsing(program: str, profile: Path) -> Iterator[Browser]:
    """A Chromium for as long as pages are opened."""
    # It reads commands from 3, and answers in 4.
    shell = ["sh", "-c", 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null', "sh"]
    process = subprocess.Popen(
        [*shell, program, *SWITCHES, f"--user-data-dir={profile}"],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process:
        assert process.stdin
        assert process.stdout
        try:
            yield Browser(process.stdin, process.stdout)
        finally:
            process.terminate()


def opened(chromium: Browser, page: Path) -> str:
    """The page as Chromium has it in the end, as markup."""
    text: str = chromium.told(page, "document.documentElement.outerHTML")
    return text


def judged(chromium: Browser, text: str, folder: Path, *, dark: bool, width: int) -> dict[str, Any]:
    """What axe, and the browser itself, say of the page, in light or dark, at a width."""
    script = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    # The policy forbids what the page would fetch; without it, it is seen whether it would.
    assert text.count(POLICY) == 1
    page = folder / "judged.html"
    page.write_text(text.replace(POLICY, '<meta name="no-policy"'), encoding="utf-8")
    found: dict[str, Any] = chromium.told(page, script, _PROBE, dark=dark, width=width)
    return found
