"""SPARQL endpoints on free ports of this machine, each for as long as a test file needs it."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from tests.conftest import INSTALLS
from tests.serving import served

_USER = "mismatch"
_SECONDS = 60
# Both doors are open to this machine alone.
_INI = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 4000
MaxDirtyBuffers = 2000
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = 2000
"""


@dataclass(frozen=True)
class Started:
    """The URL of an endpoint, and the environment that shows it who asks."""

    url: str
    environment: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def ours(_: Path) -> Iterator[Started]:
    """A service of ours that serves graphs alone."""
    with served() as client:
        yield Started(str(client.base_url))


@contextmanager
def oxigraph(folder: Path) -> Iterator[Started]:
    """Oxigraph's own server, which comes with what the tests need where there is one."""
    program = shutil.which("oxigraph", path=Path(sys.executable).parent)
    if program is None:
        pytest.skip(f"there is no server of Oxigraph for {sys.platform}")
    port = _free_port()
    place = f"127.0.0.1:{port}"
    command = [program, "serve", "--location", str(folder / "oxigraph"), "--bind", place]
    with _running(command, folder, f"http://{place}/"):
        yield Started(f"http://{place}/")


@contextmanager
def virtuoso(folder: Path) -> Iterator[Started]:
    """A Virtuoso with a new database, where it is installed, and a user of the test's own."""
    programs = [shutil.which(name) for name in ("virtuoso-t", "isql-vt")]
    if None in programs:
        message = "there is no Virtuoso here"
        pytest.fail(message) if INSTALLS else pytest.skip(message)
    server, client = (str(program) for program in programs)
    sql, http = _free_port(), _free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_INI.format(sql=sql, http=http))
    # It takes no password that begins with a digit.
    ruling, password = (f"p{secrets.token_hex(8)}" for _ in range(2))
    command = [server, "+foreground", "+configfile", str(ini)]
    given = ["+pwdold", "dba", "+pwddba", ruling, "+pwddav", ruling]
    subprocess.run(
        [*command, *given], cwd=folder, check=True, capture_output=True, timeout=_SECONDS
    )
    url = f"http://127.0.0.1:{http}/sparql"
    made = (
        f"DB.DBA.USER_CREATE('{_USER}', '{password}');"
        f'GRANT SPARQL_UPDATE TO "{_USER}";'
        f"DB.DBA.RDF_DEFAULT_USER_PERMS_SET('{_USER}', 7);"
    )
    with _running(command, folder, url):
        asked = [client, f"127.0.0.1:{sql}", "dba", ruling, f"EXEC={made}"]
        subprocess.run(asked, check=True, capture_output=True, timeout=_SECONDS)
        yield Started(url, {"MISMATCH_STORE_USER": _USER, "MISMATCH_STORE_PASSWORD": password})


@contextmanager
def _running(command: list[str], folder: Path, url: str) -> Iterator[None]:
    """The program, once it answers; killed in the end."""
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, stdout=output, stderr=output, env={**os.environ}
        )
    try:
        until = time.monotonic() + _SECONDS
        while not _answers(url):
            assert process.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < until, log.read_text(errors="replace")
            time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=5).is_success
    except httpx2.TransportError:
        return False


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
