"""One process that answers: reads questions from its connection and writes answers to it."""

import json
import os
from socket import socket
from struct import pack, unpack
from time import process_time
from typing import BinaryIO

from pyoxigraph import Store

from kg.answering.memory import limit
from kg.answering.questions import Answer, Question, answer, opened
from kg.answering.sinks import Sink
from kg.answering.tables import Unwritable


def serve(connection: socket) -> None:
    """Answers one question after the other, until the connection is closed."""
    source, target = connection.makefile("rb"), connection.makefile("wb")
    target.write(pack(">I", os.getpid()))
    target.flush()
    kept: dict[str, Store] = {}
    while length := source.read(4):
        question: Question = json.loads(source.read(*unpack(">I", length)))
        sink = Sink(question["spool"])
        found = _answered(kept, question, sink)
        _tell(target, found, sink)
    os._exit(0)


def _answered(kept: dict[str, Store], question: Question, sink: Sink) -> Answer:
    try:
        store = _store(kept, question)
        limit(question["memory"])
        found = answer(store, question, sink)
        sink.finish()
        return found
    except SyntaxError as error:
        return {"outcome": "malformed", "message": error.msg}
    except Unwritable as error:
        return {"outcome": "unwritable", "message": str(error)}
    except MemoryError:
        return {"outcome": "memory"}
    except OSError as error:
        return {"outcome": "unreachable", "message": str(error)}
    except (RuntimeError, ValueError) as error:
        return {"outcome": "failed", "message": str(error)}


def _store(kept: dict[str, Store], question: Question) -> Store:
    """The store of the question; that of the last is kept, an update's is not."""
    path = question["checkpoint"]
    if path in kept and question["kind"] != "update":
        return kept[path]
    # What a store takes to open is not the question's.
    limit(None)
    if question["kind"] == "update":
        return opened(question)
    kept.clear()
    kept[path] = opened(question)
    return kept[path]


def _tell(target: BinaryIO, found: Answer, sink: Sink) -> None:
    found |= {"size": sink.size, "digest": sink.digest, "spooled": sink.path is not None}
    found["worked"] = process_time()
    header = json.dumps(found).encode()
    target.write(pack(">I", len(header)) + header)
    if sink.path is None:
        target.write(sink.held())
    target.flush()
