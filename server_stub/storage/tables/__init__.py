"""The tables, one module for each thing that is recorded. Imports of this package see all of them in the metadata."""

from server_stub.storage.tables import adjustment_requests as adjustment_requests
from server_stub.storage.tables import allowances as allowances
from server_stub.storage.tables import audit as audit
from server_stub.storage.tables import benefit_changes as benefit_changes
from server_stub.storage.tables import campaigns as campaigns
from server_stub.storage.tables import cards as cards
from server_stub.storage.tables import coupons as coupons
from server_stub.storage.tables import devices as devices
from server_stub.storage.tables import enrollment as enrollment
from server_stub.storage.tables import feedback as feedback
from server_stub.storage.tables import leases as leases
from server_stub.storage.tables import ledger as ledger
from server_stub.storage.tables import liability as liability
from server_stub.storage.tables import member_codes as member_codes
from server_stub.storage.tables import members as members
from server_stub.storage.tables import merges as merges
from server_stub.storage.tables import outbox as outbox
from server_stub.storage.tables import people as people
from server_stub.storage.tables import prices as prices
from server_stub.storage.tables import redemptions as redemptions
from server_stub.storage.tables import referrals as referrals
from server_stub.storage.tables import requests as requests
from server_stub.storage.tables import reviews as reviews
from server_stub.storage.tables import rules as rules
from server_stub.storage.tables import sales as sales
from server_stub.storage.tables import staff as staff
