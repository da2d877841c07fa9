"""Between messages of the contract and values of the domain. Knows no service; decides nothing, checks only that the form is there."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from proto.member.v1 import card_pb2, common_pb2, enrollment_pb2, points_pb2
from server_stub.domain.envelope import Envelope
from server_stub.domain.language import Language
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.rpc.refusals import number_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from enum import StrEnum

    from google.protobuf.message import Message

    from server_stub.domain.ledger.tiers import Climb
    from server_stub.domain.ledger_commands import Standing
    from server_stub.services.receipts import Receipt

E = TypeVar("E", bound="StrEnum")


class EnumWrapper(Protocol):
    """An enum of the generated code."""

    def Name(self, number: Any) -> str:
        """Returns the name of a number.

        Raises:
            ValueError: the contract does not know the number.
        """
        ...

    def Value(self, name: str) -> Any:
        """Returns the number of a name."""
        ...


def chosen(wrapper: EnumWrapper, prefix: str, number: int, kind: type[E]) -> E | None:
    """Returns the domain's value of an enum's number; None for unspecified, unknown, or what the domain does not have."""
    try:
        return kind(wrapper.Name(number).removeprefix(prefix))
    except ValueError:
        return None


def chosen_or_none(wrapper: EnumWrapper, prefix: str, number: int, kind: type[E], field: str) -> E | None:
    """Returns the domain's value of an enum's number; None for unspecified alone.

    Raises:
        Refusal: REQUEST_MALFORMED with the field for a number that is unknown or that the domain does not have: what was chosen must
            not be lost without a word.
    """
    found = chosen(wrapper, prefix, number, kind)
    if found is None and number:
        raise refuse(Reason.REQUEST_MALFORMED, Finding(field, Reason.REQUEST_MALFORMED))
    return found


def language(number: int) -> Language | None:
    """Returns the language, or None where none is said."""
    try:
        return Language[common_pb2.Language.Name(number).removeprefix("LANGUAGE_")]  # type: ignore[arg-type]
    except (KeyError, ValueError):
        return None


def application_state(state: StrEnum) -> enrollment_pb2.ApplicationState.ValueType:
    """Returns the state's number in the contract."""
    return enrollment_pb2.ApplicationState.Value(f"APPLICATION_STATE_{state.value}")


def stage(value: StrEnum) -> card_pb2.IssueStage.ValueType:
    """Returns the number of a stage of issuing."""
    return card_pb2.IssueStage.Value(f"ISSUE_STAGE_{value.value}")


def envelope(message: Message) -> Envelope:
    """Returns the envelope of a mutation.

    Raises:
        Refusal: REQUEST_MALFORMED where it is missing or says no moment.
    """
    found: common_pb2.Envelope = message.envelope  # type: ignore[attr-defined]
    if not message.HasField("envelope") or not found.HasField("occurred_at"):
        raise refuse(Reason.REQUEST_MALFORMED)
    try:
        occurred_at = found.occurred_at.ToDatetime(tzinfo=UTC)
    except ValueError as error:
        raise refuse(Reason.REQUEST_MALFORMED) from error
    return Envelope(found.request_id, found.device_seq, occurred_at)


def findings(found: Iterable[Finding]) -> list[common_pb2.FieldFinding]:
    """Returns findings as the contract has them."""
    return [common_pb2.FieldFinding(field=finding.field, reason=number_of(finding.reason)) for finding in found]


def receipt(found: Receipt) -> common_pb2.Receipt:
    """Returns a receipt as the contract has it."""
    return common_pb2.Receipt(number=found.number, code=found.code)


def standing(found: Standing | None) -> points_pb2.PointsStanding | None:
    """Returns a member's points as the contract has them; None for nobody's."""
    if found is None:
        return None
    return points_pb2.PointsStanding(
        available=found.available, pending=found.pending, held=found.held, debt=found.debt, tier=found.tier or ""
    )


def climb(found: Climb | None) -> points_pb2.TierClimb | None:
    """Returns the way to the next tier as the contract has it; None where there is none above."""
    return None if found is None else points_pb2.TierClimb(tier=found.tier, points=found.points, goal=found.goal)


def timestamp(moment: datetime) -> Timestamp:
    """Returns a moment as the contract has it."""
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp
