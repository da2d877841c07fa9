"""What staff do with campaigns: load a file of them, list them, stop one and let it go on. Knows no member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server_stub.domain.actors import Actor
from server_stub.domain.campaigns.board_order import Crowd, crowds
from server_stub.domain.campaigns.campaign import Campaign, CampaignState, Quota, state_of
from server_stub.domain.campaigns.campaign_file import BadCampaigns, CampaignFlaw, read_campaign
from server_stub.domain.campaigns.pictures import PICTURES
from server_stub.domain.documents import Flawed
from server_stub.domain.language import Language
from server_stub.domain.permissions import Operation, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.audit import Deed
from server_stub.services.ledger.booking import Booking
from server_stub.services.review.queue import require_staff
from server_stub.storage.campaigns import (
    ALL_STORES,
    SwitchRow,
    VersionRow,
    add_switch,
    add_version,
    count_claims,
    newest_switch,
    newest_version,
    newest_versions,
    places_of,
    set_places,
    stopped_campaigns,
)
from server_stub.storage.database import Tx
from server_stub.storage.devices import store_by_id

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class LoadedCampaigns:
    """What a file changed, or would change: ids.

    Attributes:
        crowded: Where there will be more at once than kiosks show, with what was loaded before.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    crowded: tuple[Crowd, ...]


@dataclass(frozen=True, slots=True)
class ListedCampaign:
    """A campaign as staff see it.

    Attributes:
        stores: Empty: all.
        claims: How often members took part.
        places: Of all stores together; None where they are not counted.
        stopped_because: Empty where it is not stopped.
    """

    campaign_id: str
    version: int
    state: CampaignState
    title: str
    starts: datetime
    ends: datetime
    stores: tuple[str, ...]
    claims: int
    places: int | None
    stopped_because: str


@dataclass(frozen=True, slots=True)
class ShownCampaign:
    """A campaign whole, with its document as it was loaded and places by store."""

    listed: ListedCampaign
    loaded_by: str
    loaded_at: datetime
    switched_by: str
    switched_at: datetime | None
    taken: dict[str, str]
    document: dict[str, Any]


class CampaignDesk:
    """The use cases of staff. Every method raises ``Refusal`` with NOT_PERMITTED, and its own."""

    def __init__(self, booking: Booking) -> None:
        self._booking = booking
        self._base = booking.base

    def load(self, actor: Actor, documents: Sequence[dict[str, Any]], *, is_rehearsal: bool = False) -> LoadedCampaigns:
        """Makes another version of each campaign that is new or said otherwise; those that are not named stay as they are.

        One that is stopped stays stopped: only ``resume`` lets it go on.

        Args:
            actor: A manager.
            documents: From ``campaign_file``.
            is_rehearsal: Check and tell only; nothing is stored.

        Raises:
            BadCampaigns: An unknown store, tier or picture.
        """
        require(actor, Operation.LOAD_CAMPAIGNS)
        if is_rehearsal:
            return self._base.database.read(lambda tx: self._plan(tx, documents))
        person = require_staff(actor, Operation.LOAD_CAMPAIGNS)

        def work(tx: Tx) -> LoadedCampaigns:
            loaded = self._plan(tx, documents)
            for document in documents:
                if document["id"] not in loaded.unchanged:
                    self._add(tx, actor, person.name, document)
            counts = {"added": len(loaded.added), "changed": len(loaded.changed)}
            self._base.audit.record(tx, Deed(actor, "campaigns.loaded", detail=counts))
            return loaded

        return self._base.database.write(work)

    def list(self, actor: Actor) -> tuple[ListedCampaign, ...]:
        """Returns the version of every campaign that holds, the one that ends last at the top."""
        require(actor, Operation.LIST_CAMPAIGNS)

        def reading(tx: Tx) -> tuple[ListedCampaign, ...]:
            found = [_listed(tx, row) for row in newest_versions(tx)]
            return tuple(sorted(found, key=lambda one: (one.ends, one.campaign_id), reverse=True))

        return self._base.database.read(reading)

    def show(self, actor: Actor, campaign_id: str) -> ShownCampaign:
        """Returns one campaign whole.

        Raises:
            Refusal: CAMPAIGN_UNKNOWN.
        """
        require(actor, Operation.LIST_CAMPAIGNS)
        return self._base.database.read(lambda tx: _shown(tx, _found(tx, campaign_id)))

    def stop(self, actor: Actor, campaign_id: str, reason: str) -> ListedCampaign:
        """Stops a campaign: from now on nobody can take part, and kiosks take it away within a minute.

        Raises:
            Refusal: CAMPAIGN_STOP_REASON without a reason, CAMPAIGN_UNKNOWN; WRONG_STATE: it is stopped.
        """
        return self._throw(actor, Operation.STOP_CAMPAIGN, campaign_id, reason, is_stopped=True)

    def resume(self, actor: Actor, campaign_id: str, reason: str) -> ListedCampaign:
        """Lets a campaign go on that was stopped; raises as ``stop`` does."""
        return self._throw(actor, Operation.RESUME_CAMPAIGN, campaign_id, reason, is_stopped=False)

    def _throw(self, actor: Actor, operation: Operation, campaign_id: str, reason: str, *, is_stopped: bool) -> ListedCampaign:
        person = require_staff(actor, operation)
        why = reason.strip()
        if not why or len(why) > LONGEST_REASON or not why.isprintable():
            raise refuse(Reason.CAMPAIGN_STOP_REASON, Finding("reason", Reason.CAMPAIGN_STOP_REASON))

        def work(tx: Tx) -> ListedCampaign:
            row = _found(tx, campaign_id)
            before = newest_switch(tx, campaign_id)
            if (before is not None and before.is_stopped) is is_stopped:
                raise refuse(Reason.WRONG_STATE)
            sequence = (before.sequence if before else 0) + 1
            add_switch(tx, SwitchRow(campaign_id, sequence, is_stopped, why, person.name, tx.now))
            action = "campaign.stopped" if is_stopped else "campaign.resumed"
            self._base.audit.record(tx, Deed(actor, action, "campaign_switch", f"{campaign_id}/{sequence}"))
            return _listed(tx, row)

        return self._base.database.write(work)

    def _plan(self, tx: Tx, documents: Sequence[dict[str, Any]]) -> LoadedCampaigns:
        tiers = {level.name for level in self._booking.programme.at(tx, tx.now).parameters.tiers}
        flaws = [
            flaw for place, document in enumerate(documents, 1) for flaw in _flaws(tx, read_campaign(document), f"campaign[{place}]", tiers)
        ]
        if flaws:
            raise BadCampaigns(tuple(flaws))
        known = {row.campaign_id: row.document for row in newest_versions(tx)}
        named = [document["id"] for document in documents]
        same = {document["id"] for document in documents if known.get(document["id"]) == document}
        return LoadedCampaigns(
            added=tuple(one for one in named if one not in known),
            changed=tuple(one for one in named if one in known and one not in same),
            unchanged=tuple(one for one in named if one in same),
            crowded=_crowded(tx, {**known, **{document["id"]: document for document in documents}}),
        )

    def _add(self, tx: Tx, actor: Actor, name: str, document: dict[str, Any]) -> None:
        campaign = read_campaign(document)
        before = newest_version(tx, campaign.campaign_id)
        version = (before.version if before else 0) + 1
        add_version(tx, VersionRow(campaign.campaign_id, version, document, name, tx.now))
        set_places(tx, campaign.campaign_id, _places(campaign.quota))
        self._base.audit.record(tx, Deed(actor, "campaign.versioned", "campaign_version", f"{campaign.campaign_id}/{version}"))


def _crowded(tx: Tx, held: Mapping[str, Mapping[str, Any]]) -> tuple[Crowd, ...]:
    stopped = stopped_campaigns(tx)
    return crowds([read_campaign(document) for campaign_id, document in held.items() if campaign_id not in stopped], tx.now)


def _places(quota: Quota) -> dict[str, int]:
    return {**quota.per_store, **({} if quota.total is None else {ALL_STORES: quota.total})}


def _flaws(tx: Tx, campaign: Campaign, where: str, tiers: set[str]) -> list[Flawed]:
    flaws = []
    # Asked at loading only: one that was loaded once goes on, whatever pictures kiosks have later.
    if campaign.picture not in PICTURES:
        flaws.append(Flawed(f"{where}.picture", CampaignFlaw.PICTURE_UNKNOWN))
    if campaign.segment.min_tier is not None and campaign.segment.min_tier not in tiers:
        flaws.append(Flawed(f"{where}.segment.min_tier", CampaignFlaw.TIER_UNKNOWN))
    for field, stores in (("stores", campaign.stores or ()), ("quota.stores", campaign.quota.per_store)):
        flaws += [Flawed(f"{where}.{field}.{one}", CampaignFlaw.STORE_UNKNOWN) for one in stores if store_by_id(tx, one) is None]
    return flaws


def _found(tx: Tx, campaign_id: str) -> VersionRow:
    row = newest_version(tx, campaign_id)
    if row is None:
        raise refuse(Reason.CAMPAIGN_UNKNOWN)
    return row


def _listed(tx: Tx, row: VersionRow) -> ListedCampaign:
    campaign, switch = read_campaign(row.document), newest_switch(tx, row.campaign_id)
    is_stopped = row.campaign_id in stopped_campaigns(tx)
    return ListedCampaign(
        campaign_id=row.campaign_id,
        version=row.version,
        state=state_of(campaign, tx.now, is_stopped=is_stopped),
        title=campaign.words[Language.ZH_HANS].title,
        starts=campaign.starts,
        ends=campaign.ends,
        stores=campaign.stores or (),
        claims=count_claims(tx).get(row.campaign_id, 0),
        places=campaign.quota.total,
        stopped_because=switch.reason if is_stopped and switch is not None else "",
    )


def _shown(tx: Tx, row: VersionRow) -> ShownCampaign:
    switch = newest_switch(tx, row.campaign_id)
    return ShownCampaign(
        listed=_listed(tx, row),
        loaded_by=row.loaded_by,
        loaded_at=row.loaded_at,
        switched_by=switch.thrown_by if switch else "",
        switched_at=switch.thrown_at if switch else None,
        taken={one.store_id or "*": f"{one.taken}/{one.places}" for one in places_of(tx, row.campaign_id)},
        document=row.document,
    )
