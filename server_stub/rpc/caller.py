"""Who is calling, for the length of one call. Knows no registry and no permission."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server_stub.domain.actors import DeviceActor


class CurrentCaller:
    """Carries the caller from the gate to the servicer; each call runs in a task of its own, so calls cannot mix.

    Thread:
        loop.
    """

    def __init__(self) -> None:
        self._device: ContextVar[DeviceActor] = ContextVar("device")

    def set(self, device: DeviceActor) -> None:
        """Notes the caller of this call."""
        self._device.set(device)

    @property
    def device(self) -> DeviceActor:
        """Returns the calling device.

        Raises:
            LookupError: the call did not pass the gate; a fault of the program.
        """
        return self._device.get()
