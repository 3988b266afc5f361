"""An import as jobs: it goes on while its reader does something else, tells how far it is, and can be stopped."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.jobs import Progress, job
from lianqiao.core.permissions import LABELS
from lianqiao.core.refusals import NotPermitted
from lianqiao.lists.imports.actions.carrying import import_entries
from lianqiao.lists.imports.actions.steps import CHECK, check_import
from lianqiao.lists.imports.actions.undoing import undo_import
from lianqiao.lists.imports.hints import Hints
from lianqiao.lists.imports.queries import imports_for
from lianqiao.lists.imports.rules import IMPORT, UNDO
from lianqiao.lists.models import Import
from lianqiao.registry.queries import still_acts


def asked(pk: int, by: Actor) -> Import:
    if not still_acts(by, timezone.localdate()):
        # It was permitted when it was asked for; the position may have ended while it waited.
        raise NotPermitted(permission=LABELS[IMPORT])
    return imports_for(by).get(pk=pk)


def tell_rejected(progress: Progress, row: Import, by: Actor) -> None:
    """Whoever only knows the job, as a program does, learns there which rows were not taken, and why."""
    hints = Hints(row, by)
    for one in row.problems.filter(refusing=True):
        progress.error(
            f"{one.sheet}!{one.cell or one.row}", one.code, hints.explained(one.code, one.key, one.value)
        )


@job(CHECK, _("检查清单表格"))
def check_uploaded(progress: Progress, *, by: Actor, imported: int) -> dict[str, Any]:
    row = asked(imported, by)
    told = check_import(row, by=by, today=timezone.localdate(), step=progress.step)
    tell_rejected(progress, row, by)
    return told


@job(IMPORT, _("导入清单表格"))
def carry_out(progress: Progress, *, by: Actor, imported: int) -> dict[str, Any]:
    row = asked(imported, by)
    # Read, made findable, written.
    progress.expect(row.counts.get("rows", 0) * 3)
    told = import_entries(row, by=by, now=timezone.now(), step=progress.step)
    tell_rejected(progress, row, by)
    row.refresh_from_db(fields=["counts"])
    facts = {"rows": row.counts["rows"], "rejected": row.counts["refused"]}
    return told | facts | {"accepted": row.counts["added"] + row.counts["updated"]}


@job(UNDO, _("撤销导入"))
def take_back(progress: Progress, *, by: Actor, imported: int) -> dict[str, Any]:
    row = asked(imported, by)
    progress.expect(row.rows.count())
    return undo_import(row, by=by, step=progress.step)
