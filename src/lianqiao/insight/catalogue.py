"""The figures: what each is called, what it counts and how, as data. Nothing of them is ever typed in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianqiao.insight import measuring
from lianqiao.insight.measuring import Measure
from lianqiao.insight.queries import rows
from lianqiao.insight.queries.asked import Asked
from lianqiao.insight.queries.rows import Rows
from lianqiao.insight.scope import Of
from lianqiao.insight.values import Measured

EVERYWHERE: frozenset[Of] = frozenset({"chain", "segment", "enterprise", "college"})
OF_NEEDS = EVERYWHERE - {"college"}
OF_CHAINS: frozenset[Of] = frozenset({"chain", "segment"})
Words = str | Promise


class Kind(models.TextChoices):
    SHARE = "share", _("占比")
    COUNT = "count", _("数量")
    MEDIAN = "median", _("中位数")
    MEAN = "mean", _("平均数")


@dataclass(frozen=True)
class Published:
    """What somebody else reached, to compare with."""

    value: float
    by: Words


@dataclass(frozen=True)
class Figure:
    """`rows` are the source records, `measure` makes the number of them.

    `is_flow`: what happened in the period; else how it stands on its last day. `back`: records tell what it was on
    an earlier day. `better`: whether more or less of it is an improvement, or neither.
    `heavy`: reads so much that on a large chain the clock's value is shown.
    """

    code: str
    name: Words
    definition: Words
    formula: Words
    unit: Words
    kind: Kind
    source: Words
    rows: Callable[[Asked], Rows]
    measure: Measure
    of: frozenset[Of] = EVERYWHERE
    is_flow: bool = True
    back: bool = True
    better: Literal["more", "less", ""] = "more"
    heavy: bool = False
    party: bool = False
    published: Published | None = field(default=None)

    def measured(self, asked: Asked) -> Measured:
        return self.measure(self.rows(asked), asked)


COUNT, SHARE, MEDIAN, MEAN = Kind.COUNT, Kind.SHARE, Kind.MEDIAN, Kind.MEAN
NEEDS, PER_CENT = _("需求"), "%"
FIGURES = [
    Figure(
        "plus_one", _("对接加一"),
        _("本期第一次有了合作对象的单位和二级单位。第一次以最早的一次为准：双方同意的对接、结对、签订的协议、认领的项目。管理处不算合作对象。"),
        _("首次对接日在本期内的单位数 + 二级单位数"),
        _("个"), COUNT, _("单位"), rows.places_met, measuring.by_places, OF_CHAINS,
        heavy=True,
    ),
    Figure(
        "times_three", _("共建乘三"),
        _("有合作的企业，平均同几类对象合作：管理处（含产业链党组织）、院校、其他企业，最多三类。合作指期末有效的结对、协议或在做的项目。"),
        _("各企业合作对象类数之和 ÷ 有合作的企业数"),
        _("类"), MEAN, _("企业"), rows.enterprises_with_partners, measuring.mean_amount,
        OF_NEEDS, is_flow=False,
        heavy=True,
    ),
    Figure(
        "shared", _("清单共享次数"),
        _("期末可用的资源和服务，平均每条已同几家企业对接成功。"),
        _("（条目，企业）对接成功的对数 ÷ 资源和服务条数"),
        _("家"), MEAN, _("资源和服务"), rows.offers, measuring.mean_given, frozenset({"chain", "enterprise", "college"}),
        is_flow=False, back=False,
        heavy=True,
    ),
    Figure(
        "dimensions", _("合作升维"),
        _("每一对合作双方在“产学研训创”中的几个方面有有效的协议或在做的项目，取平均。同期初比较，看增加了多少。"),
        _("各对的方面数之和 ÷ 对数"),
        _("个方面"), MEAN, _("协议和项目"), rows.cooperations, measuring.dimensions_of_pairs, is_flow=False,
        heavy=True,
    ),
    Figure(
        "needs", _("需求数"),
        _("本期提交的需求，按现在的状态分。草稿和并入其他条目的不算。"),
        _("提交日在本期内的需求条数"),
        _("条"), COUNT, NEEDS, rows.needs_said, measuring.count_by("state", "state"), OF_NEEDS, better="",
        heavy=True,
    ),
    Figure(
        "first_answer", _("首次答复用时"),
        _("本期答复的需求，从提交到管理处首次答复用了几个工作日，取中位数。"),
        _("中位数（提交次日至答复日的工作日数）"),
        _("个工作日"), MEDIAN, NEEDS, rows.needs_answered, measuring.median_workdays, OF_NEEDS, better="less",
        published=Published(1, _("已公开的最好做法：次日答复")),
        heavy=True,
    ),
    Figure(
        "signing_time", _("需求到签约用时"),
        _("本期签订第一份协议的需求，从提交到签约用了几天，取中位数。"),
        _("中位数（签订日期 − 提交日期）"),
        _("天"), MEDIAN, NEEDS, rows.needs_signed, measuring.median_days, OF_NEEDS, better="less",
        published=Published(9, _("已公开的最好做法：9 天")),
    ),
    Figure(
        "matched", _("需求对接率"),
        _("本期发布的需求中，双方都同意对接的占多少。后来撤回、到期的也算在分母里。"),
        _("有双方同意的对接的需求数 ÷ 发布的需求数"),
        PER_CENT, SHARE, NEEDS, rows.needs_published, measuring.shared, OF_NEEDS,
        published=Published(27, _("已公开的数据：20,471 条需求办结 5,497 条，27%")),
        heavy=True,
    ),
    Figure(
        "feasible", _("有可行对接方的需求占比"),
        _("本期发布的对接轮次中，有至少一个够得上的资源或服务的需求占多少；已用于别处的也算够得上。同一需求取最近一轮，依据是该轮的记录。"),
        _("（已对接 + 合适的已用于别处）的需求数 ÷ 轮次中的需求数"),
        PER_CENT, SHARE, _("轮次中的需求"), rows.needs_of_rounds, measuring.shared, OF_NEEDS,
        published=Published(94, _("已公开的做法：94%")),
        heavy=True,
    ),
    Figure(
        "agreements", _("有效协议"),
        _("期末有效的协议：已签订，已生效，未到期，未提前终止。"),
        _("期末有效的协议份数"),
        _("份"), COUNT, _("协议"), rows.agreements_in_force, measuring.count_by("kind", "kind"), is_flow=False,
    ),
    Figure(
        "obligations", _("约定履行率"),
        _("协议约定的事项中，应在本期履行的有多少已履行。有异议的不算已履行，免予履行的不算在内；提前履行的算已履行。"),
        _("已履行次数 ÷（已到期 + 提前履行）次数"),
        PER_CENT, SHARE, _("约定事项"), rows.promises_due, measuring.shared,
    ),
    Figure(
        "projects", _("共建项目"),
        _("期末已发布或已认领的项目，按现在的状态分。草稿不算。"),
        _("项目个数"),
        _("个"), COUNT, pgettext_lazy("many", "项目"), rows.projects_begun, measuring.count_by("state", "project_state"), is_flow=False,
    ),
    Figure(
        "outcomes", _("成果"),
        _("本期取得、双方都已确认的成果，按产学研训创和成果类别分。涉及人数不足 5 人的不显示具体数。"),
        _("双方确认的成果项数；各类别按其计量单位相加"),
        _("项"), COUNT, _("成果"), rows.outcomes, measuring.outcomes_by_kind,
    ),
    Figure(
        "continued", _("继续合作率"),
        _("首个项目在本期验收的合作双方中，后来又认领了新项目或签订了新协议的占多少，不论哪一方承接。"),
        _("继续合作的对数 ÷ 首个项目验收的对数"),
        PER_CENT, SHARE, _("首个项目"), rows.first_projects, measuring.shared,
        published=Published(39, _("已公开的做法：39%")),
        heavy=True,
    ),
    Figure(
        "coverage", _("企业合作覆盖"),
        _("期末链上企业中，有有效的结对、协议或在做的项目的占多少，按规模和两企三新分类分开看。只同管理处合作的不算。"),
        _("有合作的企业数 ÷ 链上企业数"),
        PER_CENT, SHARE, _("企业"), rows.enterprises_reached,
        measuring.shared_by("size", "classification"), OF_CHAINS, is_flow=False,
        heavy=True,
    ),
    Figure(
        "party_organised", _("党的组织覆盖"),
        _("链上企业中，单独或联合建立了党组织的占多少。"),
        _("建立党组织的企业数 ÷ 链上企业数"),
        PER_CENT, SHARE, _("企业"), rows.enterprises_organised, measuring.shared, OF_CHAINS,
        is_flow=False, back=False, party=True,
    ),
    Figure(
        "party_reached", _("党的工作覆盖"),
        _("链上企业中，建立了党组织或有党建联络指导员的占多少。"),
        _("（建立党组织或有指导员）的企业数 ÷ 链上企业数"),
        PER_CENT, SHARE, _("企业"), rows.enterprises_instructed, measuring.shared, OF_CHAINS,
        is_flow=False, back=False, party=True,
    ),
    Figure(
        "waiting", _("久未对接的需求"),
        _("发布超过 30 天、仍然有效、还没有双方同意的对接的需求。"),
        _("需求条数"),
        _("条"), COUNT, NEEDS, rows.needs_waiting, measuring.count, OF_NEEDS, is_flow=False, back=False, better="less",
        heavy=True,
    ),
    Figure(
        "overdue", _("逾期未履行的约定"),
        _("有效协议中已过期限、还没有履行或有异议的约定事项。"),
        _("约定事项次数"),
        _("次"), COUNT, _("约定事项"), rows.promises_overdue, measuring.count, is_flow=False, back=False, better="less",
    ),
    Figure(
        "late", _("逾期的项目"),
        _("已过计划完成日期、还没有交付的项目。"),
        _("项目个数"),
        _("个"), COUNT, pgettext_lazy("many", "项目"), rows.projects_late, measuring.count, is_flow=False, back=False, better="less",
    ),
]  # fmt: skip
BY_CODE = {figure.code: figure for figure in FIGURES}
# On the leader's one page.
HEADLINES = ["plus_one", "times_three", "dimensions", "matched", "signing_time", "party_reached"]


def figures_of(of: Of) -> list[Figure]:
    return [figure for figure in FIGURES if of in figure.of]
