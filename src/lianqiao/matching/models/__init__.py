from lianqiao.matching.models.learning import AnswerTerm, Weighting
from lianqiao.matching.models.match import Answer, Dismissal, Match, MatchLink, Side, Unfit
from lianqiao.matching.models.pairing import Pairing
from lianqiao.matching.models.round import Adjustment, Round, RoundNeed, RoundRecord

__all__ = [
    "Adjustment",
    "Answer",
    "AnswerTerm",
    "Dismissal",
    "Match",
    "MatchLink",
    "Pairing",
    "Round",
    "RoundNeed",
    "RoundRecord",
    "Side",
    "Unfit",
    "Weighting",
]
