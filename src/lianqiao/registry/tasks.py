"""Long work of the registry."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.jobs import Progress, job
from lianqiao.core.permissions import LABELS
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.registry.actions.reference import import_reference
from lianqiao.registry.editions import difference
from lianqiao.registry.queries import still_acts
from lianqiao.registry.tables import BadTable, read_table
from lianqiao.registry.uploads import content_of, drop, facts_of

# The name of the permission and of the job that uses it.
IMPORT = "registry.import_reference"


class UploadGone(Refused):
    code = "upload_gone"
    sentence = _("上传的文件已不在，请重新上传。")
    status = 410


@job(IMPORT, _("更新参照表"))
def import_uploaded(progress: Progress, *, by: Actor, upload: str) -> dict[str, Any]:
    """Load what was uploaded and agreed to; the file goes, however it ends."""
    if not still_acts(by, timezone.localdate()):
        # It was permitted when it was asked for; the position may have ended while it waited.
        drop(upload)
        raise NotPermitted(permission=LABELS[IMPORT])
    facts = facts_of(upload, by=by)
    if facts is None:
        raise UploadGone
    try:
        return load(progress, facts, content_of(upload), by)
    except BadTable as refusal:
        for problem in refusal.problems:
            progress.error(str(problem.row), problem.code, str(problem))
        raise
    finally:
        drop(upload)


def load(progress: Progress, facts: dict[str, Any], content: bytes, by: Actor) -> dict[str, Any]:
    kind, rows = facts["kind"], read_table(facts["kind"], facts["name"], content)
    found = difference(kind, rows)
    progress.expect(len(found.added) + len(found.changed))
    valid_from = date.fromisoformat(facts["valid_from"])
    loaded = import_reference(
        kind, rows, edition=facts["edition"], valid_from=valid_from, by=by, step=progress.step
    )
    return {
        "edition": loaded.name,
        "added": loaded.added,
        "changed": loaded.changed,
        "ended": loaded.ended,
    }
