"""What matching leaves to the queue and its clock beside its rounds (`tasks`)."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from lianqiao.core.actor import Actor, at_the_terminal
from lianqiao.core.jobs import Progress, job
from lianqiao.core.permissions import LABELS
from lianqiao.core.refusals import NotPermitted
from lianqiao.matching.actions.clock import lapse_due, remind_of_matches
from lianqiao.matching.actions.learning import propose_weighting
from lianqiao.matching.queries.learning import LEARN
from lianqiao.registry.queries import chains_for, still_acts


@db_periodic_task(crontab(minute="40"))
def look_after_answers() -> None:
    """Hourly: a machine that is switched off at night still does it in the morning."""
    by, now = at_the_terminal("clock"), timezone.now()
    remind_of_matches(by=by, now=now)
    lapse_due(by=by, now=now)


@job(LEARN, _("从答复中学习"))
def learn(progress: Progress, *, by: Actor, chain: int) -> dict[str, Any]:
    """The result says what came out: `weighting`, or the `reason` why nothing is proposed."""
    if not still_acts(by, timezone.localdate()):
        raise NotPermitted(permission=LABELS["matching.propose_weighting"])
    progress.expect(1)
    lesson, row = propose_weighting(chains_for(by).get(pk=chain), by=by, now=timezone.now())
    progress.step()
    told = {"answers": lesson.answers, "why": lesson.reason, "missing": lesson.missing}
    return told | {"weighting": row.pk if row else None, "needs": lesson.evidence.get("needs", 0)}
