"""The sentences of notices. `%(name)s` and the like are filled from the facts that were sent."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "position_granted": _("您已被授予身份：%(position)s。"),
    "position_ended": _("您的身份“%(position)s”到 %(ends_on)s 为止。"),
    "password_reset_made": _("%(by)s为您的账号生成了重设密码链接。如果您没有提出，请立即告诉系统管理员。"),
    "factors_removed": _(
        "%(by)s清除了您账号的双重验证，现在只凭密码就能登录，请尽快重新设置。如果您没有提出，请立即告诉系统管理员。"
    ),
    "mail_failed": _("有邮件没有发出（%(reason)s），请检查邮件服务器和它的设置，详情见系统日志。"),
    "entry_submitted": _("有清单条目等待审核。"),
    "entry_published": _("“%(title)s”已发布。"),
    "entry_returned": _("“%(title)s”被退回：%(reason)s"),
    "entry_withdrawn": _("“%(title)s”已撤回。"),
    "entry_merged": _("“%(title)s”与“%(kept)s”是同一件事，已合并办理。"),
    "entry_expired": _("“%(title)s”已到期暂停，仍然有效的话，请打开后点“仍然有效”。"),
    "entry_expires_soon": _("“%(title)s”将于 %(day)s 到期，仍然有效的话，请打开后点“仍然有效”。"),
    "round_published": _("“%(round)s”已发布，有 %(count)s 条对接与您有关，请在 %(day)s 前答复。"),
    "asking_answered": _("%(organisation)s通过填报链接答复：%(answer)s。"),
    "asking_link": _(
        "%(organisation)s：您好！请用手机打开下面的链接，%(purpose)s，一分钟就能填完，无需登录。链接到 %(until)s 为止有效，只能用一次，请勿转发：%(link)s 有疑问请联系：%(ask)s。"
    ),
    "agreement_sent": _("“%(title)s”送您征求意见，请逐条看过后表示同意或提出意见。"),
    "agreement_remark": _("对“%(title)s”有修改意见：%(text)s"),
    "agreement_final": _("“%(title)s”各方均已同意，已定稿编号 %(number)s，可以打印盖章。"),
    "agreement_signed": _("“%(title)s”（%(number)s）各方均已签字，现已生效。"),
    "agreement_abandoned": _("“%(title)s”已作废：%(reason)s"),
    "agreement_ended": _("“%(title)s”已提前终止：%(reason)s"),
    "agreement_expired": _("“%(title)s”已到期。"),
    "agreement_ends": _("“%(title)s”将于 %(day)s 到期，请商定是否续签。"),
    "obligation_due": _("“%(title)s”约定的“%(what)s”应于 %(day)s 前完成。"),
    "obligation_done": _("“%(title)s”约定的“%(what)s”已登记履行，有异议请提出。"),
    "obligation_disputed": _("对“%(title)s”约定的“%(what)s”有异议：%(objection)s"),
    "password_link": _("重设密码请打开（24 小时内有效，只能用一次）：%(link)s"),
}
