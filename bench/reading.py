"""Measures what it costs to read a large repository, beside what nobody can save: the digest of its
bytes, and one read of its tables.

FILES (20,000 unless the environment says otherwise) of together BYTES (2,000,000,000) are made from
SEED below a temporary folder, which is not measured: code, texts and settings, tables as CSV, JSON
Lines and Parquet, and binary files. Each measurement is a process of its own, by the clock.
The tables are read by pandas where it is installed, else by pyarrow. Leaves with 1 where a limit is
missed.
"""

import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kg import vocabulary

FILES = int(os.environ.get("FILES", "20000"))
BYTES = int(os.environ.get("BYTES", "2000000000"))
SEED = int(os.environ.get("SEED", "1"))
WITH, WITHOUT, MEGABYTES = 3.0, 30.0, 500.0
# How much of the bytes is of which kind; what is left is in small texts.
_SHARES = {"csv": 0.62, "jsonl": 0.03, "parquet": 0.15, "bin": 0.15}
_TABLE = 4_000_000
_ROWS = 4000
_WORDS = ["river", "stone", "cloud", "paper", "lamp", "green", "table", "winter", "salt", "harbour"]
_TEXTS = {
    "py": "def step_{n}(value: int) -> int:\n    return value * {n}\n\n",
    "md": "## Part {n}\n\nSome words about part {n}, and where it is used.\n\n",
    "yaml": "- name: part {n}\n  size: {n}\n  kind: small\n",
    "json": '{{"part": {n}, "words": ["a", "b", "c"]}}\n',
    "txt": "part {n} of many, written down for later\n",
}

# -- the repository --------------------------------------------------------------------------------


def make(folder: Path) -> None:
    """Write the repository's files: tables of some megabytes, then small texts."""
    chance = random.Random(SEED)
    made = 0
    for kind, share in _SHARES.items():
        blocks = [_block(kind, chance) for _ in range(8)]
        left = int(BYTES * share)
        while left > 0:
            size = min(int(_TABLE * chance.uniform(0.1, 2)), left)
            path = folder / f"data/{made % 40}/part-{made}.{kind}"
            path.parent.mkdir(parents=True, exist_ok=True)
            left -= _write(path, kind, blocks, size, chance)
            made += 1
    texts = max(FILES - made, 0)
    size = int(BYTES * (1 - sum(_SHARES.values()))) // max(texts, 1)
    for number in range(texts):
        end, text = chance.choice([*_TEXTS.items()])
        path = folder / f"src/{number % 200}/file_{number}.{end}"
        path.parent.mkdir(parents=True, exist_ok=True)
        once = text.format(n=number)
        path.write_text(once * max(size // len(once), 1), encoding="utf-8")


def _row(number: int, chance: random.Random) -> tuple[object, ...]:
    return (
        number,
        chance.randint(18, 95),
        round(chance.gauss(3000, 900), 2),
        round(chance.random(), 9),
        chance.choice(_WORDS),
        chance.choice(["True", "False"]),
        f"2024-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        "" if chance.random() < 0.1 else chance.randint(0, 9),  # noqa: PLR2004 (one in ten is missing)
        f"{chance.choice(_WORDS)} {chance.choice(_WORDS)} {chance.randint(0, 10**6)}",
    )


_NAMES = ("id", "age", "income", "score", "place", "member", "since", "visits", "remark")


def _block(kind: str, chance: random.Random) -> Any:  # noqa: ANN401 (bytes, or a table of pyarrow)
    if kind == "bin":
        return chance.randbytes(1 << 18)
    rows = [_row(number, chance) for number in range(_ROWS)]
    if kind == "csv":
        return "".join(f"{','.join(map(str, row))}\n" for row in rows).encode()
    if kind == "jsonl":
        given = ([None if value == "" else value for value in row] for row in rows)
        records = (dict(zip(_NAMES, row, strict=True)) for row in given)
        return "".join(f"{json.dumps(record)}\n" for record in records).encode()
    import pyarrow as pa  # noqa: PLC0415 (what is measured without it must do without)

    columns = zip(*(rows * 16), strict=True)
    typed = {n: [v or None for v in c] for n, c in zip(_NAMES, columns, strict=True)}
    return pa.table(typed)


def _write(path: Path, kind: str, blocks: list[Any], size: int, chance: random.Random) -> int:
    if kind == "parquet":
        from pyarrow import parquet  # noqa: PLC0415 (see above)

        schema = blocks[0].schema
        with parquet.ParquetWriter(path, schema, compression="none") as writer:
            while path.stat().st_size < size:
                writer.write_table(chance.choice(blocks))
        return path.stat().st_size
    with path.open("wb") as stream:
        if kind == "csv":
            stream.write(f"{','.join(_NAMES)}\n".encode())
        while stream.tell() < size:
            stream.write(chance.choice(blocks))
        return stream.tell()


# -- what is measured ------------------------------------------------------------------------------


def read(folder: Path) -> None:
    """Read the repository as a project."""
    from kg.projects import read_project  # noqa: PLC0415 (what it imports is measured, too)

    project = read_project(folder, vocabulary.load())
    print(f"{project.statements:,} statements", file=sys.stderr)


def read_without(folder: Path) -> None:
    """Read the repository as if the extra `data` were not installed."""
    sys.modules.update(dict.fromkeys(["pyarrow", "pyarrow.csv", "pyarrow.parquet"]))  # type: ignore[arg-type]
    read(folder)


def base(folder: Path) -> None:
    """Digest every file, and read every table once."""
    readers = _readers()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as stream:
            hashlib.file_digest(stream, "sha256")
        if path.suffix in readers:
            readers[path.suffix](path)


def _readers() -> dict[str, Callable[[Path], object]]:
    try:
        import pandas as pd  # noqa: PLC0415 (not needed to run)
    except ImportError:
        from pyarrow import csv, json, parquet  # noqa: PLC0415 (see above)

        return {
            ".csv": lambda path: sum(batch.num_rows for batch in csv.open_csv(path)),
            ".jsonl": lambda path: json.read_json(path).num_rows,
            ".parquet": lambda path: sum(
                batch.num_rows for batch in parquet.ParquetFile(path).iter_batches()
            ),
        }
    return {
        ".csv": pd.read_csv,
        ".jsonl": lambda path: pd.read_json(path, lines=True),
        ".parquet": pd.read_parquet,
    }


_WORK = {"read": read, "without": read_without, "base": base}


def measured(name: str, folder: Path) -> tuple[float, float, float]:
    """Seconds of processor time and of the clock that some work takes, and its memory in MB."""
    command = [sys.executable, "-m", "bench.reading", name, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, clock, memory = map(float, done.stdout.split())
    return seconds, clock, memory


def _work(name: str, folder: Path) -> None:
    started, clock = time.process_time(), time.perf_counter()
    _WORK[name](folder)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(time.process_time() - started, time.perf_counter() - clock, memory)


# -- the table -------------------------------------------------------------------------------------


def lines(folder: Path) -> Iterator[tuple[str, bool]]:
    """The lines of the table, each with whether its limit is kept."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    yield f"{len(files):,} files, {size / 1e9:.2f} GB", True
    seconds, least, _ = measured("base", folder)
    yield (
        f"digests, and one read of the tables  {least:8.1f} s ({seconds:.1f} s of processors)",
        True,
    )
    for name, limit, said in (
        ("read", WITH, "with the extra `data`"),
        ("without", WITHOUT, "without it"),
    ):
        seconds, clock, memory = measured(name, folder)
        ratio = clock / least
        text = f"read as a project, {said:<21}    {clock:8.1f} s ({seconds:.1f} s of processors)"
        yield f"{text}   {ratio:5.2f} times as long, at most {limit:g}", ratio <= limit
        text = f"its memory  {memory:8.0f} MB, at most {MEGABYTES:g}"
        yield text, memory <= MEGABYTES


def main() -> int:
    """Make the repository, measure, and tell; 1 where a limit is missed."""
    if len(sys.argv) > 1:
        _work(sys.argv[1], Path(sys.argv[2]))
        return 0
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        for text, is_kept in lines(Path(folder)):
            print(text + ("" if is_kept else "   MISSED"), flush=True)
            missed = missed or not is_kept
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
