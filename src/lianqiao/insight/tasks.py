"""What insight leaves to the clock."""

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from lianqiao.core.actor import at_the_terminal
from lianqiao.insight.actions.noting import note_figures
from lianqiao.insight.queries.reading import is_noted
from lianqiao.registry.queries import chains_for


@db_periodic_task(crontab(minute="40"))
def note_the_day() -> None:
    """Hourly, for a machine that was switched off; what is noted already costs one look."""
    by, now = at_the_terminal("clock"), timezone.now()
    for chain in chains_for(by):
        if not is_noted(chain, now):
            note_figures(chain, by=by, now=now)
