"""Certificates of the development authority: its own, the server's and the devices'. Knows no registry and no transport.

A certificate names its owner, but what a device may do hangs on the digest of its certificate in the registry, never on the name.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Sequence

AUTHORITY_DAYS = 3650
LEAF_DAYS = 397
# Clocks of kiosks may be wrong by some minutes.
CLOCK_ERROR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, repr=False)
class Credential:
    """A certificate and its private key, both PEM; the key is PKCS #8, unencrypted."""

    certificate: bytes
    private_key: bytes

    @property
    def sha256(self) -> bytes:
        """Digest of the certificate's DER form, 32 bytes: what the registry knows."""
        return certificate_digest(self.certificate)


def certificate_digest(pem: bytes) -> bytes:
    """Returns the SHA-256 of the DER form of the first certificate in a PEM text.

    Raises:
        ValueError: no certificate.
    """
    return hashlib.sha256(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)).digest()


def new_authority(name: str, now: datetime | None = None) -> Credential:
    """Returns a self-signed authority (P-256) that may sign leaves only."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name)
    builder = (
        _builder(subject, subject, key.public_key(), now or datetime.now(UTC), AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
    )
    return _credential(builder.sign(key, SHA256()), key)


def new_server(authority: Credential, names: Sequence[str], now: datetime | None = None) -> Credential:
    """Returns a server's credential for host names and IP addresses; the first is also its common name."""
    alternatives = x509.SubjectAlternativeName([_alternative(name) for name in names])
    return _leaf(authority, names[0], alternatives, ExtendedKeyUsageOID.SERVER_AUTH, now)


def new_device(authority: Credential, device_id: str, now: datetime | None = None, days: int = LEAF_DAYS) -> Credential:
    """Returns a device's credential, valid for `days` from `now`."""
    alternatives = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(f"urn:neighbour-market:device:{device_id}")])
    return _leaf(authority, device_id, alternatives, ExtendedKeyUsageOID.CLIENT_AUTH, now, days)


def _leaf(
    authority: Credential,
    name: str,
    alternatives: x509.SubjectAlternativeName,
    usage: x509.ObjectIdentifier,
    now: datetime | None,
    days: int = LEAF_DAYS,
) -> Credential:
    issuer = x509.load_pem_x509_certificate(authority.certificate)
    issuer_key = load_pem_private_key(authority.private_key, None)
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        raise TypeError("the authority's key is not of P-256")
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _builder(_name(name), issuer.subject, key.public_key(), now or datetime.now(UTC), days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        .add_extension(alternatives, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    return _credential(builder.sign(issuer_key, SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_ERROR)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _credential(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Credential:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Credential(certificate.public_bytes(Encoding.PEM), private)


def _name(common_name: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Neighbour Market")
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
