"""What a round says of itself, in words: from the data that the engine gave, in the reader's language."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import ceil
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianqiao.core.words import listed
from lianqiao.lists.models import Entry

SHOWN, IN_A_LINE = 3, 2  # phrases in a reason, reasons in a line
NOTHING = 5e-4  # a price that would show as 0.0
Called = Callable[[str], str]  # what an id of the engine is called

REASONS = {
    "words": gettext_lazy("双方都提到“%(words)s”"),
    "trade": gettext_lazy("同属“%(about)s”：需求说“%(in_need)s”，对方有“%(in_offer)s”"),
    "trade.silent": gettext_lazy("同属“%(about)s”：对方有“%(in_offer)s”"),
    "officially": gettext_lazy("需求所说“%(in_need)s”就是“%(about)s”"),
    "facet.segment": gettext_lazy("同在链环节“%(value)s”"),
    "facet.district": gettext_lazy("同在%(value)s"),
    "facet.industry": gettext_lazy("同属行业“%(value)s”"),
    "facet.suits": gettext_lazy("“%(value)s”类资源适合这类需求"),
    "facet.earlier": gettext_lazy("以前合作过"),
    "model": gettext_lazy("语言模型认为相近"),
}
DIFFERENCES = {
    "capacity": gettext_lazy("需要 %(need)s 人，容量 %(offer)s"),
    "ends": gettext_lazy("需求 %(need)s 前完成，对方到 %(offer)s 为止"),
    "starts": gettext_lazy("需求 %(need)s 前完成，对方 %(offer)s 才开始"),
    "reach": gettext_lazy("对方服务范围为%(offer)s，需求方不在其中"),
    "money": gettext_lazy("需求资金 %(need)s 元，对方最多 %(offer)s 元"),
}
MISSED = {
    "silent": gettext_lazy("没有可比较的内容，请补充需求说明。"),
    "nothing fits": gettext_lazy("清单里没有足够接近的资源或服务，请补充需求说明，或征集新的资源。"),
    "barred": gettext_lazy("最接近的不能对接：%(bars)s。"),
    "taken": gettext_lazy("合适的都已用于更契合的需求。"),
    "": gettext_lazy("已由人工取消。"),
}
BARS = {
    "never of the need": gettext_lazy("需求方不愿与其对接"),
    "never of the offer": gettext_lazy("提供方不愿与其对接"),
    "dates": gettext_lazy("时间对不上"),
    "rest": gettext_lazy("连续多轮对接，本轮轮休"),
    "own": gettext_lazy("是本单位自己"),
    "met": gettext_lazy("已经对接过，或正在对接"),
    "unknown": gettext_lazy("不在这一轮的范围内"),
    "unwanted": gettext_lazy("其中一方不愿与对方对接，或标记了不合适"),
    "full": gettext_lazy("名额已用完"),
    "served": gettext_lazy("希望对接的家数已满"),
    "far": gettext_lazy("契合度不够"),
    "old": gettext_lazy("不在最近更新的清单中，没有计算"),
}
WAYS = {
    "capacity": gettext_lazy("名额已满，用于%(held)s"),
    "unit_capacity": gettext_lazy("该单位名额已满，用于%(held)s"),
    "enterprise_capacity": gettext_lazy("该企业可对接数已满"),
    "wants": gettext_lazy("这条需求已有更合适的对接"),
    "bundle": gettext_lazy("由另一单位整体承接"),
    "level": gettext_lazy("会使最困难的需求更差"),
    "worth": gettext_lazy("会使整个方案变差"),
    "banned": gettext_lazy("规则不允许"),
    "candidate": gettext_lazy("契合度不够，或规则不允许，不在候选之列"),
}
COSTS = {
    "impossible": gettext_lazy("选它就没有满足各项规则的方案"),
    "exact": gettext_lazy("若选它，总契合度少 %(cost)s 分"),
    "least": gettext_lazy("若选它，总契合度至少少 %(cost)s 分"),
    "nothing": gettext_lazy("若选它，总契合度不变"),
}
CHANGES = {
    "capacity": gettext_lazy("“%(of)s”的名额增加 %(by)s 个"),
    "unit_capacity": gettext_lazy("“%(of)s”的名额增加 %(by)s 个"),
    "enterprise_capacity": gettext_lazy("“%(of)s”的可对接数增加 %(by)s 个"),
    "wants": gettext_lazy("这条需求多对接 %(by)s 家"),
    "score": gettext_lazy("契合度再高 %(by)s 分"),
    "banned": gettext_lazy("取消“不予对接”"),
    "candidate": gettext_lazy("允许它作为候选"),
}
RULES = {
    "fair": gettext_lazy("先照顾最困难的需求"),
    "floors": gettext_lazy("保证企业至少对接一次"),
    "units owed": gettext_lazy("保证每个有资源的单位至少对接一次"),
    "musts": gettext_lazy("指定的对接"),
    "unit limits": gettext_lazy("各单位的次数上限"),
}
LIMITS = {
    "capacity": gettext_lazy("“%(of)s”的名额增加 %(by)s 个"),
    "unit_capacity": gettext_lazy("“%(of)s”的次数上限增加 %(by)s 个"),
    "enterprise_capacity": gettext_lazy("“%(of)s”的可对接数增加 %(by)s 个"),
    "least": gettext_lazy("“%(of)s”的最少次数减少 %(by)s 个"),
    "unit_least": gettext_lazy("“%(of)s”少保证 %(by)s 次"),
    "owed": gettext_lazy("“%(of)s”少保证 %(by)s 家"),
    "enterprise_owed": gettext_lazy("“%(of)s”少保证 %(by)s 次"),
    "fixed": gettext_lazy("取消指定：%(of)s"),
    "banned": gettext_lazy("取消“不予对接”：%(of)s"),
    "bundle": gettext_lazy("不再要求由同一单位承接：%(of)s"),
}
FAULTS = {
    "capacity": gettext_lazy("“%(of)s”的名额用了 %(have)s 次，最多 %(allowed)s 次"),
    "unit_capacity": gettext_lazy("“%(of)s”对接 %(have)s 次，上限 %(allowed)s 次"),
    "unit_least": gettext_lazy("有资源的“%(of)s”没有得到对接"),
    "enterprise_owed": gettext_lazy("“%(of)s”没有得到保证的对接"),
    "enterprise_capacity": gettext_lazy("“%(of)s”对接得太多"),
    "wants": gettext_lazy("“%(of)s”的对接多于它想要的"),
    "owed": gettext_lazy("“%(of)s”的对接少于保证的"),
    "least": gettext_lazy("“%(of)s”用得少于规定"),
    "fixed": gettext_lazy("指定的没有对接：%(of)s"),
    "bundle": gettext_lazy("没有由同一单位承接：%(of)s"),
}
PROMISES = {
    "gone": gettext_lazy("“%(entry)s”已不在清单中，或只对管理处公开"),
    "moved": gettext_lazy("“%(entry)s”已转到别的单位名下"),
    "met": gettext_lazy("这两条已经在对接"),
    "full": gettext_lazy("“%(entry)s”的名额已用完或减少"),
}
AND = pgettext_lazy("between reasons", "；")
QUOTED = pgettext_lazy("between quoted phrases", "”“")


def points(score: float) -> str:
    return number_format(100 * score, 1)


def phrases(said: Iterable[str]) -> str:
    return str(QUOTED).join(list(said)[:SHOWN])


def reason_sentences(reasons: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The weightiest first; what the two say alike is one sentence."""
    reasons = list(reasons)
    words = [reason["about"] for reason in reasons if reason["kind"] == "words" and len(reason["about"]) > 1]
    told = False
    for reason in reasons:
        kind, about = reason["kind"], reason["about"]
        in_need, in_offer = phrases(reason["in_need"]), phrases(reason["in_offer"])
        if kind == "words":
            if words and not told:
                yield str(REASONS["words"]) % {"words": phrases(words)}
            told = True
        elif kind == "facet":
            if sentence := REASONS.get(f"facet.{about}"):
                yield str(sentence) % {"value": in_need}
        else:
            code = "trade.silent" if kind == "trade" and not in_need else kind
            yield str(REASONS[code]) % {"about": about, "in_need": in_need, "in_offer": in_offer}


def reason_line(reasons: Iterable[Mapping[str, Any]]) -> str:
    return str(AND).join(list(reason_sentences(reasons))[:IN_A_LINE])


def difference_sentences(differences: Iterable[Mapping[str, Any]]) -> list[str]:
    return [
        str(DIFFERENCES[one["code"]]) % {name: fact_of(one["code"], name, one) for name in ("need", "offer")}
        for one in differences
    ]


def fact_of(code: str, name: str, one: Mapping[str, Any]) -> str:
    value = one.get(name, "")
    if code in ("ends", "starts") and (day := parse_date(str(value))):
        return date_format(day)
    if code == "reach" and value:
        return str(Entry.Reach(value).label)
    if code == "money" and value:
        return number_format(value, 0, force_grouping=True)
    return str(value)


def missed_sentence(why: str, bars: Iterable[str]) -> str:
    return str(MISSED[why]) % {"bars": bar_line(bars)}


def bar_line(bars: Iterable[str]) -> str:
    return listed(str(BARS[bar]) for bar in bars)


def way_sentences(other: Mapping[str, Any], called: Called) -> list[str]:
    """What stood in the way of one that was not chosen, what it would cost, what would change it."""
    held = listed(f"“{called(need)}”" for need in other["held_by"][:SHOWN])
    told = [str(WAYS[other["stood_in_the_way"]]) % {"held": held}]
    cost = other["cost"]
    if cost is None:
        told += [str(COSTS["impossible"])] if other["exact"] else []
    elif cost < NOTHING:
        told += [str(COSTS["nothing"])] if other["exact"] else []
    else:
        told.append(str(COSTS["exact" if other["exact"] else "least"]) % {"cost": points(cost)})
    return told


def change_sentence(change: Mapping[str, Any] | None, called: Called) -> str:
    if not change:
        return ""
    by = points(change["by"]) if change["kind"] == "score" else number_format(change["by"], 0)
    return str(CHANGES[change["kind"]]) % {"of": called(change["of"]), "by": by}


def price_sentences(prices: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(rule, what it costs)."""
    return [
        (
            str(RULES[price["rule"]]),
            _("不影响总契合度")
            if price["cost"] < NOTHING
            else _("总契合度少 %(cost)s 分") % {"cost": points(price["cost"])},
        )
        for price in prices
    ]


def limit_sentences(limits: Iterable[Mapping[str, Any]], called: Called) -> list[str]:
    return [
        str(LIMITS[limit["kind"]]) % {"of": str(QUOTED).join(map(called, limit["of"])), "by": limit["by"]}
        for limit in limits
    ]


def refused_sentences(refused: Iterable[Mapping[str, Any]], called: Called) -> list[str]:
    return [
        _("“%(who)s”希望与“%(whom)s”对接，未采纳：%(why)s")
        % {"who": called(one["who"]), "whom": called(one["whom"]), "why": BARS[one["why"]]}
        for one in refused
    ]


def fault_sentences(faults: Iterable[Mapping[str, Any]], called: Called) -> list[str]:
    told = []
    for fault in faults:
        facts = {
            "of": str(QUOTED).join(map(called, fault["of"])),
            "have": f"{fault['have']:g}",
            "allowed": f"{fault['allowed']:g}",
        }
        if fault["kind"] in BARS:
            told.append(f"{facts['of']}{_('：')}{BARS[fault['kind']]}")
        elif fault["kind"] in FAULTS:
            told.append(str(FAULTS[fault["kind"]]) % facts)
        else:
            facts["kind"] = fault["kind"]
            told.append(_("%(kind)s 不一致（%(have)s，应为 %(allowed)s）") % facts)
    return told


def gap_sentence(summary: Mapping[str, Any]) -> str:
    """How near the plan is to the best that there can be. The share is rounded up: it is a promise."""
    gap = summary.get("gap")
    if gap is None:
        return _("还不知道离最好的方案有多远。")
    if gap < 5e-8:
        return _("这就是最好的方案（已证明）。")
    return _("离最好的方案不超过 %(percent)s%%。") % {
        "percent": number_format(ceil(gap * 1000 - 1e-9) / 10, 1)
    }
