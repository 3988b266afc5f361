import json
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from lianqiao.api.fields import Day, Id, Line
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.core.actor import Role
from lianqiao.core.audit import Verdict, verify
from lianqiao.core.models import AuditEntry
from lianqiao.core.queries import entries_for
from lianqiao.core.request import Request

router = Router(tags=["audit"])
READS = frozenset({Role.AUDITOR})
# The system administrator sees no entry, but must be able to tell that the trail is whole.
VERIFIES = READS | {Role.SYSTEM_ADMIN}


class AuditEntryOut(Schema):
    id: int
    at: datetime
    request_id: str
    person_id: int | None
    name: str
    position_id: int | None
    position_label: str
    network: str
    action: str
    subject_type: str
    subject_id: str
    subject_label: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    previous: str
    hash: str

    @staticmethod
    def resolve_before(row: AuditEntry) -> Any:
        return json.loads(row.before) if row.before else None

    @staticmethod
    def resolve_after(row: AuditEntry) -> Any:
        return json.loads(row.after) if row.after else None


class AuditQuery(Paging):
    action: Line | None = Field(None, max_length=100)
    person_id: Id | None = None
    subject_type: Line | None = Field(None, max_length=60)
    subject_id: Line | None = Field(None, max_length=60)
    since: Day | None = None
    until: Day | None = None


class VerdictOut(Schema):
    """`bad` is the first entry that is wrong; `problem` says how."""

    whole: bool
    entries: int
    head: str
    bad: int | None
    problem: str = Field(description="edited, missing, inserted, order, truncated, head, rewritten")

    @staticmethod
    def resolve_whole(verdict: Verdict) -> bool:
        return verdict.is_whole


class VerifyQuery(Schema):
    head: Line | None = Field(None, max_length=90, description="`id:hash`, noted outside earlier")


@operation(router, "get", "/audit", allow=READS, answer=page_of(AuditEntryOut))
def audit_list(request: Request, asked: Query[AuditQuery]) -> dict[str, Any]:
    """The audit trail, newest first."""
    rows = entries_for(request.actor)
    narrowing = asked.model_dump(
        include={"action", "person_id", "subject_type", "subject_id"}, exclude_none=True
    )
    if asked.since:
        rows = rows.filter(at__date__gte=asked.since)
    if asked.until:
        rows = rows.filter(at__date__lte=asked.until)
    return paged(rows.filter(**narrowing), asked, request)


@operation(router, "get", "/audit/verify", allow=VERIFIES, answer=VerdictOut)
def audit_verify(request: Request, asked: Query[VerifyQuery]) -> Verdict:
    """Recompute the chain of hashes; `bad` names the first wrong entry. `head` also finds a rewritten trail."""
    try:
        return verify(asked.head or "")
    except ValueError as error:
        wrong = _("应为“序号:摘要”，与记下时一样。")
        raise ValidationError({"head": wrong}) from error
