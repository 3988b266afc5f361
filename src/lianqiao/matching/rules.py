import rules
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.permissions import LABELS, has_role, permit
from lianqiao.core.values import LABELS_OF_FACTS
from lianqiao.matching.models import Round

is_office = has_role(*OFFICE)


@rules.predicate
def in_own_chain(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, Round) and row.chain_id in actor.chains)


office_here = is_office & in_own_chain

permit("matching.begin_round", _("新建对接轮次"), office_here)
permit("matching.edit_round", _("修改对接轮次"), office_here)
permit("matching.preview_round", _("预演"), office_here)
permit("matching.run_round", _("运行对接轮次"), office_here)
permit("matching.call_off", _("停止计算"), office_here)
permit("matching.adjust_round", _("调整对接方案"), office_here)
permit("matching.undo_adjustment", _("撤销调整"), office_here)
permit("matching.publish_round", _("发布对接方案"), office_here)
permit("matching.close_round", _("结束对接轮次"), office_here)
permit("matching.discard_round", _("作废对接轮次"), office_here)
permit("matching.restore_round", _("恢复对接轮次"), office_here)
permit("matching.check_round", _("复核对接方案"), office_here)
LABELS |= {
    "matching.plan_round": _("算出对接方案"),
    "matching.tell_preview": _("算出预演结果"),
    "matching.tell_check": _("算出复核结果"),
}
LABELS_OF_FACTS |= {
    "matches": _("对接条数"),
    "taken": _("取消的对接"),
    "given": _("换上的对接"),
}
