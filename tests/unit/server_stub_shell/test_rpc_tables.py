"""The tables of the transport are total: every RPC has an operation, every reason a number and a status."""

from __future__ import annotations

import importlib
import pkgutil

import grpc
import pytest
from google.protobuf.descriptor_pool import Default

import proto.member.v1
from proto.member.v1 import card_pb2, enrollment_pb2, reason_pb2
from server_stub.cli.main import MISUSED, SETUP_REASONS, WRONG_INPUT
from server_stub.cli.wording import Wording
from server_stub.domain.actors import DeviceActor, DeviceKind, Role
from server_stub.domain.decision_reasons import DecisionReason
from server_stub.domain.permissions import Operation, is_allowed
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refused
from server_stub.rpc import translate
from server_stub.rpc.permissions import OPERATIONS, operation_of
from server_stub.rpc.refusals import encoded, number_of, status_of
from server_stub.services.cards.issuing import AbortCause
from server_stub.storage.codes import CodePurpose
from server_stub.storage.database import DatabaseDamaged, NotMigrated, StorageError

# Every file of the contract, so that nobody can forget a new one here.
FILES = [
    importlib.import_module(f"proto.member.v1.{module.name}")
    for module in pkgutil.iter_modules(proto.member.v1.__path__)
    if module.name.endswith("_pb2")
]
METHODS = {
    f"/{service.full_name}/{method.name}": method
    for file in FILES
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}
# A broken link has these too; a caller that retries on them must never retry a refusal.
OF_BROKEN_LINKS = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED, grpc.StatusCode.UNKNOWN}


def test_every_rpc_has_an_operation_and_no_operation_is_for_an_rpc_that_is_not_there() -> None:
    assert set(OPERATIONS) == set(METHODS)
    assert operation_of("/member.v1.DeviceService/Reboot") is None


# Only devices call over the wire. What is not named here is a kiosk's.
OF_TILLS = {
    "SaleService/PreviewSale",
    "SaleService/RecordSale",
    "SaleService/RecordReturn",
    "SaleService/SpendPoints",
    "CouponService/ValidateCoupon",
    "CouponService/RedeemCoupon",
    "CouponService/RollBackCoupon",
}
OF_BOTH = {"DeviceService/Hello", "DeviceService/Heartbeat", "EnrollmentService/CancelRequest", "SyncService/Upload"}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", DeviceKind)
def test_the_matrix_of_rpc_and_device(method: str, kind: DeviceKind) -> None:
    name = method.removeprefix("/member.v1.")
    callers = {DeviceKind.TILL} if name in OF_TILLS else set(DeviceKind) if name in OF_BOTH else {DeviceKind.KIOSK}
    assert is_allowed(DeviceActor("X01", "S001", kind).roles, OPERATIONS[method]) is (kind in callers)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.KIOSK, Role.TILL, Role.SYSTEM}))
def test_what_members_do_no_staff_does_for_them(method: str, role: Role) -> None:
    may = {Operation.READ_NOTICE: {Role.REVIEWER, Role.STORE_STAFF}}.get(OPERATIONS[method], set())
    assert is_allowed(frozenset({role}), OPERATIONS[method]) is (role in may)


def test_every_rpc_is_unary() -> None:
    for method in METHODS.values():
        assert not method.client_streaming
        assert not method.server_streaming


def test_every_reason_has_its_number_and_a_status_of_its_own_kind() -> None:
    for reason in Reason:
        assert reason_pb2.Reason.Name(number_of(reason)) == f"REASON_{reason.value}"
        assert status_of(reason) not in OF_BROKEN_LINKS | {grpc.StatusCode.OK}
    assert {n.removeprefix("REASON_") for n in reason_pb2.Reason.DESCRIPTOR.values_by_name} - {"UNSPECIFIED"} == {r.value for r in Reason}


def test_only_an_unknown_device_is_unauthenticated() -> None:
    """The kiosk never takes UNAUTHENTICATED for being offline."""
    found = {reason for reason in Reason if status_of(reason) is grpc.StatusCode.UNAUTHENTICATED}
    assert found == {Reason.DEVICE_UNKNOWN, Reason.DEVICE_REVOKED}


def test_a_refusal_goes_whole_onto_the_wire() -> None:
    refusal = encoded(Refused(Reason.CODE_WRONG, (Finding("code", Reason.FIELD_TOO_SHORT),), retry_after_s=7, tries_left=2))
    assert (refusal.reason, refusal.retry_after_s, refusal.tries_left) == (reason_pb2.REASON_CODE_WRONG, 7, 2)
    assert [(f.field, f.reason) for f in refusal.findings] == [("code", reason_pb2.REASON_FIELD_TOO_SHORT)]


def test_staff_read_every_reason_in_two_languages() -> None:
    setup = {kind.reason for kind in (StorageError, NotMigrated, DatabaseDamaged)} | {*SETUP_REASONS.values(), WRONG_INPUT}
    setup |= {MISUSED, "DEVELOPMENT_ONLY"}
    assert Wording().names == {r.value for r in Reason} | {r.value for r in DecisionReason} | setup


def test_unspecified_and_unknown_numbers_choose_nothing() -> None:
    for number in (0, 99):
        assert translate.chosen(enrollment_pb2.CodePurpose, "CODE_PURPOSE_", number, CodePurpose) is None
        assert translate.language(number) is None
    purposes = {translate.chosen(enrollment_pb2.CodePurpose, "CODE_PURPOSE_", n, CodePurpose) for n in range(1, 7)}
    assert purposes == set(CodePurpose)
    assert {translate.chosen(card_pb2.AbortCause, "ABORT_CAUSE_", n, AbortCause) for n in range(1, 5)} == set(AbortCause)


def test_the_pool_knows_no_service_beside_those_of_the_tests() -> None:
    for method in OPERATIONS:
        assert Default().FindServiceByName(method.split("/")[1]).file.package == "member.v1"
