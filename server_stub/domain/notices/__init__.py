"""Notices: what applicants are told before the first field, by version and language. Knows no consent record."""

from server_stub.domain.notices.catalogue import Notice, NoticeCatalogue, NoticeLine, NoticePurpose, load_notices

__all__ = ["Notice", "NoticeCatalogue", "NoticeLine", "NoticePurpose", "load_notices"]
