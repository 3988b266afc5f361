import rules
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor
from lianqiao.core.models import Job
from lianqiao.core.permissions import LABELS, permit


@rules.predicate
def is_own_job(actor: Actor, job: object) -> bool:
    return isinstance(job, Job) and job.person_id is not None and job.person_id == actor.person_id


permit("core.cancel_job", _("取消任务"), is_own_job)
# What is recorded without being a permission of its own.
LABELS |= {
    "core.start_job": _("提交任务"),
    "core.end_job": _("任务结束"),
    "login": _("登录"),
    "logout": _("退出登录"),
    "login_failed": _("登录失败"),
    "refused": _("被拒绝的操作"),
    "export": _("导出"),
    "api": _("接口写入"),
    "notices.read_all": _("消息标为已读"),
}
