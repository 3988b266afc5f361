from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StrictStr, StringConstraints

from lianqiao.api.fields import Among, Day, GivenId, Id, Line, Lines
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.resources.projects import project_of
from lianqiao.api.schemas import Change, Given, Named
from lianqiao.core.request import Request
from lianqiao.projects.actions import outcomes
from lianqiao.projects.forms.work import OutcomeForm
from lianqiao.projects.models import Outcome
from lianqiao.projects.pages.projects import FOLLOWS, TAKES_PART
from lianqiao.projects.queries import outcome_kinds_for, outcomes_for

router = Router(tags=["projects"])
# As text: a program that reads a sum as a binary fraction has another sum.
Amount = Annotated[StrictStr, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$")]


class OutcomeKindOut(Schema):
    id: int
    chain: int
    name: str
    unit: str
    is_whole: bool
    state: str

    @staticmethod
    def resolve_chain(row: Any) -> int:
        return row.chain_id


class OutcomeOut(Schema):
    """It counts once it is `confirmed`: both sides said so."""

    id: int
    project: int
    kind: Named
    amount: str
    unit: str
    achieved_on: date
    state: Annotated[str, Among(Outcome.State)]
    sponsor_confirmed_at: datetime | None
    holder_confirmed_at: datetime | None
    version: int

    @staticmethod
    def resolve_project(row: Outcome) -> int:
        return row.project_id

    @staticmethod
    def resolve_amount(row: Outcome) -> str:
        return f"{row.amount:.2f}"

    @staticmethod
    def resolve_unit(row: Outcome) -> str:
        return row.kind.unit


class OutcomeQuery(Paging):
    project: Id | None = None
    kind: Id | None = None
    state: Annotated[str, Among(Outcome.State)] | None = None


class OutcomeNew(Given):
    kind: GivenId
    amount: Amount
    achieved_on: Day
    description: Lines = Field("", max_length=1000)


class OutcomeChange(Change):
    kind: GivenId | None = None
    amount: Amount = "0"
    achieved_on: Day | None = None
    description: Lines = Field("", max_length=1000)


class OutcomeDispute(Given):
    reason: Line = Field(min_length=1, max_length=300)


def outcome_of(request: Request, pk: int) -> Outcome:
    return found(outcomes_for(request.actor), pk=pk)


@operation(router, "get", "/outcome-kinds", allow=FOLLOWS, answer=page_of(OutcomeKindOut))
def outcome_kind_list(request: Request, asked: Query[Paging]) -> dict[str, Any]:
    """What is counted, and in which unit."""
    return paged(outcome_kinds_for(request.actor), asked, request)


@operation(router, "get", "/outcomes", allow=FOLLOWS, answer=page_of(OutcomeOut))
def outcome_list(request: Request, asked: Query[OutcomeQuery]) -> dict[str, Any]:
    narrowing = asked.model_dump(exclude={"limit", "offset"}, exclude_none=True)
    return paged(outcomes_for(request.actor).filter(**narrowing), asked, request)


@operation(
    router, "post", "/projects/{pk}/outcomes", allow=TAKES_PART, permission="projects.report_outcome",
    answer=OutcomeOut, status=201,
)  # fmt: skip
def outcome_add(request: Request, pk: Id, given: OutcomeNew) -> Status:
    """Confirmed for your own side; it counts once the other confirms it."""
    project = project_of(request, pk)
    form = filled(OutcomeForm, given.model_dump(exclude_unset=True), project=project)
    facts: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    row = written(form, outcomes.report_outcome, project, **facts, **form.facts())
    return Status(201, outcome_of(request, row.pk))


@operation(
    router, "patch", "/outcomes/{pk}", allow=TAKES_PART, permission="projects.edit_outcome", answer=OutcomeOut
)
def outcome_edit(request: Request, pk: Id, given: OutcomeChange) -> Outcome:
    """The other side confirms it anew."""
    row = outcome_of(request, pk)
    form = filled(OutcomeForm, given.model_dump(exclude_unset=True), project=row.project, instance=row)
    facts: dict[str, Any] = {"by": request.actor, "now": timezone.now(), "seen": form.cleaned_data["seen"]}
    written(form, outcomes.edit_outcome, row, **facts, **form.facts())
    return outcome_of(request, pk)


@operation(
    router, "post", "/outcomes/{pk}/confirm", allow=TAKES_PART, permission="projects.confirm_outcome",
    answer=OutcomeOut,
)  # fmt: skip
def outcome_confirm(request: Request, pk: Id) -> Outcome:
    outcomes.confirm_outcome(outcome_of(request, pk), by=request.actor, now=timezone.now())
    return outcome_of(request, pk)


@operation(
    router, "post", "/outcomes/{pk}/dispute", allow=TAKES_PART, permission="projects.dispute_outcome",
    answer=OutcomeOut,
)  # fmt: skip
def outcome_dispute(request: Request, pk: Id, given: OutcomeDispute) -> Outcome:
    """It does not count until it was said anew."""
    outcomes.dispute_outcome(outcome_of(request, pk), by=request.actor, reason=given.reason)
    return outcome_of(request, pk)


@operation(
    router, "post", "/outcomes/{pk}/withdraw", allow=TAKES_PART, permission="projects.withdraw_outcome",
    answer=OutcomeOut,
)  # fmt: skip
def outcome_withdraw(request: Request, pk: Id) -> Outcome:
    outcomes.withdraw_outcome(outcome_of(request, pk), by=request.actor)
    return outcome_of(request, pk)
