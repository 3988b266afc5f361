from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StrictInt, StrictStr, StringConstraints

from lianqiao.api.fields import Among, Codes, Count, Day, GivenId, Id, Line, Lines
from lianqiao.api.filling import filled, refuse_invalid, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Change, Given, Named
from lianqiao.api.sentences import SENTENCES
from lianqiao.core.actor import CONTENT, OFFICE, WRITERS, Actor
from lianqiao.core.request import Request
from lianqiao.lists.actions.around import comment, remove_comment
from lianqiao.lists.actions.entries import add_entry, discard
from lianqiao.lists.actions.moves import (
    confirm_fresh,
    extend,
    pause,
    publish,
    resume,
    return_entry,
    submit,
    withdraw,
)
from lianqiao.lists.forms.around import CommentForm, ExtendForm
from lianqiao.lists.forms.entries import EntryForm
from lianqiao.lists.forms.filters import EntryFilters
from lianqiao.lists.models import Comment, Dimension, Entry, Kind, Wish
from lianqiao.lists.pages.writing import AUTHORS, write_down
from lianqiao.lists.queries import comments_for, entries_for, listed_entries, wishes_for
from lianqiao.lists.shown import Shown, shown
from lianqiao.lists.terms import Audience

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


class EntryReturn(Given):
    reason: Line = Field(min_length=1, max_length=500)


class EntryExtension(Change):
    ends_on: Day


class EntryResumption(Given):
    ends_on: Day | None = Field(None, description="Where the one that was said is over")


class CommentOut(Schema):
    id: int
    person: str
    position: str
    text: str
    at: datetime

    @staticmethod
    def resolve_person(row: Comment) -> str:
        return row.person.name

    @staticmethod
    def resolve_position(row: Comment) -> str:
        return row.position_label


class CommentNew(Given):
    text: Lines = Field(min_length=1, max_length=1000)


def full(request: Request, pk: int) -> Shown:
    """One entry as its reader sees it. Raises Http404."""
    row = shown(found(entries_for(request.actor), pk=pk), request.actor)
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
def entry_detail(request: Request, pk: Id) -> Shown:
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
def entry_edit(request: Request, pk: Id, given: EntryChange) -> Shown:
    """Only what is given changes. What is published and not the office's to change is submitted anew with it."""
    row = entry_of(request, pk)
    told = given.model_dump(exclude_unset=True)
    form = filled(EntryForm, told, actor=request.actor, kind=row.kind, instance=row)
    written(form, write_down, form, row, request.actor)
    return full(request, pk)


@operation(
    router, "post", "/entries/{pk}/discard", allow=AUTHORS, permission="lists.discard", answer=dict[str, int]
)
def entry_discard(request: Request, pk: Id) -> dict[str, int]:
    """A draft that nobody needs any more; `id` is that of the draft that was."""
    discard(entry_of(request, pk), by=request.actor)
    return {"id": pk}


@operation(router, "post", "/entries/{pk}/submit", allow=AUTHORS, permission="lists.submit", answer=EntryFull)
def entry_submit(request: Request, pk: Id) -> Shown:
    """Say it to the office, which answers by `promised_on`."""
    submit(entry_of(request, pk), by=request.actor, now=timezone.now())
    return full(request, pk)


@operation(
    router, "post", "/entries/{pk}/publish", allow=OFFICE, permission="lists.publish", answer=EntryFull
)
def entry_publish(request: Request, pk: Id) -> Shown:
    """The others of the chain see it from now on."""
    publish(entry_of(request, pk), by=request.actor, now=timezone.now())
    return full(request, pk)


@operation(
    router, "post", "/entries/{pk}/return", allow=OFFICE, permission="lists.return_entry", answer=EntryFull
)
def entry_return(request: Request, pk: Id, given: EntryReturn) -> Shown:
    """The asker is told the reason."""
    return_entry(entry_of(request, pk), by=request.actor, now=timezone.now(), reason=given.reason)
    return full(request, pk)


@operation(
    router, "post", "/entries/{pk}/withdraw", allow=AUTHORS, permission="lists.withdraw", answer=EntryFull
)
def entry_withdraw(request: Request, pk: Id) -> Shown:
    """It is not needed or not offered any more."""
    withdraw(entry_of(request, pk), by=request.actor)
    return full(request, pk)


@operation(router, "post", "/entries/{pk}/extend", allow=AUTHORS, permission="lists.extend", answer=EntryFull)
def entry_extend(request: Request, pk: Id, given: EntryExtension) -> Shown:
    """A later last day, which says that it is true as well."""
    row = entry_of(request, pk)
    form = filled(ExtendForm, given.model_dump(exclude_unset=True), instance=row)
    today = timezone.localdate()
    written(form, extend, row, by=request.actor, today=today, seen=form.cleaned_data["seen"], **form.facts())
    return full(request, pk)


@operation(
    router,
    "post",
    "/entries/{pk}/confirm-fresh",
    allow=AUTHORS,
    permission="lists.confirm_fresh",
    answer=EntryFull,
)
def entry_confirm_fresh(request: Request, pk: Id) -> Shown:
    """It is true still, for another term."""
    confirm_fresh(entry_of(request, pk), by=request.actor, today=timezone.localdate())
    return full(request, pk)


@operation(router, "post", "/entries/{pk}/pause", allow=AUTHORS, permission="lists.pause", answer=EntryFull)
def entry_pause(request: Request, pk: Id) -> Shown:
    """Nobody finds it until it is resumed."""
    pause(entry_of(request, pk), by=request.actor)
    return full(request, pk)


@operation(router, "post", "/entries/{pk}/resume", allow=AUTHORS, permission="lists.resume", answer=EntryFull)
def entry_resume(request: Request, pk: Id, given: EntryResumption) -> Shown:
    """It is true again; 409 `ends_in_the_past` until a later last day is given."""
    resume(entry_of(request, pk), by=request.actor, today=timezone.localdate(), ends_on=given.ends_on)
    return full(request, pk)


@operation(router, "get", "/entries/{pk}/comments", allow=CONTENT, answer=page_of(CommentOut))
def comment_list(request: Request, pk: Id, asked: Query[Paging]) -> dict[str, Any]:
    """Between the asker and the office, the oldest first; nobody else reads them."""
    row = found(entries_for(request.actor), pk=pk)
    return paged(comments_for(request.actor).filter(entry=row), asked, request)


@operation(
    router,
    "post",
    "/entries/{pk}/comments",
    allow=WRITERS,
    permission="lists.comment",
    answer=CommentOut,
    status=201,
)
def entry_comment(request: Request, pk: Id, given: CommentNew) -> Status:
    row = found(entries_for(request.actor), pk=pk)
    form = filled(CommentForm, given.model_dump())
    return Status(201, written(form, comment, row, by=request.actor, now=timezone.now(), **form.facts()))


@operation(
    router,
    "post",
    "/comments/{pk}/remove",
    allow=WRITERS,
    permission="lists.remove_comment",
    answer=CommentOut,
)
def comment_remove(request: Request, pk: Id) -> Comment:
    """Its writer or the office takes it away; as it was."""
    row = found(comments_for(request.actor), pk=pk)
    remove_comment(row, by=request.actor)
    return row
