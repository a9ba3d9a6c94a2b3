"""What people are called where they are given tokens and roles."""

import re
from ipaddress import ip_address

_NAME = re.compile(r"[^\s\x00-\x1f\x7f/?#%]{1,200}")


def is_person(name: str) -> bool:
    """Whether that can be the name of a person: up to 200 characters without blanks that can stand
    in an address, and no address of a machine, which is how those are called who show no token.

    >>> is_person("ada@example.org"), is_person("Ada L."), is_person("127.0.0.1")
    (True, False, False)
    """
    if not _NAME.fullmatch(name):
        return False
    try:
        ip_address(name)
    except ValueError:
        return True
    return False
