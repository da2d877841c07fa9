"""Hands mails to an SMTP relay. Knows no wording and no outbox.

The Message-ID is made from the event's key, so a mail that is handed over twice (the answer to the first try was lost) has the same
one; RFC 5322 3.6.4 lets receivers treat them as one. The header X-Dedupe-Key states it for relays that look at it.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from typing import TYPE_CHECKING

import aiosmtplib

from server_stub.messages.message import GatewayRefused, GatewayUnavailable, Rendered

if TYPE_CHECKING:
    from server_stub.config import MailSettings

_PERMANENT = range(500, 600)


class SmtpGateway:
    """One connection per mail: mails are rare, and a connection that died in between cannot lose one.

    Thread:
        loop.
    """

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._password = settings.password_file.read_text(encoding="utf-8").strip() if settings.password_file else None

    async def hand_over(self, message: Rendered) -> str:
        """Returns the Message-ID once the relay has taken the mail (250 after DATA).

        Raises:
            GatewayUnavailable: no connection, time-out, a reply of class 4, or a relay that broke off.
            GatewayRefused: a reply of class 5, or an address that is none.
        """
        mail = self._mail(message)
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                await aiosmtplib.send(
                    mail,
                    hostname=self._settings.host,
                    port=self._settings.port,
                    start_tls=self._settings.start_tls,
                    tls_context=ssl.create_default_context() if self._settings.start_tls else None,
                    username=self._settings.username or None,
                    password=self._password,
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0].code if error.recipients else 550) from None
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error.code) from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise GatewayUnavailable(f"MAIL_{type(error).__name__}") from None
        return str(mail["Message-ID"])

    def _mail(self, message: Rendered) -> EmailMessage:
        name, sender = parseaddr(self._settings.sender)
        mail = EmailMessage(policy=SMTP)
        try:
            mail["From"] = Address(name, addr_spec=sender)
            mail["To"] = Address(addr_spec=message.recipient)
        except (ValueError, IndexError, TypeError, HeaderParseError):
            # Errors of the parser quote the address; which one an empty address raises depends on Python's version.
            raise GatewayRefused("MAIL_ADDRESS") from None
        mail["Subject"] = message.subject
        mail["Date"] = formatdate(usegmt=True)
        mail["Message-ID"] = f"<{hashlib.sha256(message.dedupe_key.encode()).hexdigest()[:32]}@{sender.partition('@')[2]}>"
        mail["X-Dedupe-Key"] = message.dedupe_key
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        mail.add_alternative(message.html, subtype="html")
        return mail


def _refusal(code: int) -> GatewayRefused | GatewayUnavailable:
    return GatewayRefused(f"MAIL_{code}") if code in _PERMANENT else GatewayUnavailable(f"MAIL_{code}")
