"""Shows an endpoint who calls: a token with every call, or a name and a password where it asks.

They come from the environment alone, so that no address, process list or log has them in it.
"""

import os
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import md5, sha256
from itertools import count
from secrets import token_hex
from typing import Any

_PAIR = re.compile(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
_HASHES: Mapping[str, Callable[..., Any]] = {"MD5": md5, "SHA-256": sha256}


@dataclass(slots=True)
class Credentials:
    """A token, or a name and its password, and what the endpoint asked for last."""

    token: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    _challenge: str = ""
    _uses: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def given(self) -> bool:
        """Whether there are any."""
        return bool(self.token or self.user)

    def header(self, method: str, target: str) -> dict[str, str]:
        """What a call shows: a token always, a password where the endpoint has asked for one."""
        if self.token:
            return {"Authorization": f"Bearer {self.token}"}
        if not self.user or not self._challenge:
            return {}
        if self._challenge.lower().startswith("digest"):
            return {"Authorization": self._digest(method, target)}
        pair = b64encode(f"{self.user}:{self.password}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def asked(self, challenge: str) -> bool:
        """Keep what the endpoint asks for; tells whether there is anything new to show."""
        kind = challenge.partition(" ")[0].lower()
        if not self.user or kind not in ("basic", "digest") or challenge == self._challenge:
            return False
        is_first = not self._challenge
        self._challenge, self._uses = challenge, count(1)
        return is_first or kind == "digest"

    def _digest(self, method: str, target: str) -> str:
        """The answer to a challenge of RFC 7616."""
        asked = {name.lower(): one or two for name, one, two in _PAIR.findall(self._challenge)}
        kind = asked.get("algorithm", "MD5")
        plain = kind.upper().removesuffix("-SESS")
        number, nonce = f"{next(self._uses):08x}", token_hex(8)

        def hashed(*parts: str) -> str:
            # MD5 is what many endpoints ask for.
            return str(_HASHES.get(plain, md5)(":".join(parts).encode()).hexdigest())

        secret = hashed(self.user, asked.get("realm", ""), self.password)
        if kind.upper().endswith("-SESS"):
            secret = hashed(secret, asked.get("nonce", ""), nonce)
        what = hashed(method, target)
        said = {
            "username": self.user,
            "realm": asked.get("realm", ""),
            "nonce": asked.get("nonce", ""),
        }
        if "qop" in asked:
            response = hashed(secret, said["nonce"], number, nonce, "auth", what)
        else:
            response = hashed(secret, said["nonce"], what)
        said |= {"uri": target, "response": response}
        if "opaque" in asked:
            said["opaque"] = asked["opaque"]
        quoted = [f'{name}="{_quoted(value)}"' for name, value in said.items()]
        if "algorithm" in asked:
            quoted.append(f"algorithm={kind}")
        if "qop" in asked:
            quoted += ["qop=auth", f"nc={number}", f'cnonce="{nonce}"']
        return f"Digest {', '.join(quoted)}"


def from_environment() -> Credentials:
    """What `MISMATCH_STORE_TOKEN` says, or `MISMATCH_STORE_USER` and `MISMATCH_STORE_PASSWORD`."""
    user, password = (os.environ.get(f"MISMATCH_STORE_{one}", "") for one in ("USER", "PASSWORD"))
    return Credentials(os.environ.get("MISMATCH_STORE_TOKEN", ""), user, password)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
