"""What people are called where they are given tokens and roles."""

import re
from ipaddress import ip_address
from typing import Annotated, TypeAlias

from pydantic import AfterValidator

OPERATOR = "operator"
"""What the holder of the operator's own token is called; nobody else is."""

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


def _checked(name: str) -> str:
    if not is_person(name) or name == OPERATOR:
        raise ValueError("a person has a name without blanks, / ? # and %, other than operator")
    return name


Person: TypeAlias = Annotated[str, AfterValidator(_checked)]
"""The name of somebody who is given a token or a role."""
