from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.utils.translation import gettext as _

from lianqiao.core.forms import carried_out
from lianqiao.core.request import Request


def edited(request: Request, form: Any, edit: Callable[..., Any], row: Model) -> bool:
    """Whether the form is right and the action took it, in the version of the row that its reader had."""
    if not form.is_valid():
        return False
    seen = form.cleaned_data["seen"]
    if not carried_out(form, edit, row, by=request.actor, seen=seen, **form.facts()):
        return False
    messages.success(request, _("已保存。"))
    return True
