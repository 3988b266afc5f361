from datetime import datetime
from typing import Annotated, Any

from ninja import File, Form, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from lianqiao.api.fields import Among, Id
from lianqiao.api.lookup import found, named
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.resources.jobs import JobOut
from lianqiao.core.actor import Role
from lianqiao.core.request import Request
from lianqiao.lists.imports.actions.carrying import agree
from lianqiao.lists.imports.actions.steps import begin_import
from lianqiao.lists.imports.actions.undoing import ask_undo, drop_import
from lianqiao.lists.imports.queries import imports_for
from lianqiao.lists.imports.reading import LARGEST_FILE, REASONS
from lianqiao.lists.imports.reasons import reason_of
from lianqiao.lists.imports.rules import IMPORT, IMPORTERS, UNDO
from lianqiao.lists.models import Import, ImportedRow, ImportProblem
from lianqiao.registry.queries import chains_for

router = Router(tags=["imports"])
READERS = IMPORTERS | {Role.AUDITOR}
WRITTEN = (Import.State.DONE, Import.State.UNDONE)


class ImportOut(Schema):
    """A workbook on its way into the lists: first `job` checks it, then, once started, `job` writes it."""

    id: int
    chain: int
    name: str
    state: Annotated[str, Among(Import.State)]
    reason: str = Field(description="Why the workbook as a whole was refused")
    job: JobOut | None
    rows: int | None = Field(description="That hold an entry")
    new: int | None
    update: int | None
    same: int | None
    rejected: int | None = Field(description="See `/imports/{pk}/problems`")
    skipped: int | None = Field(description="Left out when it was written, because they are there already")
    accepted: int | None = Field(description="Written, when it is done: added and updated")
    made_at: datetime
    done_at: datetime | None

    @staticmethod
    def resolve_chain(row: Import) -> int:
        return row.chain_id

    @staticmethod
    def resolve_reason(row: Import) -> str:
        return str(REASONS.get(row.problem, ""))

    @staticmethod
    def resolve_rows(row: Import) -> int | None:
        return row.counts.get("rows")

    @staticmethod
    def resolve_new(row: Import) -> int | None:
        return row.counts.get("new")

    @staticmethod
    def resolve_update(row: Import) -> int | None:
        return row.counts.get("update")

    @staticmethod
    def resolve_same(row: Import) -> int | None:
        return row.counts.get("same")

    @staticmethod
    def resolve_rejected(row: Import) -> int | None:
        return row.counts.get("refused")

    @staticmethod
    def resolve_skipped(row: Import) -> int | None:
        return row.counts.get("skipped")

    @staticmethod
    def resolve_accepted(row: Import) -> int | None:
        return row.counts["added"] + row.counts["updated"] if row.state in WRITTEN else None


class ProblemOut(Schema):
    """What is wrong in a cell, or in a sheet; `rejects` says that its row is not taken."""

    sheet: str
    row: int | None
    cell: str
    value: str
    code: str
    reason: str
    rejects: bool

    @staticmethod
    def resolve_row(problem: ImportProblem) -> int | None:
        return problem.row or None

    @staticmethod
    def resolve_reason(problem: ImportProblem) -> str:
        return str(reason_of(problem.code))

    @staticmethod
    def resolve_rejects(problem: ImportProblem) -> bool:
        return problem.refusing


class ImportedOut(Schema):
    """What the import made of a row; `entry` is null once that was taken back or discarded."""

    sheet: str
    row: int
    entry: int | None
    updated: bool

    @staticmethod
    def resolve_entry(row: ImportedRow) -> int | None:
        return row.entry_id

    @staticmethod
    def resolve_updated(row: ImportedRow) -> bool:
        return row.before is not None


class ImportQuery(Paging):
    chain: Id | None = None
    state: Annotated[str, Among(Import.State)] | None = None
    job: Id | None = None


class ProblemQuery(Paging):
    rejects: bool | None = Field(None, description="Only what keeps its row out, or only what does not")


def import_of(request: Request, pk: int) -> Import:
    return found(imports_for(request.actor), pk=pk)


@operation(router, "get", "/imports", allow=READERS, answer=page_of(ImportOut))
def import_list(request: Request, asked: Query[ImportQuery]) -> dict[str, Any]:
    """Newest first: the office's of its chains, anybody else's own."""
    narrowing = asked.model_dump(exclude={"limit", "offset"}, exclude_none=True)
    return paged(imports_for(request.actor).filter(**narrowing), asked, request)


@operation(router, "get", "/imports/{pk}", allow=READERS, answer=ImportOut)
def import_detail(request: Request, pk: Id) -> Import:
    """How far it is, with its job."""
    return import_of(request, pk)


@operation(
    router,
    "post",
    "/imports",
    allow=IMPORTERS,
    permission=IMPORT,
    answer=ImportOut,
    status=201,
    upload=LARGEST_FILE,
)
def import_add(request: Request, chain: Form[Id], file: File[UploadedFile]) -> Status:
    """Check a workbook as a job; nothing is written into the lists before it is started."""
    row = begin_import(
        by=request.actor,
        chain=named(chains_for(request.actor), chain, "chain"),
        name=file.name or "",
        content=file.read(),
    )
    return Status(201, import_of(request, row.pk))


@operation(router, "get", "/imports/{pk}/problems", allow=READERS, answer=page_of(ProblemOut))
def import_problems(request: Request, pk: Id, asked: Query[ProblemQuery]) -> dict[str, Any]:
    """What is wrong, by sheet and cell; what keeps rows out comes first."""
    rows = import_of(request, pk).problems.all()
    return paged(rows if asked.rejects is None else rows.filter(refusing=asked.rejects), asked, request)


@operation(router, "get", "/imports/{pk}/rows", allow=READERS, answer=page_of(ImportedOut))
def import_rows(request: Request, pk: Id, asked: Query[Paging]) -> dict[str, Any]:
    """Each row that was written, and its entry."""
    return paged(import_of(request, pk).rows.all(), asked, request)


@operation(router, "post", "/imports/{pk}/start", allow=IMPORTERS, permission=IMPORT, answer=ImportOut)
def import_start(request: Request, pk: Id) -> Import:
    """Write every row that can be taken, or none, as another job. Twins of entries are left out."""
    agree(import_of(request, pk), by=request.actor)
    return import_of(request, pk)


@operation(router, "post", "/imports/{pk}/drop", allow=IMPORTERS, permission=IMPORT, answer=ImportOut)
def import_drop(request: Request, pk: Id) -> Import:
    """It is not wanted: the file goes, nothing was written."""
    drop_import(import_of(request, pk), by=request.actor)
    return import_of(request, pk)


@operation(router, "post", "/imports/{pk}/undo", allow=IMPORTERS, permission=UNDO, answer=ImportOut)
def import_undo(request: Request, pk: Id) -> Import:
    """Take back, as a job, every row that nobody changed since."""
    ask_undo(import_of(request, pk), by=request.actor)
    return import_of(request, pk)
