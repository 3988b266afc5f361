"""What answers teach: rounds and answers in, a proposal of other weights out, or why there is none."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from lianqiao.matching.engine import unpacked
from lianqiao_engine.learn import Answer, NoProposal, Proposal, Round, learn
from lianqiao_engine.score import Record, Weights

Pair = tuple[str, str]
SHOWN = 5  # pairs of a replayed round that are kept by name


@dataclass(frozen=True)
class Given:
    """What became of one pair: `outcome` is "accepted", "declined", "renewed" or "failed"; `rank` is where it was shown."""

    need: str
    offer: str
    rank: int
    outcome: str
    reason: str = ""


@dataclass(frozen=True)
class Lesson:
    """`reason` is empty where there is a proposal, else "too few" or "not certain"."""

    answers: int
    reason: str = ""
    missing: int = 0
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)


def lists_in(content: bytes, sha256: str) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    """What a round was held on, from its record. Raises BadRecord."""
    stored = unpacked(content, sha256)
    return tuple(need.record for need in stored.needs), tuple(offer.record for offer in stored.offers)


def round_of(
    name: str, needs: Iterable[Record], offers: Iterable[Record], answers: Iterable[Given]
) -> Round | None:
    """None where nobody answered anything about these lists."""
    told = tuple(Answer(**vars(one)) for one in answers)
    return Round(name, tuple(needs), tuple(offers), told) if told else None


def taught(rounds: Iterable[Round], before: Mapping[str, Any] | None) -> Lesson:
    rounds = [one for one in rounds if one]
    answers = sum(len(one.answers) for one in rounds)
    weights = Weights(**before) if before else Weights()
    # Where each need was shown one offer only, the ranks say nothing of what was looked at.
    found = learn(rounds, weights, seen=dict.fromkeys({a.rank for one in rounds for a in one.answers}, 1.0))
    if isinstance(found, NoProposal):
        evidence = asdict(found.evidence) if found.evidence else {}
        return Lesson(answers, found.reason, found.missing, evidence=evidence)
    return Lesson(
        answers,
        before=asdict(found.before),
        after=asdict(found.after),
        evidence=evidence_of(found) | {"answers": answers},
    )


def evidence_of(found: Proposal) -> dict[str, Any]:
    replays = []
    for one in found.replay:
        moved = [(old, new) for _need, _offer, old, new in one.ranks if old and new]
        replays.append(
            {
                "round": one.round,
                "lost": [list(pair) for pair in one.lost[:SHOWN]],
                "won": [list(pair) for pair in one.won[:SHOWN]],
                "changed": len(one.won),
                "up": sum(new < old for old, new in moved),
                "down": sum(new > old for old, new in moved),
                "same": sum(new == old for old, new in moved),
            }
        )
    return asdict(found.evidence) | {"multipliers": dict(found.multipliers), "replay": replays}
