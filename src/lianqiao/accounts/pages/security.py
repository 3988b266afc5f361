"""What the system administrator demands of logins, and who is locked out just now."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from lianqiao.accounts.actions import edit_security, unlock, unlock_network
from lianqiao.accounts.forms import SecurityForm
from lianqiao.accounts.queries import accounts_for, factors_of, lock_outs, security_rule
from lianqiao.core.actor import Role
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.request import Request

ADMINISTRATOR = frozenset({Role.SYSTEM_ADMIN})


@page(read=ADMINISTRATOR, write=ADMINISTRATOR)
def security(request: Request) -> HttpResponse:
    rule = security_rule()
    form = SecurityForm(request.POST if request.method == "POST" else None, instance=rule)
    if form.is_valid() and carried_out(form, edit_security, rule, by=request.actor, **form.cleaned_data):
        messages.success(request, _("已保存。"))
        return redirect("security")
    facts = {
        "form": form,
        "locks": lock_outs(request.actor, now=timezone.now()),
        "has_factor": bool(factors_of(request.actor.person)),
    }
    return render(request, "accounts/security.html", facts)


@page(write=ADMINISTRATOR)
def security_unlock(request: Request) -> HttpResponse:
    """One account (`person`) or one network (`network`)."""
    if network := request.POST.get("network"):
        if network not in [lock.network for lock in lock_outs(request.actor, now=timezone.now())]:
            raise Http404
        unlock_network(network, by=request.actor)
        messages.success(request, _("已解除对网络 %(network)s 的锁定。") % {"network": network})
    else:
        wanted = request.POST.get("person", "")
        if not wanted.isdecimal():
            raise Http404
        person = get_object_or_404(accounts_for(request.actor), pk=wanted)
        unlock(person, by=request.actor)
        messages.success(request, _("%(name)s 可以重新登录了。") % {"name": person})
    return redirect("security")
