"""The composition root: the only place that puts settings, keys, database, services and transport together, and runs them.

Must not decide anything about members, cards or messages.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from server_stub.domain.actors import SystemActor
from server_stub.domain.clock import SystemClock
from server_stub.domain.envelope import Envelope
from server_stub.domain.uuid7 import Uuid7Source
from server_stub.jobs.benefit_notices import BenefitNotices
from server_stub.jobs.birthday_gifts import BirthdayGifts
from server_stub.jobs.campaign_reminders import CampaignRemindersJob
from server_stub.jobs.ending_points import PointsEnding
from server_stub.jobs.guardian_links import GuardianLinks
from server_stub.jobs.hourly import HOUR_S, alone, run_hourly
from server_stub.jobs.housekeeping import Housekeeping
from server_stub.jobs.leaving import leave_within
from server_stub.jobs.ledger_proof import DAY_S, LedgerProof
from server_stub.jobs.overdue_allowances import OverdueAllowances
from server_stub.jobs.referral_rewards import ReferralRewards
from server_stub.jobs.unclaimed_rewards import UnclaimedRewards
from server_stub.jobs.uncollected_cards import UncollectedCards
from server_stub.keys.authority import Authority
from server_stub.keys.cards import CardKeystore, CardSigner
from server_stub.keys.durable import PUBLIC_FILE, make_private_folder, write_durably
from server_stub.keys.folder import KeyFolder, KeyKind
from server_stub.keys.signing import SigningKey
from server_stub.keys.symmetric import AesWrappingKey, HmacTokenKey, database_key
from server_stub.messages.delivery import Delivery
from server_stub.messages.mail import SmtpGateway
from server_stub.messages.message import Way
from server_stub.messages.sms_http import HttpSmsGateway
from server_stub.messages.wording import Wording
from server_stub.paper.member_code import SignedForm
from server_stub.paper.receipt import PaperSigner
from server_stub.rpc.blocking import Blocking
from server_stub.rpc.caller import CurrentCaller
from server_stub.rpc.device import RegistryAtTheGate
from server_stub.rpc.gate import Gate
from server_stub.rpc.register import Served, add_servicers
from server_stub.rpc.servicer import Ground
from server_stub.rpc.spending import UNDER_WAY, SpendingDesk
from server_stub.rpc.transport import Transport
from server_stub.rpc.viewing import UNDER_WAY as VIEWS_UNDER_WAY
from server_stub.rpc.viewing import ViewingDesk
from server_stub.services.audit_chain.head_file import HeadFile
from server_stub.services.audit_chain.sealer import AuditSealer
from server_stub.services.audit_chain.verify import AuditVerifier
from server_stub.services.build import Chosen, CoreServices, Signers, build_core
from server_stub.services.cards.build import build_cards
from server_stub.services.cards.proof import CardProof
from server_stub.services.cards.service import CardService
from server_stub.services.device_registry import DeviceRegistry
from server_stub.services.foundation import Foundation, lay_foundation
from server_stub.services.leases import Lease
from server_stub.services.ledger.allowances import Allowances
from server_stub.services.ledger.ending_points import EndingPoints
from server_stub.services.receipts import SignedReceipt
from server_stub.services.staff_accounts import StaffAccounts
from server_stub.services.staff_calls import StaffCalls
from server_stub.services.telling import Telling
from server_stub.storage.database import Database
from server_stub.storage.postgres import PostgresDatabase
from server_stub.storage.spending.postgres import PostgresSpending
from server_stub.storage.spending.sqlite import SqliteSpending
from server_stub.storage.sqlite import SqliteDatabase
from server_stub.storage.viewing.postgres import PostgresViews

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from server_stub.config import ServiceSettings
    from server_stub.messages.message import Gateway
    from server_stub.storage.spending.api import SpendStore
    from server_stub.storage.viewing.api import ViewStore

log = logging.getLogger(__name__)

DEVELOPMENT_NOTICE = "开发环境 Development"
# So long after a process died another one goes on sealing, and so long a job of the hour may take before another one joins in.
SEALER_LEASE = timedelta(seconds=10)
HOURLY_LEASE = timedelta(minutes=10)
# One more than the longest job, which reads the whole ledger, so that the others do not wait for it.
JOBS_AT_ONCE = 2
SWITCH_S = 0.0005
_BEGINNER = SystemActor("beginner")


@dataclass(frozen=True, slots=True)
class Composition:
    """Everything that the command line and the transport use, put together once."""

    settings: ServiceSettings
    keys: KeyFolder
    authority: Authority
    database: Database
    foundation: Foundation
    ids: Uuid7Source
    core: CoreServices
    cards: CardService
    staff: StaffAccounts
    calls: StaffCalls
    devices: DeviceRegistry
    sealer: AuditSealer
    verifier: AuditVerifier
    card_proof: CardProof
    allowances: Allowances

    def new_envelope(self) -> Envelope:
        """Returns the envelope of a mutation that begins on this machine."""
        return Envelope(str(self.ids.uuid()), 0, self.foundation.clock.now())

    def begin_programme(self) -> bool:
        """Puts the house's own rules in force where none were ever published; returns whether it did."""
        return self.core.ledger.programme.begin(_BEGINNER)

    def lease(self, job: str, length: timedelta) -> Lease:
        """Returns this process's claim to a job that one process at a time is enough for."""
        return Lease(self.database, self.ids, job, length)

    def close(self) -> None:
        """Closes the database."""
        self.database.close()


def open_database(settings: ServiceSettings, keys: KeyFolder) -> Database:
    """Returns the database, opened lazily; the folder of a file is made where it is missing."""
    if settings.is_on_server:
        return PostgresDatabase(settings.database, SystemClock())
    make_private_folder(settings.database_path.parent)
    return SqliteDatabase(settings.database_path, SystemClock(), database_key(keys))


def open_as_owner(settings: ServiceSettings, keys: KeyFolder) -> Database:
    """Returns the database as the role that may change its tables; with one file there is no other."""
    return (
        PostgresDatabase(settings.database_owner or settings.database, SystemClock())
        if settings.is_on_server
        else open_database(settings, keys)
    )


def compose(settings: ServiceSettings) -> Composition:
    """Returns the parts, put together.

    Raises:
        KeysRefused: keys or certificates are missing, damaged, or of another profile.
    """
    keys = KeyFolder.open(settings.keys_folder, settings.profile)
    token_key, wrapping_key = HmacTokenKey(keys), AesWrappingKey(keys)
    clock = SystemClock()
    database = open_database(settings, keys)
    ids = Uuid7Source(clock)
    foundation = lay_foundation(database, clock, ids, token_key, wrapping_key)
    heads = HeadFile(settings.audit_head_path, SigningKey(keys, KeyKind.AUDIT))
    receipts, codes = SigningKey(keys, KeyKind.RECEIPT), SigningKey(keys, KeyKind.MEMBER_CODE)
    signers = Signers(PaperSigner(receipts, SignedReceipt), SignedForm(codes))
    core = build_core(foundation, signers, chosen=Chosen(settings.rewards, settings.cards))
    card_signer = CardSigner(keys)
    return Composition(
        settings=settings,
        keys=keys,
        authority=Authority.open(settings.keys_folder),
        database=database,
        foundation=foundation,
        ids=ids,
        core=core,
        cards=build_cards(foundation, core, (CardKeystore(keys), card_signer)),
        staff=StaffAccounts(foundation, wrapping_key, is_development=settings.is_development),
        calls=StaffCalls(foundation),
        devices=DeviceRegistry(foundation),
        sealer=AuditSealer(database, token_key, heads, settings.seal),
        verifier=AuditVerifier(database, token_key, heads),
        allowances=Allowances(core.ledger.booking, receipts, settings.allowance),
        card_proof=CardProof(foundation, core.ledger.programme, card_signer.public_keys),
    )


def serve(parts: Composition) -> None:
    """Runs the service until SIGTERM or SIGINT, then drains and returns; after ``limits.drain_s`` it is left in any case."""
    # A request passes from thread to thread; beside the sealer it waits for its turn each time, 5 ms by Python's own measure.
    sys.setswitchinterval(SWITCH_S)
    try:
        import uvloop  # noqa: PLC0415 - optional, and only for this command
    except ImportError:
        asyncio.run(_serve(parts))
    else:
        uvloop.run(_serve(parts))


async def _serve(parts: Composition) -> None:
    if parts.begin_programme():
        log.info("no rules were published yet: the house's own are in force")
    blocking, caller = Blocking(parts.settings.limits.workers), CurrentCaller()
    gate = Gate(RegistryAtTheGate(parts.devices, blocking), caller, parts.settings.limits.deadline_s)
    transport = Transport(parts.settings.limits, gate)
    notice = DEVELOPMENT_NOTICE if parts.settings.is_development else ""
    writer, jobs_beside = Blocking(1), Blocking(JOBS_AT_ONCE)
    spending = SpendingDesk(parts.core.rewards.spending, _spend_store(parts, writer), blocking)
    viewing = ViewingDesk(parts.core.members, _view_store(parts), blocking, parts.foundation.clock)
    served = Served(parts.core, parts.cards, parts.devices, parts.calls, spending, viewing, notice)
    add_servicers(transport.server, Ground(caller, blocking), served)
    stop = _stop_signal()
    # Before anybody is served; what is written here is no request's.
    parts.core.rewards.spending.learn()
    port = await transport.start(parts.settings.listen, parts.authority)
    beside = [(HOUR_S, _hourly(parts)), (DAY_S, _daily(parts))]
    jobs = [
        _started(parts.sealer.run(parts.lease("audit.seal", SEALER_LEASE))),
        _started(_delivery(parts).run()),
        *(
            _started(run_hourly(name, alone(parts.lease(name, HOURLY_LEASE), job), jobs_beside.run, every_s))
            for every_s, named in beside
            for name, job in named.items()
        ),
    ]
    # What the program itself is made of never becomes garbage: to look through all of it again took 90 ms, in which nobody was served.
    gc.collect()
    gc.freeze()
    if parts.settings.listen.port_file:
        write_durably(parts.settings.listen.port_file, str(port).encode(), PUBLIC_FILE)
    log.info("serving on %s port %d, profile %s", parts.settings.listen.host, port, parts.settings.profile.value)
    await stop.wait()
    log.info("draining")
    leave_within(parts.settings.limits.drain_s)
    await transport.drain()
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
    await spending.close()
    await viewing.close()
    for threads in (blocking, writer, jobs_beside):
        threads.close()
    log.info("stopped")


def _hourly(parts: Composition) -> dict[str, Callable[[], object]]:
    """Returns what is done every hour, each by one process at a time."""
    core, foundation = parts.core, parts.foundation
    return {
        "housekeeping": Housekeeping(foundation, core.ledger.accounts).run,
        "unclaimed rewards": UnclaimedRewards(core.rewards.handing_over).run,
        "uncollected cards": UncollectedCards(foundation, core.notifications, parts.settings.uncollected).run,
        "guardian links": GuardianLinks(foundation, Telling(foundation, core.notifications)).run,
        "birthday gifts": BirthdayGifts(core.birthdays).run,
        "referral rewards": ReferralRewards(core.referrals).run,
        "benefit notices": BenefitNotices(core.benefit_changes).run,
        "overdue allowances": OverdueAllowances(parts.allowances).run,
        "campaign reminders": CampaignRemindersJob(core.campaigns.reminders).run,
        "ledger proof of the hour": _proof(parts).run_moved,
    }


def _daily(parts: Composition) -> dict[str, Callable[[], object]]:
    """Returns what is done once a day, each by one process at a time."""
    ending = EndingPoints(parts.core.ledger.booking, parts.core.notifications, parts.settings.points)
    return {
        "ledger proof": _proof(parts).run,
        "points ending": PointsEnding(ending).run,
    }


def _proof(parts: Composition) -> LedgerProof:
    return LedgerProof(parts.core.ledger.proof, parts.card_proof, parts.foundation.clock)


def _spend_store(parts: Composition, writer: Blocking) -> SpendStore:
    if parts.settings.is_on_server:
        return PostgresSpending(parts.settings.database, UNDER_WAY)
    return SqliteSpending(parts.database, writer.run)


def _view_store(parts: Composition) -> ViewStore | None:
    return PostgresViews(parts.settings.database, VIEWS_UNDER_WAY) if parts.settings.is_on_server else None


def _delivery(parts: Composition) -> Delivery:
    settings = parts.settings
    gateways: dict[Way, Gateway] = {Way.SMS: HttpSmsGateway(settings.sms), Way.MAIL: SmtpGateway(settings.mail)}
    return Delivery(parts.core.delivery_queue, gateways, Wording(), settings.outbox)


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def _started(job: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    return asyncio.get_running_loop().create_task(job)
