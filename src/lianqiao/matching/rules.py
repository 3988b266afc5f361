import rules
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, PUBLIC, Actor
from lianqiao.core.permissions import LABELS, has_role, permit
from lianqiao.core.values import LABELS_OF_FACTS
from lianqiao.lists.shown import is_own
from lianqiao.matching.models import AnswerTerm, Dismissal, Match, MatchLink, Pairing, Round, Weighting
from lianqiao.matching.queries.matches import AGREED, SIDES, said_by, side_of
from lianqiao.matching.queries.pairings import party_of

is_office = has_role(*OFFICE)
is_side = has_role(*SIDES)
OF_A_CHAIN = (AnswerTerm, Match, Pairing, Round, Weighting)


@rules.predicate
def in_own_chain(actor: Actor, row: object) -> bool:
    if isinstance(row, MatchLink):
        return row.match.chain_id in actor.chains
    if isinstance(row, Dismissal):
        return row.entry.chain_id in actor.chains
    return row is None or (isinstance(row, OF_A_CHAIN) and row.chain_id in actor.chains)


@rules.predicate
def stands_for_side(actor: Actor, row: object) -> bool:
    """A contact of one side, or whoever holds its link."""
    return row is None or (isinstance(row, Match) and side_of(actor, row) is not None)


@rules.predicate
def has_said_yes(actor: Actor, row: object) -> bool:
    if row is None:
        return actor.role in SIDES
    side = side_of(actor, row) if isinstance(row, Match) else None
    return isinstance(row, Match) and side is not None and said_by(row, side) in AGREED


@rules.predicate
def holds_match_link(actor: Actor, row: object) -> bool:
    return actor.role == PUBLIC and isinstance(row, MatchLink) and side_of(actor, row.match) == row.side


@rules.predicate
def keeps_dismissing_entry(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, Dismissal) and is_own(actor, row.entry))


@rules.predicate
def is_party(actor: Actor, row: object) -> bool:
    return (row is None and actor.role in SIDES) or (
        isinstance(row, Pairing) and party_of(actor, row) is not None
    )


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

own_side_here = is_side & in_own_chain & stands_for_side
answers = (is_side | has_role(PUBLIC)) & stands_for_side
permit("matching.invite", _("邀请对接"), office_here | own_side_here)
permit("matching.accept", _("同意对接"), answers)
permit("matching.decline", _("谢绝对接"), answers)
permit("matching.rescope", _("另提方案"), answers)
permit("matching.withdraw", _("撤回对接"), office_here | has_said_yes)
permit("matching.fall_through", _("登记未谈成"), office_here | own_side_here)
permit("matching.make_match_link", _("发出答复链接"), office_here)
permit("matching.revoke_match_link", _("作废答复链接"), office_here)
permit("matching.answer_match_link", _("通过链接答复"), holds_match_link)
permit("matching.dismiss", _("标记不合适"), office_here | (is_side & keeps_dismissing_entry))
permit("matching.take_back_dismissal", _("取消不合适"), office_here | (is_side & keeps_dismissing_entry))
permit("matching.settle_answer_term", _("设定答复期限"), office_here)
# It follows from the second yes to a match.
permit("matching.propose_pairing", _("提出结对"), rules.always_false)
# It follows from the end of the match that it was proposed for.
permit("matching.drop_pairing", _("撤销结对建议"), rules.always_false)
permit("matching.confirm_pairing", _("确认结对"), office_here | is_party)
permit("matching.decline_pairing", _("不予结对"), office_here | is_party)
permit("matching.end_pairing", _("结束结对"), office_here | is_party)
permit("matching.propose_weighting", _("从答复中学习"), office_here)
permit("matching.approve_weighting", _("批准评分权重"), office_here)
permit("matching.refuse_weighting", _("不采用评分权重"), office_here)
permit("matching.undo_weighting", _("停用评分权重"), office_here)
# What follows from approving another one, and from undoing that.
permit("matching.replace_weighting", _("由新的权重替换"), rules.always_false)
permit("matching.resume_weighting", _("恢复原来的权重"), rules.always_false)
# By the clock alone, which acts as the operator of the machine.
permit("matching.lapse", _("逾期结束对接"), rules.always_false)
LABELS |= {
    "matching.plan_round": _("算出对接方案"),
    "matching.tell_preview": _("算出预演结果"),
    "matching.tell_check": _("算出复核结果"),
    "matching.remind": _("提醒答复"),
    "matching.open_match_link": _("打开答复链接"),
}
LABELS_OF_FACTS |= {
    "matches": _("对接条数"),
    "taken": _("取消的对接"),
    "given": _("换上的对接"),
}
