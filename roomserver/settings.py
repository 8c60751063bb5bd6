"""Every setting, with its default and its meaning.

A setting comes from the command line, else from the environment (`ROOMSERVER_` and its name), else from a TOML file,
else its default. The same table is what `roomserver settings` prints.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from capacity.table import DEFAULT_TABLE, ViewerCapTable
from roomserver.files import check_address

ENV_PREFIX = "ROOMSERVER_"
CONFIG_ENV = "ROOMSERVER_CONFIG"
CONFIG_FILE = Path("roomserver.toml")
SECRET_SETTINGS = frozenset({"database", "redis", "ice_servers"})
"""Values that can hold a password: never printed or logged in clear."""


class SettingsError(Exception):
    """A setting can't be used. The text names it and is for the operator."""


class Settings(BaseSettings):
    """How the server runs. Frozen: read once, at start."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, frozen=True, extra="forbid", validate_default=True, arbitrary_types_allowed=True
    )

    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 for all of them.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    data: Path = Field(Path("data"), description="Folder for everything that the embedded defaults keep.")
    public_url: str | None = Field(
        None,
        description="Address under which people reach the server, such as https://rooms.example.org. "
        "Without it, links and room addresses follow the host that a request was sent to.",
    )
    allowed_origins: str = Field(
        "",
        description="Other sites whose pages may open rooms, such as https://www.example.org, with commas between; see "
        "the client library. Pages of this server always may.",
    )
    tls_cert: Path | None = Field(
        None,
        description="Certificate chain (PEM) to serve HTTPS. Browsers give camera and microphone only to pages that "
        "come by HTTPS or from localhost.",
    )
    tls_key: Path | None = Field(None, description="Private key (PEM) of tls_cert.")
    trusted_proxies: str = Field(
        "127.0.0.1", description="Addresses of reverse proxies whose X-Forwarded headers count, with commas between."
    )
    database: str | None = Field(
        None,
        repr=False,
        description="Address of the catalog's database, such as postgresql://USER:PASSWORD@HOST/DATABASE, for several "
        "servers. Without it, an SQLite file in the data folder.",
    )
    files_url: str | None = Field(
        None,
        description="Object storage for pictures and finished recordings, such as s3://bucket/folder, for several "
        "servers; its keys come from its own environment variables (AWS_...). Without it, a folder in the data folder.",
    )
    redis: str | None = Field(
        None,
        repr=False,
        description="Address of the Redis that keeps the rooms' journal for several servers. "
        "Without it, files in the data folder.",
    )
    node: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description="Name of this server among those that share a Redis; must stay the same over restarts. "
        "Without it, one that is made once and kept in the data folder.",
    )
    viewer_caps: Annotated[ViewerCapTable, NoDecode] = Field(
        DEFAULT_TABLE, description="Viewers at most by seats taken, such as 1:5000,2:3000,5:1500,50:500."
    )
    media_workers: int = Field(
        1, ge=1, le=64, description="Processes that forward media, each on a UDP port of its own."
    )
    media_hosts: str = Field(
        "",
        description="Addresses of this machine that media uses, with commas between. Without it, all that it has.",
    )
    media_public_hosts: str = Field(
        "", description="Addresses under which clients reach this machine through a NAT that keeps ports, with commas."
    )
    media_port: int = Field(
        0,
        ge=0,
        le=65000,
        description="UDP port of the first media worker, the next worker has the next; 0: free ones.",
    )
    ice_servers: list[dict[str, Any]] = Field(
        default_factory=list,
        repr=False,
        description='STUN and TURN servers for clients, as browsers take them: [{"urls": ["turn:..."], ...}].',
    )
    recording_warn_gb: float = Field(
        10,
        ge=0,
        le=1_000_000,
        description="While sessions are recorded, moderators and organizers are warned when less than so many GB of "
        "disk are free.",
    )
    recording_stop_gb: float = Field(
        2,
        ge=0,
        le=1_000_000,
        description="Recordings end, and none begins, when less than so many GB of disk are free.",
    )
    render_jobs: int | None = Field(
        None,
        ge=0,
        le=256,
        description="Blocks of recordings that are rendered at a time, each on about one core; 0: none on this server. "
        "Without it, one fewer than the machine has cores, but one at least.",
    )
    recording_tracks_days: float | None = Field(
        None,
        ge=0,
        le=36_500,
        description="Days after which captured tracks are deleted, once everything of the recording is rendered; it "
        "can't be made again then. Without it, they stay until an organizer deletes them.",
    )
    recordings_days: float | None = Field(
        None,
        ge=0,
        le=36_500,
        description="Days after which a recording is deleted with all its files, once everything of it is rendered. "
        "Without it, recordings stay until an organizer deletes them.",
    )
    link_days: float = Field(30, gt=0, le=3650, description="How many days a sign-in link works.")
    browser_days: float = Field(14, gt=0, le=400, description="How many days a browser stays signed in.")
    stop_seconds: float = Field(10, gt=0, le=600, description="How long requests may go on when the server stops.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged at least.")
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="auto: coloured text on a terminal, else JSON, one object a line."
    )

    @field_validator("viewer_caps", mode="before")
    @classmethod
    def _read_caps(cls, value: object) -> object:
        return ViewerCapTable.parse(value) if isinstance(value, str) else value

    @field_validator("files_url")
    @classmethod
    def _check_files(cls, value: str | None) -> str | None:
        return None if value is None else check_address(value)

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        return _origin(value)

    @field_validator("allowed_origins")
    @classmethod
    def _check_origins(cls, value: str) -> str:
        return ",".join(_origin(part) for part in split_list(value))

    @field_validator("trusted_proxies", "media_hosts", "media_public_hosts")
    @classmethod
    def _check_addresses(cls, value: str) -> str:
        for part in split_list(value):
            ip_address(part)
        return value

    @model_validator(mode="after")
    def _check_together(self) -> Settings:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("tls_cert and tls_key belong together: set both or neither")
        if self.recording_stop_gb > self.recording_warn_gb:
            raise ValueError("recording_stop_gb can't be above recording_warn_gb: nobody would be warned")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _FileSource(settings_cls)

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite+aiosqlite:///{self.data / 'catalog.sqlite'}"


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("write it like https://rooms.example.org")
    if parts.path not in ("", "/"):
        raise ValueError("a path after the host isn't supported")
    return f"{parts.scheme}://{parts.netloc}"


def split_list(value: str) -> list[str]:
    """The parts of a setting that is a list with commas between."""
    return [part for part in (each.strip() for each in value.split(",")) if part]


class _FileSource(PydanticBaseSettingsSource):
    """The TOML file that ROOMSERVER_CONFIG names, else ./roomserver.toml if there is one."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - the base class's signature
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        named = os.environ.get(CONFIG_ENV)
        file = Path(named) if named else CONFIG_FILE
        if not named and not file.exists():
            return {}
        try:
            with file.open("rb") as handle:
                return tomllib.load(handle)
        except OSError as error:
            raise SettingsError(f"{file}: {error.strerror or error}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file}: {error}") from error


def load_settings(given: Mapping[str, Any] | None = None) -> Settings:
    """All sources together; `given` is from the command line, None values count as not given.

    Raises SettingsError naming every setting that doesn't fit."""
    try:
        return Settings(**{name: value for name, value in (given or {}).items() if value is not None})
    except ValidationError as error:
        raise SettingsError("; ".join(_describe_error(each) for each in error.errors(include_url=False))) from None
    except ValueError as error:
        # pydantic-settings reports unreadable JSON in an environment variable this way.
        raise SettingsError(str(error)) from None


def unknown_variables() -> list[str]:
    """Environment variables that look like settings and are none: a slip of the pen would otherwise go unnoticed.

    No error, because orchestrators set variables of their own with a service's name."""
    known = {CONFIG_ENV} | {f"{ENV_PREFIX}{name.upper()}" for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.upper().startswith(ENV_PREFIX) and name.upper() not in known)


def _describe_error(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = "there is no such setting"
    return f"{where}: {message}" if where else str(message)


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting as `roomserver settings` shows it."""

    name: str
    variable: str
    value: str
    default: str
    meaning: str


def describe_settings(settings: Settings) -> Iterator[SettingLine]:
    """Every setting with its present value, default and meaning; secrets are not shown."""
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        default = field.get_default(call_default_factory=True)
        hidden = name in SECRET_SETTINGS and value != default
        yield SettingLine(
            name=name,
            variable=f"{ENV_PREFIX}{name.upper()}",
            value="(set)" if hidden else _written(value),
            default=_written(default),
            meaning=field.description or "",
        )


def _written(value: object) -> str:
    return "" if value is None else str(value)
