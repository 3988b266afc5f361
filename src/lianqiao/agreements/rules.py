import rules
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementTemplate,
    AgreementVersion,
    Clause,
    Numbering,
    ObligationDate,
    Remark,
    Signature,
)
from lianqiao.agreements.parties import approves_for, has_agreed, speaks_for
from lianqiao.agreements.queries import agreements_for, last_version, live_signatures, parties_of
from lianqiao.agreements.telling import contacts_of
from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.permissions import LABELS, has_role, permit
from lianqiao.registry.queries import position_holders

is_office = has_role(*OFFICE)
State = Agreement.State


def agreement_of(row: object) -> Agreement | None:
    if isinstance(row, Agreement):
        return row
    if isinstance(row, AgreementParty | AgreementVersion):
        return row.agreement
    if isinstance(row, Remark | Signature):
        return row.revision.agreement
    return row.obligation.agreement if isinstance(row, ObligationDate) else None


@rules.predicate
def in_own_chain(actor: Actor, row: object) -> bool:
    if isinstance(row, AgreementTemplate | Clause | Numbering):
        return row.chain_id in actor.chains
    agreement = agreement_of(row)
    return agreement.chain_id in actor.chains if agreement else row is None and bool(actor.chains)


@rules.predicate
def reaches_agreement(actor: Actor, row: object) -> bool:
    agreement = agreement_of(row)
    return row is None or (agreement is not None and agreements_for(actor).filter(pk=agreement.pk).exists())


@rules.predicate
def is_this_party(actor: Actor, row: object) -> bool:
    """Without a row: whoever may be asked at all."""
    if isinstance(row, AgreementParty):
        return speaks_for(actor, row, row.agreement.chain_id)
    return row is None


@rules.predicate
def nobody_can_log_in(actor: Actor, row: object) -> bool:
    if not isinstance(row, AgreementParty):
        return row is None
    return not position_holders(contacts_of(row, row.agreement), timezone.localdate()).exists()


@rules.predicate
def is_a_party(actor: Actor, row: object) -> bool:
    agreement = agreement_of(row)
    if agreement is None:
        return row is None
    return any(speaks_for(actor, party, agreement.chain_id) for party in parties_of(agreement))


@rules.predicate
def is_school_of(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, AgreementParty) and approves_for(actor, row))


@rules.predicate
def everybody_agreed(actor: Actor, row: object) -> bool:
    if not isinstance(row, Agreement):
        return False
    number = last_version(row).number
    return all(has_agreed(party, number) for party in parties_of(row))


@rules.predicate
def everybody_signed(actor: Actor, row: object) -> bool:
    if not isinstance(row, Agreement):
        return False
    signed = set(live_signatures(last_version(row)).values_list("party", flat=True))
    return signed >= {party.pk for party in parties_of(row)}


@rules.predicate
def is_its_word(actor: Actor, row: object) -> bool:
    if not isinstance(row, ObligationDate):
        return row is None
    chain_id = row.obligation.agreement.chain_id
    return row.done_by is not None and speaks_for(actor, row.done_by, chain_id)


office_here = is_office & in_own_chain
taking_part = office_here | (is_a_party & reaches_agreement)

permit("agreements.draft_agreement", _("起草协议"), office_here)
permit("agreements.edit_agreement", _("修改协议"), office_here)
permit("agreements.edit_party", _("填写协议各方"), office_here)
permit("agreements.write_clauses", _("修改条款"), office_here)
permit("agreements.send", _("送各方征求意见"), office_here)
permit("agreements.reopen", _("修改（形成新版本）"), office_here)
permit("agreements.abandon", _("作废"), office_here)
permit("agreements.remark", _("提出意见"), taking_part)
permit("agreements.answer_remark", _("处理意见"), office_here)
# Many a small enterprise has nobody with an account: the office notes what it was told.
permit("agreements.agree", _("表示同意"), is_this_party | (office_here & nobody_can_log_in))
permit("agreements.approve", _("院校批准"), is_school_of)
permit("agreements.note_signature", _("登记签字"), office_here | is_this_party)
permit("agreements.void_signature", _("作废签字"), office_here)
permit("agreements.add_scan", _("上传扫描件"), taking_part)
permit("agreements.file_paper", _("归档"), office_here)
permit("agreements.end_early", _("提前终止"), office_here)
permit("agreements.renew", _("续签"), office_here)
permit("agreements.keep", _("登记履行"), is_a_party & reaches_agreement)
permit("agreements.dispute", _("提出异议"), is_a_party & reaches_agreement)
permit("agreements.take_back", _("撤回履行登记"), is_its_word)
permit("agreements.waive", _("免予履行"), office_here)
permit("agreements.add_template", _("上传协议模板"), office_here)
permit("agreements.retire_template", _("停用协议模板"), office_here)
permit("agreements.keep_clause", _("修改条款库"), office_here)
permit("agreements.retire_clause", _("停用条款"), office_here)
permit("agreements.revive_clause", _("恢复条款"), office_here)
permit("agreements.settle_numbering", _("设定协议编号"), office_here)
# They follow by themselves from what the parties did, or from the calendar.
permit("agreements.finalise", _("定稿"), everybody_agreed)
permit("agreements.conclude", _("签订生效"), everybody_signed)
permit("agreements.expire", _("到期"), rules.always_false)
LABELS |= {
    "agreements.seal": _("送审版本存证"),
    "agreements.promise": _("生成约定事项"),
    "agreements.waive_later": _("终止后的约定免予履行"),
    "agreements.remind": _("履约提醒"),
    "agreements.warn": _("到期提醒"),
}
