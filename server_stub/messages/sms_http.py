"""Hands short messages to a gateway over HTTP with JSON. Knows no wording and no outbox.

`POST <url>` with `{"to", "text", "sender", "dedupe_key"}`; 200 or 201 with `{"reference"}` means taken; class 4 means never (but 408
and 429), everything else means try again.
"""

from __future__ import annotations

import asyncio
import http.client
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from server_stub.messages.message import GatewayRefused, GatewayUnavailable, Rendered

if TYPE_CHECKING:
    from server_stub.config import SmsSettings

_TAKEN = {200, 201, 202}
_LATER = {408, 425, 429}
_MOST_ANSWER_BYTES = 4096


class HttpSmsGateway:
    """One request per message.

    Thread:
        loop; the request itself runs on a thread of the loop's executor.
    """

    def __init__(self, settings: SmsSettings) -> None:
        parts = urlsplit(settings.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("sms.url must be http or https")
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._path = parts.path or "/"
        self._sender, self._timeout_s = settings.sender, settings.timeout_s
        self._headers = {"Content-Type": "application/json"}
        if settings.password_file:
            self._headers["Authorization"] = "Bearer " + settings.password_file.read_text(encoding="utf-8").strip()

    async def hand_over(self, message: Rendered) -> str:
        """Returns the gateway's reference once it has taken the message.

        Raises:
            GatewayUnavailable: no connection, time-out, busy, or an answer that cannot be read.
            GatewayRefused: the gateway will not take it.
        """
        body = {"to": message.recipient, "text": message.text, "sender": self._sender, "dedupe_key": message.dedupe_key}
        try:
            status, answer = await asyncio.to_thread(self._post, json.dumps(body).encode())
        except (OSError, http.client.HTTPException) as error:
            raise GatewayUnavailable(f"SMS_{type(error).__name__}") from None
        if status not in _TAKEN:
            permanent = 400 <= status < 500 and status not in _LATER
            raise GatewayRefused(f"SMS_{status}") if permanent else GatewayUnavailable(f"SMS_{status}")
        try:
            return str(json.loads(answer)["reference"])[:64]
        except (ValueError, KeyError, TypeError):
            raise GatewayUnavailable("SMS_ANSWER") from None

    def _post(self, body: bytes) -> tuple[int, bytes]:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=self._timeout_s)
        try:
            connection.request("POST", self._path, body, self._headers)
            response = connection.getresponse()
            return response.status, response.read(_MOST_ANSWER_BYTES)
        finally:
            connection.close()
