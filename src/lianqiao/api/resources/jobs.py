from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema

from lianqiao.api.fields import Among, Id
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.core.actor import POSITIONS
from lianqiao.core.jobs import cancel, live_progress
from lianqiao.core.models import Job
from lianqiao.core.queries import jobs_for
from lianqiao.core.request import Request

router = Router(tags=["jobs"])


class JobOut(Schema):
    id: int
    kind: str
    state: Annotated[str, Among(Job.State)]
    done: int
    total: int
    result: dict[str, Any]
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @staticmethod
    def resolve_done(row: Job) -> int:
        return live_progress(row)[0]

    @staticmethod
    def resolve_total(row: Job) -> int:
        return live_progress(row)[1]


class JobErrorOut(Schema):
    place: str
    code: str
    reason: str


class JobQuery(Paging):
    state: Annotated[str, Among(Job.State)] | None = None


@operation(router, "get", "/jobs", allow=POSITIONS, answer=page_of(JobOut))
def job_list(request: Request, asked: Query[JobQuery]) -> dict[str, Any]:
    """What you asked for, newest first; the auditor sees all."""
    rows = jobs_for(request.actor)
    return paged(rows.filter(state=asked.state) if asked.state else rows, asked, request)


@operation(router, "get", "/jobs/{pk}", allow=POSITIONS, answer=JobOut)
def job_detail(request: Request, pk: Id) -> Job:
    return found(jobs_for(request.actor), pk=pk)


@operation(router, "get", "/jobs/{pk}/errors", allow=POSITIONS, answer=page_of(JobErrorOut))
def job_errors(request: Request, pk: Id, asked: Query[Paging]) -> dict[str, Any]:
    """The rows that the job could not take, and why."""
    return paged(found(jobs_for(request.actor), pk=pk).errors.all(), asked, request)


@operation(router, "post", "/jobs/{pk}/cancel", allow=POSITIONS, answer=JobOut)
def job_cancel(request: Request, pk: Id) -> Job:
    """What waits never starts, what runs stops at its next step."""
    cancel(found(jobs_for(request.actor), pk=pk), by=request.actor)
    return found(jobs_for(request.actor), pk=pk)
