from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from ninja import Query, Router, Schema, Status
from pydantic import Field, StrictInt, StrictStr, StringConstraints

from lianqiao.api.fields import Among, Codes, Count, Day, GivenId, Id, Line, Lines
from lianqiao.api.filling import filled, refuse_invalid, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Change, Given, Named
from lianqiao.api.sentences import SENTENCES
from lianqiao.core.actor import CONTENT, Actor
from lianqiao.core.request import Request
from lianqiao.lists.actions.entries import add_entry
from lianqiao.lists.forms.entries import EntryForm
from lianqiao.lists.forms.filters import EntryFilters
from lianqiao.lists.models import Dimension, Entry, Kind, Wish
from lianqiao.lists.pages.writing import AUTHORS, write_down
from lianqiao.lists.queries import entries_for, listed_entries, wishes_for
from lianqiao.lists.shown import Shown, opened, reads, shown
from lianqiao.lists.terms import Audience
from lianqiao.registry.models import Organisation

router = Router(tags=["entries"])
ListKind = Annotated[str, Among(Kind)]
Seen = Annotated[str, Among(Audience)]
# As text: a program that reads a sum as a binary fraction has another sum.
Money = Annotated[StrictStr, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$")]
Weeks = Annotated[
    dict[Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-W[0-9]{2}$")], Annotated[StrictInt, Field(ge=0, le=100_000)]],
    Field(max_length=260),
]  # fmt: skip
IdOrNone = Annotated[str, StringConstraints(pattern=r"^(none|[0-9]{1,18})$")]
Names = Annotated[list[Line], Field(max_length=20)]


class EntryOut(Schema):
    """What you may read of it: `hidden` names the fields that are kept from you; a contact may come masked."""

    id: int
    chain: int
    kind: ListKind
    number: int | None = Field(description="Running number in its list, from when it was submitted")
    state: Annotated[str, Among(Entry.State)]
    category: Named | None
    title: str
    description: str
    organisation: Named | None
    organisation_name: str = Field(description="As it was written, while the register knows no such name")
    unit: Named | None
    segment: Named | None
    industries: list[str]
    majors: list[str]
    occupations: list[str]
    dimensions: list[Annotated[str, Among(Dimension)]]
    capacity: int | None
    calendar: dict[str, int] | None = Field(description="ISO week: how often or how many")
    partners_wanted: int | None
    place: str
    reach: Annotated[str, Among(Entry.Reach, or_empty=True)]
    starts_on: date | None
    ends_on: date | None
    due_on: date | None
    money: str | None = Field(description="Yuan")
    people: int | None
    conditions: str
    cooperation: str
    urgency: Annotated[str, Among(Entry.Urgency)]
    contact_name: str
    contact_phone: str
    contact_email: str
    audience: Seen
    source: Annotated[str, Among(Entry.Source, or_empty=True)]
    source_note: str
    source_sentence: str
    returned_reason: str
    submitted_at: datetime | None
    answered_at: datetime | None
    published_at: datetime | None
    promised_on: date | None = Field(description="The office answers by this day")
    fresh_until: date | None
    merged_into: int | None
    hidden: list[str]
    version: int
    changed_at: datetime

    @staticmethod
    def resolve_chain(row: Shown) -> int:
        return row.chain_id

    @staticmethod
    def resolve_merged_into(row: Shown) -> int | None:
        return row.merged_into_id

    @staticmethod
    def resolve_money(row: Shown) -> str | None:
        return None if row.money is None else f"{row.money:.2f}"


class EntryFull(EntryOut):
    """With what its asker and the office alone know: for others these are empty."""

    visibility: dict[str, Seen]
    must: list[Named]
    never: list[Named]

    @staticmethod
    def resolve_visibility(row: Shown) -> dict[str, str]:
        return row.visibility if row.reads == Audience.OFFICE else {}


class EntryQuery(Paging):
    q: Line = Field("", description="Words, pinyin, initials, codes, names of organisations")
    chain: Id | None = None
    kind: ListKind | None = None
    state: Annotated[str, Among(Entry.State)] | None = Field(
        None, description="Without it: all that are not over; see `every`"
    )
    every: bool = Field(False, description="Also what is fulfilled or withdrawn")
    category: IdOrNone | None = None
    segment: IdOrNone | None = None
    organisation: Id | None = None
    dimension: Annotated[str, Among(Dimension)] | None = None
    due: Literal["soon", "over"] | None = Field(None, description="Of what is open: within 30 days, or past")
    whose: Literal["own"] | None = None
    urgency: Annotated[str, Among(Entry.Urgency)] | None = None
    source: Annotated[str, Among(Entry.Source)] | None = None


class EntryFacts(Schema):
    organisation: GivenId | None = Field(None, description="For contacts it is their own and not said")
    unit: GivenId | None = None
    category: GivenId | None = None
    segment: GivenId | None = None
    title: Line = Field("", max_length=120)
    description: Lines = Field("", max_length=4000)
    industries: Codes = []
    majors: Codes = []
    occupations: Codes = []
    dimensions: Annotated[list[Annotated[str, Among(Dimension)]], Field(max_length=5)] = []
    capacity: Count | None = None
    calendar: Weeks = {}
    partners_wanted: Annotated[StrictInt, Field(ge=1, le=32767)] | None = None
    place: Line = Field("", max_length=200)
    reach: Annotated[str, Among(Entry.Reach, or_empty=True)] = ""
    starts_on: Day | None = None
    ends_on: Day | None = None
    due_on: Day | None = None
    money: Money | None = None
    people: Count | None = None
    conditions: Lines = Field("", max_length=1000)
    cooperation: Lines = Field("", max_length=1000)
    urgency: Annotated[str, Among(Entry.Urgency)] = "normal"
    contact_name: Line = Field("", max_length=60)
    contact_phone: Line = Field("", max_length=40)
    contact_email: Line = Field("", max_length=254)
    contact_shown_to: Seen = "office"
    money_shown_to: Seen = "chain"
    terms_shown_to: Seen = Field("chain", description="Conditions and cooperation")
    files_shown_to: Seen = "chain"
    description_shown_to: Seen = "public"
    place_shown_to: Seen = "public"
    quantity_shown_to: Seen = Field("public", description="Capacity, calendar, partners wanted, people")
    audience: Seen = "chain"
    must: Names = Field([], description="Full names of organisations it wants to be brought together with")
    never: Names = Field(
        [], description="Full names of organisations it does not; the office alone sees them"
    )


class EntryNew(EntryFacts, Given):
    chain: GivenId
    kind: ListKind
    source: Annotated[str, Among(Entry.Source)] = Field("api", description="The office may say another")
    source_note: Line = Field("", max_length=200)


class EntryChange(EntryFacts, Change):
    source: Annotated[str, Among(Entry.Source)] = "api"
    source_note: Line = Field("", max_length=200)


class Whole(Shown):
    """An entry as its reader sees it, with the wishes that this reader may know."""

    must: list[Organisation]
    never: list[Organisation]


def full(request: Request, pk: int) -> Whole:
    """Raises Http404."""
    entry = found(entries_for(request.actor), pk=pk)
    row = Whole(entry, reads(request.actor, entry), opened(entry, request.actor))
    wishes = list(wishes_for(request.actor).filter(entry=pk))
    row.must = [wish.organisation for wish in wishes if wish.kind == Wish.Kind.MUST]
    row.never = [wish.organisation for wish in wishes if wish.kind == Wish.Kind.NEVER]
    return row


def entry_of(request: Request, pk: int) -> Entry:
    return found(listed_entries(request.actor), pk=pk)


def narrowing_of(asked: EntryQuery, actor: Actor) -> EntryFilters:
    """Raises ValidationError, also for a filter that this person has not: it would answer with everything."""
    given = asked.model_dump(exclude={"limit", "offset", "chain", "every"}, exclude_none=True)
    form = EntryFilters(({"state": "all"} if asked.every else {}) | given, actor=actor)
    if missing := [name for name in given if name not in form.fields]:
        raise ValidationError(dict.fromkeys(missing, SENTENCES["extra_forbidden"]))
    refuse_invalid(form)
    return form


@operation(router, "get", "/entries", allow=CONTENT, answer=page_of(EntryOut))
def entry_list(request: Request, asked: Query[EntryQuery]) -> dict[str, Any]:
    """Those you may see, the latest change first."""
    actor = request.actor
    rows = narrowing_of(asked, actor).narrow(listed_entries(actor))
    answer = paged(rows.filter(chain=asked.chain) if asked.chain else rows, asked, request)
    return answer | {"items": [shown(row, actor) for row in answer["items"]]}


@operation(router, "get", "/entries/{pk}", allow=CONTENT, answer=EntryFull)
def entry_detail(request: Request, pk: Id) -> Whole:
    """One entry, also when it was merged into another: see `merged_into`."""
    return full(request, pk)


@operation(
    router,
    "post",
    "/entries",
    allow=AUTHORS,
    permission="lists.add_entry",
    answer=EntryFull,
    status=201,
)
def entry_add(request: Request, given: EntryNew) -> Status:
    """A draft, which its writer alone sees until it is submitted."""
    told = given.model_dump(exclude_unset=True, exclude={"kind"})
    form = filled(EntryForm, told, actor=request.actor, kind=given.kind)
    facts = form.facts() | ({} if "source" in told else {"source": Entry.Source.API})
    row = written(form, add_entry, by=request.actor, kind=given.kind, **facts)
    return Status(201, full(request, row.pk))


@operation(
    router,
    "patch",
    "/entries/{pk}",
    allow=AUTHORS,
    permission="lists.edit_entry",
    answer=EntryFull,
)
def entry_edit(request: Request, pk: Id, given: EntryChange) -> Whole:
    """Only what is given changes. What is published and not the office's to change is submitted anew with it."""
    row = entry_of(request, pk)
    told = given.model_dump(exclude_unset=True)
    form = filled(EntryForm, told, actor=request.actor, kind=row.kind, instance=row)
    written(form, write_down, form, row, request.actor)
    return full(request, pk)
