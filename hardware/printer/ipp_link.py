"""Carries one IPP request and its answer over HTTP (RFC 8010 section 4). Knows no operation and no job.

Every exchange is a connection of its own: a printer may drop idle ones, and a slip needs a handful.
"""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from hardware.printer.ipp_message import Answer, IppMalformed, read_answer

MAX_ANSWER_BYTES: Final = 1 << 20
"""The longest answer that is read; a full printer description has some 20 KiB."""
_DEFAULT_PORT: Final = 631
_HTTP_OK: Final = 200


class LinkDown(Exception):
    """The printer could not be reached, or the connection broke.

    Attributes:
        request_left: False where it is certain that the printer got nothing of the request.
    """

    def __init__(self, message: str, *, request_left: bool) -> None:
        super().__init__(message)
        self.request_left = request_left


@dataclass(frozen=True, slots=True)
class IppAddress:
    """Where a printer is: taken from ``ipp://host[:port]/path`` or ``ipps://...`` (RFC 3510, RFC 7472)."""

    uri: str
    host: str
    port: int
    path: str
    is_encrypted: bool

    @classmethod
    def parse(cls, uri: str) -> IppAddress:
        """Return the parts of `uri`; ValueError where it is no address of an IPP printer."""
        parts = urlsplit(uri)
        if parts.scheme not in {"ipp", "ipps"} or not parts.hostname or parts.query or parts.username:
            raise ValueError(f"not the address of an IPP printer: {uri}")
        return cls(uri, parts.hostname, parts.port or _DEFAULT_PORT, parts.path or "/", parts.scheme == "ipps")


class IppLink:
    """Exchanges messages with one printer. Thread: the device's worker."""

    def __init__(self, address: IppAddress, tls: ssl.SSLContext | None = None) -> None:
        """Name the printer; `tls` is asked for an ``ipps`` address, the system's trust where it is None."""
        self._address = address
        self._tls = (tls or ssl.create_default_context()) if address.is_encrypted else None

    def exchange(self, message: bytes, timeout_s: float) -> Answer:
        """Send a request, with its document if it has one, and return the answer.

        Args:
            message: Request and document.
            timeout_s: Limit for each step of the exchange: connecting, a write, a read.

        Raises:
            LinkDown: No connection, or one that broke.
            IppMalformed: What came back is no IPP.
        """
        connection = self._connection(timeout_s)
        request_left = False
        try:
            connection.connect()
            request_left = True
            connection.request("POST", self._address.path, body=message, headers={"Content-Type": "application/ipp"})
            answer = connection.getresponse()
            body = answer.read(MAX_ANSWER_BYTES + 1)
        except (OSError, http.client.HTTPException) as error:
            raise LinkDown(type(error).__name__, request_left=request_left) from error
        finally:
            connection.close()
        if answer.status != _HTTP_OK or len(body) > MAX_ANSWER_BYTES:
            raise IppMalformed(f"HTTP status {answer.status}, {len(body)} bytes")
        return read_answer(body)

    def _connection(self, timeout_s: float) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._address.host, self._address.port, timeout=timeout_s)
        return http.client.HTTPSConnection(self._address.host, self._address.port, timeout=timeout_s, context=self._tls)
