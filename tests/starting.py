"""The service as a process of its own, as users start it, for tests that stop and kill it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

COMMAND = [sys.executable, "-c", "from kg.cli import main; main()", "serve"]
BASE = "http://kept.test/"


@contextmanager
def started(
    store: Path, *options: str, **settings: str
) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """The process and its address, once it answers; killed in the end."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MISMATCH_")}
    given = {f"MISMATCH_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", "--store", str(store), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**plain, "MISMATCH_BASE": BASE, **given},
    )
    try:
        yield process, _address(process)
    finally:
        process.kill()
        process.communicate()


def stopped(process: "subprocess.Popen[str]") -> None:
    """Stop the process as an operator does, and wait for it."""
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        pytest.fail(f"it does not start: {process.communicate()[1]}")
    found = urlsplit(next(word for word in line.split() if "://" in word))
    address = f"{found.scheme}://{found.netloc}"
    for _ in range(1200):
        try:
            httpx2.get(f"{address}/projects")
            return address
        except httpx2.ConnectError:
            time.sleep(0.05)
    pytest.fail("it does not answer")
