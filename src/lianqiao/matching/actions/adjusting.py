"""The plan of a round changed by hand before it is published, and back again."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import locked
from lianqiao.lists.models import Entry
from lianqiao.matching import engine
from lianqiao.matching.actions.holding import match_facts
from lianqiao.matching.models import Adjustment, Match, Round
from lianqiao.matching.queries.promises import broken_promises
from lianqiao.matching.queries.rounds import record_of

State = Round.State
Pairs = list[tuple[int, int]]


class NotAdjustable(Refused):
    code = "not_adjustable"
    sentence = _("只有待发布的方案可以调整。")


class NotInRound(Refused):
    code = "not_in_round"
    sentence = _("这一条没有参加这一轮，不能换上。")


class NothingChanges(Refused):
    code = "nothing_changes"
    sentence = _("方案里已经是这样，没有可调整的。")


class SideSaidNever(Refused):
    code = "side_said_never"
    sentence = _("其中一方不愿与对方对接，不能换上。")


class PlanMoved(Refused):
    code = "plan_moved"
    sentence = _("方案在您看过之后又有调整，请重新查看影响后再定。")


class ChangedAfterwards(Refused):
    code = "changed_afterwards"
    sentence = _("之后的调整用到了同样的名额，不能只撤销这一步；请先撤销后来的一步。")


def consequences_of(
    row: Round, need: Entry, taken: Entry | None, given: Entry | None, *, by: Actor
) -> engine.Adjusted:
    """What a change would do, and nothing is done. Raises NotPermitted, NotAdjustable, NotInRound."""
    require(by, "matching.adjust_round", row)
    if row.state != State.READY:
        raise NotAdjustable
    try:
        return engine.adjusted(
            basis_of(row), pairs_of(row), need.pk, taken.pk if taken else None, given.pk if given else None
        )
    except KeyError as error:
        raise NotInRound from error


def adjust_round(
    row: Round,
    *,
    by: Actor,
    now: datetime,
    need: Entry,
    taken: Entry | None = None,
    given: Entry | None = None,
    reason: str = "",
    seen: int | None = None,
) -> Adjustment:
    """`seen`: the version of the round whose consequences were shown.

    Raises NotPermitted, NotAdjustable, NotInRound, NothingChanges, SideSaidNever, PlanMoved.
    """
    with transaction.atomic():
        fresh = locked(row)
        if seen is not None and fresh.version != seen:
            raise PlanMoved
        found = consequences_of(fresh, need, taken, given, by=by)
        if not (found.gone or found.come):
            raise NothingChanges
        if found.is_forbidden:
            raise SideSaidNever
        carry_out(fresh, found, now)
        adjustment = Adjustment(
            round=fresh,
            need=need,
            taken=taken,
            given=given,
            reason=reason,
            consequences=told_of(found),
            made_at=now,
            by_label=by.name or by.position_label,
        )
        adjustment.full_clean()
        adjustment.save()
        record(by, "matching.adjust_round", fresh, after=facts_of(adjustment))
    return adjustment


def undo_adjustment(adjustment: Adjustment, *, by: Actor, now: datetime) -> Adjustment:
    """Raises NotPermitted, NotAdjustable, ChangedAfterwards."""
    with transaction.atomic():
        row = locked(adjustment.round)
        require(by, "matching.undo_adjustment", row)
        if row.state != State.READY:
            raise NotAdjustable
        fresh = locked(adjustment)
        before = pairs_of(row)
        come, gone = (as_ids(fresh.consequences[name]) for name in ("come", "gone"))
        if fresh.state != Adjustment.State.DONE or not set(come) <= set(before) or set(gone) & set(before):
            raise ChangedAfterwards
        after = [pair for pair in before if pair not in come] + gone
        found = engine.recounted(basis_of(row), before, after)
        if found.broken and not is_restored(fresh, found):
            raise ChangedAfterwards
        carry_out(row, found, now)
        fresh.state = Adjustment.State.UNDONE
        fresh.save()
        record(by, "matching.undo_adjustment", row, before=facts_of(fresh))
    return fresh


def drop_broken(row: Round, *, by: Actor, now: datetime) -> int:
    """Take out of the plan what cannot be published any more; each can be undone. How many they were."""
    with transaction.atomic():
        fresh = locked(row)
        broken = broken_promises(fresh, timezone.localdate(now))
        for one in broken:
            need, taken = one.match.need, one.match.offer
            adjust_round(fresh, by=by, now=now, need=need, taken=taken, reason=str(DROPPED))
    return len(broken)


DROPPED = _("清单有变化，不能发布")


def is_restored(adjustment: Adjustment, found: engine.Adjusted) -> bool:
    """Whether what breaks now was broken before the change as well, which mended it."""
    mended = {tuple(one) for one in adjustment.consequences["mended"]}
    return {(fault.kind, *fault.of) for fault in found.broken} <= mended


def carry_out(row: Round, found: engine.Adjusted, now: datetime) -> None:
    for need, offer in found.gone:
        Match.objects.filter(round=row, need=int(need), offer=int(offer), state=Match.State.PLANNED).delete()
    add_by_hand(row, found.come)
    matches = Match.objects.filter(round=row)
    served = matches.values("need").distinct().count()
    row.summary = row.summary | {
        "matches": matches.count(),
        "matched": served,
        "unserved": row.summary["needs"] - served,
        "sum": found.sum_after,
        "worst": found.worst_after,
        "gap": found.gap,
        "adjusted": True,
    }
    row.version += 1
    row.save()


def add_by_hand(row: Round, pairs: Iterable[tuple[str, str]]) -> None:
    """Like those that the solver chose, with the reasons that the engine gives for them."""
    pairs = list(pairs)
    entries = Entry.objects.select_related("organisation", "unit").in_bulk(
        {int(pk) for pair in pairs for pk in pair}
    )
    for need, offer in pairs:
        at = basis_of(row)
        score = at.score(at.pair(need, offer))
        one = {
            "need": int(need),
            "offer": int(offer),
            "score": score,
            "rank": Match.objects.filter(round=row, need=int(need)).count() + 1,
            "reasons": engine.reasons_of(at.reasons(need, offer), score),
        }
        match = Match(chain=row.chain, round=row, origin=Match.Origin.ROUND, **match_facts(one, entries))
        match.full_clean()
        match.save()


def told_of(found: engine.Adjusted) -> dict[str, Any]:
    return {
        "gone": [list(pair) for pair in found.gone],
        "come": [list(pair) for pair in found.come],
        "sum": [found.sum_before, found.sum_after],
        "worst": [found.worst_before, found.worst_after],
        "gap": found.gap,
        "unserved": list(found.unserved),
        "broken": [asdict(fault) for fault in found.broken],
        "mended": [[fault.kind, *fault.of] for fault in found.mended],
    }


def facts_of(adjustment: Adjustment) -> dict[str, Any]:
    return {
        "need": adjustment.need_id,
        "taken": adjustment.taken_id,
        "given": adjustment.given_id,
        "reason": adjustment.reason,
    }


def basis_of(row: Round) -> engine.Basis:
    kept = record_of(row)
    return engine.basis_of(bytes(kept.content), kept.sha256)


def pairs_of(row: Round) -> Pairs:
    rows = Match.objects.filter(round=row, state=Match.State.PLANNED)
    return list(rows.order_by("need", "offer").values_list("need", "offer"))


def as_ids(pairs: Iterable[Iterable[str]]) -> Pairs:
    return [(int(need), int(offer)) for need, offer in pairs]
