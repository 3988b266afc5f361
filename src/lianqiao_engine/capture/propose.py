"""A language model may propose more entries; what it says is held against the text, and stays marked as proposed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from .model import Captured, Entry


class Proposer(Protocol):
    def proposals(self, text: str, found: Captured) -> Sequence[Entry]:
        """Return entries that the rules may have missed."""
        ...


def with_proposals(text: str, found: Captured, proposer: Proposer) -> Captured:
    """Add what `proposer` finds, each marked `proposed`.

    A proposal whose sentence does not stand in the text is dropped, and so is one of a sentence and kind that the rules
    found themselves. What the proposer raises is not caught.
    """
    entries = list(found.entries)
    taken = {(entry.kind, entry.sentence) for entry in entries}
    for entry in proposer.proposals(text, found):
        offset = text.find(entry.sentence)
        if not entry.sentence.strip() or offset < 0 or (entry.kind, entry.sentence) in taken:
            continue
        taken.add((entry.kind, entry.sentence))
        entries.append(replace(entry, offset=offset, proposed=True))
    return replace(found, entries=tuple(entries))
