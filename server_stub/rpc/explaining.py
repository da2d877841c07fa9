"""The part of BenefitService that tells tiers, benefits and reasons: decode, call the service, encode. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from proto.member.v1 import benefit_pb2 as pb
from proto.member.v1 import benefit_pb2_grpc
from server_stub.domain.language import Language
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.rpc import translate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server_stub.domain.explaining.lines import Line
    from server_stub.domain.explaining.tiers import Missing
    from server_stub.rpc.servicer import Ground
    from server_stub.services.benefits import Benefits
    from server_stub.services.decisions import Decisions


@dataclass(frozen=True, slots=True)
class ExplainingParts:
    """The services behind it."""

    decisions: Decisions
    benefits: Benefits


class ExplainingServicer(benefit_pb2_grpc.BenefitServiceServicer):
    """Tiers, benefits and why.

    Thread:
        loop.
    """

    def __init__(self, ground: Ground, parts: ExplainingParts) -> None:
        self._ground = ground
        self._parts = parts

    async def ListTiers(self, request: pb.ListTiersRequest, _context: object) -> pb.ListTiersResponse:
        """Returns the tiers of the programme."""
        found = await self._ground.blocking.run(self._parts.decisions.tiers, self._ground.caller.device, _language(request.language))
        return pb.ListTiersResponse(tiers=[pb.TierLevelView(tier=x.tier, name=x.name, points=x.points) for x in found])

    async def GetTierProgress(self, request: pb.GetTierProgressRequest, _context: object) -> pb.GetTierProgressResponse:
        """Returns how far it is to the next tier."""
        asked = (request.visit_token, _language(request.language))
        view = await self._ground.blocking.run(self._parts.decisions.progress, self._ground.caller.device, *asked)
        found = view.progress
        return pb.GetTierProgressResponse(
            tier=found.tier or "",
            tier_name=view.tier_name,
            points_this_year=found.this_year,
            points_last_year=found.last_year,
            kept_until=found.kept_until.isoformat() if found.kept_until else "",
            next=_gap(found.next, view.next_name),
            to_keep=_gap(found.to_keep, view.tier_name),
            lines=encoded_lines(view.lines),
        )

    async def ExplainDecision(self, request: pb.ExplainDecisionRequest, _context: object) -> pb.ExplainDecisionResponse:
        """Explains a sale, a redemption or a reward."""
        device, decisions, blocking = self._ground.caller.device, self._parts.decisions, self._ground.blocking
        token, language = request.visit_token, _language(request.language)
        match request.WhichOneof("subject"):
            case "sale_id":
                lines = await blocking.run(decisions.explain_sale, device, token, request.sale_id, language)
            case "redemption_id":
                lines = await blocking.run(decisions.explain_redemption, device, token, request.redemption_id)
            case "reward_id":
                lines = await blocking.run(decisions.explain_reward, device, token, request.reward_id, language)
            case _:
                raise refuse(Reason.REQUEST_MALFORMED, Finding("subject", Reason.FIELD_REQUIRED))
        return pb.ExplainDecisionResponse(lines=encoded_lines(lines))

    async def ListBenefits(self, request: pb.ListBenefitsRequest, _context: object) -> pb.ListBenefitsResponse:
        """Returns everything that the member has."""
        asked = (request.visit_token, _language(request.language))
        found = await self._ground.blocking.run(self._parts.benefits.list, self._ground.caller.device, *asked)
        return pb.ListBenefitsResponse(
            benefits=[
                pb.BenefitView(
                    kind=pb.BenefitKind.Value(f"BENEFIT_KIND_{one.kind.value}"),
                    text_key=one.text_key,
                    amount=one.amount,
                    last_day=one.last_day,
                    usable=one.usable,
                    lines=encoded_lines(one.lines),
                )
                for one in found
            ]
        )


def _language(number: int) -> Language:
    found = translate.language(number)
    if found is None:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("language", Reason.FIELD_REQUIRED))
    return found


def encoded_lines(lines: Iterable[Line]) -> list[pb.ExplanationLine]:
    """Returns lines as the contract has them."""
    return [pb.ExplanationLine(key=line.key, variables=dict(line.variables), rules=line.rules) for line in lines]


def _gap(missing: Missing | None, name: str) -> pb.TierGap | None:
    if missing is None:
        return None
    return pb.TierGap(tier=missing.tier, name=name, points=missing.points, amount_fen=missing.fen, by=missing.by.isoformat())
