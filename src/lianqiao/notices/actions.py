from datetime import datetime

from lianqiao.core.actor import Actor
from lianqiao.notices.queries import unread_for


def read_all(*, by: Actor, now: datetime) -> None:
    unread_for(by).update(read_at=now)
