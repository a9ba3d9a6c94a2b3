"""What an operator may set: by environment, each name after `MISMATCH_`, or in a TOML file."""

import os
import re
from ipaddress import ip_address
from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated, Any, Literal, Self, TypeAlias
from urllib.parse import urlsplit

from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kg.errors import NotAllowed
from kg.outgoing import told_host
from kg.workspace import BASE

_FILE = "MISMATCH_SETTINGS"
# With this pydantic begins the sentences of those who check for it.
_SENTENCE = "Value error, "
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{20,1000}")


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
    """Where the graphs are: a folder, `memory:` for a store that ends with the service, or the
    address of a SPARQL endpoint.
    """
    history: Path | None = None
    """The folder of all that is remembered, where the graphs are at an endpoint; else it is that of
    the store.
    """
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    base: str = BASE
    """Below this IRI stand all graphs that the service names itself."""
    serves: Literal["projects", "graphs"] = "projects"
    """Whether it keeps projects, findings and questions, or serves graphs alone."""
    knowledge: Folders = ()
    """Folders with knowledge of one's own, laid over ours; in the environment as in PATH."""
    load: Folders = ()
    """Folders that are loaded as projects at the start; in the environment as in PATH."""

    default_graph: Literal["union", "own"] = "union"
    """What a query sees as default graph where it names none: all graphs together, or its own."""
    updates: Literal["loopback", "always", "never"] = "loopback"
    """Where SPARQL Update and writing graphs is allowed; `never` is for projects too."""
    operator_token: SecretStr | None = None
    """What the operator shows to be known."""
    operators: Names = ()
    """The people who are operators where an issuer of tokens says who they are."""
    oidc_issuer: str = ""
    """Who issues tokens by OpenID Connect; nobody where it is empty."""
    oidc_audience: str = ""
    """For whom these tokens are."""
    oidc_jwks: str = ""
    """Where the issuer's keys are: an address or a file."""
    oidc_claim: str = "sub"
    """The claim that names the person; it must be one that the issuer vouches for."""

    hosts: Names = ()
    """The hosts that SERVICE and LOAD may call."""
    webhook_hosts: Names = ()
    """The hosts that webhooks may call, each as `host` or `host:port`."""
    private_hosts: Names = ()
    """Those of the hosts called from here whose names may have an address that is not public."""
    authorities: Path | None = None
    """A file of certificates that are trusted beside those of the machine, for calls from here."""
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
    borrowers: int = Field(2, ge=0)
    """How many processes answer quick queries on connections that they are lent."""
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

    connections: int = Field(500, ge=1)
    """How many connections there may be at once."""
    head_length: int = Field(64 << 10, ge=1024)
    """How many bytes the address and the headers of a request may have."""
    head_seconds: float = Field(10, gt=0)
    """How long they may take to arrive."""
    answer_seconds: float = Field(60, gt=0)
    """How long a client may read nothing of an answer."""
    query_length: int = Field(1 << 20, ge=1)
    """How many bytes a query may have."""
    body_length: int = Field(8 << 20, ge=1)
    """How many bytes the body of any other request may have."""
    body_seconds: float = Field(30, gt=0)
    """How long a request may take to arrive."""

    judges: int = Field(2, ge=1)
    """How many projects are judged at once."""
    judge_seconds: float = Field(60, gt=0)
    """How long judging a project, or unpacking an archive, may take."""
    judge_memory: int = Field(1024, ge=64)
    """How many MiB it may take."""
    across_seconds: float = Field(5, gt=0)
    """How long after a change projects are held against each other."""
    artefacts_length: int = Field(64 << 20, ge=1)
    """How many bytes files or an archive may have that are put into a project at once."""
    project_files: int = Field(5000, ge=1)
    """How many files a project may have."""
    project_size: int = Field(512 << 20, ge=1)
    """How many bytes the files of a project may have."""

    @field_validator("base")
    @classmethod
    def _absolute(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("a base is an absolute http or https IRI")
        return value if value.endswith("/") else f"{value}/"

    @field_validator("operator_token")
    @classmethod
    def _unguessable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        if not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError(
                "a token has at least 20 characters, of letters, digits and - . _ ~ + / ="
            )
        return value

    @model_validator(mode="after")
    def _issued(self) -> Self:
        if self.oidc_issuer and not (self.oidc_audience and self.oidc_jwks):
            raise ValueError("oidc_issuer needs oidc_audience and oidc_jwks beside it")
        return self

    @model_validator(mode="after")
    def _remembered(self) -> Self:
        if self.is_remote and self.serves == "projects" and self.history is None:
            raise ValueError(
                "history names a folder for what is remembered, where the store is an endpoint"
            )
        if self.is_remote and self.serves == "projects" and self.default_graph == "own":
            raise ValueError("default_graph is own only where the store is in a folder")
        return self

    @field_validator("webhook_hosts", "private_hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            told_host(host)
        return value

    @property
    def is_remote(self) -> bool:
        """Whether the graphs are at an endpoint."""
        return urlsplit(self.store).scheme in ("http", "https")

    @property
    def loopback(self) -> bool:
        """Whether only this machine reaches the service."""
        return is_loopback(self.host)

    @property
    def writable(self) -> bool:
        """Whether updates are allowed."""
        return self.updates == "always" or (self.updates == "loopback" and self.loopback)

    @property
    def read_only(self) -> bool:
        """Whether nobody may change anything, projects included."""
        return self.updates == "never"

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
        name = ".".join(map(str, first["loc"])) or _beginning(first["msg"])
        raise SettingsWrong(
            f"The setting {name} is wrong: {first['msg'].removeprefix(_SENTENCE)}",
            f"Correct MISMATCH_{name.upper()}, or {name} in the file of settings",
        ) from error
    except ValueError as error:
        raise SettingsWrong(f"The file {file} is no TOML: {error}", "Correct it") from error


def _beginning(sentence: str) -> str:
    """The setting that a sentence about several begins with."""
    return sentence.removeprefix(_SENTENCE).split(" ", 1)[0]


def operated(settings: Settings) -> tuple[Settings, str | None]:
    """The settings as they are where somebody can be known as the operator. Where nobody can, and
    others than this machine reach the service, they are read-only, with a fresh token to be told.
    """
    known = settings.operator_token is not None or (settings.oidc_issuer and settings.operators)
    if settings.loopback or settings.serves == "graphs" or known:
        return settings, None
    fresh = token_urlsafe(32)
    return settings.model_copy(
        update={"operator_token": SecretStr(fresh), "updates": "never"}
    ), fresh


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
