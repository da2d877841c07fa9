"""The kiosk's settings: a TOML file, overridden by the environment; an unknown key is an error.

A key `a` of table `t` is also the environment variable KIOSK_T_A. Knows no device and no screen.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ENVIRONMENT_PREFIX = "KIOSK_"


class ConfigError(Exception):
    """A setting is unknown or has a value that it cannot have; the message names it."""


LEAST_PIXELS, MOST_PIXELS = 240, 8192
_TARGET = re.compile(r".*\S:(?P<port>\d{1,5})")
_LAST_PORT = 65535
_WHOLE = 100
_CAMERA = re.compile(r"\d{1,2}|https?://[^\s/]+/\S*", re.ASCII)
_PRINTERS = ("ipp://", "ipps://")


class Profile(StrEnum):
    """Development shows warnings and allows emulators; production does not."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Where the central service is and who this device is.

    Attributes:
        target: gRPC target: `HOST:PORT`, or `ipv4:ADDRESS:PORT,ADDRESS:PORT` for several processes of the service.
        server_name: Name that the service's certificate carries; needed where the target has several addresses.
    """

    target: str = "localhost:8443"
    server_name: str = ""
    authority: Path = Path("out/kiosk/identity/ca.pem")
    certificate: Path = Path("out/kiosk/identity/device.pem")
    private_key: Path = Path("out/kiosk/identity/device.key")


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """The window, in pixels, each side 240 to 8192; 1080 x 1920 is the design size."""

    width: int = 1080
    height: int = 1920
    fullscreen: bool = False


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """Devices.

    Attributes:
        reader: Part of the name of the card reader; empty: the first one.
        printer: An ipp or ipps address; empty: slips go as PDF into `slip_folder`.
        camera: Number of the camera that reads codes ("0" is /dev/video0), or the http address of an MJPEG stream; empty: none.
        volume: Of voice and sounds, 0 to 100 per cent of what the machine is set to; 0: a silent kiosk, without the voice button.
    """

    reader: str = ""
    printer: str = ""
    slip_folder: Path = Path("out/kiosk/slips")
    camera: str = ""
    volume: int = 80


@dataclass(frozen=True, slots=True)
class KioskSettings:
    """This kiosk; phone and hours of the service desk are printed on slips and never empty."""

    profile: Profile = Profile.DEVELOPMENT
    data_dir: Path = Path("out/kiosk")
    receipt_keys: Path = Path("out/kiosk/identity/receipt-keys.json")
    service_phone: str = "400-000-0000"
    service_hours: str = "8:00–21:30"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, by table."""

    kiosk: KioskSettings = field(default_factory=KioskSettings)
    service: ServiceSettings = field(default_factory=ServiceSettings)
    screen: ScreenSettings = field(default_factory=ScreenSettings)
    devices: DeviceSettings = field(default_factory=DeviceSettings)


_TABLES: dict[str, type] = {
    "kiosk": KioskSettings,
    "service": ServiceSettings,
    "screen": ScreenSettings,
    "devices": DeviceSettings,
}
_WORDS = {"true": True, "1": True, "false": False, "0": False}


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings.

    Args:
        path: TOML file, or None for the defaults.
        environment: Environment, by default that of the process.

    Raises:
        ConfigError: file unreadable, key unknown, value of the wrong kind or out of its range.
    """
    tables = _read(path) if path else {}
    _overlay(tables, os.environ if environment is None else environment)
    unknown = set(tables) - set(_TABLES)
    if unknown:
        raise ConfigError(f"unknown table {sorted(unknown)[0]}")
    settings = Settings(**{name: _build(name, kind, tables.get(name, {})) for name, kind in _TABLES.items()})
    _require_sense(settings)
    return settings


def _require_sense(settings: Settings) -> None:
    for name, pixels in (("width", settings.screen.width), ("height", settings.screen.height)):
        if not LEAST_PIXELS <= pixels <= MOST_PIXELS:
            raise ConfigError(f"screen.{name} must be {LEAST_PIXELS} to {MOST_PIXELS} pixels, not {pixels}")
    target = _TARGET.fullmatch(settings.service.target)
    if target is None or not 1 <= int(target["port"]) <= _LAST_PORT:
        raise ConfigError(f"service.target must end in :PORT, 1 to {_LAST_PORT}, not {settings.service.target!r}")
    # gRPC would look for a certificate of the name "A:1,B:1", which nobody has.
    if "," in settings.service.target and not settings.service.server_name:
        raise ConfigError("service.server_name must be set where service.target has several addresses")
    _require_devices(settings.devices)
    for name, words in (("service_phone", settings.kiosk.service_phone), ("service_hours", settings.kiosk.service_hours)):
        if not words.strip():
            raise ConfigError(f"kiosk.{name} must not be empty: it is printed on slips")


def _require_devices(devices: DeviceSettings) -> None:
    _require_printer(devices.printer)
    if devices.camera and not _CAMERA.fullmatch(devices.camera):
        raise ConfigError(f"devices.camera must be a number or an http address, not {devices.camera!r}")
    if not 0 <= devices.volume <= _WHOLE:
        raise ConfigError(f"devices.volume must be 0 to {_WHOLE}, not {devices.volume}")


def _require_printer(address: str) -> None:
    if not address:
        return
    if not address.startswith(_PRINTERS):
        raise ConfigError(f"devices.printer must begin with {' or '.join(_PRINTERS)}, not {address!r}")
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        has_host = False
    if not has_host:
        raise ConfigError(f"devices.printer must name a host, and a port of 1 to {_LAST_PORT} if any, not {address!r}")


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path} is missing") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is no text in UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is no TOML: {error}") from error


def _overlay(tables: dict[str, dict[str, Any]], environment: Mapping[str, str]) -> None:
    for name, value in environment.items():
        if not name.startswith(ENVIRONMENT_PREFIX):
            continue
        table, _, key = name.removeprefix(ENVIRONMENT_PREFIX).lower().partition("_")
        if table not in _TABLES or not key:
            raise ConfigError(f"unknown environment variable {name}")
        tables.setdefault(table, {})[key] = value


def _build(table: str, kind: type, values: Mapping[str, Any]) -> Any:
    known = {setting.name: setting for setting in fields(kind)}
    unknown = set(values) - set(known)
    if unknown:
        raise ConfigError(f"unknown key {table}.{sorted(unknown)[0]}")
    defaults = kind()
    return kind(**{key: _convert(f"{table}.{key}", type(getattr(defaults, key)), value) for key, value in values.items()})


def _convert(name: str, kind: type, value: Any) -> Any:
    if kind is bool:
        value = _WORDS.get(value.lower(), value) if isinstance(value, str) else value
        if not isinstance(value, bool):
            raise ConfigError(f"{name} must be true or false")
        return value
    if isinstance(value, bool) or not isinstance(value, str | int) or (issubclass(kind, Path) and not isinstance(value, str)):
        raise ConfigError(f"{name}: {value!r} is {_no(kind)}")
    try:
        return kind(value)
    except ValueError as error:
        raise ConfigError(f"{name}: {value!r} is {_no(kind)}") from error


def _no(kind: type) -> str:
    """Return in words what a value is not that cannot be of a kind."""
    if issubclass(kind, StrEnum):
        return f"none of {', '.join(kind)}"
    if issubclass(kind, int):
        return "no whole number"
    return "no path" if issubclass(kind, Path) else "no text"
