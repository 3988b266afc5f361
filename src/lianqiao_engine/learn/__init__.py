"""From answers and outcomes to a change of weights: a proposal with its certainty and a replay, never a change."""

from .proposal import NoProposal, Proposal, Replay, fingerprint, learn
from .rounds import Answer, Round, seen_by_rank

__all__ = ["Answer", "NoProposal", "Proposal", "Replay", "Round", "fingerprint", "learn", "seen_by_rank"]
