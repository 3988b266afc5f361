from django.utils import timezone
from ninja import Router
from pydantic import Field

from lianqiao.api.fields import Day, Id, Line
from lianqiao.api.filling import filled, written
from lianqiao.api.operation import operation
from lianqiao.api.resources.entries import EntryFull, Whole, entry_of, full
from lianqiao.api.schemas import Change, Given
from lianqiao.core.actor import OFFICE
from lianqiao.core.request import Request
from lianqiao.lists.actions.entries import discard
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
from lianqiao.lists.forms.around import ExtendForm
from lianqiao.lists.pages.writing import AUTHORS

router = Router(tags=["entries"])


class EntryReturn(Given):
    reason: Line = Field(min_length=1, max_length=500)


class EntryExtension(Change):
    ends_on: Day


class EntryResumption(Given):
    ends_on: Day | None = Field(None, description="Where the one that was said is over")


@operation(
    router, "post", "/entries/{pk}/discard", allow=AUTHORS, permission="lists.discard", answer=dict[str, int]
)
def entry_discard(request: Request, pk: Id) -> dict[str, int]:
    """A draft that nobody needs any more; `id` is that of the draft that was."""
    discard(entry_of(request, pk), by=request.actor, now=timezone.now())
    return {"id": pk}


@operation(router, "post", "/entries/{pk}/submit", allow=AUTHORS, permission="lists.submit", answer=EntryFull)
def entry_submit(request: Request, pk: Id) -> Whole:
    """Say it to the office, which answers by `promised_on`."""
    submit(entry_of(request, pk), by=request.actor, now=timezone.now())
    return full(request, pk)


@operation(
    router, "post", "/entries/{pk}/publish", allow=OFFICE, permission="lists.publish", answer=EntryFull
)
def entry_publish(request: Request, pk: Id) -> Whole:
    """The others of the chain see it from now on."""
    publish(entry_of(request, pk), by=request.actor, now=timezone.now())
    return full(request, pk)


@operation(
    router, "post", "/entries/{pk}/return", allow=OFFICE, permission="lists.return_entry", answer=EntryFull
)
def entry_return(request: Request, pk: Id, given: EntryReturn) -> Whole:
    """The asker is told the reason."""
    return_entry(entry_of(request, pk), by=request.actor, now=timezone.now(), reason=given.reason)
    return full(request, pk)


@operation(
    router, "post", "/entries/{pk}/withdraw", allow=AUTHORS, permission="lists.withdraw", answer=EntryFull
)
def entry_withdraw(request: Request, pk: Id) -> Whole:
    """It is not needed or not offered any more."""
    withdraw(entry_of(request, pk), by=request.actor)
    return full(request, pk)


@operation(router, "post", "/entries/{pk}/extend", allow=AUTHORS, permission="lists.extend", answer=EntryFull)
def entry_extend(request: Request, pk: Id, given: EntryExtension) -> Whole:
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
def entry_confirm_fresh(request: Request, pk: Id) -> Whole:
    """It is true still, for another term."""
    confirm_fresh(entry_of(request, pk), by=request.actor, today=timezone.localdate())
    return full(request, pk)


@operation(router, "post", "/entries/{pk}/pause", allow=AUTHORS, permission="lists.pause", answer=EntryFull)
def entry_pause(request: Request, pk: Id) -> Whole:
    """Nobody finds it until it is resumed."""
    pause(entry_of(request, pk), by=request.actor)
    return full(request, pk)


@operation(router, "post", "/entries/{pk}/resume", allow=AUTHORS, permission="lists.resume", answer=EntryFull)
def entry_resume(request: Request, pk: Id, given: EntryResumption) -> Whole:
    """It is true again; 409 `ends_in_the_past` until a later last day is given."""
    resume(entry_of(request, pk), by=request.actor, today=timezone.localdate(), ends_on=given.ends_on)
    return full(request, pk)
