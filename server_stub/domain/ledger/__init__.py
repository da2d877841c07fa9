"""Arithmetic of one member's points, pure: no input or output, no clock. Source: docs/decisions/0020-ledger.md."""
