"""What every service stands on, given once by the composition root. Knows no use case."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from server_stub.domain.clock import Clock
from server_stub.domain.key_protocols import TokenKey, WrappingKey
from server_stub.domain.numbering import RandomBelow
from server_stub.domain.uuid7 import IdSource
from server_stub.services.audit import AuditTrail
from server_stub.services.requests import RequestLog
from server_stub.services.tokens import Handles, LookupTokens
from server_stub.storage.database import Database
from server_stub.storage.people import People
from server_stub.storage.sealed import Sealer


@dataclass(frozen=True, slots=True)
class Foundation:
    """The collaborators that services share.

    Attributes:
        random_below: Unforeseeable numbers, for codes and membership numbers.
    """

    database: Database
    clock: Clock
    ids: IdSource
    sealer: Sealer
    people: People
    tokens: LookupTokens
    handles: Handles
    audit: AuditTrail
    requests: RequestLog
    random_below: RandomBelow = field(default=secrets.randbelow)


def lay_foundation(database: Database, clock: Clock, ids: IdSource, token_key: TokenKey, wrapping_key: WrappingKey) -> Foundation:
    """Returns the shared collaborators for one database and one set of keys."""
    sealer = Sealer(wrapping_key)
    return Foundation(
        database=database,
        clock=clock,
        ids=ids,
        sealer=sealer,
        people=People(sealer),
        tokens=LookupTokens(token_key),
        handles=Handles(token_key),
        audit=AuditTrail(ids, token_key),
        requests=RequestLog(database, token_key),
    )
