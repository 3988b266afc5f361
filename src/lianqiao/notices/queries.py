from django.db.models import QuerySet

from lianqiao.core.actor import Actor
from lianqiao.notices.models import Notice


def notices_for(actor: Actor) -> QuerySet[Notice]:
    return Notice.objects.filter(person=actor.person_id)


def unread_for(actor: Actor) -> QuerySet[Notice]:
    return notices_for(actor).filter(read_at=None)


def notice_with_person(pk: int) -> Notice | None:
    """For the queue, which mails it."""
    return Notice.objects.select_related("person").filter(pk=pk).first()
