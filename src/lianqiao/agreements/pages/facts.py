"""What the page of one agreement shows: the text, its fields with their origin, promises, steps, versions."""

from datetime import date
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqiao.agreements.actions.keeping import dates
from lianqiao.agreements.actions.moves import lifecycle
from lianqiao.agreements.forms.moves import RemarkForm
from lianqiao.agreements.internship import SOURCE, findings
from lianqiao.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementParty,
    AgreementVersion,
    Obligation,
    ObligationDate,
)
from lianqiao.agreements.parties import has_agreed, needs_approval
from lianqiao.agreements.printing import can_pdf
from lianqiao.agreements.queries import (
    AGREED,
    ONLOOKERS,
    fulfilment,
    obligations_for,
    parties_of,
    remarks_for,
    scans_for,
    signatures_for,
    versions_for,
)
from lianqiao.agreements.scheduling import due_days
from lianqiao.agreements.shown import fields_for, fields_with_origin, reading_for, sees_files
from lianqiao.agreements.text import Reading, blanks_in
from lianqiao.core.actor import Actor
from lianqiao.core.around import around
from lianqiao.core.history import history_of
from lianqiao.core.permissions import may
from lianqiao.core.request import Request
from lianqiao.lists.models import Dimension

State = Agreement.State
# Moves that need no question; the others have a page of their own.
PRESSES = ("send", "reopen")


def version_asked(request: Request, agreement: Agreement) -> AgreementVersion:
    """Raises Http404."""
    rows = versions_for(request.actor).filter(agreement=agreement)
    number = request.GET.get("version", "")
    row = rows.filter(number=int(number[:6])).first() if number.isdecimal() else rows.first()
    if row is None:
        raise Http404
    return row


def detail_facts(request: Request, agreement: Agreement, version: AgreementVersion) -> dict[str, Any]:
    actor, today = request.actor, timezone.localdate()
    reading = reading_for(version, actor)
    parties = parties_of(agreement)
    versions = list(versions_for(actor).filter(agreement=agreement))
    if not sees_files(actor):
        for row in versions:
            row.note = ""  # why the text was changed is said to those who talk about it
    is_newest = version.pk == versions[0].pk
    obligations = list(obligations_for(actor).filter(agreement=agreement))
    remarks = list(remarks_for(actor).filter(revision__agreement=agreement).order_by("at", "pk"))
    scans = list(scans_for(actor).filter(revision__agreement=agreement))
    signatures = list(signatures_for(actor).filter(revision__agreement=agreement))
    live = [row for row in signatures if row.revision_id == versions[0].pk and row.voided_at is None]
    names = dict(clause_names(reading))
    sides = [party_facts(party, agreement, versions[0], live, actor) for party in parties]
    return {
        "agreement": agreement,
        "version": version,
        "versions": versions,
        "is_newest": is_newest,
        "reading": reading,
        "fields": fields_with_origin(agreement, version, actor),
        "blanks": blanks_in(version.clauses, version.fields) if version.sealed_at is None else [],
        "dimensions": [Dimension(name).label for name in agreement.dimensions],
        "parties": sides,
        # On a telephone the parties stand below the whole text.
        "own_answer": next((p for p in sides if is_newest and (p["may_agree"] or p["may_approve"])), None),
        "findings": findings_of(agreement, version, reading, actor, today),
        "source": SOURCE,
        "planned": [] if obligations else planned(agreement, version, parties, today),
        "obligations": [obligation_facts(row, actor, today, names) for row in obligations],
        "fulfilment": fulfilment(agreement, today) if obligations else None,
        "remarks": [
            {"row": row, "clause": names.get(row.clause, ""), "may_answer": may_answer(row, actor)}
            for row in remarks
        ],
        "remark_form": remark_form(agreement, reading, actor),
        "signatures": signatures,
        "scans": scans,
        "steps": steps_of(agreement, len(live), len(parties), bool(scans), sees_files(actor)),
        "moves": [m for m in lifecycle.available(agreement, actor) if m.name in PRESSES],
        "may_edit": agreement.state == State.DRAFT and may(actor, "agreements.edit_agreement", agreement),
        "may_abandon": agreement.state in lifecycle.moves["abandon"].sources
        and may(actor, "agreements.abandon", agreement),
        "may_end": agreement.state == State.SIGNED and may(actor, "agreements.end_early", agreement),
        "may_renew": agreement.state in (State.SIGNED, State.EXPIRED) and may(actor, "agreements.renew", agreement),
        "may_scan": agreement.state in AGREED and may(actor, "agreements.add_scan", agreement),
        "may_file": agreement.state in AGREED and may(actor, "agreements.file_paper", agreement),
        "may_void": agreement.state == State.FINAL and may(actor, "agreements.void_signature", agreement),
        "may_open_files": sees_files(actor),
        "has_pdf": can_pdf(),
        "history": history_of(agreement, actor),
        "renewals": [row for row in agreement.renewed_by.all() if may_see(row, actor)],
        "around": around("agreement_detail", request, agreement),
    }  # fmt: skip


def may_see(row: Agreement, actor: Actor) -> bool:
    return row.chain_id in actor.chains and actor.role not in ONLOOKERS


def may_answer(row: Any, actor: Actor) -> bool:
    return row.state == "open" and may(actor, "agreements.answer_remark", row)


def party_facts(
    party: AgreementParty, agreement: Agreement, newest: AgreementVersion, live: list[Any], actor: Actor
) -> dict[str, Any]:
    """Where this party stands, and what this reader may do for it."""
    in_review = agreement.state == State.REVIEW
    signature = next((row for row in live if row.party_id == party.pk), None)
    agreed = party.agreed_version == newest.number
    approved = party.approved_version == newest.number
    hidden = party.person_name and actor.role in ONLOOKERS
    return {
        "row": party,
        "name": f"{party.person_name[:1]}**" if hidden else str(party),
        "agreed": agreed,
        "needs_approval": needs_approval(party),
        "approved": approved,
        "is_ready": has_agreed(party, newest.number),
        "signature": signature,
        "may_agree": in_review and not agreed and may(actor, "agreements.agree", party),
        "may_withdraw": in_review and agreed and may(actor, "agreements.agree", party),
        "may_approve": in_review
        and needs_approval(party)
        and not approved
        and may(actor, "agreements.approve", party),
        "may_sign": agreement.state == State.FINAL
        and signature is None
        and may(actor, "agreements.note_signature", party),
    }


def remark_form(agreement: Agreement, reading: Reading, actor: Actor) -> RemarkForm | None:
    if agreement.state != State.REVIEW or not may(actor, "agreements.remark", agreement):
        return None
    return RemarkForm(clauses=clause_names(reading))


def clause_names(reading: Reading) -> list[tuple[str, str]]:
    return [(each.key, each.title or _("开头")) for each in reading.clauses]


def findings_of(
    agreement: Agreement, version: AgreementVersion, reading: Reading, actor: Actor, today: date
) -> list[Any]:
    if agreement.kind != AgreementKind.INTERNSHIP or actor.role in ONLOOKERS:
        return []
    return findings(
        reading.clauses,
        fields_for(version, actor),
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        today=today,
        is_signed=agreement.signed_on is not None,
    )


def planned(
    agreement: Agreement, version: AgreementVersion, parties: list[AgreementParty], today: date
) -> list[dict[str, Any]]:
    """What the clauses will promise once it is signed: the days are counted as if that were today."""
    sides = {party.position: str(party) for party in parties}
    return [
        {
            "what": owed["what"],
            "times": owed["times"],
            "every": Obligation.Every(owed["every"]).label,
            "by": sides.get(owed["by"], ""),
            "days": due_days(owed["times"], owed["every"], agreement.starts_on or today, agreement.ends_on),
        }
        for clause in version.clauses
        if (owed := clause.get("obligation"))
    ]


def obligation_facts(row: Obligation, actor: Actor, today: date, names: dict[str, str]) -> dict[str, Any]:
    times = list(row.dates.all())
    return {
        "row": row,
        "clause": names.get(row.clause, ""),
        "done": sum(each.state == ObligationDate.State.DONE for each in times),
        "count": sum(each.state != ObligationDate.State.WAIVED for each in times),
        "dates": times,
        "next": next((each for each in times if each.state in ("due", "disputed")), None),
    }


def steps_of(
    agreement: Agreement, signed: int, parties: int, scanned: bool, sees_scans: bool
) -> list[dict[str, Any]]:
    """The way of the paper; the first that is not done is where it stands."""
    agreed = agreement.state in AGREED
    done = [
        agreed,
        agreed and (signed > 0 or agreement.signed_on is not None),
        agreement.signed_on is not None,
        scanned,
        bool(agreement.filed_at),
    ]
    labels = [_("定稿"), _("打印"), _("盖章"), _("扫描"), _("归档")]
    notes = [
        "",
        "",
        _("%(signed)s/%(parties)s 方已签") % {"signed": signed, "parties": parties} if agreed else "",
        "",
        agreement.filed_at,
    ]
    current = next((number for number, is_done in enumerate(done) if not is_done), len(done))
    links = {1: reverse("agreement_print", args=[agreement.pk])} if agreed else {}
    return [
        {
            "label": label,
            "note": note,
            "state": "done" if is_done else "current" if number == current else "todo",
            "href": links.get(number, ""),
        }
        for number, (label, note, is_done) in enumerate(zip(labels, notes, done, strict=True))
        if number != 3 or sees_scans
    ]


def moves_of_date(row: ObligationDate, actor: Actor) -> set[str]:
    return {move.name for move in dates.available(row, actor)}
