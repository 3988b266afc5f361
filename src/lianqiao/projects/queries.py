"""What of the projects exists for a person. Pages, API, exports, search and counts all start here."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from lianqiao.agreements.models import Agreement, AgreementVersion
from lianqiao.agreements.queries import agreements_for
from lianqiao.core.actor import COMMAND, OFFICE, Actor, Role
from lianqiao.core.text import normalise
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import of_relation
from lianqiao.matching.models import Match
from lianqiao.projects.models import (
    Claim,
    ClaimLimit,
    Evidence,
    Milestone,
    Outcome,
    OutcomeKind,
    Project,
    ProjectKind,
    WorkNote,
)
from lianqiao.registry.models import Organisation
from lianqiao.registry.queries import chains_for

State = Project.State
SEES_ALL = (Role.AUDITOR, COMMAND)
SIDES = (Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR, Role.COLLEGE_CONTACT)
# Who looks at what is agreed and done, and not at what the sides say to each other.
ONLOOKERS = (Role.LEADER, Role.LIAISON)
VISITORS = (Role.MENTOR, Role.STUDENT)
NOTHING = Q(pk__in=[])
AT_WORK = (State.WORKING, State.DELIVERED)
LIVE_CLAIMS = (Claim.State.HELD, Claim.State.WAITING)
OVER = (State.ACCEPTED, State.STOPPED)
REMIND_BEFORE = timedelta(days=7)
KEPT_DELETED = timedelta(days=30)
# How many a unit, or an organisation as a whole, works on at once where the office settled nothing.
USUAL_LIMIT = 5


def projects_for(actor: Actor) -> QuerySet[Project]:
    names = ("chain", "kind", "sponsor", "sponsor_unit", "holder", "holder_unit", "asked", "asked_unit")
    return Project.objects.select_related(*names).filter(reached_by(actor))


def reached_by(actor: Actor) -> Q:
    if actor.role in SEES_ALL:
        return Q()
    here = Q(chain__in=actor.chains)
    if actor.role in OFFICE:
        return here
    if actor.role in ONLOOKERS:
        return here & ~Q(state=State.DRAFT)
    free = here & Q(state=State.OPEN, asked=None)
    # Somebody has it already: others may wait for it as long as it can be claimed.
    late = Q(claim_by=None) | Q(claim_by__gte=timezone.localdate())
    taken = here & Q(state=State.WORKING, asked=None) & late
    if actor.role in SIDES and actor.organisation_id:
        return concerning(actor) | free | taken
    return free if actor.role in VISITORS else NOTHING


def concerning(actor: Actor) -> Q:
    """What the actor's own place is a side of, is asked to do, or waits for."""
    waiting = Claim.objects.filter(place_of(actor), project=OuterRef("pk"), state__in=LIVE_CLAIMS)
    # What is written down about somebody is not theirs to answer before it is published.
    said = ~Q(state=State.DRAFT) | Q(registered_by=actor.organisation_id)
    return sides_of(actor) | (place_of(actor, "asked", "asked_unit") & said) | Q(Exists(waiting))


def place_of(actor: Actor, organisation: str = "organisation", unit: str = "unit") -> Q:
    """The rows whose place is the actor's own; a school's coordinator stands for its colleges too."""
    if not actor.organisation_id:
        return NOTHING
    own = Q(**{organisation: actor.organisation_id})
    return own & Q(**{unit: actor.unit_id}) if actor.role == Role.COLLEGE_CONTACT else own


def sponsored(actor: Actor) -> Q:
    return place_of(actor, "sponsor", "sponsor_unit")


def held(actor: Actor) -> Q:
    return place_of(actor, "holder", "holder_unit")


def sides_of(actor: Actor) -> Q:
    return sponsored(actor) | held(actor)


def confided_to(actor: Actor) -> Q:
    """Projects of which the actor reads all that the sides write: log, evidence, plans."""
    if actor.role in SEES_ALL:
        return Q()
    if actor.role in OFFICE:
        return Q(chain__in=actor.chains)
    return sides_of(actor) if actor.role in SIDES else NOTHING


def followed_by(actor: Actor) -> Q:
    """Projects of which the actor reads how they go on: also those who look at the chain as a whole."""
    if actor.role in ONLOOKERS:
        return Q(chain__in=actor.chains) & ~Q(state=State.DRAFT)
    return confided_to(actor)


def listed_projects(actor: Actor) -> QuerySet[Project]:
    """With what a line of the list shows: the next day that something is due."""
    rows = Milestone.objects.filter(project=OuterRef("pk"), state=Milestone.State.OPEN)
    due = rows.order_by("due_on").values("due_on")[:1]
    followed = Project.objects.filter(followed_by(actor), pk=OuterRef("pk"))
    return projects_for(actor).annotate(next_due=Subquery(due), is_followed=Exists(followed))


def naming(rows: QuerySet[Project], word: str) -> QuerySet[Project]:
    """Of `listed_projects`: who does it finds only those of whom one may know that."""
    text = normalise(word)
    doers = Q(holder__search_text__contains=text) | Q(holder_unit__name__icontains=word)
    named = Q(title__icontains=word) | Q(sponsor__search_text__contains=text)
    return rows.filter(named | (Q(is_followed=True) & doers))


def claims_for(actor: Actor) -> QuerySet[Claim]:
    """Who else would like to have a project, and how they would do it, is between them and the office."""
    rows = Claim.objects.select_related("project", "organisation", "unit")
    if actor.role in SEES_ALL:
        return rows
    if actor.role in OFFICE:
        return rows.filter(project__chain__in=actor.chains)
    if actor.role not in SIDES:
        return rows.none()
    chosen = Q(state=Claim.State.HELD) & of_relation("project", sponsored(actor))
    return rows.filter(place_of(actor) | chosen)


def waiting_claims(project: Project) -> QuerySet[Claim]:
    """In their order, for whoever holds the project's lock."""
    rows = Claim.objects.filter(project=project, state=Claim.State.WAITING)
    return rows.select_related("organisation", "unit").order_by("claimed_at", "pk")


def milestones_for(actor: Actor) -> QuerySet[Milestone]:
    rows = Milestone.objects.filter(of_relation("project", followed_by(actor)))
    return rows.select_related("project__sponsor", "project__holder", "project__holder_unit", "owner")


def notes_for(actor: Actor) -> QuerySet[WorkNote]:
    return notes_ever_for(actor).filter(state=WorkNote.State.SHOWN)


def notes_ever_for(actor: Actor) -> QuerySet[WorkNote]:
    rows = WorkNote.objects.filter(of_relation("project", confided_to(actor)))
    return rows.select_related("project")


def evidence_for(actor: Actor) -> QuerySet[Evidence]:
    return evidence_ever_for(actor).filter(removed_at=None)


def evidence_ever_for(actor: Actor) -> QuerySet[Evidence]:
    rows = Evidence.objects.filter(of_relation("project", confided_to(actor)))
    return rows.select_related("project", "milestone", "outcome__kind")


def evidence_of(project: Project) -> QuerySet[Evidence]:
    """For actions, which have asked already who acts."""
    return Evidence.objects.filter(project=project, removed_at=None)


def evidence_size(project: Project) -> tuple[int, int]:
    """(files, bytes)"""
    rows = evidence_of(project)
    return rows.count(), rows.aggregate(size=Sum("size"))["size"] or 0


def outcomes_for(actor: Actor) -> QuerySet[Outcome]:
    rows = Outcome.objects.filter(of_relation("project", followed_by(actor)))
    names = ("chain", "kind", "sponsor", "sponsor_unit", "holder", "holder_unit")
    return rows.select_related("kind", *(f"project__{name}" for name in names))


def counted_outcomes(actor: Actor) -> QuerySet[Outcome]:
    """What figures may be made of: both sides say so."""
    return outcomes_for(actor).filter(state=Outcome.State.CONFIRMED)


def without_evidence(actor: Actor, today: date) -> tuple[QuerySet[Milestone], QuerySet[Outcome]]:
    """What should be shown by now and has no file: milestones that are done or due, outcomes that were reported."""
    mine = of_relation("project", held(actor) if actor.role in SIDES else confided_to(actor))
    file = Evidence.objects.filter(removed_at=None)
    due = Q(state=Milestone.State.DONE) | Q(state=Milestone.State.OPEN, due_on__lte=today)
    milestones = milestones_for(actor).filter(
        mine,
        due,
        ~Exists(file.filter(milestone=OuterRef("pk"))),
        project__state__in=[*AT_WORK, State.ACCEPTED],
    )
    outcomes = outcomes_for(actor).filter(mine, ~Exists(file.filter(outcome=OuterRef("pk"))))
    return (
        milestones.order_by("due_on", "pk"),
        outcomes.exclude(state=Outcome.State.WITHDRAWN).order_by("achieved_on", "pk"),
    )


def projects_to_claim(actor: Actor, today: date) -> QuerySet[Project]:
    """Open ones of the chain that the actor's own place could take and has not asked for yet."""
    rows = projects_for(actor).filter(state=State.OPEN)
    if actor.role not in SIDES:
        return rows.none()
    mine = Claim.objects.filter(place_of(actor), project=OuterRef("pk"), state__in=LIVE_CLAIMS)
    rows = rows.filter(Q(claim_by=None) | Q(claim_by__gte=today))
    return rows.exclude(sponsor=actor.organisation_id).filter(~Exists(mine))


# What projects are made of.


def project_kinds_for(actor: Actor) -> QuerySet[ProjectKind]:
    return ProjectKind.objects.filter(chain__in=chains_for(actor)).select_related("chain")


def outcome_kinds_for(actor: Actor) -> QuerySet[OutcomeKind]:
    return OutcomeKind.objects.filter(chain__in=chains_for(actor)).select_related("chain")


def kinds_of_chain(chain_id: int) -> QuerySet[ProjectKind]:
    return ProjectKind.objects.filter(chain=chain_id, state=ProjectKind.State.ACTIVE)


def outcome_kinds_of(chain_id: int, kept: int | None = None) -> QuerySet[OutcomeKind]:
    """Those in use, and the one that a row has already."""
    return OutcomeKind.objects.filter(Q(state=OutcomeKind.State.ACTIVE) | Q(pk=kept), chain=chain_id)


def sponsor_of(project: Project) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk=project.sponsor_id)


def claim_limits_for(actor: Actor) -> QuerySet[ClaimLimit]:
    rows = ClaimLimit.objects.select_related("chain", "organisation", "unit")
    if actor.role in SEES_ALL:
        return rows
    return rows.filter(chain__in=actor.chains) if actor.role in OFFICE else rows.none()


def limits_of(chain_id: int, organisation_id: int, unit_id: int | None) -> dict[int | None, int]:
    """Unit, or None for the organisation as a whole -> how many at once, where the office settled it."""
    asked = Q(unit=None) | Q(unit=unit_id) if unit_id else Q(unit=None)
    rows = ClaimLimit.objects.filter(asked, chain=chain_id, organisation=organisation_id)
    return dict(rows.values_list("unit", "most"))


def held_at_work(chain_id: int, organisation_id: int) -> QuerySet[Project]:
    return Project.objects.filter(chain=chain_id, holder=organisation_id, state__in=AT_WORK)


def next_number(chain_id: int) -> int:
    """For whoever holds the chain's lock."""
    return (Project.objects.filter(chain=chain_id).aggregate(last=Max("number"))["last"] or 0) + 1


def matches_to_draft(actor: Actor) -> QuerySet[Match]:
    """Accepted ones of which the actor is a side, or whose office it is."""
    rows = Match.objects.filter(state=Match.State.ACCEPTED)
    rows = rows.select_related("chain", "need", "offer", "enterprise", "giver", "unit", "pairing")
    if actor.role == COMMAND:
        return rows
    if actor.role in OFFICE:
        return rows.filter(chain__in=actor.chains)
    if actor.role not in SIDES:
        return rows.none()
    asked = Q(enterprise=actor.organisation_id) if actor.role != Role.COLLEGE_CONTACT else NOTHING
    return rows.filter(asked | place_of(actor, "giver", "unit"))


def agreements_to_draft(actor: Actor) -> QuerySet[Agreement]:
    """In force, and the office's or one's own."""
    rows = agreements_for(actor).filter(state=Agreement.State.SIGNED)
    return rows if actor.role in (*OFFICE, *SIDES, COMMAND) else rows.none()


def signed_version(agreement: Agreement) -> AgreementVersion:
    return AgreementVersion.objects.filter(agreement=agreement, sealed_at__isnull=False).latest("number")


def born_of(match: Match) -> Project | None:
    """For `matching.actions.falling`."""
    return Project.objects.filter(match=match).exclude(state=State.STOPPED).first()


def spoiled_matches(chain_id: int) -> set[int]:
    """For `matching.queries.learning`: each project that was made of them was stopped."""
    rows = Project.objects.filter(chain=chain_id, match__isnull=False).values_list("match", "state")
    states: dict[int, set[str]] = {}
    for match, state in rows:
        states.setdefault(match, set()).add(state)
    return {match for match, found in states.items() if found == {State.STOPPED}}


def matches_of_agreement(agreement: Agreement) -> list[Match]:
    return list(agreement.matches.select_related("need", "giver", "unit", "enterprise").order_by("pk"))


def draft_of(source: Match | Agreement, title: str = "") -> Project | None:
    rows = Project.objects.filter(state=State.DRAFT)
    if isinstance(source, Match):
        return rows.filter(match=source).first()
    return rows.filter(agreement=source, title=title).first()


def unfinished_of(need: Entry) -> QuerySet[Project]:
    """Projects born of this need that are not done; what was stopped is not waited for."""
    return Project.objects.filter(need=need).exclude(state__in=OVER)


def projects_about(actor: Actor, **source: Entry | Match | Agreement) -> QuerySet[Project]:
    return projects_for(actor).filter(**source)


def projects_of(actor: Actor, organisation: Organisation) -> QuerySet[Project]:
    sides = Q(sponsor=organisation) | Q(holder=organisation)
    return projects_for(actor).filter(sides).exclude(state=State.DRAFT)


# For the clock.


def milestones_to_remind(today: date) -> QuerySet[Milestone]:
    rows = Milestone.objects.filter(
        state=Milestone.State.OPEN, reminded_at=None, due_on__lte=today + REMIND_BEFORE,
        project__state=State.WORKING,
    )  # fmt: skip
    names = ("chain", "sponsor", "sponsor_unit", "holder", "holder_unit")
    return rows.select_related("owner", *(f"project__{name}" for name in names)).order_by("due_on", "pk")


def evidence_to_forget(since: datetime) -> QuerySet[Evidence]:
    return Evidence.objects.filter(removed_at__lt=since).select_related("project").order_by("pk")


def unclaimed(actor: Actor, today: date) -> QuerySet[Project]:
    """Open ones for which nobody asked in time."""
    rows = projects_for(actor).filter(state=State.OPEN, claim_by__lt=today)
    return rows if actor.role in OFFICE else rows.none()
