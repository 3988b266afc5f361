"""The records each figure is computed from: `counted` marks those in the numerator, `since` and `to` give a time."""

from datetime import timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models import Value as Constant

from lianqiao.agreements.models import Agreement, AgreementParty, ObligationDate
from lianqiao.insight.queries.asked import Asked
from lianqiao.insight.queries.ties import SIGNED_EVER
from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.queries import OPEN
from lianqiao.matching.models import Match, Round, RoundNeed
from lianqiao.projects.models import Outcome, Project
from lianqiao.registry.models import Organisation, PartyBranch, Unit
from lianqiao.registry.queries import live_memberships

State = Entry.State
SAID = [state for state in State.values if state not in (State.DRAFT, State.MERGED)]
PUBLISHED_EVER = (State.PUBLISHED, State.MATCHING, State.FULFILLED, State.WITHDRAWN, State.EXPIRED)
HELD = (Round.State.PUBLISHED, Round.State.CLOSED)
FEASIBLE = (RoundNeed.Why.SERVED, RoundNeed.Why.TAKEN)
WAITING = timedelta(days=30)
Rows = list[QuerySet[Any]]


def needs(asked: Asked) -> QuerySet[Entry]:
    rows = Entry.objects.filter(chain=asked.scope.chain, kind=Kind.NEED, discarded_at=None, state__in=SAID)
    if asked.scope.segment:
        rows = rows.filter(segment=asked.scope.segment)
    if asked.scope.organisation:
        rows = rows.filter(organisation=asked.scope.organisation)
    return rows


def needs_said(asked: Asked) -> Rows:
    return [needs(asked).filter(submitted_at__gte=asked.starts_at, submitted_at__lt=asked.ends_before)]


def needs_answered(asked: Asked) -> Rows:
    rows = needs(asked).filter(answered_at__gte=asked.starts_at, answered_at__lt=asked.ends_before)
    return [rows.annotate(since=F("submitted_at"), to=F("answered_at"))]


def needs_signed(asked: Asked) -> Rows:
    """Whose first agreement was signed in the period."""
    signed = Agreement.objects.filter(state__in=SIGNED_EVER, matches__need=OuterRef("pk"))
    first = signed.order_by().values("matches__need").annotate(first=Min("signed_on")).values("first")
    named = Agreement.objects.filter(
        chain=asked.scope.chain, state__in=SIGNED_EVER, signed_on__range=(asked.period.first, asked.until)
    )
    rows = needs(asked).filter(pk__in=named.values("matches__need"))
    rows = rows.annotate(since=F("submitted_at"), to=Subquery(first))
    return [rows.filter(to__gte=asked.period.first)]


def needs_published(asked: Asked) -> Rows:
    rows = needs(asked).filter(
        state__in=PUBLISHED_EVER, published_at__gte=asked.starts_at, published_at__lt=asked.ends_before
    )
    return [rows.annotate(counted=Exists(accepted(settled_at__lt=asked.ends_before)))]


def accepted(**narrowing: Any) -> QuerySet[Match]:
    return Match.objects.filter(need=OuterRef("pk"), state=Match.State.ACCEPTED, **narrowing)


def needs_of_rounds(asked: Asked) -> Rows:
    """Each need once, as the newest round published in the period left it."""
    held = Round.objects.filter(
        chain=asked.scope.chain, state__in=HELD,
        published_at__gte=asked.starts_at, published_at__lt=asked.ends_before,
    )  # fmt: skip
    rows = RoundNeed.objects.filter(round__in=held)
    if asked.scope.segment:
        rows = rows.filter(need__segment=asked.scope.segment)
    if asked.scope.organisation:
        rows = rows.filter(need__organisation=asked.scope.organisation)
    newest = rows.order_by().values("need").annotate(last=Subquery(last_of(held))).values("last")
    rows = rows.filter(pk__in=newest)
    return [
        rows.annotate(
            counted=Case(When(why__in=FEASIBLE, then=True), default=False, output_field=BooleanField())
        )
    ]


def last_of(held: QuerySet[Round]) -> QuerySet[Any]:
    same = RoundNeed.objects.filter(need=OuterRef("need"), round__in=held)
    return same.order_by("-round__published_at", "-pk").values("pk")[:1]


def needs_waiting(asked: Asked) -> Rows:
    limit = asked.ends_before - WAITING
    rows = needs(asked).filter(state__in=OPEN, published_at__lt=limit)
    return [rows.filter(~Exists(accepted()))]


def agreements(asked: Asked) -> QuerySet[Agreement]:
    rows = Agreement.objects.filter(chain=asked.scope.chain, state__in=SIGNED_EVER)
    parties = AgreementParty.objects.filter(agreement=OuterRef("pk"))
    scope = asked.scope
    if scope.of == "segment":
        return rows.filter(
            Exists(parties.filter(organisation__in=asked.world.members_at(scope.segment or 0, asked.until)))
        )
    if scope.is_place:
        own = parties.filter(organisation=scope.organisation)
        return rows.filter(Exists(own.filter(unit=scope.unit) if scope.unit else own))
    return rows


def agreements_in_force(asked: Asked) -> Rows:
    day = asked.until
    rows = agreements(asked).filter(starts_on__lte=day, signed_on__lte=day)
    return [rows.filter(Q(ends_on=None) | Q(ends_on__gte=day), Q(ended_on=None) | Q(ended_on__gt=day))]


def promises(asked: Asked) -> QuerySet[ObligationDate]:
    """As `agreements.queries.fulfilment` counts them: what was waived counts nowhere."""
    rows = ObligationDate.objects.filter(obligation__agreement__in=agreements(asked))
    return rows.exclude(state=ObligationDate.State.WAIVED)


def promises_due(asked: Asked) -> Rows:
    done = Q(state=ObligationDate.State.DONE, done_on__lte=asked.until)
    rows = promises(asked).filter(due_on__gte=asked.period.first, due_on__lte=asked.period.last)
    rows = rows.filter(Q(due_on__lte=asked.until) | done)
    return [rows.annotate(counted=Case(When(done, then=True), default=False, output_field=BooleanField()))]


def promises_overdue(asked: Asked) -> Rows:
    open_still = [ObligationDate.State.DUE, ObligationDate.State.DISPUTED]
    rows = promises(asked).filter(obligation__agreement__state=Agreement.State.SIGNED)
    return [rows.filter(state__in=open_still, due_on__lt=asked.until)]


def projects(asked: Asked) -> QuerySet[Project]:
    rows = Project.objects.filter(chain=asked.scope.chain).exclude(state=Project.State.DRAFT)
    scope = asked.scope
    if scope.of == "segment":
        here = asked.world.members_at(scope.segment or 0, asked.until)
        return rows.filter(Q(sponsor__in=here) | Q(holder__in=here))
    if scope.is_place:
        held, served = Q(holder=scope.organisation), Q(sponsor=scope.organisation)
        if scope.unit:
            held, served = held & Q(holder_unit=scope.unit), served & Q(sponsor_unit=scope.unit)
        return rows.filter(held | served)
    return rows


def projects_begun(asked: Asked) -> Rows:
    begun = Q(published_at__lt=asked.ends_before) | Q(published_at=None, claimed_at__lt=asked.ends_before)
    return [projects(asked).filter(begun)]


def projects_late(asked: Asked) -> Rows:
    return [projects(asked).filter(state=Project.State.WORKING, ends_on__lt=asked.until)]


def outcomes(asked: Asked) -> Rows:
    """Of what was reported, only what both sides confirmed."""
    rows = Outcome.objects.filter(project__in=projects(asked), state=Outcome.State.CONFIRMED)
    return [rows.filter(achieved_on__range=(asked.period.first, asked.until))]


def first_projects(asked: Asked) -> Rows:
    """The first project of each pair that was accepted, if that was in the period."""
    firsts = asked.world.first_accepted
    within = {
        one.pk
        for one in firsts.values()
        if one.accepted_at and asked.starts_at <= one.accepted_at < asked.ends_before
    }
    rows = projects(asked).filter(pk__in=within)
    return [rows.annotate(counted=in_ids(within & asked.continued))]


def enterprises(asked: Asked) -> QuerySet[Organisation]:
    """Live members of the chain on the last day."""
    live = live_memberships(asked.until).filter(chain=asked.scope.chain)
    if asked.scope.segment:
        live = live.filter(segments=asked.scope.segment)
    rows = Organisation.objects.filter(
        kind=Organisation.Kind.ENTERPRISE, state=Organisation.State.ACTIVE, pk__in=live.values("organisation")
    )
    return rows.filter(pk=asked.scope.organisation) if asked.scope.organisation else rows


def enterprises_reached(asked: Asked) -> Rows:
    """With somebody other than the office: a school, a college or another enterprise."""
    busy = {place[0] for tie in asked.live_ties() if asked.is_between_members(tie) for place in tie.pair}
    return [enterprises(asked).annotate(counted=in_ids(busy))]


def enterprises_organised(asked: Asked) -> Rows:
    branches = PartyBranch.objects.filter(organisation=OuterRef("pk")).exclude(kind=PartyBranch.Kind.NONE)
    return [enterprises(asked).annotate(counted=Exists(branches))]


def enterprises_instructed(asked: Asked) -> Rows:
    """By a Party organisation or by an instructor."""
    branches = PartyBranch.objects.filter(organisation=OuterRef("pk"))
    reached = branches.filter(~Q(kind=PartyBranch.Kind.NONE) | Q(instructor__isnull=False))
    return [enterprises(asked).annotate(counted=Exists(reached))]


def enterprises_with_partners(asked: Asked) -> Rows:
    counts = asked.partner_kinds
    amount = Case(
        *(When(pk__in=[who for who, n in counts.items() if n == each], then=Constant(each)) for each in (1, 2, 3)),
        default=Constant(0), output_field=IntegerField(),
    )  # fmt: skip
    return [enterprises(asked).filter(pk__in=counts).annotate(amount=amount)]


def in_ids(ids: set[int]) -> Case:
    return Case(When(pk__in=ids, then=True), default=False, output_field=BooleanField())


def places_met(asked: Asked) -> Rows:
    """Organisations that act as a whole, and units that act by themselves."""
    places = asked.met_in_period
    return [
        Organisation.objects.filter(pk__in={who for who, unit in places if unit is None}),
        Unit.objects.filter(pk__in={unit for _, unit in places if unit}),
    ]


def cooperations(asked: Asked) -> Rows:
    return [
        Agreement.objects.filter(pk__in=asked.sources("agreement")),
        Project.objects.filter(pk__in=asked.sources("project")),
    ]


def offers(asked: Asked) -> Rows:
    rows = Entry.objects.filter(
        chain=asked.scope.chain, kind__in=[Kind.RESOURCE, Kind.SERVICE], state__in=OPEN,
        published_at__lt=asked.ends_before,
    )  # fmt: skip
    if asked.scope.organisation:
        rows = rows.filter(organisation=asked.scope.organisation)
        rows = rows.filter(unit=asked.scope.unit) if asked.scope.unit else rows
    given = Match.objects.filter(offer=OuterRef("pk"), state=Match.State.ACCEPTED)
    times = given.order_by().values("offer").annotate(n=Count("enterprise", distinct=True)).values("n")
    return [rows.annotate(amount=Subquery(times, output_field=IntegerField()))]


def times_given(rows: QuerySet[Entry]) -> int:
    """To how many enterprises these offers go together: from the few matches, not offer by offer."""
    given = Match.objects.filter(offer__in=rows.order_by().values("pk"), state=Match.State.ACCEPTED)
    return given.order_by().values("offer", "enterprise").distinct().count()
