"""What each party says to the version under review."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.actions.moves import finalise
from lianqiao.agreements.models import Agreement, AgreementParty, AgreementVersion, Remark
from lianqiao.agreements.parties import approves_for, has_agreed, said_by
from lianqiao.agreements.queries import last_version, parties_of
from lianqiao.agreements.telling import tell_office
from lianqiao.core.actor import Actor
from lianqiao.core.refusals import Refused, StateMoved
from lianqiao.core.writing import change, creation, locked

State = Agreement.State


class OtherVersion(Refused):
    code = "other_version"
    sentence = _("您看的是第 %(seen)s 版，现在送审的是第 %(now)s 版，请看过再表示意见。")


def agree(party: AgreementParty, *, by: Actor, now: datetime, version: int) -> Agreement:
    """To exactly the version that was read; with the last party the text is final.

    Raises StateMoved, OtherVersion, NotPermitted.
    """
    with transaction.atomic():
        agreement, current = under_review(party, version)
        with change(party, by=by, permission="agreements.agree") as row:
            row.agreed_version, row.agreed_at = current.number, now
            if approves_for(by, row):
                row.approved_version, row.approved_at = current.number, now
        return go_on(agreement, current, by=by, now=now)


def approve(party: AgreementParty, *, by: Actor, now: datetime, version: int) -> Agreement:
    """The school as a whole to the agreement of its college. Raises as `agree`."""
    with transaction.atomic():
        agreement, current = under_review(party, version)
        with change(party, by=by, permission="agreements.approve") as row:
            row.approved_version, row.approved_at = current.number, now
        return go_on(agreement, current, by=by, now=now)


def under_review(party: AgreementParty, version: int) -> tuple[Agreement, AgreementVersion]:
    """The agreement is locked first, always: two parties who agree at once must not both miss being the last.

    Then its chain, which the number of a final text needs: before anything is told to the audit trail, as everywhere.
    """
    agreement = locked(Agreement(pk=party.agreement_id))
    locked(agreement.chain)
    if agreement.state != State.REVIEW:
        raise StateMoved(state=agreement.get_state_display(), move=_("表示同意"))
    current = last_version(agreement)
    if current.number != version:
        raise OtherVersion(seen=version, now=current.number)
    return agreement, current


def go_on(agreement: Agreement, current: AgreementVersion, *, by: Actor, now: datetime) -> Agreement:
    if all(has_agreed(party, current.number) for party in parties_of(agreement)):
        return finalise(agreement, by=by, now=now)
    return agreement


def remark(
    agreement: Agreement,
    party: AgreementParty | None,
    *,
    by: Actor,
    now: datetime,
    clause: str,
    text: str,
) -> Remark:
    """What should be otherwise in one clause, or in the whole. Raises StateMoved, NotPermitted, ValidationError."""
    with transaction.atomic():
        agreement = locked(agreement)
        if agreement.state != State.REVIEW:
            raise StateMoved(state=agreement.get_state_display(), move=_("提出意见"))
        row = Remark(
            revision=last_version(agreement), party=party, clause=clause, text=text.strip(),
            by_label=said_by(by), at=now,
        )  # fmt: skip
        with creation(row, by=by, permission="agreements.remark"):
            pass
        tell_office(agreement, "agreement_remark", by=by, text=row.text[:80])
    return row


def answer_remark(row: Remark, *, by: Actor, state: str, answer: str) -> Remark:
    """Taken into the next version, or left, with a word. Raises NotPermitted, ValidationError."""
    with change(row, by=by, permission="agreements.answer_remark") as fresh:
        fresh.state, fresh.answer = state, answer.strip()
    return fresh


def withdraw_agreement(party: AgreementParty, *, by: Actor) -> AgreementParty:
    """A party thinks again while the others have not all agreed yet. Raises StateMoved, NotPermitted."""
    with transaction.atomic():
        agreement = locked(Agreement(pk=party.agreement_id))
        if agreement.state != State.REVIEW:
            raise StateMoved(state=agreement.get_state_display(), move=_("收回同意"))
        with change(party, by=by, permission="agreements.agree") as row:
            row.agreed_version = row.agreed_at = row.approved_version = row.approved_at = None
    return row
