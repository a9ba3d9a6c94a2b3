"""Where an answer is written: in memory as long as it is small, else in a file."""

from hashlib import blake2b
from io import BytesIO, IOBase
from pathlib import Path
from typing import BinaryIO

_HELD = 256 << 10
_DIGEST = 16


class Sink(IOBase):
    """Takes bytes, counts them and digests them; a large answer goes to the file at `path`."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.size = 0
        self.path: Path | None = None
        self._target: BinaryIO = BytesIO()
        self._later = path
        self._digest = blake2b(digest_size=_DIGEST)

    def writable(self) -> bool:
        """Always: it is written to, and never read."""
        return True

    def write(self, data: bytes) -> int:
        """Takes the next bytes."""
        self.size += len(data)
        if self.size <= _HELD:
            return self._target.write(data)
        if self.path is None:
            held = self.held()
            self.path = Path(self._later)
            self._target = self.path.open("xb")
            self._target.write(held)
            self._digest.update(held)
        self._digest.update(data)
        return self._target.write(data)

    def held(self) -> bytes:
        """What is held in memory; nothing once it is in the file."""
        return self._target.getvalue() if isinstance(self._target, BytesIO) else b""

    @property
    def digest(self) -> str:
        """A digest of all that was written."""
        if self.path is None:
            return blake2b(self.held(), digest_size=_DIGEST).hexdigest()
        return self._digest.hexdigest()

    def finish(self) -> None:
        """Writes what is not yet written."""
        self._target.flush()
        if self.path is not None:
            self._target.close()
