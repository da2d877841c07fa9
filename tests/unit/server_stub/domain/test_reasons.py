"""The closed lists agree with the contract."""

from __future__ import annotations

import pytest

from proto.member.v1 import enrollment_pb2, reason_pb2
from server_stub.domain.application_form import Channel
from server_stub.domain.application_states import TRANSITIONS, ApplicationState, require_transition
from server_stub.domain.birthday import ProofLevel
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.storage.codes import CodePurpose


def _names(enum: object, prefix: str) -> set[str]:
    return {name.removeprefix(prefix) for name in enum.keys()} - {"UNSPECIFIED"}  # noqa: SIM118 - the wrapper is no mapping


@pytest.mark.parametrize(
    ("ours", "contract", "prefix"),
    [
        (Reason, reason_pb2.Reason, "REASON_"),
        (ApplicationState, enrollment_pb2.ApplicationState, "APPLICATION_STATE_"),
        (Channel, enrollment_pb2.Channel, "CHANNEL_"),
        (CodePurpose, enrollment_pb2.CodePurpose, "CODE_PURPOSE_"),
        (ProofLevel, enrollment_pb2.ProofLevel, "PROOF_LEVEL_"),
    ],
)
def test_our_list_is_the_list_of_the_contract(ours: type, contract: object, prefix: str) -> None:
    assert {member.value for member in ours} - {"UNSPECIFIED"} == _names(contract, prefix)


@pytest.mark.parametrize("now", list(ApplicationState))
@pytest.mark.parametrize("then", list(ApplicationState))
def test_only_stated_transitions_pass(now: ApplicationState, then: ApplicationState) -> None:
    if then in TRANSITIONS[now]:
        require_transition(now, then)
    else:
        with pytest.raises(Refusal) as refused:
            require_transition(now, then)
        assert refused.value.reason is Reason.APPLICATION_STATE


def test_an_approved_application_becomes_active_or_its_time_ends() -> None:
    assert TRANSITIONS[ApplicationState.CARD_PENDING] == {ApplicationState.ACTIVE, ApplicationState.EXPIRED}
    assert TRANSITIONS[ApplicationState.REJECTED] == frozenset()
