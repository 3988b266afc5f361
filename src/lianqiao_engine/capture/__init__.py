"""Text capture: from minutes, news, chats and notices to organisations, entries, agreements and activities."""

from .capture import capture
from .model import Activity, Agreement, BadText, Captured, Entry, Known, Organisation, Pair
from .propose import Proposer, with_proposals

__all__ = [
    "Activity",
    "Agreement",
    "BadText",
    "Captured",
    "Entry",
    "Known",
    "Organisation",
    "Pair",
    "Proposer",
    "capture",
    "with_proposals",
]
