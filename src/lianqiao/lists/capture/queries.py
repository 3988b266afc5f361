"""Captures of a person."""

from django.db.models import QuerySet

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.lists.models import Capture, CapturedEntry
from lianqiao.lists.queries import SEES_ALL


def captures_for(actor: Actor) -> QuerySet[Capture]:
    """The office sees those of its chains, a liaison the own ones."""
    rows = Capture.objects.select_related("chain", "person", "place", "job")
    if actor.role in SEES_ALL:
        return rows
    if actor.role in OFFICE:
        return rows.filter(chain__in=actor.chains)
    if actor.role == Role.LIAISON:
        return rows.filter(chain__in=actor.chains, person=actor.person_id)
    return rows.none()


def captured_in(entry_id: int, actor: Actor) -> QuerySet[CapturedEntry]:
    """From which texts an entry comes, or what it says was heard again, as far as the actor may see them."""
    rows = CapturedEntry.objects.filter(entry=entry_id, capture__in=captures_for(actor))
    return rows.select_related("capture").defer("capture__text", "capture__found")


def listed_captures(actor: Actor) -> QuerySet[Capture]:
    """For a list, which shows neither the texts nor what was found."""
    return captures_for(actor).defer("text", "found")
