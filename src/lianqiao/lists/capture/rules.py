import rules
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.permissions import has_role, permit
from lianqiao.lists.models import Capture

CAPTURE, PROPOSE, WRITE, DROP, UNDO = (
    "lists.capture_text",
    "lists.propose_entries",
    "lists.write_captured",
    "lists.drop_capture",
    "lists.undo_capture",
)
CAPTURERS = OFFICE | {Role.LIAISON}


@rules.predicate
def is_own_capture(actor: Actor, row: object) -> bool:
    """The office works on a text together; a liaison on their own."""
    if not isinstance(row, Capture):
        return row is None and bool(actor.chains)
    if row.chain_id not in actor.chains:
        return False
    return actor.role in OFFICE or row.person_id == actor.person_id


captures = has_role(*CAPTURERS) & is_own_capture
permit(CAPTURE, _("从文字摘录"), captures)
permit(PROPOSE, _("请语言模型补充"), captures)
permit(WRITE, _("写入摘录的条目"), captures)
permit(DROP, _("不采用摘录"), captures)
permit(UNDO, _("撤销摘录"), captures)
