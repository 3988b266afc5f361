"""Who sees which jobs and which part of the audit trail."""

from django.db.models import QuerySet

from lianqiao.core.actor import COMMAND, Actor, Role
from lianqiao.core.models import AuditEntry, Job


def jobs_for(actor: Actor) -> QuerySet[Job]:
    if actor.role in (Role.AUDITOR, COMMAND):
        return Job.objects.all()
    return Job.objects.filter(person_id=actor.person_id) if actor.is_signed_in else Job.objects.none()


def open_jobs_for(actor: Actor) -> QuerySet[Job]:
    return jobs_for(actor).filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])


def entries_for(actor: Actor) -> QuerySet[AuditEntry]:
    """The whole trail for the auditor; everybody else sees what they did themselves."""
    entries = AuditEntry.objects.order_by("-id")
    if actor.role in (Role.AUDITOR, COMMAND):
        return entries
    return entries.filter(person_id=actor.person_id) if actor.is_signed_in else entries.none()
