"""Questions about a plan that the engine answers; nothing is written."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.lists.models import Entry
from lianqiao.matching import engine
from lianqiao.matching.actions.adjusting import basis_of
from lianqiao.matching.models import Match, Round
from lianqiao.matching.queries.rounds import sees_all


class NotAsked(Refused):
    code = "not_asked"
    sentence = _("这一条没有参加这一轮：当时不在范围内、未发布，或名额已用完。")


class IsChosen(NotAsked):
    code = "is_chosen"
    sentence = _("方案里就是它。")


def asked_why_not(row: Round, need: Entry, offer: Entry, *, by: Actor) -> dict[str, Any]:
    """Why these two are not together, and what would change it. Raises NotPermitted, NotAsked, IsChosen."""
    if not sees_all(by):
        raise NotPermitted(permission=_("看未选的原因"))
    basis = basis_of(row)
    # As it stands now, or as it was when it was published.
    pairs = list(Match.objects.filter(round=row).values_list("need", "offer"))
    try:
        at = basis.pair(str(need.pk), str(offer.pk))
        told = engine.why_not(basis, pairs, need.pk, offer.pk)
    except KeyError as error:
        raise NotAsked from error
    except ValueError as error:
        raise IsChosen from error
    return told | {"bars": basis.bars(at)}
