"""Table of leases: which of several service processes does a job that one is enough for. Knows no job."""

from server_stub.storage.marks import NOT_PERSONAL
from server_stub.storage.metadata import table
from server_stub.storage.types import MOMENT, TEXT, column

# What is done under a lease must also be right without it: clocks differ, and a process may be frozen beyond its lease.
lease = table(
    "lease",
    column("job", TEXT, NOT_PERSONAL, primary_key=True),
    column("holder", TEXT, NOT_PERSONAL),
    column("held_until", MOMENT, NOT_PERSONAL),
)
