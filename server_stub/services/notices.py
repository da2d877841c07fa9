"""Shows the notice in force. Knows no wording; the files of the domain hold it."""

from __future__ import annotations

from server_stub.domain.actors import Actor
from server_stub.domain.birthday import AgeBand
from server_stub.domain.language import Language
from server_stub.domain.notices import Notice, NoticeCatalogue
from server_stub.domain.permissions import Operation, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse


class ConsentNotices:
    """The notices."""

    def __init__(self, catalogue: NoticeCatalogue) -> None:
        self._catalogue = catalogue

    def get(self, actor: Actor, language: Language | None, band: AgeBand | None) -> Notice:
        """Returns the notice in force.

        Raises:
            Refusal: REQUEST_MALFORMED without a language; AGE_BAND without a band.
        """
        require(actor, Operation.READ_NOTICE)
        if language is None:
            raise refuse(Reason.REQUEST_MALFORMED)
        if band is None:
            raise refuse(Reason.AGE_BAND)
        return self._catalogue.get(language, band)
