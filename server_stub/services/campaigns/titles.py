"""What campaigns are called, also those that are over. Reads only."""

from __future__ import annotations

from collections.abc import Iterable

from server_stub.domain.campaigns.campaign_file import read_campaign
from server_stub.domain.language import Language
from server_stub.storage.campaigns import newest_version
from server_stub.storage.database import Tx


def titles_of(tx: Tx, campaign_ids: Iterable[str], language: Language) -> dict[str, str]:
    """Returns the title of each campaign in its newest version; none of one that is not known."""
    rows = {campaign_id: newest_version(tx, campaign_id) for campaign_id in sorted(campaign_ids)}
    return {campaign_id: read_campaign(row.document).words[language].title for campaign_id, row in rows.items() if row is not None}
