"""Settings of the central service: frozen values read from TOML and the environment, nothing guessed.

Responsible for the names, types, defaults and ranges of every setting. Must not know what the settings are used for, and
opens no file but the one it was told to read.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "MEMBER_SERVICE_"
CONFIG_FILE_VARIABLE = PREFIX + "CONFIG"
_SQLITE = "sqlite:///"
_POSTGRES = "postgresql://"
_WANTED: dict[type, str] = {bool: "true or false", int: "a whole number", float: "a number", Path: "a path"}


class ConfigError(Exception):
    """A setting is unknown, of the wrong type or out of its range; the message names it and holds no secret."""


class Profile(StrEnum):
    """What the installation is for."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class ListenSettings:
    """Where the gRPC port is. Port 0 lets the system choose; the port is then written to `port_file`."""

    host: str = "127.0.0.1"
    port: int = 8443
    port_file: Path | None = None


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """Limits of the transport; decisions.md, Transport limits. Times in seconds.

    Attributes:
        message_bytes: Of what devices send.
        answer_bytes: Of what they are told: every lot of a member who buys each day for years, some 70 bytes each.
        drain_s: From the signal to the end of the process at most; four fifths of it are for calls that run.
    """

    handshake_s: float = 3.0
    idle_s: float = 600.0
    ping_allowance_s: float = 10.0
    deadline_s: float = 60.0
    message_bytes: int = 65_536
    answer_bytes: int = 1_048_576
    metadata_bytes: int = 8_192
    concurrent_calls: int = 256
    workers: int = 8
    drain_s: float = 10.0


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The SMTP relay. The password stands in a file, never in the settings."""

    host: str = "127.0.0.1"
    port: int = 7025
    sender: str = "悦邻超市 <members@neighbour-market.example>"
    start_tls: bool = False
    username: str = ""
    password_file: Path | None = None
    timeout_s: float = 10.0


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """The SMS gateway, spoken to over HTTP. The password goes as a bearer token and stands in a file."""

    url: str = "http://127.0.0.1:7080/messages"
    password_file: Path | None = None
    sender: str = "Neighbour"
    timeout_s: float = 5.0


@dataclass(frozen=True, slots=True)
class OutboxSettings:
    """How messages are delivered. Times in seconds."""

    poll_s: float = 0.5
    batch: int = 20
    first_retry_s: float = 2.0
    longest_retry_s: float = 300.0
    tries_per_channel: int = 5


@dataclass(frozen=True, slots=True)
class SealSettings:
    """How often the audit rows are chained, in seconds, and how many at once."""

    every_s: float = 1.0
    batch: int = 500


@dataclass(frozen=True, slots=True)
class UncollectedSettings:
    """How long an approved card waits to be fetched, in days, and how many days before its end the member is told."""

    after_days: int = 90
    notice_days: int = 14


@dataclass(frozen=True, slots=True)
class RewardSettings:
    """What holds for rewards.

    Attributes:
        pickup_days: Whole days after the day of redeeming on which a reward can still be picked up; then the points go back.
        notice_days: How many days before that end the member is told.
        code_above_points: Who came with a card alone and spends more than this within a day is asked for a one-time code.
        wrong_codes_per_hour: Pick-up codes that are none, which one member of staff may try.
    """

    pickup_days: int = 14
    notice_days: int = 3
    code_above_points: int = 2000
    wrong_codes_per_hour: int = 10


@dataclass(frozen=True, slots=True)
class PointsSettings:
    """What holds for points.

    Attributes:
        warning_days: How many days before points end their member is told; 0: not at all.
    """

    warning_days: int = 30


@dataclass(frozen=True, slots=True)
class AllowanceSettings:
    """How much of a member's points devices may hold together to give out offline, for how long, and when untold ones go back.

    Attributes:
        grace_days: Days after the end of an allowance in which its device can still say what it gave out.
    """

    most_points: int = 200
    hours: int = 24
    grace_days: int = 7


@dataclass(frozen=True, slots=True)
class CardSettings:
    """What holds for cards.

    Attributes:
        replacement_fee_fen: What a new card for a lost one costs; 0: it is free and written at the kiosk. A kiosk takes no money: with a
            fee the service desk gives the new card.
    """

    replacement_fee_fen: int = 0


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Everything that an installation may set.

    Attributes:
        database: `sqlite:///FILE`, or `postgresql://ROLE@HOST/NAME` as libpq takes it, the role being the service's; empty for
            the embedded database at `database_file`. Passwords belong into libpq's password file (`?passfile=FILE`).
        database_owner: Address of the same PostgreSQL database under the role that owns its tables; `migrate` alone needs it.
    """

    profile: Profile = Profile.DEVELOPMENT
    data_dir: Path = Path("out/service")
    keys_dir: Path | None = None
    database: str = field(default="", repr=False)
    database_owner: str = field(default="", repr=False)
    database_file: Path | None = None
    audit_head_file: Path | None = None
    listen: ListenSettings = field(default_factory=ListenSettings)
    limits: LimitSettings = field(default_factory=LimitSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    sms: SmsSettings = field(default_factory=SmsSettings)
    outbox: OutboxSettings = field(default_factory=OutboxSettings)
    seal: SealSettings = field(default_factory=SealSettings)
    uncollected: UncollectedSettings = field(default_factory=UncollectedSettings)
    points: PointsSettings = field(default_factory=PointsSettings)
    allowance: AllowanceSettings = field(default_factory=AllowanceSettings)
    rewards: RewardSettings = field(default_factory=RewardSettings)
    cards: CardSettings = field(default_factory=CardSettings)

    @property
    def is_development(self) -> bool:
        """True where development keys, accounts and gateways are allowed."""
        return self.profile is Profile.DEVELOPMENT

    @property
    def keys_folder(self) -> Path:
        """Folder of the keys."""
        return self.keys_dir or self.data_dir / "keys"

    @property
    def is_on_server(self) -> bool:
        """True where the database is a PostgreSQL server; else it is one embedded file."""
        return self.database.startswith(_POSTGRES)

    @property
    def database_path(self) -> Path:
        """File of the embedded database."""
        if self.database.startswith(_SQLITE):
            return Path(self.database.removeprefix(_SQLITE))
        return self.database_file or self.data_dir / "member.db"

    @property
    def database_shown(self) -> str:
        """The database's name as people and logs may see it: a file, or a server's address without password and options."""
        if not self.is_on_server:
            return str(self.database_path)
        scheme, _, rest = self.database.partition("//")
        place = rest.partition("?")[0]
        who, at, where = place.rpartition("@")
        return f"{scheme}//{who.partition(':')[0]}{at}{where}"

    @property
    def audit_head_path(self) -> Path:
        """File of the signed audit heads; belongs on another disk or host than the database."""
        return self.audit_head_file or self.data_dir / "audit-head.jsonl"


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> ServiceSettings:
    """Returns the settings: defaults, then the TOML file, then the environment (`MEMBER_SERVICE_MAIL__PORT=25`).

    Args:
        path: TOML file; without it the one that `MEMBER_SERVICE_CONFIG` names, if any.
        environment: variables; the process's own by default.

    Raises:
        ConfigError: an unknown key, a wrong type, a value out of range, or an unreadable file.
    """
    variables = dict(os.environ if environment is None else environment)
    named = variables.pop(CONFIG_FILE_VARIABLE, "")
    chosen = path or (Path(named) if named else None)
    tree: dict[str, Any] = _read(chosen) if chosen else {}
    for name, value in variables.items():
        if name.startswith(PREFIX):
            _plant(tree, name.removeprefix(PREFIX).lower().split("__"), value)
    settings: ServiceSettings = _build(ServiceSettings, tree, "")
    _check(settings)
    return settings


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: cannot be read as TOML: {error}") from error


def _plant(tree: dict[str, Any], parts: list[str], value: str) -> None:
    """Puts one variable into the tree; a table met where a value stands is told by `_build`."""
    for part in parts[:-1]:
        below = tree.setdefault(part, {})
        if not isinstance(below, dict):
            raise ConfigError(f"{PREFIX}{'__'.join(parts).upper()}: {part} is a value, not a table")
        tree = below
    tree[parts[-1]] = value


def _build(kind: type[Any], tree: dict[str, Any], where: str) -> Any:
    hints = get_type_hints(kind)
    known = {entry.name for entry in fields(kind)}
    for name in tree:
        if name not in known:
            raise ConfigError(f"unknown setting {where}{name}")
    return kind(**{name: _value(hints[name], value, f"{where}{name}") for name, value in tree.items()})


def _value(kind: Any, value: Any, where: str) -> Any:
    if is_dataclass(kind):
        if not isinstance(value, dict):
            raise ConfigError(f"{where} is a table")
        return _build(kind, value, f"{where}.")  # type: ignore[arg-type]
    wanted = Path if kind == (Path | None) else kind
    if isinstance(value, str):
        return _from_text(wanted, value, where)
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise ConfigError(f"{where}: expected {_wanted(wanted)}")
    return value


def _from_text(kind: Any, value: str, where: str) -> Any:
    if kind is bool:
        if value.lower() not in {"true", "false"}:
            raise ConfigError(f"{where}: expected true or false")
        return value.lower() == "true"
    try:
        return kind(value)
    except ValueError as error:
        raise ConfigError(f"{where}: expected {_wanted(kind)}") from error


def _wanted(kind: type[Any]) -> str:
    """Returns in words what a setting of a kind takes."""
    if issubclass(kind, StrEnum):
        return f"one of {', '.join(kind)}"
    return _WANTED.get(kind, "text")


def _check(settings: ServiceSettings) -> None:
    ports = {"listen.port": settings.listen.port, "mail.port": settings.mail.port}
    for name, port in ports.items():
        if not 0 <= port <= 65_535:
            raise ConfigError(f"{name}: a port lies between 0 and 65535")
    for table in ("limits", "outbox", "seal", "uncollected", "rewards", "allowance"):
        values = getattr(settings, table)
        for entry in fields(values):
            if getattr(values, entry.name) <= 0:
                raise ConfigError(f"{table}.{entry.name}: must be greater than 0")
    _check_amounts(settings)
    _check_database(settings)
    _check_notices(settings)
    if settings.limits.deadline_s > 60:
        raise ConfigError("limits.deadline_s: at most 60")


def _check_amounts(settings: ServiceSettings) -> None:
    amounts = {"points.warning_days": settings.points.warning_days, "cards.replacement_fee_fen": settings.cards.replacement_fee_fen}
    for name, amount in amounts.items():
        if amount < 0:
            raise ConfigError(f"{name}: must not be less than 0")


def _check_notices(settings: ServiceSettings) -> None:
    if settings.uncollected.notice_days >= settings.uncollected.after_days:
        raise ConfigError("uncollected.notice_days: must be less than uncollected.after_days")
    if settings.rewards.notice_days >= settings.rewards.pickup_days:
        raise ConfigError("rewards.notice_days: must be less than rewards.pickup_days")


def _check_database(settings: ServiceSettings) -> None:
    """The messages quote no address: there may be a password in it."""
    if settings.database and not settings.database.startswith((_SQLITE, _POSTGRES)):
        raise ConfigError(f"database: expected {_SQLITE}FILE or {_POSTGRES}ROLE@HOST/NAME")
    if settings.database and settings.database_file:
        raise ConfigError("database_file: is said by database already")
    if settings.database_owner and not (settings.is_on_server and settings.database_owner.startswith(_POSTGRES)):
        raise ConfigError(f"database_owner: expected {_POSTGRES}ROLE@HOST/NAME, beside such a database")
