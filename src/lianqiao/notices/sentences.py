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
    "password_link": _("重设密码请打开（24 小时内有效，只能用一次）：%(link)s"),
}
