"""A round from its beginning to its end: scope and rules, run, publish, close."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core import jobs
from lianqiao.core.actor import Actor
from lianqiao.core.audit import record_many
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.permissions import may
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import change, creation, locked
from lianqiao.lists.models import Entry
from lianqiao.matching.models import Match, Round
from lianqiao.matching.policy import RoundRules, RoundScope, Wish
from lianqiao.matching.queries.promises import refuse_broken_promises
from lianqiao.matching.queries.rounds import answer_term, open_job, taking_part
from lianqiao.matching.telling import tell_sides
from lianqiao.registry.models import Chain
from lianqiao.registry.workdays import add_workdays

lifecycle = Lifecycle(Round)
CALLED = ("need__title", "offer__title", "enterprise_id", "giver_id", "unit_id")
State = Round.State
RUN, PREVIEW, CHECK = "matching.run_round", "matching.preview_round", "matching.check_round"


class NothingToMatch(Refused):
    code = "nothing_to_match"
    sentence = _("这个范围里没有可对接的需求，或没有资源和服务。请先放宽范围。")


class StillComputing(Refused):
    code = "still_computing"
    sentence = _("这一轮还在计算，请等它结束，或先停止计算。")


class NotInPreparation(Refused):
    code = "not_in_preparation"
    sentence = _("这一轮已经算出方案，范围和规则不能再改；可以照此新建一轮。")


def begin_round(
    *,
    by: Actor,
    chain: Chain,
    title: str,
    scope: RoundScope | None = None,
    rules: RoundRules | None = None,
) -> Round:
    """Raises NotPermitted, ValidationError."""
    with transaction.atomic():
        locked(chain)
        last = Round.objects.filter(chain=chain).aggregate(last=Max("number"))["last"] or 0
        row = Round(
            chain=chain,
            number=last + 1,
            title=title,
            scope=(scope or RoundScope()).plain(),
            rules=(rules or RoundRules()).plain(),
        )
        with creation(row, by=by, permission="matching.begin_round"):
            pass
    return row


def begin_again(row: Round, *, by: Actor, title: str) -> Round:
    """Another round with the same scope and rules. Raises NotPermitted, ValidationError."""
    scope, rules = RoundScope.of(row.scope), RoundRules.of(row.rules)
    return begin_round(by=by, chain=row.chain, title=title, scope=scope, rules=rules)


def edit_round(row: Round, *, by: Actor, seen: int | None = None, **fields: Any) -> Round:
    """`title`, `scope`, `rules`. What a preview told is no longer true. Raises NotPermitted, Stale, NotInPreparation."""
    with change(row, by=by, permission="matching.edit_round", seen=seen) as fresh:
        if fresh.state != State.DRAFT:
            raise NotInPreparation
        if "title" in fields:
            fresh.title = fields["title"]
        for name in ("scope", "rules"):
            if name in fields:
                setattr(fresh, name, fields[name].plain())
                fresh.summary = {}
    return fresh


def add_wish(row: Round, *, by: Actor, wish: Wish) -> Round:
    return edit_round(row, by=by, rules=RoundRules.of(row.rules).with_wish(wish))


def drop_wish(row: Round, *, by: Actor, place: int, seen: int) -> Round:
    """The `place`-th, as it stood in version `seen`. Raises NotPermitted, Stale."""
    return edit_round(row, by=by, seen=seen, rules=RoundRules.of(row.rules).without_wish(place))


def preview_round(row: Round, *, by: Actor) -> Round:
    """What the rules would bring on the lists as they are. Raises NotPermitted, NotInPreparation, NothingToMatch."""
    with change(row, by=by, permission="matching.preview_round") as fresh:
        if fresh.state != State.DRAFT:
            raise NotInPreparation
        refuse_open_job(fresh)
        refuse_empty(fresh)
        fresh.summary = {}
        fresh.job = jobs.start(PREVIEW, by=by, pk=fresh.pk)
    return fresh


@lifecycle.move(State.DRAFT, to=State.RUNNING)
def run_round(row: Round, *, by: Actor) -> None:
    """Raises NothingToMatch, StillComputing; ValidationError while another round of the chain is running."""
    refuse_open_job(row)
    refuse_empty(row)
    for other in Round.objects.filter(chain=row.chain_id, state=State.RUNNING):
        # Its job is over and did not say so: nobody waits for it any more.
        if not open_job(other):
            call_off(other, by=by)
    row.summary = {}
    row.job = jobs.start(RUN, by=by, pk=row.pk)


@lifecycle.move(State.RUNNING, to=State.DRAFT)
def call_off(row: Round, *, by: Actor) -> None:
    """Nothing was written, and whatever its job still finds is not taken."""
    if row.job and row.job.is_open and may(by, "core.cancel_job", row.job):
        jobs.cancel(row.job, by=by)
    row.job = None


def check_round(row: Round, *, by: Actor) -> Round:
    """Hold it again from its record. Raises NotPermitted, StillComputing."""
    with change(row, by=by, permission="matching.check_round") as fresh:
        refuse_open_job(fresh)
        fresh.job = jobs.start(CHECK, by=by, pk=fresh.pk)
    return fresh


@lifecycle.move(State.READY, to=State.PUBLISHED)
def publish_round(row: Round, *, by: Actor, now: datetime) -> None:
    """Every planned match is offered to both sides, who are told. Raises PromisesBroken.

    The chain is locked: two plans published at once cannot promise one place twice. So are the entries: what is
    lowered or withdrawn meanwhile is seen, or waits.
    """
    locked(row.chain)
    lock_entries(row)
    refuse_broken_promises(row, timezone.localdate(now))
    day = add_workdays(timezone.localdate(now), answer_term(row.chain_id).days).day
    planned = Match.objects.filter(round=row, state=Match.State.PLANNED)
    # The trail says what each is called: by its two entries.
    offered = list(planned.select_related("need", "offer").only(*CALLED).order_by("pk"))
    said = {"state": Match.State.OFFERED.value, "answer_by": day, "offered_at": now}
    planned.update(**said, changed_at=now, version=F("version") + 1)
    record_many(by, "matching.publish_round", ((match, {"state": "planned"}, said) for match in offered))
    row.published_at = now
    tell_sides(row, offered, day)


@lifecycle.move(State.PUBLISHED, to=State.CLOSED)
def close_round(row: Round, *, by: Actor, now: datetime) -> None:
    """Its matches go on; the round as such is history."""
    row.closed_at = now


@lifecycle.move(State.DRAFT, State.READY, to=State.DISCARDED)
def discard_round(row: Round, *, by: Actor) -> None:
    """Nobody outside of the office has seen it. Raises StillComputing."""
    refuse_open_job(row)


@lifecycle.move(State.DISCARDED, to=State.DRAFT)
def restore_round(row: Round, *, by: Actor) -> None:
    """As it was before it was discarded."""
    if row.ready_at:
        row.state = State.READY


def lock_entries(row: Round) -> None:
    planned = Match.objects.filter(round=row, state=Match.State.PLANNED)
    named = Q(pk__in=planned.values("need")) | Q(pk__in=planned.values("offer"))
    # In the order of their keys, as whoever else locks several.
    list(Entry.objects.select_for_update(no_key=True).filter(named).order_by("pk").values_list("pk"))


def refuse_open_job(row: Round) -> None:
    if open_job(row):
        raise StillComputing


def refuse_empty(row: Round) -> None:
    needs, offers = taking_part(RoundScope.of(row.scope), row.chain_id)
    if not (needs.exists() and offers.exists()):
        raise NothingToMatch
