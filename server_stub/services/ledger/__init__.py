"""Use cases of the ledger, one transaction each: sales, returns, redemptions, adjustments, merging, and what keeps accounts true."""
