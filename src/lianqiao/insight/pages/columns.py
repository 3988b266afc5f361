"""How the records behind a figure are listed, by what they are."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.agreements.models import Agreement, ObligationDate
from lianqiao.core.listing import Column
from lianqiao.insight.measuring import day_of
from lianqiao.insight.values import FEW, OF_PEOPLE
from lianqiao.lists.models import Entry
from lianqiao.matching.models import RoundNeed
from lianqiao.projects.models import Outcome, Project
from lianqiao.registry.models import Organisation, Unit


def to(page: str, pk: Callable[[Any], Any]) -> Callable[[Any], str]:
    def url(row: Any) -> str:
        try:
            return reverse(page, args=[pk(row)])
        except NoReverseMatch:
            return ""

    return url


def day(moment: Any) -> Any:
    return timezone.localdate(moment) if moment else None


def name_of(row: Any) -> str:
    return row.label if row else ""


def amount_of(outcome: Outcome) -> str:
    unit = outcome.kind.unit
    if unit in OF_PEOPLE and 0 < outcome.amount < FEW:
        return _("不足 %(few)s %(unit)s") % {"few": FEW, "unit": unit}
    return f"{outcome.amount.normalize():f} {unit}"


def stated(row: Any) -> str:
    return str(row.get_state_display())


COLUMNS: dict[type[Model], list[Column]] = {
    Entry: [
        Column("title", gettext_lazy("名称"), lambda e: e.label, url=to("entry_detail", lambda e: e.pk), sort="title"),
        Column("number", gettext_lazy("序号"), lambda e: e.number, sort="number", number=True),
        Column("organisation", gettext_lazy("单位"), lambda e: name_of(e.organisation)),
        Column("state", gettext_lazy("状态"), stated, sort="state"),
        Column("submitted", gettext_lazy("提交日期"), lambda e: day(e.submitted_at), sort="submitted_at"),
        Column("published", gettext_lazy("发布日期"), lambda e: day(e.published_at), sort="published_at"),
    ],
    RoundNeed: [
        Column("need", gettext_lazy("需求"), lambda r: r.need.label, url=to("entry_detail", lambda r: r.need_id)),
        Column("organisation", gettext_lazy("单位"), lambda r: name_of(r.need.organisation)),
        Column("round", gettext_lazy("对接轮次"), lambda r: r.round.label),
        Column("why", gettext_lazy("结果"), lambda r: str(r.get_why_display())),
    ],
    Agreement: [
        Column("title", gettext_lazy("协议名称"), lambda a: a.label, url=to("agreement_detail", lambda a: a.pk), sort="title"),
        Column("number", gettext_lazy("编号"), lambda a: a.number or ""),
        Column("kind", gettext_lazy("种类"), lambda a: str(a.get_kind_display()), sort="kind"),
        Column("signed", gettext_lazy("签订日期"), lambda a: a.signed_on, sort="signed_on"),
        Column("ends", gettext_lazy("到期日期"), lambda a: a.ends_on, sort="ends_on"),
    ],
    ObligationDate: [
        Column(
            "what", gettext_lazy("约定事项"), lambda o: o.obligation.what,
            url=to("agreement_detail", lambda o: o.obligation.agreement_id),
        ),
        Column("agreement", gettext_lazy("协议"), lambda o: o.obligation.agreement.label),
        Column("due", gettext_lazy("应于此日前"), lambda o: o.due_on, sort="due_on"),
        Column("done", gettext_lazy("履行日期"), lambda o: o.done_on, sort="done_on"),
        Column("state", gettext_lazy("状态"), stated, sort="state"),
    ],
    Project: [
        Column("title", gettext_lazy("项目名称"), lambda p: p.label, url=to("project_detail", lambda p: p.pk), sort="title"),
        Column("sponsor", gettext_lazy("服务对象"), lambda p: name_of(p.sponsor)),
        Column("holder", gettext_lazy("承接单位"), lambda p: name_of(p.holder_unit or p.holder)),
        Column("state", gettext_lazy("状态"), stated, sort="state"),
        Column("accepted", gettext_lazy("验收日期"), lambda p: day(p.accepted_at), sort="accepted_at"),
    ],
    Outcome: [
        Column("kind", gettext_lazy("成果类别"), lambda o: o.kind.label),
        Column("amount", gettext_lazy("数量"), amount_of, number=True),
        Column("project", gettext_lazy("项目"), lambda o: o.project.label, url=to("project_detail", lambda o: o.project_id)),
        Column("achieved", gettext_lazy("取得日期"), lambda o: o.achieved_on, sort="achieved_on"),
    ],
    Organisation: [
        Column("name", gettext_lazy("单位"), lambda o: o.label, url=to("organisation_detail", lambda o: o.pk), sort="name"),
        Column("kind", gettext_lazy("单位性质"), lambda o: str(o.get_kind_display())),
        Column("size", gettext_lazy("规模"), lambda o: str(o.get_size_display()), sort="size"),
        Column("classification", gettext_lazy("两企三新"), lambda o: str(o.get_classification_display()), sort="classification"),
    ],
    Unit: [
        Column("name", gettext_lazy("二级单位"), lambda u: u.label, url=to("unit_detail", lambda u: u.pk), sort="name"),
        Column("organisation", gettext_lazy("所属单位"), lambda u: u.organisation.label),
    ],
}  # fmt: skip
# What the figure says of each record.
COUNTED = Column("counted", gettext_lazy("计入分子"), lambda row: _("是") if row.counted else _("否"))
DAYS = Column(
    "days", gettext_lazy("天数"), lambda row: (day_of(row.to) - day_of(row.since)).days, number=True
)
AMOUNT = Column("amount_told", gettext_lazy("计数"), lambda row: row.amount or 0, number=True, sort="amount")


def columns_of(rows: QuerySet[Any]) -> list[Column]:
    named = rows.query.annotations
    told = [
        column for name, column in (("counted", COUNTED), ("to", DAYS), ("amount", AMOUNT)) if name in named
    ]
    return [*COLUMNS[rows.model], *told]
