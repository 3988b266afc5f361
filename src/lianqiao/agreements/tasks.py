"""What agreements leave to the queue's clock."""

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from lianqiao.agreements.actions.clock import expire_over, remind_due, warn_ending
from lianqiao.core.actor import at_the_terminal


@db_periodic_task(crontab(minute="40"))
def look_after_agreements() -> None:
    """Hourly: a machine that is switched off at night still does it in the morning."""
    by, now = at_the_terminal("clock"), timezone.now()
    expire_over(by=by, now=now)
    warn_ending(by=by, now=now)
    remind_due(by=by, now=now)
