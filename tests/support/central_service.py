"""The central service without its wires: real services on a real database, with a clock and keys of the test's own.

Knows how a test joins, proves a phone and reads its code; knows no transport.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect
from sqlalchemy.util import LRUCache

from server_stub.domain.actors import DeviceActor, Role, StaffActor, SystemActor
from server_stub.domain.application_form import ApplicationForm, Channel, ConsentChoice
from server_stub.domain.birthday import AgeBand
from server_stub.domain.clock import Clock
from server_stub.domain.envelope import Envelope
from server_stub.domain.language import Language
from server_stub.domain.mobile import parse_mobile
from server_stub.domain.notices import load_notices
from server_stub.domain.permissions import Operation
from server_stub.domain.uuid7 import Uuid7Source
from server_stub.paper.member_code import SignedForm
from server_stub.services.build import CoreServices, Signers, build_core
from server_stub.services.enrollment.codes import CodeOrder
from server_stub.services.enrollment.submission import SubmitCommand, Submitted
from server_stub.services.foundation import Foundation, lay_foundation
from server_stub.services.receipts import ReceiptFacts, SignedReceipt
from server_stub.services.requests import Call
from server_stub.storage.codes import CodePurpose
from server_stub.storage.database import Database, Tx
from server_stub.storage.devices import DeviceRow, DeviceState, StoreRow, add_device, add_store
from server_stub.storage.metadata import metadata
from server_stub.storage.outbox import Outbox, Payload
from server_stub.storage.postgres import PostgresDatabase
from server_stub.storage.sqlite import SqliteDatabase

DEVICE = DeviceActor("K03", "lakeside")
OTHER_DEVICE = DeviceActor("K04", "lakeside")
LI = StaffActor("li", frozenset({Role.REVIEWER}))
WANG = StaffActor("wang", frozenset({Role.REVIEWER}))
ADMIN = StaffActor("admin", frozenset({Role.ADMINISTRATOR}))
MOBILE = "13800138000"
SQLITE = "sqlite:///"
# Dialect and compiled statements of each kind of database in this process; as many as all services have, not all that fuzzing makes up.
_STATEMENTS: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}
_MOST_STATEMENTS = 2_000
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class SettableClock:
    """A clock that moves when the test says so."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def advance(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


class KeysOfTheTest:
    """Token and wrapping key with real arithmetic and known material."""

    def mac(self, purpose: str, message: bytes) -> bytes:
        return hmac.digest(b"token key of the tests" + purpose.encode(), message, hashlib.sha256)

    def wrap(self, data_key: bytes, owner: str) -> bytes:
        nonce = uuid.uuid4().bytes[:12]
        return nonce + AESGCM(b"w" * 32).encrypt(nonce, data_key, owner.encode())

    def unwrap(self, wrapped: bytes, owner: str) -> bytes:
        try:
            return AESGCM(b"w" * 32).decrypt(wrapped[:12], wrapped[12:], owner.encode())
        except InvalidTag as error:
            raise ValueError("not this owner's") from error


class ChainingSigner:
    """Signs nothing but chains as the real signer does; the real one has tests of its own."""

    def sign(self, facts: ReceiptFacts, sequence: int, previous: bytes, issued_at: datetime) -> SignedReceipt:
        body = repr((facts, sequence, previous, issued_at)).encode()
        return SignedReceipt(f"{facts.device_id}-{sequence:04d}", f"HR1:{previous.hex()}", hashlib.sha256(body).digest())


class CodeKeyOfTheTest:
    """Signs members' codes with a known key."""

    def __init__(self, key_id: int = 1, seed: bytes = b"c" * 32) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.key_id = key_id
        self.public_keys = {key_id: self._key.public_key().public_bytes_raw()}

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


@dataclass
class Central:
    """One central service."""

    clock: SettableClock
    base: Foundation
    core: CoreServices

    @property
    def database(self) -> Database:
        return self.base.database

    def envelope(self, request_id: str = "", seq: int = 1) -> Envelope:
        return Envelope(request_id or self.request_id(), seq, self.clock.now())

    def request_id(self) -> str:
        return self.base.ids.new("x").removeprefix("x_")

    def count(self, table: str) -> int:
        return self.database.read(lambda tx: tx.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())

    def rows(self, table: str) -> list[dict[str, Any]]:
        """In the order of the primary key: without one, a server gives them in any order, mostly but not always that of writing."""
        found = metadata.tables[table]
        query = found.select().order_by(*found.primary_key.columns)
        return self.database.read(lambda tx: [dict(row._mapping) for row in tx.connection.execute(query)])

    def messages(self) -> list[tuple[str, Payload]]:
        """Template and content of every message that was not handed over yet, in order."""
        outbox = Outbox(self.base.sealer)
        return self.database.read(lambda tx: [(row.template, outbox.payload(row)) for row in outbox.due(tx, 1000)])

    def sent_code(self, mobile: str = MOBILE) -> str:
        e164 = parse_mobile(mobile).e164
        return [p.variables["code"] for t, p in self.messages() if t in {"one_time_code", "guardian_code"} and p.recipient == e164][-1]

    def send_code(self, mobile: str = MOBILE, purpose: CodePurpose = CodePurpose.JOIN, device: DeviceActor = DEVICE) -> str:
        order = CodeOrder(mobile, purpose, Language.ZH_HANS)
        return self.core.enrollment.send_code(device, self.envelope(), order).challenge_id

    def proof(self, mobile: str = MOBILE, purpose: CodePurpose = CodePurpose.JOIN, device: DeviceActor = DEVICE) -> str:
        self.clock.advance(seconds=61)
        challenge = self.send_code(mobile, purpose, device)
        return self.core.enrollment.verify_code(device, challenge, self.sent_code(mobile))

    def submit(
        self, form: ApplicationForm, envelope: Envelope | None = None, replaces: str = "", device: DeviceActor = DEVICE
    ) -> Submitted:
        return self.core.enrollment.submit(device, envelope or self.envelope(), SubmitCommand(form, replaces))

    def join(self, **fields: Any) -> Submitted:
        """Proves the phone and submits an adult's application with the given fields."""
        mobile = fields.get("mobile", MOBILE)
        return self.submit(adult_form(self.proof(mobile), **fields))

    def member_id(self, number: str) -> str:
        return next(row["member_id"] for row in self.rows("member") if row["number"] == number)

    def activate(self, member_id: str) -> Any:
        return self.database.write(lambda tx: self.core.activation.activate(tx, DEVICE, member_id, None))


def merging(central: Central) -> Call:
    """Returns the call of a merge that moves coupons, not one that was kept: no event names a request."""
    return Call(SystemActor("merge"), Envelope("", 1, central.clock.now()), Operation.MERGE_MEMBERS, {})


def adult_form(proof: str, **fields: Any) -> ApplicationForm:
    """A clean application of an adult in Simplified Chinese, agreeing to membership only."""
    notice = load_notices().get(Language.ZH_HANS, AgeBand.ADULT)
    form = ApplicationForm(
        schema_version=1,
        channel=Channel.KIOSK,
        name="欧阳建国",
        mobile=MOBILE,
        phone_proof=proof,
        age_band=AgeBand.ADULT,
        language=Language.ZH_HANS,
        notice_version=notice.version,
        notice_sha256=notice.text_sha256,
        consents=(ConsentChoice("membership", given=True),),
    )
    return replace(form, **fields)


def consenting(*purposes: str) -> tuple[ConsentChoice, ...]:
    return tuple(ConsentChoice(purpose, given=True) for purpose in ("membership", *purposes))


@contextmanager
def central_service(place: Path | str) -> Iterator[Central]:
    """A service with a store and two devices.

    Args:
        place: Folder for a new embedded database, or the address of a furnished one of either kind.
    """
    clock, keys = SettableClock(), KeysOfTheTest()
    database = open_database(place if isinstance(place, str) else furnished_file(place), clock)
    keep_statements(database)
    base = lay_foundation(database, clock, Uuid7Source(clock), keys, keys)
    try:
        yield Central(clock, base, build_core(base, Signers(ChainingSigner(), SignedForm(CodeKeyOfTheTest()))))
    finally:
        database.close()


def keep_statements(database: Database) -> None:
    """Lets a database find the statements that were compiled for earlier tests: compiling them anew took up to a third of a test's time."""
    for engine in (database.writer, database._readers):
        # A statement is compiled for a dialect, and kept for that very object.
        engine.dialect, statements = _STATEMENTS.setdefault(engine.name, (engine.dialect, LRUCache(_MOST_STATEMENTS)))
        engine.update_execution_options(compiled_cache=statements)


def open_database(address: str, clock: Clock) -> Database:
    """Opens the database of an address: `sqlite:///FILE` or `postgresql://...`."""
    if address.startswith(SQLITE):
        return SqliteDatabase(Path(address.removeprefix(SQLITE)), clock)
    return PostgresDatabase(address, clock)


def furnished_file(folder: Path) -> str:
    """Makes an embedded database with a store and two devices, and returns its address."""
    (folder / "central.db").write_bytes(_furnished_bytes())
    return f"{SQLITE}{folder / 'central.db'}"


@functools.cache
def _furnished_bytes() -> bytes:
    """The database file; made once, because making thirty tables takes a while."""
    with tempfile.TemporaryDirectory() as folder:
        database = SqliteDatabase(Path(folder) / "template.db", SettableClock())
        database.write(lambda tx: metadata.create_all(tx.connection))
        database.write(furnish)
        database.close()
        return (Path(folder) / "template.db").read_bytes()


def furnish(tx: Tx) -> None:
    """Adds a store and two devices."""
    add_store(tx, StoreRow("lakeside", "湖滨店", "330102"))
    for device in (DEVICE, OTHER_DEVICE):
        row = DeviceRow(
            device.device_id, device.kind, "自助服务机 03", "lakeside", None, DeviceState.AVAILABLE, 0, tx.now, None, None, None, None
        )
        add_device(tx, row)
