"""The register of devices and the calls for staff."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import cast

import pytest

from server_stub.domain.actors import DeviceActor, DeviceKind, Role, StaffActor
from server_stub.domain.language import Language
from server_stub.domain.permissions import Operation, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal, refuse
from server_stub.rpc.blocking import Blocking
from server_stub.rpc.device import KNOWN_FOR_S, RegistryAtTheGate
from server_stub.services.device_registry import Condition, DeviceRegistry, NewDevice
from server_stub.services.staff_calls import StaffCallOrder, StaffCalls
from server_stub.storage.devices import CallState
from tests.support.central_service import ADMIN, DEVICE, LI, OTHER_DEVICE, Central
from tests.support.flow_samples import FLOWS

NEW = NewDevice("K07", "自助服务机 07", b"\x07" * 32, "S002", "城西店", "330106")
CLERK = StaffActor("clerk", frozenset({Role.STORE_STAFF}))


@pytest.fixture
def registry(central: Central) -> DeviceRegistry:
    return DeviceRegistry(central.base)


@pytest.fixture
def calls(central: Central) -> StaffCalls:
    return StaffCalls(central.base)


def reason(caught: pytest.ExceptionInfo[Refusal]) -> Reason:
    return caught.value.reason


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"device_id": "k7"}, "device_id"),
        ({"device_id": "K7-1"}, "device_id"),
        ({"device_id": "K12345678"}, "device_id"),
        ({"store_id": "s"}, "store_id"),
        ({"name": ""}, "name"),
        ({"name": "a\x1b[2J"}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"store_name": ""}, "store_name"),
        ({"region_code": "33010"}, "region_code"),
        ({"region_code": "３３０１０６"}, "region_code"),
    ],
)
def test_a_device_that_cannot_be_is_refused_by_field(central: Central, registry: DeviceRegistry, changed: dict, field: str) -> None:
    before = central.count("device")
    with pytest.raises(Refusal) as caught:
        registry.enrol(ADMIN, replace(NEW, **changed))
    assert [f.field for f in caught.value.refused.findings] == [field]
    assert (central.count("device"), central.count("store")) == (before, 1)


@pytest.mark.parametrize("actor", [DEVICE, LI, CLERK])
def test_only_an_administrator_enrols_lists_and_revokes(registry: DeviceRegistry, actor: DeviceActor | StaffActor) -> None:
    for work in (lambda: registry.enrol(actor, NEW), lambda: registry.revoke(actor, "K03"), lambda: registry.list(actor)):
        with pytest.raises(Refusal) as caught:
            work()
        assert reason(caught) is Reason.NOT_PERMITTED


def test_a_certificate_leads_to_its_device_until_it_is_replaced_or_revoked(registry: DeviceRegistry) -> None:
    with pytest.raises(Refusal) as caught:
        registry.with_certificate(NEW.certificate_sha256)
    assert reason(caught) is Reason.DEVICE_UNKNOWN
    registry.enrol(ADMIN, NEW)
    assert registry.with_certificate(NEW.certificate_sha256) == DeviceActor("K07", "S002")
    registry.enrol(ADMIN, replace(NEW, certificate_sha256=b"\x08" * 32, store_name="", region_code=""))
    with pytest.raises(Refusal) as caught:
        registry.with_certificate(NEW.certificate_sha256)
    assert reason(caught) is Reason.DEVICE_UNKNOWN
    registry.revoke(ADMIN, "K07")
    with pytest.raises(Refusal) as caught:
        registry.with_certificate(b"\x08" * 32)
    assert reason(caught) is Reason.DEVICE_REVOKED
    with pytest.raises(Refusal) as caught:
        registry.enrol(ADMIN, NEW)
    assert reason(caught) is Reason.DEVICE_REVOKED
    assert {row.device_id: row.state for row in registry.list(ADMIN)}["K07"] == "REVOKED"


def test_a_till_opens_sales_and_no_member(registry: DeviceRegistry) -> None:
    registry.enrol(ADMIN, replace(NEW, kind=DeviceKind.TILL))
    till = registry.with_certificate(NEW.certificate_sha256)
    assert till == DeviceActor("K07", "S002", DeviceKind.TILL)
    assert till.roles == {Role.TILL}
    with pytest.raises(Refusal) as caught:
        require(till, Operation.IDENTIFY_MEMBER)
    assert reason(caught) is Reason.NOT_PERMITTED
    require(till, Operation.RECORD_SALE)


def test_an_unknown_device_is_not_revoked(registry: DeviceRegistry) -> None:
    with pytest.raises(Refusal) as caught:
        registry.revoke(ADMIN, "K99")
    assert reason(caught) is Reason.DEVICE_UNKNOWN


def test_hello_and_heartbeat_say_and_note(central: Central, registry: DeviceRegistry) -> None:
    found = registry.hello(DEVICE, "1.2.3" + "x" * 100)
    assert (found.device_id, found.store_name, found.region_code, found.server_time) == ("K03", "湖滨店", "330102", central.clock.now())
    assert registry.heartbeat(DEVICE, Condition(card_reader_ok=True, printer_ok=False)) == central.clock.now()
    row = next(row for row in central.rows("device") if row["device_id"] == "K03")
    assert (row["card_reader_ok"], row["printer_ok"], len(row["software_version"])) == (True, False, 40)
    with pytest.raises(Refusal):
        registry.hello(ADMIN, "1")


@pytest.mark.parametrize(
    "order", [StaffCallOrder("menu", None), StaffCallOrder("欧阳晓明", Language.EN), StaffCallOrder("x" * 65, Language.EN)]
)
def test_a_call_says_a_screen_and_a_language_and_nothing_else(central: Central, calls: StaffCalls, order: StaffCallOrder) -> None:
    with pytest.raises(Refusal) as caught:
        calls.call(DEVICE, central.envelope(), order)
    assert reason(caught) is Reason.REQUEST_MALFORMED
    assert central.count("staff_call") == 0


def test_a_call_is_taken_from_every_page_of_the_kiosk(central: Central, calls: StaffCalls) -> None:
    """Pages are named as the session names them (kiosk/session/session.py, _call_staff); every such call was refused as malformed."""
    pages = [f"{flow.name}.{state.__name__}" for flow in FLOWS for state in flow.states]
    for seq, page in enumerate(pages, 1):
        calls.call(DEVICE, central.envelope(seq=seq), StaffCallOrder(page, Language.EN))
    assert "home.Menu" in pages


def test_a_call_is_answered_once_and_closed(central: Central, calls: StaffCalls) -> None:
    order = StaffCallOrder("join.form", Language.ZH_HANT)
    envelope = central.envelope()
    call = calls.call(DEVICE, envelope, order)
    assert call.state is CallState.WAITING
    assert calls.call(DEVICE, envelope, order) == call
    later = calls.call(DEVICE, central.envelope(seq=2), StaffCallOrder("home.Menu", Language.EN))
    assert later == replace(call, screen="home.Menu", language="en")
    # A row that changes without an event is one that somebody changed behind the service's back.
    assert [row["action"] for row in central.rows("audit_event") if row["subject_key"] == call.call_id] == [
        "staff.called",
        "staff.called_again",
    ]
    assert [c.call_id for c in calls.open_calls(CLERK)] == [call.call_id]
    with pytest.raises(Refusal):
        calls.close(CLERK, call.call_id)
    answered = calls.answer(CLERK, call.call_id)
    assert (answered.state, answered.answered_by) == (CallState.ANSWERED, "staff:clerk")
    with pytest.raises(Refusal) as caught:
        calls.answer(CLERK, call.call_id)
    assert reason(caught) is Reason.STALE_VERSION
    assert calls.find(DEVICE, call.call_id).state is CallState.ANSWERED
    # Whoever calls now is another person, or waits in vain: the answer was not to them.
    next_one = calls.call(DEVICE, central.envelope(seq=4), order)
    assert (next_one.state, next_one.call_id != call.call_id) == (CallState.WAITING, True)
    calls.answer(CLERK, next_one.call_id)
    calls.close(CLERK, next_one.call_id)
    assert calls.close(CLERK, call.call_id).state is CallState.CLOSED
    assert calls.open_calls(CLERK) == ()
    assert calls.call(DEVICE, central.envelope(seq=3), order).call_id != call.call_id


def test_a_call_is_seen_by_its_device_and_by_who_may_answer(central: Central, calls: StaffCalls) -> None:
    call = calls.call(DEVICE, central.envelope(), StaffCallOrder("menu", Language.EN))
    with pytest.raises(Refusal) as caught:
        calls.find(OTHER_DEVICE, call.call_id)
    assert reason(caught) is Reason.REQUEST_MALFORMED
    for actor in (LI, ADMIN, DEVICE):
        with pytest.raises(Refusal) as caught:
            calls.open_calls(actor)
        assert reason(caught) is Reason.NOT_PERMITTED
        with pytest.raises(Refusal):
            calls.answer(actor, call.call_id)


def test_a_call_is_for_the_staff_of_its_store(central: Central, calls: StaffCalls) -> None:
    call = calls.call(DEVICE, central.envelope(), StaffCallOrder("menu", Language.EN))
    here, elsewhere = (replace(CLERK, store_id=store) for store in (DEVICE.store_id, "S999"))
    assert calls.open_calls(elsewhere) == ()
    for actor, call_id in ((elsewhere, call.call_id), (here, "nonsense")):
        with pytest.raises(Refusal) as caught:
            calls.answer(actor, call_id)
        assert reason(caught) is Reason.REQUEST_MALFORMED
    assert [one.call_id for one in calls.open_calls(here)] == [call.call_id] == [one.call_id for one in calls.open_calls(CLERK)]
    assert calls.answer(here, call.call_id).state is CallState.ANSWERED


class Slow:
    """A register that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: DeviceActor | Refusal = DeviceActor("K07", "S001")

    def with_certificate(self, _digest: bytes) -> DeviceActor:
        self.asked += 1
        if isinstance(self.answer, Refusal):
            raise self.answer
        return self.answer


async def test_the_gate_asks_once_a_second_and_never_keeps_a_refusal() -> None:
    register, blocking = Slow(), Blocking(2)
    gate = RegistryAtTheGate(cast("DeviceRegistry", register), blocking)
    found = await asyncio.gather(*(gate.device_with(b"digest") for _ in range(20)))
    assert {device.device_id for device in found} == {"K07"}
    assert register.asked == 1
    register.answer = refuse(Reason.DEVICE_REVOKED)
    await asyncio.sleep(KNOWN_FOR_S)
    for _ in range(2):
        with pytest.raises(Refusal) as caught:
            await gate.device_with(b"digest")
        assert reason(caught) is Reason.DEVICE_REVOKED
    assert register.asked == 3
    blocking.close()
