"""One round of matching: lists and rules in, the plan with its reasons, alternatives and proof out.

>>> from lianqiao_engine.rounds import Need, Offer, Record, hold
>>> offers = [Offer(Record("课", {"content": "工程造价与招投标"}), unit="经管学院"),
...           Offer(Record("艺", {"content": "室内设计与装饰施工"}), unit="装饰学院")]
>>> needs = [Need(Record("甲", {"content": "编制工程量清单"}), enterprise="甲公司")]
>>> [(match.need, match.offer) for match in hold(needs, offers).matches]
[('甲', '课')]
"""

from lianqiao_engine.score import Record
from lianqiao_engine.values import Period

from .entries import Need, Offer
from .hold import hold
from .result import Alternative, Load, Match, Missed, Pairing, Price, Result
from .rules import Rules

__all__ = [
    "Alternative",
    "Load",
    "Match",
    "Missed",
    "Need",
    "Offer",
    "Pairing",
    "Period",
    "Price",
    "Record",
    "Result",
    "Rules",
    "hold",
]
