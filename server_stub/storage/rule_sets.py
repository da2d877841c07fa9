"""Statements on the published versions of the programme's rules. Knows no rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, every, first
from server_stub.storage.tables.ledger import rule_set_version


@dataclass(frozen=True, slots=True)
class RuleSetVersion:
    """A version of the rules, in force from a moment until a later one is."""

    version: str
    effective_from: datetime
    document: dict[str, Any]
    published_by: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Beginning:
    """When a version takes effect."""

    version: str
    effective_from: datetime


def add_rule_set(tx: Tx, row: RuleSetVersion) -> None:
    """Publishes a version."""
    add(tx, rule_set_version, row)


def find_rule_set(tx: Tx, version: str) -> RuleSetVersion | None:
    """Returns a version."""
    return first(tx, select(rule_set_version).where(rule_set_version.c.version == version), RuleSetVersion)


def version_in_force(tx: Tx, moment: datetime) -> str | None:
    """Returns the version of a moment; of those that begin together the one published last."""
    query = select(rule_set_version.c.version).where(rule_set_version.c.effective_from <= moment)
    newest = query.order_by(
        rule_set_version.c.effective_from.desc(), rule_set_version.c.published_at.desc(), rule_set_version.c.version.desc()
    )
    return tx.connection.execute(newest.limit(1)).scalar_one_or_none()


def beginnings(tx: Tx) -> tuple[Beginning, ...]:
    """Returns when each version takes effect, in the order in which one takes the place of another."""
    c = rule_set_version.c
    return every(tx, select(c.version, c.effective_from).order_by(c.effective_from, c.published_at, c.version), Beginning)


def all_rule_sets(tx: Tx) -> tuple[RuleSetVersion, ...]:
    """Returns every version, the one that begins first at the top."""
    query = select(rule_set_version)
    return every(tx, query.order_by(rule_set_version.c.effective_from, rule_set_version.c.published_at), RuleSetVersion)
