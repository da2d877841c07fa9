"""What every servicer stands on: the caller of the call and the threads for blocking services. Knows no service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server_stub.rpc.blocking import Blocking
    from server_stub.rpc.caller import CurrentCaller


@dataclass(frozen=True, slots=True)
class Ground:
    """Given to every servicer by the composition root."""

    caller: CurrentCaller
    blocking: Blocking
