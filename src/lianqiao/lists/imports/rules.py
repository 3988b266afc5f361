import rules
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.permissions import has_role, permit
from lianqiao.lists.models import Import

IMPORT, UNDO = "lists.import_entries", "lists.undo_import"
IMPORTERS = OFFICE | {
    Role.LIAISON,
    Role.ENTERPRISE_CONTACT,
    Role.SCHOOL_COORDINATOR,
    Role.COLLEGE_CONTACT,
}


@rules.predicate
def is_own_import(actor: Actor, row: object) -> bool:
    """The office works on one together; anybody else on their own. Each row is asked for by itself."""
    if not isinstance(row, Import):
        return row is None and bool(actor.chains)
    if row.chain_id not in actor.chains:
        return False
    return actor.role in OFFICE or row.person_id == actor.person_id


permit(IMPORT, _("导入清单表格"), has_role(*IMPORTERS) & is_own_import)
permit(UNDO, _("撤销导入"), has_role(*IMPORTERS) & is_own_import)
