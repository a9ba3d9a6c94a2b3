"""HTTP as the service speaks it, where uvicorn leaves off.

Who asks for another protocol is answered in this one, and who does not read what is answered is not
waited for.
"""

from asyncio import TimerHandle
from typing import cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_LINGER = 5.0
"""The seconds that a closed connection has to take what was written to it."""


class Plainly(HttpToolsProtocol):
    """Speaks HTTP 1.1 and nothing else, to those who read."""

    answer_seconds: float

    _unread: TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nobody to read."""
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Begin to wait until more is read, for so long and no longer."""
        super().pause_writing()
        self._unread = self.loop.call_later(self.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on writing, because something was read."""
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which no other request comes."""
        self.let_go()

    def let_go(self) -> None:
        """Close the connection, whether or not what was written to it is ever read."""
        if not self.transport.is_closing():
            self.transport.close()
            self.loop.call_later(_LINGER, self.transport.abort)

    def feed(self, data: bytes) -> None:
        """Read on; raises HttpParserError."""
        while data:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                if self.parser.get_method() == b"CONNECT":
                    raise httptools.HttpParserError("no tunnels here") from upgrade
                # The parser takes what follows for the other protocol, a body too: it is read anew,
                # as if nobody had asked for that.
                data = self._head() + data[cast("int", upgrade.args[0]) :]
                self.parser = httptools.HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)

    def is_read_anew(self) -> bool:
        """Whether what is being read will be read once more."""
        return bool(self.parser.should_upgrade())

    def _head(self) -> bytes:
        """The head that was read, without what asks for another protocol."""
        first = b"%b %b HTTP/%b" % (
            self.parser.get_method(),
            self.url,
            self.parser.get_http_version().encode(),
        )
        kept = (b"%b: %b" % one for one in self.headers if one[0] != b"upgrade")
        return b"\r\n".join((first, *kept, b"", b""))
