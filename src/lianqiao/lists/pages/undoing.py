"""Steps over entries, told with a press that takes them back."""

from collections.abc import Iterable

from django.http import HttpResponse

from lianqiao.core.actor import Actor
from lianqiao.core.request import Request
from lianqiao.lists.actions.bulk import Step, Taken, for_each, undo_each
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import entries_for
from lianqiao.registry.actions.placing import AlreadyTakenBack
from lianqiao.registry.pages.undoing import UNDO, told


def done_with(
    request: Request, url: str, sentence: str, entries: Iterable[Entry], step: Step
) -> HttpResponse:
    """Take the step, go to `url`, which tells it. Raises NotPermitted, CannotBeDone."""
    return told(request, url, sentence, "entries", taken=for_each(entries, step, by=request.actor))


def undo_entries(actor: Actor, taken: list[Taken]) -> None:
    rows = entries_for(actor).in_bulk([pk for pk, _seen, _before in taken])
    if len(rows) < len(taken):
        raise AlreadyTakenBack
    undo_each(rows, taken, by=actor)


UNDO["entries"] = undo_entries
