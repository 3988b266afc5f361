from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from lianqiao.api.fields import Among, Codes, Id, Line, Lines, Yes
from lianqiao.api.filling import filled, refuse_invalid, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.refusals import LikelyDuplicates
from lianqiao.api.schemas import Change, Given
from lianqiao.core.actor import CONTENT, OFFICE, Role
from lianqiao.core.request import Request
from lianqiao.core.words import listed
from lianqiao.registry.actions.organisations import (
    add_organisation,
    close_organisation,
    describe_organisation,
    edit_organisation,
    reopen_organisation,
)
from lianqiao.registry.duplicates import likely_duplicates, likely_for
from lianqiao.registry.forms.organisations import DescriptionForm, OrganisationFilters, OrganisationForm
from lianqiao.registry.models import Organisation, OrganisationName
from lianqiao.registry.queries import listed_organisations, organisations_for

router = Router(tags=["organisations"])
DESCRIBE = OFFICE | {Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR}
Kind = Annotated[str, Among(Organisation.Kind)]
Classification = Annotated[str, Among(Organisation.Classification, or_empty=True)]
Size = Annotated[str, Among(Organisation.Size, or_empty=True)]
Names = Annotated[list[Line], Field(max_length=20)]


class OrganisationOut(Schema):
    id: int
    name: str
    name_en: str
    kind: Kind
    classification: Classification
    credit_code: str | None
    industries: list[str]
    region: str
    size: Size
    business: str
    address: str
    short_names: list[str]
    former_names: list[str]
    state: Annotated[str, Among(Organisation.State)]
    merged_into: int | None = Field(description="The organisation it was merged into")
    version: int
    changed_at: datetime

    @staticmethod
    def resolve_merged_into(row: Organisation) -> int | None:
        return row.merged_into_id

    @staticmethod
    def resolve_short_names(row: Organisation) -> list[str]:
        return [other.name for other in row.names.all() if other.kind == OrganisationName.Kind.SHORT]

    @staticmethod
    def resolve_former_names(row: Organisation) -> list[str]:
        return [other.name for other in row.names.all() if other.kind == OrganisationName.Kind.FORMER]


class OrganisationLikely(Schema):
    organisation: OrganisationOut
    reasons: list[str]


class OrganisationQuery(Paging):
    q: Line = ""
    kind: Kind | None = None
    classification: Annotated[str, Among(Organisation.Classification)] | None = None
    size: Annotated[str, Among(Organisation.Size)] | None = None
    segment: Id | None = None
    state: Annotated[str, Among(Organisation.State)] | None = None


class OrganisationFacts(Schema):
    name_en: Line = Field("", max_length=200)
    classification: Classification = ""
    credit_code: Line | None = Field(None, max_length=40)
    industries: Codes = []
    region: Line = Field("", max_length=6)
    size: Size = ""
    business: Lines = Field("", max_length=1000)
    address: Line = Field("", max_length=200)
    short_names: Names = []
    former_names: Names = []


class OrganisationNew(OrganisationFacts, Given):
    name: Line = Field(min_length=1, max_length=120)
    kind: Kind
    is_another: Yes = Field(False, description="It is none of the likely duplicates")


class OrganisationChange(OrganisationFacts, Change):
    name: Line = Field("", min_length=1, max_length=120)
    kind: Kind = "enterprise"


class OrganisationDescription(Change):
    business: Lines = Field("", max_length=1000)
    size: Size = ""
    address: Line = Field("", max_length=200)


class LikelyQuery(Schema):
    name: Line = Field(min_length=1, max_length=120)


@operation(router, "get", "/organisations", allow=CONTENT, answer=page_of(OrganisationOut))
def organisation_list(request: Request, asked: Query[OrganisationQuery]) -> dict[str, Any]:
    """Those you may see, without what was merged away."""
    narrowing = asked.model_dump(exclude={"limit", "offset"}, exclude_none=True)
    filters = OrganisationFilters(narrowing, actor=request.actor)
    refuse_invalid(filters)
    return paged(filters.narrow(listed_organisations(request.actor)), asked, request)


@operation(router, "get", "/organisations/likely", allow=OFFICE, answer=list[OrganisationLikely])
def organisation_likely(request: Request, asked: Query[LikelyQuery]) -> list[Any]:
    """Registered organisations that this name probably means, most likely first, with reasons."""
    return [
        {"organisation": likely.organisation, "reasons": [str(reason) for reason in likely.reasons]}
        for likely in likely_for(asked.name, request.actor)
    ]


@operation(router, "get", "/organisations/{pk}", allow=CONTENT, answer=OrganisationOut)
def organisation_detail(request: Request, pk: Id) -> Organisation:
    """One organisation, also when it was merged into another: see `merged_into`."""
    return found(organisations_for(request.actor), pk=pk)


@operation(
    router,
    "post",
    "/organisations",
    allow=OFFICE,
    permission="registry.add_organisation",
    answer=OrganisationOut,
    status=201,
)
def organisation_add(request: Request, given: OrganisationNew) -> Status:
    """Register it. 409 `likely_duplicates` names those it may be; `is_another` says that it is none of them."""
    form = filled(OrganisationForm, given.model_dump(exclude_unset=True))
    if likely := likely_duplicates(form, request.actor):
        raise LikelyDuplicates(names=listed(one.organisation for one in likely))
    row = written(form, add_organisation, by=request.actor, **form.facts())
    return Status(201, found(organisations_for(request.actor), pk=row.pk))


@operation(
    router,
    "patch",
    "/organisations/{pk}",
    allow=OFFICE,
    permission="registry.edit_organisation",
    answer=OrganisationOut,
)
def organisation_edit(request: Request, pk: Id, given: OrganisationChange) -> Organisation:
    """Only what is given changes. A changed name keeps the old one as a former name."""
    row = found(listed_organisations(request.actor), pk=pk)
    form = filled(OrganisationForm, given.model_dump(exclude_unset=True), instance=row)
    seen = form.cleaned_data["seen"]
    written(form, edit_organisation, row, by=request.actor, seen=seen, **form.facts())
    return found(organisations_for(request.actor), pk=pk)


@operation(
    router,
    "post",
    "/organisations/{pk}/describe",
    allow=DESCRIBE,
    permission="registry.describe_organisation",
    answer=OrganisationOut,
)
def organisation_describe(request: Request, pk: Id, given: OrganisationDescription) -> Organisation:
    """What an organisation may say of itself: business, size, address."""
    row = found(listed_organisations(request.actor), pk=pk)
    form = filled(DescriptionForm, given.model_dump(exclude_unset=True), instance=row)
    written(form, describe_organisation, row, by=request.actor, **form.cleaned_data)
    return found(organisations_for(request.actor), pk=pk)


@operation(
    router,
    "post",
    "/organisations/{pk}/close",
    allow=OFFICE,
    permission="registry.close_organisation",
    answer=OrganisationOut,
)
def organisation_close(request: Request, pk: Id) -> Organisation:
    """It was dissolved; its records stay."""
    return close_organisation(found(listed_organisations(request.actor), pk=pk), by=request.actor)


@operation(
    router,
    "post",
    "/organisations/{pk}/reopen",
    allow=OFFICE,
    permission="registry.reopen_organisation",
    answer=OrganisationOut,
)
def organisation_reopen(request: Request, pk: Id) -> Organisation:
    """It was closed by mistake."""
    return reopen_organisation(found(listed_organisations(request.actor), pk=pk), by=request.actor)
