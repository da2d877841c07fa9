"""Tables of stores, devices and calls for staff. Knows no certificate, only its digest."""

from sqlalchemy import CheckConstraint, ForeignKey, Index

from server_stub.storage.marks import NOT_PERSONAL, STAFF_LINK
from server_stub.storage.metadata import table
from server_stub.storage.types import BYTES, FLAG, MOMENT, TEXT, WHOLE, column

store = table(
    "store",
    column("store_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("name", TEXT, NOT_PERSONAL),
    column("region_code", TEXT, NOT_PERSONAL),
)

device = table(
    "device",
    column("device_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("kind", TEXT, NOT_PERSONAL, server_default="KIOSK"),
    column("name", TEXT, NOT_PERSONAL),
    column("store_id", TEXT, NOT_PERSONAL, ForeignKey("store.store_id")),
    column("certificate_sha256", BYTES, NOT_PERSONAL, nullable=True, unique=True),
    column("state", TEXT, NOT_PERSONAL),
    column("last_device_seq", WHOLE, NOT_PERSONAL),
    column("enrolled_at", MOMENT, NOT_PERSONAL),
    column("last_seen_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("software_version", TEXT, NOT_PERSONAL, nullable=True),
    column("card_reader_ok", FLAG, NOT_PERSONAL, nullable=True),
    column("printer_ok", FLAG, NOT_PERSONAL, nullable=True),
    CheckConstraint("kind IN ('KIOSK', 'TILL')", name="kind"),
    CheckConstraint("state IN ('ENROLLING', 'AVAILABLE', 'SUSPENDED', 'REVOKED')", name="state"),
)

staff_call = table(
    "staff_call",
    column("call_id", TEXT, NOT_PERSONAL, primary_key=True),
    column("device_id", TEXT, NOT_PERSONAL, ForeignKey("device.device_id")),
    column("screen", TEXT, NOT_PERSONAL),
    column("language", TEXT, NOT_PERSONAL),
    column("state", TEXT, NOT_PERSONAL),
    column("called_at", MOMENT, NOT_PERSONAL),
    column("answered_by", TEXT, STAFF_LINK, nullable=True),
    column("answered_at", MOMENT, NOT_PERSONAL, nullable=True),
    column("closed_at", MOMENT, NOT_PERSONAL, nullable=True),
    CheckConstraint("state IN ('WAITING', 'ANSWERED', 'CLOSED')", name="state"),
    Index("ix_staff_call_state", "state", "called_at"),
)
