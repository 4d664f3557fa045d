"""CDR files to clean events: recognise, read, normalise, reject with a reason."""

from circlegraph.cdr.clean import CleanChunk, clean
from circlegraph.cdr.events import CALL, FORWARD, SMS, Events
from circlegraph.cdr.files import CdrFile
from circlegraph.cdr.pipeline import Cdr, clean_chunks, open_cdr
from circlegraph.cdr.rejected import Rejected
from circlegraph.cdr.report import Report

__all__ = [
    "CALL",
    "FORWARD",
    "SMS",
    "Cdr",
    "CdrFile",
    "CleanChunk",
    "Events",
    "Rejected",
    "Report",
    "clean",
    "clean_chunks",
    "open_cdr",
]
