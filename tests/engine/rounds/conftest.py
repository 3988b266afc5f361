"""A small round: three colleges, three enterprises, and a cook whom nobody needs."""

import pytest

from lianqiao_engine.rounds import Need, Offer, Record


def offer(name: str, unit: str, text: str, **more) -> Offer:
    return Offer(Record(name, {"content": text}), unit, "大学", **more)


def need(name: str, text: str, enterprise: str = "", **more) -> Need:
    return Need(Record(name, {"content": text}), enterprise or f"{name}公司", **more)


OFFERS = {
    "造价": ("经管学院", "工程造价、招投标和工程计价课程"),
    "装饰": ("装饰学院", "建筑装饰施工和室内设计工作室"),
    "施工": ("建造学院", "砌筑、钢筋和混凝土施工实训基地"),
    "面点": ("食品学院", "中西面点制作"),
}
NEEDS = {"甲": "编制工程量清单和招标控制价", "乙": "装饰装修工程深化设计", "丙": "瓦工、钢筋工和混凝土工培训"}


@pytest.fixture
def offers():
    return [offer(name, unit, text) for name, (unit, text) in OFFERS.items()]


@pytest.fixture
def needs():
    return [need(name, text) for name, text in NEEDS.items()]


def partners(result) -> dict[str, str]:
    return {match.need: match.offer for match in result.matches}
