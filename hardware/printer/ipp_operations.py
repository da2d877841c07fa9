"""The IPP operations that printing a slip needs (RFC 8011 section 4), typed. Decides nothing about a failed slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Protocol

from hardware.printer.api import SlipJob
from hardware.printer.ipp_message import Answer, Attribute, Attributes, IppMalformed, Tag, Value, write_request

PDF: Final = "application/pdf"
_SUCCESSFUL: Final = range(0x0000, 0x0100)
_PRINTER_ASKED: Final = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "document-format-supported",
    "media-size-supported",
)
_JOB_ASKED: Final = ("job-state", "job-state-reasons")
_SEVERITIES: Final = ("-report", "-warning", "-error")


class Operation(IntEnum):
    """Operation ids (RFC 8011 section 5.4.15)."""

    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_PRINTER_ATTRIBUTES = 0x000B


class PrinterState(IntEnum):
    """Values of printer-state (RFC 8011 section 5.4.11)."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class JobState(IntEnum):
    """Values of job-state (RFC 8011 section 5.3.7)."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


class IppRefused(Exception):
    """The printer answered no.

    Attributes:
        status: Its status code (RFC 8011 appendix B).
    """

    BUSY: Final = 0x0507
    NOT_FOUND: Final = 0x0406

    def __init__(self, status: int) -> None:
        super().__init__(f"status 0x{status:04x}")
        self.status = status


@dataclass(frozen=True, slots=True)
class PrinterReport:
    """How the printer says it is.

    Attributes:
        state: One of PrinterState.
        reasons: printer-state-reasons without their severity: printers differ in when they say -report and when -error.
        is_accepting: False where it takes no jobs.
        formats: MIME types that it prints; empty where it does not say.
        media_sizes: Widths and heights that it takes, in 1/100 mm, as ranges with the end included in the printer's sense.
    """

    state: int
    reasons: frozenset[str]
    is_accepting: bool
    formats: frozenset[str]
    media_sizes: tuple[tuple[range, range], ...]


@dataclass(frozen=True, slots=True)
class JobReport:
    """How a job stands: one of JobState, and job-state-reasons."""

    state: int
    reasons: frozenset[str]


class Link(Protocol):
    """What carries a message to the printer; `ipp_link.IppLink` in the product."""

    def exchange(self, message: bytes, timeout_s: float) -> Answer:
        """Send a request and return the answer; raises LinkDown and IppMalformed."""
        ...


class IppOperations:
    """Speaks to one printer. Each call raises LinkDown, IppMalformed or IppRefused. Thread: the device's worker."""

    def __init__(self, link: Link, printer_uri: str, user: str) -> None:
        """Name the printer, and the user under whose name jobs run (never a person)."""
        self._link = link
        self._printer_uri = printer_uri
        self._user = user
        self._request_id = 0

    def printer(self, timeout_s: float) -> PrinterReport:
        """Return how the printer is."""
        asked = Attribute("requested-attributes", Tag.KEYWORD, _PRINTER_ASKED)
        found = self._ask(Operation.GET_PRINTER_ATTRIBUTES, [asked], timeout_s).group(Tag.PRINTER)
        return PrinterReport(
            state=_number(found, "printer-state"),
            reasons=frozenset(_without_severity(reason) for reason in _words(found, "printer-state-reasons")),
            is_accepting=found.get("printer-is-accepting-jobs", (True,)) != (False,),
            formats=_words(found, "document-format-supported"),
            media_sizes=_media_sizes(found),
        )

    def create_job(self, job: SlipJob, media: tuple[int, int] | None, timeout_s: float) -> int:
        """Return the number of a new job that waits for its document.

        Args:
            job: What will be printed; only its name is sent now.
            media: Width and height of the paper in 1/100 mm, or None to leave it to the printer.
            timeout_s: Limit of each step of the exchange.
        """
        name = Attribute("job-name", Tag.NAME, [job.name])
        template = [] if media is None else [_media_col(*media)]
        found = self._ask(Operation.CREATE_JOB, [name], timeout_s, template).group(Tag.JOB)
        return _number(found, "job-id")

    def send_document(self, job_id: int, document: bytes, timeout_s: float) -> None:
        """Give the job its only document, whereupon it is printed."""
        head = [
            Attribute("document-format", Tag.MIME_TYPE, [PDF]),
            Attribute("last-document", Tag.BOOLEAN, [True]),
        ]
        self._ask(Operation.SEND_DOCUMENT, [_job_id(job_id), *head], timeout_s, document=document)

    def job(self, job_id: int, timeout_s: float) -> JobReport:
        """Return how the job stands."""
        asked = Attribute("requested-attributes", Tag.KEYWORD, _JOB_ASKED)
        found = self._ask(Operation.GET_JOB_ATTRIBUTES, [_job_id(job_id), asked], timeout_s).group(Tag.JOB)
        return JobReport(_number(found, "job-state"), _words(found, "job-state-reasons"))

    def cancel_job(self, job_id: int, timeout_s: float) -> None:
        """Have the job stopped; how it ended is seen from `job`."""
        self._ask(Operation.CANCEL_JOB, [_job_id(job_id)], timeout_s)

    def _ask(
        self,
        operation: Operation,
        attributes: Sequence[Attribute],
        timeout_s: float,
        template: Sequence[Attribute] = (),
        document: bytes = b"",
    ) -> Answer:
        self._request_id += 1
        # The first two have their place by rule, and job-id comes right after the target (RFC 8011 section 4.1.4, 4.1.5).
        head = [
            Attribute("attributes-charset", Tag.CHARSET, ["utf-8"]),
            Attribute("attributes-natural-language", Tag.LANGUAGE, ["en"]),
            Attribute("printer-uri", Tag.URI, [self._printer_uri]),
        ]
        job_ids = [attribute for attribute in attributes if attribute.name == "job-id"]
        others = [attribute for attribute in attributes if attribute.name != "job-id"]
        user = Attribute("requesting-user-name", Tag.NAME, [self._user])
        groups: list[tuple[Tag, Sequence[Attribute]]] = [(Tag.OPERATION, [*head, *job_ids, user, *others])]
        if template:
            groups.append((Tag.JOB, template))
        answer = self._link.exchange(write_request(operation, self._request_id, groups) + document, timeout_s)
        if answer.status not in _SUCCESSFUL:
            raise IppRefused(answer.status)
        if answer.request_id != self._request_id:
            raise IppMalformed("an answer to another request")
        return answer


def _job_id(job_id: int) -> Attribute:
    return Attribute("job-id", Tag.INTEGER, [job_id])


def _media_col(width: int, height: int) -> Attribute:
    size = [Attribute("x-dimension", Tag.INTEGER, [width]), Attribute("y-dimension", Tag.INTEGER, [height])]
    return Attribute("media-col", Tag.BEGIN_COLLECTION, [[Attribute("media-size", Tag.BEGIN_COLLECTION, [size])]])


def _number(found: Attributes, name: str) -> int:
    match found.get(name):
        case (int(number), *_):
            return number
    raise IppMalformed(f"the answer lacks {name}")


def _words(found: Attributes, name: str) -> frozenset[str]:
    return frozenset(word for word in found.get(name, ()) if isinstance(word, str) and word != "none")


def _without_severity(reason: str) -> str:
    for severity in _SEVERITIES:
        reason = reason.removesuffix(severity)
    return reason


def _media_sizes(found: Attributes) -> tuple[tuple[range, range], ...]:
    sizes = (size for size in found.get("media-size-supported", ()) if isinstance(size, dict))
    return tuple((_extent(size.get("x-dimension")), _extent(size.get("y-dimension"))) for size in sizes)


def _extent(dimension: tuple[Value, ...] | None) -> range:
    match dimension:
        case (int(length),):
            return range(length, length + 1)
        case (range() as lengths,):
            return lengths
    return range(0)
