"""What the kiosk prints: slips as PDF, and the check of a signed receipt. Pure: knows no printer, no screen, no service.

Words come from the catalogue through `Words`; facts come from the signed receipt itself, so that paper and signature agree.
"""

from kiosk.paper.faces import Faces, load_faces
from kiosk.paper.renderer import SlipNotLaidOut, SlipPaper, SlipRenderer
from kiosk.paper.slip import ApplicationSlip, DeedSlip, Line, MembershipSlip, RedemptionSlip, ReturnedSlip, Shop, Slip, Words

__all__ = [
    "ApplicationSlip",
    "DeedSlip",
    "Faces",
    "Line",
    "MembershipSlip",
    "RedemptionSlip",
    "ReturnedSlip",
    "Shop",
    "Slip",
    "SlipNotLaidOut",
    "SlipPaper",
    "SlipRenderer",
    "Words",
    "load_faces",
]
