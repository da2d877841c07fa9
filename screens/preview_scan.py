"""Made-up views of showing a code to the camera."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kiosk.flows.scan.state import CheckingCode, ScanHint, Scanning, ScanPaused, ScanUnavailable
from kiosk.ports.values import Reason

REFUSALS = ("SIGNATURE", "KEY", "EXPIRED", "FUTURE", "USED", "FORM")
RECEIPTS = ("RECEIPT_UNKNOWN", "RECEIPT_TOO_OLD", "RECEIPT_USED", "VISIT_ENDED", "MEMBER_INACTIVE")
OWN_CODE = "HM1:" + ("6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3/XIV0W23NTDEXWK" * 3)[:129]


def scan_states() -> Iterable[tuple[str, Any, dict[str, Any]]]:
    """Yield label, state and what differs in the chrome."""
    on = {"camera_ok": True}
    yield "scan", Scanning(), on
    for hint in ScanHint:
        yield f"scan-{hint}", Scanning(hint), on
    for name in REFUSALS:
        yield f"scan-refused-{name.lower()}", Scanning(reason=Reason(f"MEMBER_CODE_{name}")), on
    for name in RECEIPTS:
        yield f"scan-refused-{name.lower()}", Scanning(reason=Reason(name)), on
    yield "scan-found", CheckingCode("HM1:"), on
    yield "scan-paused", ScanPaused(30), on
    yield "scan-no-camera", ScanUnavailable(Reason("CAMERA_GONE")), {}
    yield "scan-offline", ScanUnavailable(Reason("UNREACHABLE")), {"is_linked": False}
