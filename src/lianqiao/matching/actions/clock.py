"""What the clock does with matches: reminds, lets lapse what nobody answered, ends what lost one of its entries."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.refusals import StateMoved
from lianqiao.core.writing import change, locked
from lianqiao.matching.actions.matches import lapse, withdraw
from lianqiao.matching.models import AnswerTerm, Match, Side
from lianqiao.matching.queries.matches import chains_with_offers, said_by, to_lapse, to_remind, to_withdraw
from lianqiao.matching.queries.rounds import answer_term
from lianqiao.matching.telling import tell_side
from lianqiao.registry.models import Chain
from lianqiao.registry.workdays import add_workdays


def remind_of_matches(*, by: Actor, now: datetime) -> int:
    """Once for each term; who has answered is left alone. How many matches were told of."""
    today, count = timezone.localdate(now), 0
    for chain_id in chains_with_offers():
        last = add_workdays(today, answer_term(chain_id).remind_days).day
        for match in to_remind(chain_id, today, last):
            with transaction.atomic():
                fresh = locked(match)
                if fresh.state != Match.State.OFFERED:
                    continue
                Match.objects.filter(pk=match.pk).update(reminded_at=now)
                for side in Side:
                    if not said_by(fresh, side):
                        tell_side(match, side, "match_reminder", day=fresh.answer_by)
                record(by, "matching.remind", match)
            count += 1
    return count


def lapse_due(*, by: Actor, now: datetime) -> int:
    """Whose day is over, and those whose need or offer is gone. How many ended."""
    count = 0
    for rows, end in ((to_lapse(timezone.localdate(now)), lapse), (to_withdraw(), withdraw)):
        for match in rows:
            try:
                end(match, by=by, now=now)
            except StateMoved:
                continue  # somebody answered in this moment
            count += 1
    return count


def settle_answer_term(chain: Chain, *, by: Actor, days: int, remind_days: int) -> AnswerTerm:
    """For what is sent from now on. Raises NotPermitted, ValidationError."""
    with transaction.atomic():
        locked(chain)
        known = AnswerTerm.objects.filter(chain=chain).first()
        if known is None:
            require(by, "matching.settle_answer_term", AnswerTerm(chain=chain))
            known = AnswerTerm.objects.create(chain=chain)
        with change(known, by=by, permission="matching.settle_answer_term") as row:
            row.days, row.remind_days = days, remind_days
    return row
