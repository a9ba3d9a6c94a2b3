"""One process that answers: reads questions from its connection and writes answers to it."""

import json
import os
from pathlib import Path
from queue import SimpleQueue
from socket import socket
from struct import pack, unpack
from threading import Thread
from time import process_time
from typing import BinaryIO

from pyoxigraph import Store

from kg.answering.memory import limit
from kg.answering.questions import Answer, Question, answer, opened
from kg.answering.sinks import Sink
from kg.answering.tables import Unwritable


def serve(connection: socket) -> None:
    """Answers one question after the other, until the connection is closed."""
    questions: SimpleQueue[Question] = SimpleQueue()
    source, target = connection.makefile("rb"), connection.makefile("wb")
    target.write(pack(">I", os.getpid()))
    target.flush()
    Thread(target=_listen, args=(source, questions), daemon=True).start()
    kept: dict[str, Store] = {}
    while True:
        question = questions.get()
        sink = Sink(Path(question["spool"]))
        _tell(target, _answered(kept, question, sink), sink)


def _listen(source: BinaryIO, questions: "SimpleQueue[Question]") -> None:
    """Takes questions in, and ends the process, busy or not, when the service is gone."""
    while length := source.read(4):
        questions.put(json.loads(source.read(*unpack(">I", length))))
    os._exit(0)


def _answered(kept: dict[str, Store], question: Question, sink: Sink) -> Answer:
    try:
        # What a store takes to open is not the question's.
        limit(None)
        store = _store(kept, question)
        limit(question["memory"])
        return answer(store, question, sink)
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
    if question["kind"] == "update":
        return opened(question)
    path = question["checkpoint"]
    if path not in kept:
        kept.clear()
        kept[path] = opened(question)
    return kept[path]


def _tell(target: BinaryIO, found: Answer, sink: Sink) -> None:
    sink.finish()
    found |= {"size": sink.size, "digest": sink.digest, "spooled": sink.path is not None}
    found["worked"] = process_time()
    header = json.dumps(found).encode()
    target.write(pack(">I", len(header)) + header)
    if sink.path is None:
        target.write(sink.held())
    target.flush()
