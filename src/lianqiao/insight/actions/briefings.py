"""A briefing is made from records, kept as it was made, and edited in Word afterwards."""

import hashlib
from datetime import datetime
from typing import Any

from django.utils import timezone

from lianqiao.core.actor import Actor
from lianqiao.core.permissions import require
from lianqiao.core.writing import change, creation
from lianqiao.insight.composing import briefing_of
from lianqiao.insight.document import briefing_document
from lianqiao.insight.models import AnalysisRule, Briefing
from lianqiao.insight.period import Period
from lianqiao.registry.models import Chain


def make_briefing(chain: Chain, period: Period, *, by: Actor, now: datetime) -> Briefing:
    """Raises NotPermitted, ValidationError."""
    row = Briefing(chain=chain, every=period.every, first=period.first, last=period.last, made_at=now)
    require(by, "insight.make_briefing", row)
    row.title, lines, row.figures = briefing_of(chain, period, by, timezone.localdate(now))
    row.content = briefing_document(lines)
    row.sha256 = hashlib.sha256(row.content).hexdigest()
    row.by_label = f"{by.name} {by.position_label}".strip()
    with creation(row, by=by, permission="insight.make_briefing"):
        pass
    return row


def settle_analysis(chain: Chain, *, by: Actor, seen: int | None = None, **fields: Any) -> AnalysisRule:
    """From when on segments of this chain are proposed. Raises NotPermitted, Stale, ValidationError."""
    row = AnalysisRule.objects.filter(chain=chain).first()
    if row is None:
        fresh = AnalysisRule(chain=chain, **fields)
        with creation(fresh, by=by, permission="insight.settle_analysis") as made:
            return made
    with change(row, by=by, permission="insight.settle_analysis", seen=seen) as kept:
        for name, value in fields.items():
            setattr(kept, name, value)
    return kept
