"""Signing as it is done on paper: who signed which version and when, and the scan of it. No electronic seal."""

import hashlib
import secrets
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.actions.moves import conclude
from lianqiao.agreements.models import Agreement, AgreementParty, AgreementVersion, Scan, Signature
from lianqiao.agreements.parties import said_by
from lianqiao.agreements.queries import last_version, live_signatures, parties_of
from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused, StateMoved
from lianqiao.core.writing import change, locked
from lianqiao.lists.actions.around import LARGEST_FILE, TooLargeFile, TooManyFiles
from lianqiao.lists.files import WrongFile, type_of

State = Agreement.State
SCANNED = ("application/pdf", "image/png", "image/jpeg")
MOST_SCANS = 20


class NotAScan(WrongFile):
    code = "not_a_scan"
    sentence = _("扫描件只能是 PDF、PNG 或 JPG。")


class TextChanged(Refused):
    code = "text_changed"
    sentence = _("现在定稿的是另一版，请重新打开后再登记。")


def note_signature(
    party: AgreementParty, *, by: Actor, now: datetime, signed_on: date, signer: str, sha256: str = ""
) -> Agreement:
    """One party signed the final text; with the last one the agreement is in force.

    `sha256` is that of the text that was printed, where it is known. Raises StateMoved, TextChanged, NotPermitted,
    ValidationError, also where this party has signed already.
    """
    with transaction.atomic():
        agreement = locked(Agreement(pk=party.agreement_id))
        if agreement.state != State.FINAL:
            raise StateMoved(state=agreement.get_state_display(), move=_("登记签字"))
        require(by, "agreements.note_signature", party)
        version = last_version(agreement)
        if sha256 and sha256 != version.sha256:
            raise TextChanged
        if signed_on > timezone.localdate(now):
            raise ValidationError({"signed_on": _("签字日期不能晚于今天。")})
        row = Signature(
            revision=version, party=party, signed_on=signed_on, signer=signer.strip(),
            noted_at=now, by_label=said_by(by),
        )  # fmt: skip
        row.full_clean()
        row.save(force_insert=True)
        about = {"signer": row.signer, "signed_on": signed_on, "digest": version.sha256}
        record(by, "agreements.note_signature", row, after=about)
        signed = set(live_signatures(version).values_list("party", flat=True))
        if signed >= {each.pk for each in parties_of(agreement)}:
            return conclude(agreement, by=by, now=now)
    return agreement


def void_signature(row: Signature, *, by: Actor, now: datetime, reason: str) -> Signature:
    """It was noted by mistake; it stays to be seen. Raises StateMoved, NotPermitted, ValidationError."""
    with transaction.atomic():
        agreement = locked(Agreement(pk=row.revision.agreement_id))
        if agreement.state != State.FINAL:
            raise StateMoved(state=agreement.get_state_display(), move=_("作废签字"))
        if not reason.strip():
            raise ValidationError({"reason": _("请写明原因。")})
        with change(row, by=by, permission="agreements.void_signature") as fresh:
            fresh.voided_at, fresh.voided_reason = fresh.voided_at or now, reason.strip()
    return fresh


def add_scan(version: AgreementVersion, *, by: Actor, now: datetime, name: str, content: bytes) -> Scan:
    """Of a text that is final. Raises StateMoved, TooLargeFile, TooManyFiles, WrongFile, NotPermitted."""
    if len(content) > LARGEST_FILE:
        raise TooLargeFile
    with transaction.atomic():
        agreement = locked(Agreement(pk=version.agreement_id))
        require(by, "agreements.add_scan", agreement)
        if agreement.state not in (State.FINAL, State.SIGNED, State.EXPIRED, State.ENDED):
            raise StateMoved(state=agreement.get_state_display(), move=_("上传扫描件"))
        if version.scans.count() >= MOST_SCANS:
            raise TooManyFiles(most=MOST_SCANS)
        if (kind := type_of(name, content)) not in SCANNED:
            raise NotAScan
        row = Scan(
            revision=version, name=name, content_type=kind, size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), at=now, by_label=said_by(by),
        )  # fmt: skip
        row.full_clean(exclude=["file"])
        row.file.save(f"agreements/{secrets.token_hex(16)}", ContentFile(content), save=False)
        try:
            row.save(force_insert=True)
            record(by, "agreements.add_scan", agreement, after={"name": name, "digest": row.sha256})
        except BaseException:
            row.file.storage.delete(str(row.file.name))
            raise
    return row


def file_paper(agreement: Agreement, *, by: Actor, filed_at: str, seen: int | None = None) -> Agreement:
    """Where the paper lies. Raises NotPermitted, Stale, ValidationError."""
    with change(agreement, by=by, permission="agreements.file_paper", seen=seen) as row:
        row.filed_at = filed_at.strip()
    return row
