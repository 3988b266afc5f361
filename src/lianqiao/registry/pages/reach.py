from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import may


def within_reach(rows: QuerySet, pk: int, actor: Actor, permission: str) -> Any:
    """The row, where the position may do this with it; else it is as if it were not there."""
    row = get_object_or_404(rows, pk=pk)
    if not may(actor, permission, row):
        # The reader learns nothing; the trail does. The path stands in the log under the same request id.
        record(actor, "refused", row, after={"permission": permission, "reason": "out_of_reach"})
        raise Http404
    return row
