"""The states of an agreement, from the office's paper to what is in force, and on to its end."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.actions.editing import refill
from lianqiao.agreements.actions.promising import promise
from lianqiao.agreements.models import Agreement, AgreementVersion, ObligationDate
from lianqiao.agreements.parties import said_by
from lianqiao.agreements.queries import (
    dates_of,
    last_version,
    live_signatures,
    next_serial,
    numbering_of,
)
from lianqiao.agreements.telling import tell_office, tell_parties
from lianqiao.agreements.text import blanks_in
from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.refusals import Refused
from lianqiao.core.words import listed
from lianqiao.core.writing import locked
from lianqiao.registry.models import Chain

lifecycle = Lifecycle(Agreement)
State = Agreement.State
# untranslated: a number as it stands on a Chinese document
USUAL_NUMBER = "{chain}协〔{year}〕{serial}号"
LONGEST_NUMBER = 40


class Unfilled(Refused):
    code = "unfilled"
    sentence = _("正文里还有没有填写的内容：%(names)s。")


class NoEnd(Refused):
    code = "no_end"
    sentence = _("请先填写到期日期，约定事项的期限和到期提醒都要用到它。")


@lifecycle.move(State.DRAFT, to=State.REVIEW)
def send(agreement: Agreement, *, by: Actor, now: datetime) -> None:
    """Seal the open version and ask the parties. Raises Unfilled, NoEnd."""
    if agreement.ends_on is None:
        raise NoEnd
    version = refill(agreement, by=by)
    if blanks := blanks_in(version.clauses, version.fields):
        raise Unfilled(names=listed(blanks))
    AgreementVersion.objects.filter(pk=version.pk).update(sealed_at=now, version=version.version + 1)
    record(by, "agreements.seal", version, after={"digest": version.sha256})
    tell_parties(agreement, "agreement_sent", by=by)


@lifecycle.move(State.REVIEW, State.FINAL, to=State.DRAFT)
def reopen(agreement: Agreement, *, by: Actor, now: datetime, note: str = "") -> None:
    """A new version to be written on; what was signed on the old one does not count for it."""
    old = last_version(agreement)
    for signature in live_signatures(old):
        signature.voided_at = now
        signature.voided_reason = str(_("签字之后正文有修改"))
        signature.save()
        record(by, "agreements.void_signature", signature, after={"reason": signature.voided_reason})
    AgreementVersion.objects.create(
        agreement=agreement, number=old.number + 1, clauses=old.clauses, fields=old.fields,
        sha256=old.sha256, made_at=now, by_label=said_by(by), note=note,
    )  # fmt: skip


@lifecycle.move(State.REVIEW, to=State.FINAL)
def finalise(agreement: Agreement, *, by: Actor, now: datetime) -> None:
    """Everybody agreed: the text is final and gets its number, the same one if it had one already."""
    if agreement.number is None:
        year = timezone.localdate(now).year
        # Whoever numbers another agreement of this chain waits here.
        chain = locked(Chain(pk=agreement.chain_id))
        agreement.year, agreement.serial = year, next_serial(chain.pk, year)
        agreement.number = numbered(chain, year, agreement.serial)
    tell_office(agreement, "agreement_final", by=by, number=agreement.number)
    tell_parties(agreement, "agreement_final", by=by, number=agreement.number)


@lifecycle.move(State.FINAL, to=State.SIGNED)
def conclude(agreement: Agreement, *, by: Actor, now: datetime) -> None:
    """Everybody signed: it is in force, and what was promised gets its dates."""
    version = last_version(agreement)
    agreement.signed_on = max(live_signatures(version).values_list("signed_on", flat=True))
    agreement.starts_on = agreement.starts_on or agreement.signed_on
    promise(agreement, version, by=by)
    tell_parties(agreement, "agreement_signed", by=by, number=agreement.number)


@lifecycle.move(State.DRAFT, State.REVIEW, State.FINAL, to=State.ABANDONED)
def abandon(agreement: Agreement, *, by: Actor, reason: str) -> None:
    """It comes to nothing; what was written stays to be read."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因。")})
    agreement.ended_reason = reason.strip()
    if agreement.versions.exclude(sealed_at=None).exists():
        # What was never sent to them stays the office's own paper.
        tell_parties(agreement, "agreement_abandoned", by=by, reason=agreement.ended_reason)


@lifecycle.move(State.SIGNED, to=State.ENDED)
def end_early(agreement: Agreement, *, by: Actor, ended_on: date, reason: str) -> None:
    """Before its last day, with a reason; what was due later is waived."""
    if agreement.starts_on and ended_on < agreement.starts_on:
        raise ValidationError({"ended_on": _("终止日期不能早于生效日期。")})
    agreement.ended_on, agreement.ended_reason = ended_on, reason.strip()
    later = dates_of(agreement, [ObligationDate.State.DUE]).filter(due_on__gt=ended_on)
    count = later.update(state=ObligationDate.State.WAIVED, note=agreement.ended_reason[:500])
    record(by, "agreements.waive_later", agreement, after={"count": count})
    tell_parties(agreement, "agreement_ended", by=by, reason=agreement.ended_reason)


@lifecycle.move(State.SIGNED, to=State.EXPIRED)
def expire(agreement: Agreement, *, by: Actor) -> None:
    """Its last day is over."""
    tell_parties(agreement, "agreement_expired", by=by)
    tell_office(agreement, "agreement_expired", by=by)


def numbered(chain: Chain, year: int, serial: int) -> str:
    kept = numbering_of(chain.pk)
    pattern = kept.pattern if kept else USUAL_NUMBER
    number = pattern.format(chain=chain.name, year=year, serial=serial)
    # A long name of a chain must not cost the number its year and serial.
    over = len(number) - LONGEST_NUMBER
    return number if over <= 0 else pattern.format(chain=chain.name[:-over], year=year, serial=serial)
