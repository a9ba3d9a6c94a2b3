"""What an operator may set: by environment, each name after `MISMATCH_`, or in a TOML file."""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kg.errors import NotAllowed
from kg.workspace import BASE

_FILE = "MISMATCH_SETTINGS"


def _listed(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


Names: TypeAlias = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
"""Several names; in the environment separated by spaces or commas."""


def _folders(value: object) -> object:
    return (
        [folder for folder in value.split(os.pathsep) if folder]
        if isinstance(value, str)
        else value
    )


Folders: TypeAlias = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_folders)]
"""Several folders; in the environment separated as in PATH."""


class SettingsWrong(NotAllowed):
    """A setting has a value that it cannot have."""


class Settings(BaseSettings):
    """The settings, with what they are where nobody says otherwise."""

    model_config = SettingsConfigDict(env_prefix="MISMATCH_", frozen=True, extra="forbid")

    store: str = "memory:"
    """Where the graphs are: a folder, or `memory:` for a store that ends with the service."""
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    base: str = BASE
    """Below this IRI stand all graphs that the service names itself."""
    serves: Literal["projects", "graphs"] = "projects"
    """Whether it keeps projects, findings and questions, or serves graphs alone."""
    knowledge: Folders = ()
    """Folders with knowledge of one's own, laid over ours; in the environment as in PATH."""

    default_graph: Literal["union", "own"] = "union"
    """What a query sees as default graph where it names none: all graphs together, or its own."""
    updates: Literal["loopback", "always", "never"] = "loopback"
    """Where SPARQL Update and writing graphs is allowed."""
    hosts: Names = ()
    """The hosts that SERVICE and LOAD may call."""
    cors: Names = ()
    """The origins whose pages may ask; `*` for all, which then may not write."""

    query_seconds: float = Field(30, gt=0)
    """How long a query may take, from its arrival on."""
    query_memory: int = Field(512, ge=16)
    """How many MiB a query may take."""
    query_rows: int = Field(100_000, ge=1)
    """How many rows or triples an answer has before it is cut off."""
    query_size: int = Field(256, ge=1)
    """How many MiB an answer has before it is cut off."""
    quick_workers: int = Field(4, ge=1)
    """How many queries run at once as long as they are quick."""
    quick_seconds: float = Field(0.05, gt=0)
    """After how long a query is no longer quick."""
    slow_workers: int = Field(2, ge=1)
    """How many queries that are not quick run at once."""
    queue: int = Field(128, ge=0)
    """How many queries may wait; no other is taken until one is done."""

    answers: int = Field(32, ge=0)
    """How many MiB of answers are remembered as long as nothing changes."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """What is logged: each request is at `info`, or `error` where its status is 500 or above."""
    log_format: Literal["json", "text"] = "json"
    log_queries: bool = False
    """Whether the texts of queries are logged."""
    metrics: Literal["operators", "everybody"] = "operators"
    """Who may read `/metrics`."""
    free_disk: int = Field(100, ge=0)
    """How many MiB the disk must have left for the service to be ready."""
    grace: float = Field(10, ge=0)
    """How many seconds requests may take to end once the service is to stop."""

    query_length: int = Field(1 << 20, ge=1)
    """How many bytes a query may have."""
    body_length: int = Field(8 << 20, ge=1)
    """How many bytes the body of any other request may have."""
    body_seconds: float = Field(30, gt=0)
    """How long a request may take to arrive."""

    @field_validator("base")
    @classmethod
    def _absolute(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("a base is an absolute http or https IRI")
        return value if value.endswith("/") else f"{value}/"

    @property
    def loopback(self) -> bool:
        """Whether only this machine reaches the service."""
        return is_loopback(self.host)

    @property
    def writable(self) -> bool:
        """Whether updates are allowed."""
        return self.updates == "always" or (self.updates == "loopback" and self.loopback)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic names what it gives
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - see above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given counts before the environment, and that before the file."""
        file = os.environ.get(_FILE)
        found = (TomlConfigSettingsSource(settings_cls, file),) if file else ()
        return (init_settings, env_settings, *found)


def read_settings(**given: Any) -> Settings:  # noqa: ANN401 - pydantic judges what they are
    """The settings of the environment and the file that `MISMATCH_SETTINGS` names, under those that
    are given and not None; raises SettingsWrong.
    """
    file = os.environ.get(_FILE)
    try:
        if file and not os.path.isfile(file):  # noqa: PTH113 - a path is all it is
            raise SettingsWrong(f"There is no file {file}", f"Correct {_FILE}")
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise SettingsWrong(
            f"The setting {name} is wrong: {first['msg']}",
            f"Correct MISMATCH_{name.upper()}, or {name} in the file of settings",
        ) from error
    except ValueError as error:
        raise SettingsWrong(f"The file {file} is no TOML: {error}", "Correct it") from error


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, by name or by number.

    >>> is_loopback("localhost"), is_loopback("127.0.0.2"), is_loopback("::1")
    (True, True, True)
    >>> is_loopback("localhost.example.org"), is_loopback("0.0.0.0")
    (False, False)
    """
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
