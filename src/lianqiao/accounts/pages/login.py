"""The door: allauth's login with our words around it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from lianqiao.core.actor import EVERYONE
from lianqiao.core.policy import page
from lianqiao.core.request import Request


def may_leave_to_sso(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let the page's forms lead to the configured providers of single sign-on, and nowhere else."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return csp_update({"form-action": settings.SSO_ORIGINS})(view)(*args, **kwargs)

    return wrapper


@page(read=EVERYONE, write=EVERYONE)
@may_leave_to_sso
def account_login(request: Request) -> HttpResponse:
    if request.method == "GET" and request.session.pop("expired", False):
        minutes = int(settings.SESSION_IDLE.total_seconds() // 60)
        hours = int(settings.SESSION_LONGEST.total_seconds() // 3600)
        told = _("超过 %(minutes)s 分钟没有操作，或登录已满 %(hours)s 小时，已自动退出。请重新登录。")
        messages.warning(request, told % {"minutes": minutes, "hours": hours})
    return views.login(request)
