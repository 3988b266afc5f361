"""What projects leave to the queue's clock."""

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from lianqiao.core.actor import at_the_terminal
from lianqiao.projects.actions.clock import forget_removed, remind_due


@db_periodic_task(crontab(minute="50"))
def look_after_projects() -> None:
    """Hourly: a machine that is switched off at night still does it in the morning."""
    by, now = at_the_terminal("clock"), timezone.now()
    remind_due(by=by, now=now)
    forget_removed(by=by, now=now)
