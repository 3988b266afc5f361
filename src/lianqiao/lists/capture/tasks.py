"""The language model is asked as a job: nobody waits for it before what the rules found is on the page."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.jobs import Progress, job
from lianqiao.core.permissions import LABELS
from lianqiao.core.refusals import NotPermitted
from lianqiao.lists.capture.actions import add_proposals
from lianqiao.lists.capture.proposing import NoAnswer, proposed_of
from lianqiao.lists.capture.queries import captures_for
from lianqiao.lists.capture.rules import CAPTURE, PROPOSE
from lianqiao.registry.queries import still_acts


@job(PROPOSE, _("请语言模型再找一遍"))
def ask_model(progress: Progress, *, by: Actor, capture: int) -> dict[str, Any]:
    if not still_acts(by, timezone.localdate()):
        raise NotPermitted(permission=LABELS[CAPTURE])
    row = captures_for(by).get(pk=capture)
    progress.expect(2)
    proposed: list[dict[str, Any]] = []
    try:
        proposed = proposed_of(row.text, row.found["entries"])
        answered = "answered"
    except NoAnswer as none:
        answered = none.why
    progress.step()
    added = add_proposals(row, by=by, proposed=proposed, answered=answered)
    progress.step()
    return {"answer": answered, "proposed": added}
