from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from lianqiao.api.codes import known_codes
from lianqiao.api.fields import Among, GivenId, Id, Line, Lines
from lianqiao.api.lookup import found, named
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Change, Given, Named
from lianqiao.core.actor import CONTENT, OFFICE, Role
from lianqiao.registry.actions.parts import add_unit, edit_unit
from lianqiao.registry.models import Edition, Unit
from lianqiao.registry.queries import listed_organisations, units_for

router = Router(tags=["units"])
ADD = OFFICE | {Role.SCHOOL_COORDINATOR}
EDIT = ADD | {Role.COLLEGE_CONTACT}
Kind = Annotated[str, Among(Unit.Kind)]
Majors = Annotated[list[Line], Field(max_length=100)]


class UnitOut(Schema):
    id: int
    organisation: Named
    name: str
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
    kind: Kind = "college"
    majors: Majors = []
    strengths: Lines = Field("", max_length=1000)


class UnitChange(Change):
    name: Line = Field("", min_length=1, max_length=80)
    kind: Kind = "college"
    majors: Majors = []
    strengths: Lines = Field("", max_length=1000)


@operation(router, "get", "/units", allow=CONTENT, answer=page_of(UnitOut))
def unit_list(request: HttpRequest, asked: Query[UnitQuery]) -> dict[str, Any]:
    """Colleges with their majors, and departments."""
    narrowing = asked.model_dump(exclude={"limit", "offset"}, exclude_none=True)
    return paged(units_for(request.actor).filter(**narrowing), asked, request)


@operation(router, "get", "/units/{pk}", allow=CONTENT, answer=UnitOut)
def unit_detail(request: HttpRequest, pk: Id) -> Unit:
    return found(units_for(request.actor), pk=pk)


@operation(router, "post", "/units", allow=ADD, permission="registry.add_unit", answer=UnitOut, status=201)
def unit_add(request: HttpRequest, given: UnitNew) -> Status:
    fields = given.model_dump() | {
        "organisation": named(listed_organisations(request.actor), given.organisation, "organisation"),
        "majors": known_codes(Edition.Kind.MAJOR, given.majors, "majors"),
    }
    return Status(201, add_unit(by=request.actor, **fields))


@operation(router, "patch", "/units/{pk}", allow=EDIT, permission="registry.edit_unit", answer=UnitOut)
def unit_edit(request: HttpRequest, pk: Id, given: UnitChange) -> Unit:
    """Only what is given changes."""
    row = found(units_for(request.actor), pk=pk)
    fields = given.model_dump(exclude_unset=True, exclude={"seen"})
    if "majors" in fields:
        fields["majors"] = known_codes(Edition.Kind.MAJOR, given.majors, "majors")
    return edit_unit(row, by=request.actor, seen=given.seen, **fields)
