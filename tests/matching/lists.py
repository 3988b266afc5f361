"""A small chain: one school with three colleges, three enterprises, a need and a resource each."""

from dataclasses import dataclass

from lianqiao.lists.models import Entry
from lianqiao.registry.models import Chain, Organisation
from tests import factories as make

OFFERED = {
    "造价": ("经管学院", "工程造价与招投标课程", "工程造价、招投标和工程计价课程，可到企业授课"),
    "装饰": ("装饰学院", "室内设计工作室", "建筑装饰施工和室内设计深化"),
    "施工": ("建造学院", "施工实训基地", "砌筑、钢筋和混凝土施工实训"),
}
ASKED = {
    "甲": ("编制工程量清单和招标控制价", "需要工程造价、招投标方面的人才培训"),
    "乙": ("装饰装修工程深化设计", "室内设计深化，装饰施工图"),
    "丙": ("瓦工、钢筋工培训", "砌筑和钢筋、混凝土施工技能培训"),
}


@dataclass
class Lists:
    chain: Chain
    school: Organisation
    offers: dict[str, Entry]
    needs: dict[str, Entry]

    def pairs(self, row) -> dict[str, str]:
        """The plan of a round by the short names."""
        names = {entry.pk: name for side in (self.needs, self.offers) for name, entry in side.items()}
        return {names[match.need_id]: names[match.offer_id] for match in row.matches.order_by("need")}


def lists(on: Chain | None = None) -> Lists:
    on = on or make.chain()
    school = make.member(on, f"第{next(make.number)}职业学院", kind="school")
    offers, needs = {}, {}
    for name, (unit, title, text) in OFFERED.items():
        offers[name] = make.entry(
            "resource", on, title=title, description=text, organisation=school,
            unit=make.unit(school, unit), capacity=1,
        )  # fmt: skip
    for name, (title, text) in ASKED.items():
        who = make.member(on, f"{name}{next(make.number)}公司")
        needs[name] = make.entry("need", on, title=title, description=text, organisation=who)
    return Lists(on, school, offers, needs)
