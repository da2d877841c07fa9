"""The text of members' dynamic codes, in the contract's form HM1. Knows no member, no time and no database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from proto.member.member_codes import CodeBody, MemberCodeMalformed, encode, read
from server_stub.domain.member_code import MemberCode
from server_stub.domain.reasons import Reason


class CodeKey(Protocol):
    """The centre's signing key for codes."""

    key_id: int
    public_keys: dict[int, bytes]

    def sign(self, message: bytes) -> bytes:
        """Returns the Ed25519 signature, 64 bytes."""
        ...


class SignedForm:
    """See server_stub.domain.member_code.MemberCodeForm.

    Thread:
        any.
    """

    def __init__(self, key: CodeKey) -> None:
        self._key = key

    def write(self, code: MemberCode) -> str:
        """Returns the text, signed with the active key."""
        issued, expires = int(code.issued_at.timestamp()), int(code.expires_at.timestamp())
        return encode(CodeBody(self._key.key_id, code.alias, issued, expires, code.nonce), self._key.sign)

    def read(self, text: str) -> MemberCode | Reason:
        """Returns the code, or why it is none."""
        try:
            code = read(text)
        except MemberCodeMalformed:
            return Reason.MEMBER_CODE_FORM
        public_key = self._key.public_keys.get(code.body.key_id)
        if public_key is None:
            return Reason.MEMBER_CODE_KEY
        if not code.is_signed_by(public_key):
            return Reason.MEMBER_CODE_SIGNATURE
        body = code.body
        return MemberCode(body.alias, datetime.fromtimestamp(body.issued_at, UTC), datetime.fromtimestamp(body.expires_at, UTC), body.nonce)

    def public_keys(self) -> dict[int, bytes]:
        """Returns the public keys of all generations."""
        return dict(self._key.public_keys)
