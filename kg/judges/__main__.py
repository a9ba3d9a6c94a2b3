"""The nursery of judges, over the connection whose number is its first argument; the others are
folders of knowledge.
"""

import gc
import os
import sys
from functools import partial
from pathlib import Path
from select import POLLRDHUP, poll
from socket import AF_UNIX, SOCK_STREAM, socket
from threading import Thread

from kg.answering.nursing import nurse
from kg.judges.process import serve
from kg.keeping.judgement import Bench
from kg.workspace import BASE

_FIRST = Path(__file__).parent / "first"


def main() -> None:
    """Loads what is needed, and serves."""
    # Much is made to last, little goes: the collector need not look while it is made.
    gc.disable()
    # What git ignores is for who works in a checkout: here there is none.
    os.environ["GIT_DIR"] = os.devnull
    control = socket(AF_UNIX, SOCK_STREAM, fileno=int(sys.argv[1]))
    Thread(target=_end_with, args=(control,), daemon=True).start()
    bench = Bench([Path(folder) for folder in sys.argv[2:]])
    _judge_first(bench, "described")
    nurse(control, partial(serve, bench), partial(_judge_first, bench, "measured"))


def _judge_first(bench: Bench, folder: str) -> None:
    """Judges what needs much that is loaded only then: now, and not by each process anew."""
    bench.judged(_FIRST / folder, "first", BASE)
    # What is shared with the processes to come stays shared.
    gc.collect()
    gc.freeze()
    gc.enable()


def _end_with(control: socket) -> None:
    """Ends the process when nobody is there to tell it anything, whatever it is loading."""
    gone = poll()
    gone.register(control, POLLRDHUP)
    gone.poll()
    os._exit(0)


if __name__ == "__main__":
    main()
