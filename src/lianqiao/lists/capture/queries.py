"""Captures of a person."""

from django.db.models import QuerySet

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.lists.models import Capture
from lianqiao.lists.queries import SEES_ALL


def captures_for(actor: Actor) -> QuerySet[Capture]:
    """The office sees those of its chains, a liaison the own ones."""
    rows = Capture.objects.select_related("chain", "person", "place")
    if actor.role in SEES_ALL:
        return rows
    if actor.role in OFFICE:
        return rows.filter(chain__in=actor.chains)
    if actor.role == Role.LIAISON:
        return rows.filter(chain__in=actor.chains, person=actor.person_id)
    return rows.none()


def listed_captures(actor: Actor) -> QuerySet[Capture]:
    """For a list, which shows neither the texts nor what was found."""
    return captures_for(actor).defer("text", "found")
