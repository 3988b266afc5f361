import rules
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.core.actor import Actor, Role
from lianqiao.core.permissions import LABELS, has_role, permit

is_system_admin = has_role(Role.SYSTEM_ADMIN)
sees_numbers = has_role(Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN, Role.OFFICE_STAFF)
invites = has_role(Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN, Role.OFFICE_STAFF, Role.SCHOOL_COORDINATOR)


@rules.predicate
def is_oneself(actor: Actor, row: object) -> bool:
    person_id = row.pk if isinstance(row, Person) else getattr(row, "person_id", None)
    return person_id is not None and person_id == actor.person_id


@rules.predicate
def is_active(actor: Actor, row: object) -> bool:
    return row is None or (isinstance(row, Person) and row.state == Person.State.ACTIVE)


permit("accounts.invite_person", _("邀请人员"), invites)
permit("accounts.reset_password", _("发出重设密码链接"), is_system_admin & is_active & ~is_oneself)
permit("accounts.accept_invitation", _("接受邀请"), is_oneself)
permit("accounts.choose_password", _("设置密码"), is_oneself)
permit("accounts.edit_profile", _("修改个人资料"), is_oneself)
permit("accounts.prefer", _("调整页面设置"), is_oneself)
permit("accounts.switch_position", _("切换身份"), is_oneself)
permit("accounts.suspend", _("停用账号"), is_system_admin & ~is_oneself)
permit("accounts.resume", _("恢复账号"), is_system_admin & ~is_oneself)
permit("accounts.end_sessions", _("结束全部登录"), is_system_admin | is_oneself)
permit("accounts.end_sessions_of_appointee", _("身份变更，结束登录"), invites)
permit("accounts.unlock", _("解除登录锁定"), is_system_admin)
permit("accounts.unlock_network", _("解除网络锁定"), is_system_admin)
permit("accounts.remove_factors", _("清除双重验证"), is_system_admin & ~is_oneself)
permit("accounts.reveal_phone", _("查看手机号"), sees_numbers)
permit("accounts.edit_security", _("修改登录安全设置"), is_system_admin)
permit("accounts.make_token", _("生成接口令牌"), is_oneself)
permit("accounts.revoke_token", _("撤销接口令牌"), is_system_admin | is_oneself)
# What allauth does at its own pages, told by its signals, and what needs nobody's permission.
LABELS |= {
    "accounts.add_factor": _("设置双重验证"),
    "accounts.remove_factor": _("停用双重验证"),
    "accounts.connect_sso": _("连接单点登录"),
    "accounts.disconnect_sso": _("断开单点登录"),
    "accounts.expire_links": _("使一次性链接失效"),
    "accounts.forget_password": _("申请重设密码"),
}
