from typing import Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from lianqiao.api.fields import GivenId, Id, Line, Lines
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Change, Given, Named
from lianqiao.core.actor import CONTENT
from lianqiao.core.request import Request
from lianqiao.registry.actions.chains import add_chain, edit_chain
from lianqiao.registry.forms.chains import ChainForm
from lianqiao.registry.models import Chain
from lianqiao.registry.pages.chains import ADMIN
from lianqiao.registry.queries import chains_for

router = Router(tags=["chains"])


class ChainOut(Schema):
    id: int
    name: str
    name_en: str
    office: Named
    party_organisation: Named | None
    region: str
    description: str
    version: int

    @staticmethod
    def resolve_party_organisation(row: Chain) -> Any:
        return getattr(row, "party_organisation", None)


class ChainFacts(Schema):
    name_en: Line = Field("", max_length=120)
    region: Line = Field("", max_length=6)
    description: Lines = Field("", max_length=1000)


class ChainNew(ChainFacts, Given):
    name: Line = Field(min_length=1, max_length=80)
    office: GivenId = Field(description="The office that runs it")


class ChainChange(ChainFacts, Change):
    name: Line = Field("", min_length=1, max_length=80)
    office: GivenId = 1


def chains(request: Request) -> Any:
    return chains_for(request.actor).select_related("office", "party_organisation")


@operation(router, "get", "/chains", allow=CONTENT, answer=page_of(ChainOut))
def chain_list(request: Request, asked: Query[Paging]) -> dict[str, Any]:
    """The chains that your position reaches."""
    return paged(chains(request), asked, request)


@operation(router, "get", "/chains/{pk}", allow=CONTENT, answer=ChainOut)
def chain_detail(request: Request, pk: Id) -> Chain:
    return found(chains(request), pk=pk)


@operation(
    router, "post", "/chains", allow=ADMIN, permission="registry.add_chain", answer=ChainOut, status=201
)
def chain_add(request: Request, given: ChainNew) -> Status:
    """A position on one chain alone does not reach the new one."""
    form = filled(ChainForm, given.model_dump(exclude_unset=True), actor=request.actor)
    return Status(201, written(form, add_chain, by=request.actor, **form.facts()))


@operation(router, "patch", "/chains/{pk}", allow=ADMIN, permission="registry.edit_chain", answer=ChainOut)
def chain_edit(request: Request, pk: Id, given: ChainChange) -> Chain:
    """Only what is given changes. Under another office it may be out of your reach afterwards."""
    row = found(chains(request), pk=pk)
    form = filled(ChainForm, given.model_dump(exclude_unset=True), instance=row, actor=request.actor)
    return written(form, edit_chain, row, by=request.actor, seen=form.cleaned_data["seen"], **form.facts())
