from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field, StrictInt

from lianqiao.api.fields import Among, GivenId, Id, Line
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Change, Given
from lianqiao.core.actor import CONTENT, OFFICE
from lianqiao.core.request import Request
from lianqiao.lists.actions.habits import add_category, edit_category, retire_category, revive_category
from lianqiao.lists.forms.around import CategoryForm
from lianqiao.lists.models import Category, Kind
from lianqiao.lists.queries import categories_for

router = Router(tags=["categories"])
Position = Annotated[StrictInt, Field(ge=0, le=32767)]


class CategoryOut(Schema):
    """What a chain sorts the entries of one list by; a retired one is not offered, entries keep it."""

    id: int
    chain: int
    kind: Annotated[str, Among(Kind)]
    name: str
    name_en: str
    position: int
    state: Annotated[str, Among(Category.State)]
    version: int

    @staticmethod
    def resolve_chain(row: Category) -> int:
        return row.chain_id


class CategoryQuery(Paging):
    chain: Id | None = None
    kind: Annotated[str, Among(Kind)] | None = None
    state: Annotated[str, Among(Category.State)] | None = None


class CategoryFacts(Schema):
    name_en: Line = Field("", max_length=40)
    position: Position = 0


class CategoryNew(CategoryFacts, Given):
    chain: GivenId
    kind: Annotated[str, Among(Kind)]
    name: Line = Field(min_length=1, max_length=20)


class CategoryChange(CategoryFacts, Change):
    name: Line = Field("", min_length=1, max_length=20)


@operation(router, "get", "/categories", allow=CONTENT, answer=page_of(CategoryOut))
def category_list(request: Request, asked: Query[CategoryQuery]) -> dict[str, Any]:
    """In the order in which they are offered."""
    narrowing = asked.model_dump(exclude={"limit", "offset"}, exclude_none=True)
    return paged(categories_for(request.actor).filter(**narrowing), asked, request)


@operation(
    router,
    "post",
    "/categories",
    allow=OFFICE,
    permission="lists.add_category",
    answer=CategoryOut,
    status=201,
)
def category_add(request: Request, given: CategoryNew) -> Status:
    form = filled(CategoryForm, given.model_dump(exclude_unset=True), actor=request.actor)
    return Status(201, written(form, add_category, by=request.actor, **form.facts()))


@operation(
    router,
    "patch",
    "/categories/{pk}",
    allow=OFFICE,
    permission="lists.edit_category",
    answer=CategoryOut,
)
def category_edit(request: Request, pk: Id, given: CategoryChange) -> Category:
    """Only what is given changes; list and chain stay."""
    row = found(categories_for(request.actor), pk=pk)
    form = filled(CategoryForm, given.model_dump(exclude_unset=True), actor=request.actor, instance=row)
    seen = form.cleaned_data["seen"]
    return written(form, edit_category, row, by=request.actor, seen=seen, **form.facts())


@operation(
    router,
    "post",
    "/categories/{pk}/retire",
    allow=OFFICE,
    permission="lists.retire_category",
    answer=CategoryOut,
)
def category_retire(request: Request, pk: Id) -> Category:
    """It is not offered any more; entries keep it."""
    return retire_category(found(categories_for(request.actor), pk=pk), by=request.actor)


@operation(
    router,
    "post",
    "/categories/{pk}/revive",
    allow=OFFICE,
    permission="lists.revive_category",
    answer=CategoryOut,
)
def category_revive(request: Request, pk: Id) -> Category:
    """It is offered again."""
    return revive_category(found(categories_for(request.actor), pk=pk), by=request.actor)
