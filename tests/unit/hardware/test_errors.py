"""The error family: every number and every text key once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hardware.errors import DeviceError, KioskError, Rejected
from hardware.health import Health, HealthState


def family(root: type[KioskError]) -> list[type[KioskError]]:
    return [root, *(member for child in root.__subclasses__() for member in family(child))]


def test_numbers_and_text_keys_are_unique_and_devices_are_numbered_1xxx() -> None:
    members = family(DeviceError)
    assert len({m.code for m in members}) == len(members)
    assert len({m.text_key for m in members}) == len(members)
    assert all(1000 <= m.code < 2000 for m in members)
    assert all(not issubclass(m, (ValueError, OSError)) for m in members)


def test_a_rejection_tells_the_status_word() -> None:
    assert str(Rejected(sw=b"\x91\xae")) == "status 91ae"


def test_health_keeps_its_beginning_until_something_changes() -> None:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    health = Health(HealthState.OK, "", began)
    assert health.changed(HealthState.OK, "", began + timedelta(hours=1)).since == began
    assert health.changed(HealthState.GONE, "error.no_reader", began + timedelta(hours=1)).since == began + timedelta(hours=1)
