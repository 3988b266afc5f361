from typing import Any

from django.utils import timezone
from ninja import Router, Status
from pydantic import Field

from lianqiao.api.fields import GivenId, Id, Line, Lines
from lianqiao.api.lookup import found, named
from lianqiao.api.operation import operation
from lianqiao.api.resources.projects import ClaimOut, ProjectFull, Whole, full, project_of
from lianqiao.api.schemas import Given
from lianqiao.core.request import Request
from lianqiao.projects.actions import claims, moves
from lianqiao.projects.actions.projects import draft_from_agreement, draft_from_match, follow_up
from lianqiao.projects.models import Claim
from lianqiao.projects.pages.projects import TAKES_PART
from lianqiao.projects.queries import agreements_to_draft, claims_for, matches_to_draft
from lianqiao.registry.queries import listed_organisations, units_for

router = Router(tags=["projects"])


class ProjectReason(Given):
    reason: Line = Field(min_length=1, max_length=300)


class ProjectOfClause(Given):
    clause: Line = Field(min_length=1, max_length=40, description="Key of the clause in the signed text")


class ProjectClaiming(Given):
    organisation: GivenId = Field(description="Your own, or for the office any member of the chain")
    unit: GivenId | None = None
    plan: Lines = Field("", max_length=1000)


class ClaimLeaving(Given):
    reason: Line = Field("", max_length=300, description="Needed where you hold the project")


def noted(request: Request) -> dict[str, Any]:
    return {"by": request.actor, "now": timezone.now()}


@operation(
    router, "post", "/matches/{pk}/project", allow=TAKES_PART, permission="projects.draft_project",
    answer=ProjectFull, status=201,
)  # fmt: skip
def project_from_match(request: Request, pk: Id) -> Status:
    """A draft of what both sides accepted; the giver is asked to do it."""
    row = found(matches_to_draft(request.actor), pk=pk)
    return Status(201, full(request, draft_from_match(row, by=request.actor).pk))


@operation(
    router, "post", "/agreements/{pk}/project", allow=TAKES_PART, permission="projects.draft_project",
    answer=ProjectFull, status=201,
)  # fmt: skip
def project_from_agreement(request: Request, pk: Id, given: ProjectOfClause) -> Status:
    """A draft of one clause of an agreement in force; whoever owes it is asked to do it."""
    row = found(agreements_to_draft(request.actor), pk=pk)
    return Status(201, full(request, draft_from_agreement(row, given.clause, by=request.actor).pk))


@operation(
    router, "post", "/projects/{pk}/follow-up", allow=TAKES_PART, permission="projects.follow_up",
    answer=ProjectFull, status=201,
)  # fmt: skip
def project_follow(request: Request, pk: Id) -> Status:
    """Another one after this, between the same two."""
    return Status(201, full(request, follow_up(project_of(request, pk), by=request.actor).pk))


@operation(
    router, "post", "/projects/{pk}/publish", allow=TAKES_PART, permission="projects.publish_project",
    answer=ProjectFull,
)  # fmt: skip
def project_publish(request: Request, pk: Id) -> Whole:
    """Whoever is asked may take it; where nobody is, every member of the chain."""
    moves.publish_project(project_of(request, pk), **noted(request))
    return full(request, pk)


@operation(
    router,
    "post",
    "/projects/{pk}/unpublish",
    allow=TAKES_PART,
    permission="projects.unpublish",
    answer=ProjectFull,
)
def project_unpublish(request: Request, pk: Id) -> Whole:
    """409 `has_claims` once somebody wants it."""
    moves.unpublish(project_of(request, pk), by=request.actor)
    return full(request, pk)


@operation(
    router, "post", "/projects/{pk}/open-to-all", allow=TAKES_PART, permission="projects.open_to_all",
    answer=ProjectFull,
)  # fmt: skip
def project_open_to_all(request: Request, pk: Id) -> Whole:
    """Not only whoever was asked may take it."""
    moves.open_to_all(project_of(request, pk), by=request.actor)
    return full(request, pk)


@operation(
    router, "post", "/projects/{pk}/decline", allow=TAKES_PART, permission="projects.decline_asking",
    answer=dict[str, int],
)  # fmt: skip
def project_decline(request: Request, pk: Id, given: ProjectReason) -> dict[str, int]:
    """Whoever was asked does not do it, and does not see it any more; the office alone reads why."""
    moves.decline_asking(project_of(request, pk), by=request.actor, reason=given.reason)
    return {"id": pk}


@operation(
    router,
    "post",
    "/projects/{pk}/deliver",
    allow=TAKES_PART,
    permission="projects.deliver",
    answer=ProjectFull,
)
def project_deliver(request: Request, pk: Id) -> Whole:
    """The holder says that it is done."""
    moves.deliver(project_of(request, pk), **noted(request))
    return full(request, pk)


@operation(
    router, "post", "/projects/{pk}/take-back-delivery", allow=TAKES_PART, permission="projects.take_back_delivery",
    answer=ProjectFull,
)  # fmt: skip
def project_take_back_delivery(request: Request, pk: Id) -> Whole:
    moves.take_back_delivery(project_of(request, pk), by=request.actor)
    return full(request, pk)


@operation(
    router,
    "post",
    "/projects/{pk}/accept",
    allow=TAKES_PART,
    permission="projects.accept_work",
    answer=ProjectFull,
)
def project_accept(request: Request, pk: Id) -> Whole:
    """The other side says so; with the last project of a need the need is fulfilled."""
    moves.accept_work(project_of(request, pk), **noted(request))
    return full(request, pk)


@operation(
    router,
    "post",
    "/projects/{pk}/send-back",
    allow=TAKES_PART,
    permission="projects.send_back",
    answer=ProjectFull,
)
def project_send_back(request: Request, pk: Id, given: ProjectReason) -> Whole:
    moves.send_back(project_of(request, pk), by=request.actor, reason=given.reason)
    return full(request, pk)


@operation(
    router,
    "post",
    "/projects/{pk}/stop",
    allow=TAKES_PART,
    permission="projects.stop_project",
    answer=ProjectFull,
)
def project_stop(request: Request, pk: Id, given: ProjectReason) -> Whole:
    moves.stop_project(project_of(request, pk), by=request.actor, reason=given.reason)
    return full(request, pk)


@operation(
    router, "post", "/projects/{pk}/resume", allow=TAKES_PART, permission="projects.resume_project",
    answer=ProjectFull,
)  # fmt: skip
def project_resume(request: Request, pk: Id) -> Whole:
    """As it was before it was stopped."""
    moves.resume_project(project_of(request, pk), by=request.actor)
    return full(request, pk)


@operation(
    router,
    "post",
    "/projects/{pk}/claim",
    allow=TAKES_PART,
    permission="projects.claim",
    answer=ClaimOut,
    status=201,
)
def project_claim(request: Request, pk: Id, given: ProjectClaiming) -> Status:
    """`held` where you have it, `waiting` where somebody was faster; send an `Idempotency-Key`."""
    organisation = named(listed_organisations(request.actor), given.organisation, "organisation")
    units = units_for(request.actor).filter(organisation=organisation)
    unit = named(units, given.unit, "unit") if given.unit else None
    place: dict[str, Any] = {"organisation": organisation, "unit": unit, "plan": given.plan}
    return Status(201, claims.claim(project_of(request, pk), **noted(request), **place))


@operation(
    router, "post", "/claims/{pk}/give-up", allow=TAKES_PART, permission="projects.give_up", answer=ClaimOut
)
def claim_give_up(request: Request, pk: Id, given: ClaimLeaving) -> Claim:
    """`handed_over` where the next in the queue took it, else `withdrawn`."""
    return claims.give_up(found(claims_for(request.actor), pk=pk), **noted(request), reason=given.reason)
