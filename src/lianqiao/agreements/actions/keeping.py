"""What was promised is done, or not, and the other side may see it otherwise."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.models import Agreement, ObligationDate
from lianqiao.agreements.parties import said_by, side_of
from lianqiao.agreements.queries import parties_of
from lianqiao.agreements.telling import tell_office, tell_parties
from lianqiao.core.actor import Actor
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.refusals import Refused

dates = Lifecycle(ObligationDate)
State = ObligationDate.State


class OwnWord(Refused):
    code = "own_word"
    sentence = _("这是您这一方登记的，有异议由其他方提出；登记有误请撤回登记。")


class NotInForce(Refused):
    code = "not_in_force"
    sentence = _("协议现在不在有效期内，不能登记履行情况。")


@dates.move(State.DUE, State.DISPUTED, to=State.DONE)
def keep(row: ObligationDate, *, by: Actor, now: datetime, done_on: date, note: str) -> None:
    """One side says that it was done, when and how. Raises NotInForce."""
    agreement = row.obligation.agreement
    if agreement.state not in (Agreement.State.SIGNED, Agreement.State.EXPIRED):
        raise NotInForce
    if done_on > timezone.localdate(now):
        raise ValidationError({"done_on": _("履行日期不能晚于今天。")})
    if not note.strip():
        raise ValidationError({"note": _("请简要写明履行情况。")})
    row.done_on, row.note, row.objection = done_on, note.strip(), ""
    row.done_by, row.by_label = side_of(by, parties_of(agreement), agreement.chain_id), said_by(by)
    tell_parties(agreement, "obligation_done", by=by, what=row.obligation.what)


@dates.move(State.DONE, to=State.DISPUTED)
def dispute(row: ObligationDate, *, by: Actor, objection: str) -> None:
    """Another side says that it was not so; it counts as not done until it is said anew. Raises OwnWord."""
    agreement = row.obligation.agreement
    if row.done_by_id and side_of(by, parties_of(agreement), agreement.chain_id) == row.done_by:
        raise OwnWord
    if not objection.strip():
        raise ValidationError({"objection": _("请写明有什么异议。")})
    row.objection = objection.strip()
    tell_parties(agreement, "obligation_disputed", by=by, what=row.obligation.what, objection=row.objection)
    tell_office(agreement, "obligation_disputed", by=by, what=row.obligation.what, objection=row.objection)


@dates.move(State.DONE, State.DISPUTED, to=State.DUE)
def take_back(row: ObligationDate, *, by: Actor) -> None:
    """Noted by mistake, by whoever's side noted it."""
    row.done_on = row.done_by = None
    row.note = row.by_label = row.objection = ""


@dates.move(State.DUE, State.DISPUTED, to=State.WAIVED)
def waive(row: ObligationDate, *, by: Actor, note: str) -> None:
    """It need not be done, and says why; it counts neither way."""
    if not note.strip():
        raise ValidationError({"note": _("请写明原因。")})
    row.note, row.by_label = note.strip(), said_by(by)
