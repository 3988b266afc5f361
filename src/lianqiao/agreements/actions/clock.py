"""What the clock does: reminds of what is due, warns of what ends, and closes what is over."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lianqiao.agreements.actions.moves import expire
from lianqiao.agreements.models import Agreement, ObligationDate
from lianqiao.agreements.queries import agreements_ending, agreements_over, dates_to_remind
from lianqiao.agreements.telling import tell_office, tell_parties
from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.refusals import StateMoved

# So many days before the end; the nearest first, so that a machine that was off warns once and not twice.
WARN_BEFORE = (30, 90)


def remind_due(*, by: Actor, now: datetime) -> int:
    """Once for each date, to the party that owes it, or to all. How many dates were told of."""
    count = 0
    for row in dates_to_remind(timezone.localdate(now)):
        with transaction.atomic():
            if not ObligationDate.objects.filter(pk=row.pk, reminded_at=None).update(reminded_at=now):
                continue
            owed, agreement = row.obligation.owed_by, row.obligation.agreement
            facts = {"what": row.obligation.what, "day": row.due_on}
            tell_parties(agreement, "obligation_due", by=by, parties=[owed] if owed else None, **facts)
            record(by, "agreements.remind", agreement, after={"what": row.obligation.what})
        count += 1
    return count


def warn_ending(*, by: Actor, now: datetime) -> int:
    count = 0
    for days in WARN_BEFORE:
        for agreement in agreements_ending(timezone.localdate(now), days):
            with transaction.atomic():
                Agreement.objects.filter(pk=agreement.pk).update(warned_days=days)
                tell_parties(agreement, "agreement_ends", by=by, day=agreement.ends_on)
                tell_office(agreement, "agreement_ends", by=by, day=agreement.ends_on)
                record(by, "agreements.warn", agreement, after={"count": days})
            count += 1
    return count


def expire_over(*, by: Actor, now: datetime) -> int:
    count = 0
    for agreement in agreements_over(timezone.localdate(now)):
        try:
            expire(agreement, by=by)
        except StateMoved:
            continue  # somebody ended it meanwhile
        count += 1
    return count
