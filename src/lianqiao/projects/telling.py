"""Whom an event of a project is told."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.notices.sending import send
from lianqiao.projects.models import Claim, Project
from lianqiao.registry.queries import position_holders


def tell_sponsor(project: Project, template: str, *, by: Actor, **facts: Any) -> None:
    tell(contacts_of(project.sponsor_id, project.sponsor_unit_id), project, template, by=by, **facts)


def tell_holder(project: Project, template: str, *, by: Actor, **facts: Any) -> None:
    tell(contacts_of(project.holder_id, project.holder_unit_id), project, template, by=by, **facts)


def tell_sides(project: Project, template: str, *, by: Actor, **facts: Any) -> None:
    held = contacts_of(project.sponsor_id, project.sponsor_unit_id)
    tell(held | contacts_of(project.holder_id, project.holder_unit_id), project, template, by=by, **facts)


def tell_asked(project: Project, template: str, *, by: Actor, **facts: Any) -> None:
    tell(contacts_of(project.asked_id, project.asked_unit_id), project, template, by=by, **facts)


def tell_claimer(claim: Claim, template: str, *, by: Actor, **facts: Any) -> None:
    tell(contacts_of(claim.organisation_id, claim.unit_id), claim.project, template, by=by, **facts)


def tell_office(project: Project, template: str, *, by: Actor, **facts: Any) -> None:
    chain = project.chain
    held = Q(role__in=OFFICE) & (Q(chain=chain) | Q(chain=None, organisation=chain.office_id))
    tell(held, project, template, by=by, **facts)


def tell(held: Q, project: Project, template: str, *, by: Actor, **facts: Any) -> None:
    """Those who hold such a position, but for whoever does it."""
    url = reverse("project_detail", args=[project.pk])
    for person in position_holders(held, timezone.localdate()).exclude(pk__in=[by.person_id]).distinct():
        send(person, template, url=url, title=project.title, **facts)


def contacts_of(organisation_id: int | None, unit_id: int | None) -> Q:
    """The contacts of the college where one is named, and those of the school as a whole; of an enterprise its own."""
    if organisation_id is None:
        return Q(pk__in=[])
    held = Q(role__in=[Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR], organisation=organisation_id)
    return held | Q(role=Role.COLLEGE_CONTACT, unit=unit_id) if unit_id else held
