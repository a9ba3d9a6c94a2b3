"""One process that does one task: it reads it from its connection, and writes what became of it."""

import json
import os
import resource
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from socket import socket
from struct import pack, unpack
from threading import Thread
from typing import Any, BinaryIO, TypeAlias

from kg.answering.memory import limit
from kg.disks import is_full
from kg.errors import DescriptorError, JudgementError, KgError, NotAllowed
from kg.history import records
from kg.keeping.across import read
from kg.keeping.archives import Bounds, Target, unpack_tar, unpack_tar_gz, unpack_zip
from kg.keeping.bundles import unpack_bundle
from kg.keeping.judgement import Bench

Task: TypeAlias = Mapping[str, Any]
Told: TypeAlias = dict[str, Any]

_MIB = 1 << 20


def serve(bench: Bench, connection: socket) -> None:
    """Does one task, and ends the process, busy or not, when nobody waits for it any more."""
    source, target = connection.makefile("rb"), connection.makefile("wb")
    target.write(pack(">I", os.getpid()))
    target.flush()
    length = source.read(4)
    if not length:
        return
    task = json.loads(source.read(*unpack(">I", length)))
    Thread(target=_listen, args=(source,), daemon=True).start()
    told, body = _done(bench, task)
    header = json.dumps({**told, "size": len(body), "spooled": False}).encode()
    target.write(pack(">I", len(header)) + header + body)
    target.flush()


def _listen(source: BinaryIO) -> None:
    source.read()
    os._exit(0)


def _done(bench: Bench, task: Task) -> tuple[Told, bytes]:
    _bound(task)
    try:
        return _DOERS[task["kind"]](bench, task)
    except MemoryError:
        return {"outcome": "memory"}, b""
    except JudgementError as error:
        return {"outcome": "failed", "what": error.what}, b""
    except KgError as error:
        return _refused(error), b""
    except (OSError, RecursionError, ValueError) as error:
        if is_full(error):
            return {"outcome": "full"}, b""
        # Its text may name folders of ours.
        return {"outcome": "failed", "what": type(error).__name__}, b""


def _bound(task: Task) -> None:
    """What the task may take; programs that it starts are bound by it too."""
    limit(task["memory"] * _MIB)
    seconds = int(task["seconds"]) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refused(error: KgError) -> Told:
    kind = "not-allowed" if isinstance(error, NotAllowed) else "refused"
    place = (error.file, error.line) if isinstance(error, DescriptorError) else (None, None)
    return {"outcome": kind, "what": error.what, "hint": error.hint, "place": place}


def _judge(bench: Bench, task: Task) -> tuple[Told, bytes]:
    found = bench.judged(Path(task["folder"]), task["project"], task["base"])
    graphs, report = found.graphs.encode(), records.packed(found.report)
    told = {"outcome": "done", "graphs": len(graphs), "report": len(report), "read": found.read}
    return told, graphs + report + found.shared


def _across(bench: Bench, task: Task) -> tuple[Told, bytes]:
    told: list[tuple[str, int, int]] = []
    body = bytearray()
    for project, found in bench.assembly.found(*read(Path(task["file"]))):
        report, graphs = records.packed(found.report), found.graphs.encode()
        told.append((project, len(report), len(graphs)))
        body += report + graphs
    return {"outcome": "done", "found": told}, bytes(body)


def _unpack(_: Bench, task: Task) -> tuple[Told, bytes]:
    file = Path(task["file"])
    bounds = Bounds(task["files"], task["bytes"])
    target = Target(Path(task["folder"]), bounds, file.stat().st_size)
    unpackers: Mapping[str, Callable[[Path, Target], None]] = {
        "zip": unpack_zip,
        "tar": unpack_tar,
        "tar.gz": unpack_tar_gz,
        "bundle": partial(unpack_bundle, ref=task["ref"]),
    }
    unpackers[task["form"]](file, target)
    found = target.unpacked
    told = {
        "outcome": "done",
        "paths": found.paths,
        "left_out": found.left_out,
        "commit": found.commit,
        "author": found.author,
        "message": found.message,
    }
    return told, b""


_DOERS: Mapping[str, Callable[[Bench, Task], tuple[Told, bytes]]] = {
    "across": _across,
    "judge": _judge,
    "unpack": _unpack,
}
