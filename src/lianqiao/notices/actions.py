from datetime import datetime

from django.db import transaction

from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.notices.queries import unread_for


def read_all(*, by: Actor, now: datetime) -> None:
    with transaction.atomic():
        count = unread_for(by).update(read_at=now)
        record(by, "notices.read_all", after={"count": count})
