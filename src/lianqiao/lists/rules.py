import rules
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, PUBLIC, WRITERS, Actor, Role
from lianqiao.core.permissions import LABELS, has_role, permit
from lianqiao.core.values import LABELS_OF_FACTS
from lianqiao.lists.models import (
    Asking,
    Attachment,
    Category,
    Comment,
    Entry,
    EntryMerge,
    FreshnessRule,
    Kind,
    PublicList,
    SavedFilter,
    Wish,
)
from lianqiao.lists.queries import OPEN, entries_for
from lianqiao.lists.shown import is_own
from lianqiao.registry.queries import branches_for
from lianqiao.registry.rules import reaches_organisation

is_office = has_role(*OFFICE)
is_owner = has_role(Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR, Role.COLLEGE_CONTACT)
is_liaison = has_role(Role.LIAISON)
State = Entry.State
UNANSWERED = (State.DRAFT, State.SUBMITTED, State.RETURNED)


@rules.predicate
def in_own_chain(actor: Actor, row: object) -> bool:
    if isinstance(row, Asking | Category | Entry | FreshnessRule | PublicList):
        return row.chain_id in actor.chains
    return row is None and bool(actor.chains)


@rules.predicate
def is_own_entry(actor: Actor, row: object) -> bool:
    """Without a row: whoever has a place of their own may have entries of it."""
    return row is None or (isinstance(row, Entry) and is_own(actor, row))


@rules.predicate
def reaches_entry(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, Entry) and entries_for(actor).filter(pk=row.pk).exists())


@rules.predicate
def looks_after(actor: Actor, row: object) -> bool:
    """A need of an enterprise in whose Party records the liaison is the instructor."""
    if row is None:
        return bool(actor.chains)
    if not isinstance(row, Entry) or row.kind != Kind.NEED or row.chain_id not in actor.chains:
        return False
    mine = branches_for(actor).filter(instructor=actor.person_id, organisation=row.organisation_id)
    return mine.exists()


@rules.predicate
def holds_link(actor: Actor, row: object) -> bool:
    """Whoever opened a one-time link: nobody by name, who stands for one organisation on one chain."""
    if actor.role != PUBLIC or not isinstance(row, Entry | Asking) or row.chain_id not in actor.chains:
        return False
    return row.organisation_id == actor.organisation_id


@rules.predicate
def is_unanswered(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, Entry) and row.state in UNANSWERED)


@rules.predicate
def is_draft(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, Entry) and row.state == State.DRAFT)


@rules.predicate
def is_open(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, Entry) and row.state in OPEN)


@rules.predicate
def is_not_over(actor: Actor, row: object) -> bool:
    over = (State.MERGED, State.FULFILLED, State.WITHDRAWN)
    return row is None or (isinstance(row, Entry) and row.state not in over)


@rules.predicate
def reaches_both(actor: Actor, row: object) -> bool:
    if not isinstance(row, EntryMerge):
        return row is None
    return entries_for(actor).filter(pk__in=[row.gone_id, row.kept_id]).count() == 2


@rules.predicate
def keeps_its_entry(actor: Actor, row: object) -> bool:
    """What hangs on an entry is kept by who keeps the entry."""
    if not isinstance(row, Attachment):
        return row is None
    return is_kept(actor, row.entry)


@rules.predicate
def is_own_comment(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, Comment) and row.person_id == actor.person_id)


@rules.predicate
def took_it_away(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, Comment) and row.removed_by_id == actor.person_id)


@rules.predicate
def is_shown(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, Comment) and row.state == Comment.State.SHOWN)


@rules.predicate
def is_own_filter(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, SavedFilter) and row.person_id == actor.person_id)


@rules.predicate
def is_on_own_entry(actor: Actor, row: object) -> bool:
    return isinstance(row, Comment) and row.entry.chain_id in actor.chains


office_here = is_office & in_own_chain
asker = (is_owner & is_own_entry) | (is_liaison & is_own_entry & looks_after) | holds_link
is_kept = office_here | asker

permit(
    "lists.add_entry",
    _("填报清单条目"),
    office_here | (is_owner & is_own_entry) | (is_liaison & looks_after) | holds_link,
)
permit("lists.edit_entry", _("修改清单条目"), (office_here & is_not_over) | (asker & is_unanswered))
permit("lists.revise", _("修改后重新提交"), asker)
permit("lists.restore_edit", _("恢复修改前的内容"), (office_here & is_not_over) | (asker & is_unanswered))
permit("lists.discard", _("删除草稿"), is_kept & is_draft)
permit("lists.bring_back", _("恢复草稿"), is_kept & is_draft)
permit("lists.submit", _("提交"), is_kept)
permit("lists.publish", _("发布"), office_here)
permit("lists.return_entry", _("退回"), office_here)
permit("lists.withdraw", _("撤回"), is_kept)
permit("lists.to_matching", _("转入对接"), office_here)
# It follows from a match that came to nothing.
permit("lists.back_to_list", _("退回清单"), rules.always_false)
permit("lists.fulfil", _("办结"), office_here)
permit("lists.pause", _("暂停"), is_kept)
permit("lists.resume", _("恢复发布"), is_kept)
permit("lists.confirm_fresh", _("确认仍然有效"), is_kept & is_open)
permit("lists.extend", _("延长有效期"), is_kept & is_open)
permit("lists.place_entry", _("归类"), office_here & is_not_over)
permit("lists.take_back", _("撤销上一步"), is_kept)
permit("lists.merge_entries", _("合并条目"), office_here & is_not_over)
permit("lists.undo_merge", _("撤销条目合并"), is_office & reaches_both)
permit("lists.comment", _("留言"), is_kept & reaches_entry)
permit("lists.remove_comment", _("删除留言"), is_own_comment | (is_office & is_on_own_entry))
permit("lists.edit_comment", _("修改留言"), is_own_comment & is_shown)
permit("lists.restore_comment", _("恢复留言"), took_it_away | (is_office & is_on_own_entry))
permit("lists.attach", _("上传附件"), is_kept & is_not_over)
permit("lists.detach", _("删除附件"), keeps_its_entry)
permit("lists.reattach", _("恢复附件"), keeps_its_entry)
permit("lists.save_filter", _("保存常用筛选"), has_role(*WRITERS, Role.LEADER) & is_own_filter)
permit("lists.drop_filter", _("删除常用筛选"), has_role(*WRITERS, Role.LEADER) & is_own_filter)
permit("lists.add_category", _("增加清单类别"), office_here)
permit("lists.edit_category", _("修改清单类别"), office_here)
permit("lists.retire_category", _("停用清单类别"), office_here)
permit("lists.revive_category", _("恢复清单类别"), office_here)
permit("lists.settle_freshness", _("设定有效期规则"), office_here)
permit("lists.open_to_public", _("开放公开清单"), office_here)
permit("lists.close_to_public", _("关闭公开清单"), office_here)
permit("lists.make_asking", _("发出填报链接"), office_here & reaches_organisation)
permit("lists.revoke_asking", _("作废填报链接"), office_here)
permit("lists.answer_asking", _("答复填报链接"), holds_link)
# By the clock alone, which acts as the operator of the machine.
permit("lists.expire", _("到期暂停"), rules.always_false)
LABELS |= {
    "lists.remind": _("到期提醒"),
    "lists.open_asking": _("打开填报链接"),
    "lists.wish": _("修改对接意愿"),
    "lists.forget": _("彻底删除"),
}
LABELS_OF_FACTS |= {str(kind.value): kind.label for kind in Wish.Kind}
