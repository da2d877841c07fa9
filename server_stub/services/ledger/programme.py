"""The rules in force: publishes versions and says which one holds at a moment. Knows no rule's meaning.

Until somebody publishes, the rule set ``plain`` holds; a service that begins to serve publishes the house's own. A version, once published,
stays as it is; so what was read once is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from server_stub.domain.actors import Actor
from server_stub.domain.clock import business_day
from server_stub.domain.ledger.prepared import PreparedRules, prepare
from server_stub.domain.ledger.settling import passes_otherwise
from server_stub.domain.permissions import Operation, require
from server_stub.domain.program.catalogue import HOUSE, load_rule_set
from server_stub.domain.program.document import as_document
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.program.parsing import parse
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.reward_terms import are_brought, bring
from server_stub.services.ledger.rule_times import RuleTimes
from server_stub.storage.database import Tx
from server_stub.storage.ledger import make_due
from server_stub.storage.rule_sets import RuleSetVersion, add_rule_set, all_rule_sets, beginnings, find_rule_set, version_in_force

BUILT_IN = "built-in:plain"
# Before any sale that a till could still tell of.
_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class InForce:
    """A version of the rules."""

    version: str
    parameters: Parameters
    prepared: PreparedRules = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Prepares the rules once for all sales that they will judge."""
        object.__setattr__(self, "prepared", prepare(self.parameters))


class Programme:
    """The published rules. Thread: any; two that read the same version at once keep the same."""

    def __init__(self, base: Foundation) -> None:
        self._base = base
        self._read: dict[str, InForce] = {BUILT_IN: InForce(BUILT_IN, Parameters())}
        # The version whose rewards the catalogue was seen to have; never one that this very transaction brought, for it may be rolled back.
        self._brought = ""

    def publish(self, actor: Actor, version: str, parameters: Parameters, effective_from: datetime) -> None:
        """Adds a version; when it takes effect its rewards become the catalogue's, and accounts are settled where time does otherwise.

        Raises:
            Refusal: NOT_PERMITTED, DUPLICATE_ID.
        """
        require(actor, Operation.PUBLISH_RULES)
        self._base.database.write(lambda tx: self.publish_in(tx, actor, InForce(version, parameters), effective_from))

    def publish_in(self, tx: Tx, actor: Actor, rules: InForce, effective_from: datetime) -> None:
        """Does as ``publish`` does, as a part of a transaction whose caller has seen that the actor may.

        Raises:
            Refusal: DUPLICATE_ID.
        """
        version, parameters = rules.version, rules.parameters
        if version == BUILT_IN or find_rule_set(tx, version) is not None:
            raise refuse(Reason.DUPLICATE_ID)
        before = self.times(tx)
        add_rule_set(tx, RuleSetVersion(version, effective_from, as_document(parameters), actor.label, tx.now))
        self._make_due(tx, effective_from, before)
        self._base.audit.record(tx, Deed(actor, "rules.published", "rule_set_version", version))
        if version_in_force(tx, tx.now) == version:
            self.bring_rewards(tx, rules)

    def _make_due(self, tx: Tx, effective_from: datetime, before: RuleTimes) -> None:
        """Lets accounts be settled where time begins to do otherwise: when the version takes effect, and when the next one does."""
        times = self.times(tx)
        if passes_otherwise(before.at(effective_from).parameters, times.at(effective_from).parameters):
            make_due(tx, effective_from)
            following = times.next_turn(effective_from)
            if following is not None:
                make_due(tx, following)

    def begin(self, actor: Actor) -> bool:
        """Publishes the house's own programme, from the beginning on, where none was ever published; returns whether it did.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.PUBLISH_RULES)
        house = InForce(HOUSE, load_rule_set(HOUSE))

        def transaction(tx: Tx) -> bool:
            if all_rule_sets(tx):
                return False
            self.publish_in(tx, actor, house, _BEGINNING)
            return True

        return self._base.database.write(transaction)

    def in_force(self, moment: datetime) -> Parameters:
        """Returns the rules of a moment."""
        return self._base.database.read(lambda tx: self.at(tx, moment)).parameters

    def at(self, tx: Tx, moment: datetime) -> InForce:
        """Returns the version of a moment."""
        return self.version(tx, version_in_force(tx, moment) or BUILT_IN)

    def known(self, version: str) -> InForce | None:
        """Returns a version that was read before; the empty name is what holds where none was published. Looks at no row."""
        return self._read.get(version or BUILT_IN)

    def version(self, tx: Tx, version: str) -> InForce:
        """Returns a version by its name; an unknown one is a fault of the program."""
        known = self._read.get(version)
        if known is None:
            row = find_rule_set(tx, version)
            if row is None:
                raise LookupError(f"no rules {version}")
            known = self._read[version] = InForce(version, parse(row.document))
        return known

    def bring_rewards(self, tx: Tx, rules: InForce) -> None:
        """Gives the catalogue the rewards of the rules in force, once; for transactions that write."""
        if rules.version == self._brought:
            return
        what = (rules.version, rules.parameters.rewards, self._first_day(tx, rules.version))
        if are_brought(tx, *what):
            self._brought = rules.version
        else:
            bring(tx, *what)

    def keep_up(self) -> None:
        """Does as ``bring_rewards`` does before somebody only looks; writes where other rules took effect since."""
        rules = self._base.database.read(lambda tx: self.at(tx, tx.now))
        if rules.version != self._brought:
            self._base.database.write(lambda tx: self.bring_rewards(tx, self.at(tx, tx.now)))

    def times(self, tx: Tx) -> RuleTimes:
        """Returns which version holds when, as the transaction sees it; cheaper than ``at`` for whoever asks of many moments."""
        return RuleTimes(beginnings(tx), lambda version: self.version(tx, version or BUILT_IN))

    def _first_day(self, tx: Tx, version: str) -> date:
        row = find_rule_set(tx, version)
        return business_day(row.effective_from if row else _BEGINNING)
