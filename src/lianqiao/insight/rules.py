import rules
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.permissions import has_role, permit

is_office = has_role(*OFFICE)


@rules.predicate
def in_own_chain(actor: Actor, row: object) -> bool:
    return row is None or getattr(row, "chain_id", None) in actor.chains


permit("insight.make_briefing", _("生成简报"), is_office & in_own_chain)
permit("insight.settle_analysis", _("设定产业链分析规则"), is_office & in_own_chain)
# By the clock alone.
permit("insight.note_figures", _("记录指标"), rules.always_false)
