from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from lianqiao.api.fields import Among, GivenId, Id, Line, Lines
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import found, named
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Change, Given, Named
from lianqiao.core.actor import CONTENT
from lianqiao.core.request import Request
from lianqiao.registry.actions.parts import add_unit, edit_unit
from lianqiao.registry.forms.units import UnitForm
from lianqiao.registry.models import Unit
from lianqiao.registry.pages.units import ADDS, EDITS
from lianqiao.registry.queries import listed_organisations, units_for

router = Router(tags=["units"])
Kind = Annotated[str, Among(Unit.Kind)]
Majors = Annotated[list[Line], Field(max_length=100)]


class UnitOut(Schema):
    id: int
    organisation: Named
    name: str
    name_en: str
    kind: Kind
    majors: list[str]
    strengths: str
    version: int


class UnitQuery(Paging):
    organisation: Id | None = None
    kind: Kind | None = None


class UnitNew(Given):
    organisation: GivenId
    name: Line = Field(min_length=1, max_length=80)
    name_en: Line = Field("", max_length=120)
    kind: Kind = "college"
    majors: Majors = []
    strengths: Lines = Field("", max_length=1000)


class UnitChange(Change):
    name: Line = Field("", min_length=1, max_length=80)
    name_en: Line = Field("", max_length=120)
    kind: Kind = "college"
    majors: Majors = []
    strengths: Lines = Field("", max_length=1000)


@operation(router, "get", "/units", allow=CONTENT, answer=page_of(UnitOut))
def unit_list(request: Request, asked: Query[UnitQuery]) -> dict[str, Any]:
    """Colleges with their majors, and departments."""
    narrowing = asked.model_dump(exclude={"limit", "offset"}, exclude_none=True)
    return paged(units_for(request.actor).filter(**narrowing), asked, request)


@operation(router, "get", "/units/{pk}", allow=CONTENT, answer=UnitOut)
def unit_detail(request: Request, pk: Id) -> Unit:
    return found(units_for(request.actor), pk=pk)


@operation(router, "post", "/units", allow=ADDS, permission="registry.add_unit", answer=UnitOut, status=201)
def unit_add(request: Request, given: UnitNew) -> Status:
    organisation = named(listed_organisations(request.actor), given.organisation, "organisation")
    fields = given.model_dump(exclude_unset=True, exclude={"organisation"})
    form = filled(UnitForm, fields, organisation=organisation)
    row = written(form, add_unit, organisation=organisation, by=request.actor, **form.facts())
    return Status(201, row)


@operation(router, "patch", "/units/{pk}", allow=EDITS, permission="registry.edit_unit", answer=UnitOut)
def unit_edit(request: Request, pk: Id, given: UnitChange) -> Unit:
    """Only what is given changes."""
    row = found(units_for(request.actor), pk=pk)
    fields = given.model_dump(exclude_unset=True)
    form = filled(UnitForm, fields, instance=row, organisation=row.organisation)
    return written(form, edit_unit, row, by=request.actor, seen=form.cleaned_data["seen"], **form.facts())
