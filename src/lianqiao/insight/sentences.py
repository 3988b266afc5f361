"""Three sentences about a period, as data: what improved, what is stuck, what is proposed."""

from dataclasses import dataclass
from typing import Any

from lianqiao.insight.analysis import Proposal
from lianqiao.insight.catalogue import Kind
from lianqiao.insight.standing import Standing

STUCK = ("waiting", "overdue", "late")
# A share or a median of fewer records moves by chance.
LEAST = 5


@dataclass(frozen=True)
class Sentence:
    """`code` chooses the words; `standing` or `proposal` is the evidence."""

    code: str
    standing: Standing | None = None
    proposal: Proposal | None = None

    @property
    def facts(self) -> dict[str, Any]:
        return self.proposal.facts if self.proposal else {}


def three(standings: list[Standing], proposals: list[Proposal]) -> list[Sentence]:
    """Where nothing improved or is stuck, that is what is said."""
    improved = max(filter(can_improve, standings), key=lambda one: one.gain, default=None)
    stuck = max(
        (one for one in standings if one.figure.code in STUCK),
        key=lambda one: one.measured.value or 0,
        default=None,
    )
    has_improved, is_stuck = bool(improved and improved.gain), bool(stuck and stuck.measured.value)
    return [
        Sentence("improved", improved) if has_improved else Sentence("nothing_improved"),
        Sentence(f"stuck_{stuck.figure.code}", stuck) if stuck and is_stuck else Sentence("nothing_stuck"),
        Sentence(f"proposed_{proposals[0].reason}", proposal=proposals[0])
        if proposals
        else Sentence("nothing_proposed"),
    ]


def can_improve(one: Standing) -> bool:
    is_number = one.figure.kind in (Kind.COUNT, Kind.MEAN)
    return one.figure.code not in STUCK and (is_number or one.measured.rows >= LEAST)
