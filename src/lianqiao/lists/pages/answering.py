"""The page behind a one-time link: one screen of a telephone, for somebody without an account.

Whoever holds the link may answer; nothing else is asked. That is why the CSRF check has no part here: no cookie gives
any right, and another site does not know the address. It also lets the page forbid every referrer, after which
browsers send `Origin: null` with the form.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from lianqiao.accounts.limits import asks_too_often
from lianqiao.core.actor import EVERYONE, PUBLIC, Actor
from lianqiao.core.forms import tell
from lianqiao.core.policy import page
from lianqiao.core.refusals import Refused
from lianqiao.core.request import Request
from lianqiao.lists.actions.asking import (
    ASKABLE,
    AskingOver,
    correct,
    note_opened,
    say_not_needed,
    say_still_true,
    state_need,
)
from lianqiao.lists.coach import hints_of
from lianqiao.lists.forms.asking import AnswerForm
from lianqiao.lists.models import Asking, Entry
from lianqiao.lists.queries import asking_behind
from lianqiao.lists.shown import masked
from lianqiao.registry.forms.rows import row_id

Answer = Asking.Answer
LOOK = "look"
SAYS: dict[str, Callable[..., Any]] = {Answer.STILL_TRUE: say_still_true, Answer.NOT_NEEDED: say_not_needed}
LARGEST = 64 * 1024
HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


@page(read=EVERYONE, write=EVERYONE, largest=LARGEST)
@csrf_exempt
@never_cache
def asking_open(request: Request, token: str) -> HttpResponse:
    now = timezone.now()
    asking = asking_behind(token)
    if asking is None:
        return over(request, None, too_often=asks_too_often("asking", request.actor.network, now=now))
    if asking.used_at and now < asking.expires_at and not asking.revoked_at:
        return answered(request, asking)
    if not asking.is_open(now) or (asking.entry and asking.entry.state not in ASKABLE):
        return over(request, asking)
    holder = holder_of(asking, request.actor)
    if request.method != "POST":
        if request.method == "GET":
            note_opened(asking, by=holder, now=now)
        return asked(request, asking, AnswerForm(asking=asking, actor=holder))
    if asks_too_often("asking_answer", str(asking.pk), now=now):
        return over(request, asking, too_often=True)
    return answer(request, asking, holder, token)


def answer(request: Request, asking: Asking, holder: Actor, token: str) -> HttpResponse:
    """What is sent twice is shown as it was said first: the redirect leads to what the link now has to tell."""
    said, seen = request.POST.get("answer", ""), row_id(request.POST.get("seen", ""))
    say = SAYS.get(said) if asking.entry else None
    form = AnswerForm(None if say else request.POST, asking=asking, actor=holder)
    if said == LOOK:
        typed = AnswerForm(asking=asking, actor=holder, initial=request.POST.dict())
        return asked(request, asking, typed, wording=form.wording())
    if form.is_bound and not form.is_valid():
        return asked(request, asking, form)
    try:
        if say:
            say(asking, by=holder, now=timezone.now(), seen=seen)
        elif asking.entry:
            correct(asking, by=holder, now=timezone.now(), seen=seen, **form.facts())
        else:
            state_need(asking, by=holder, now=timezone.now(), **form.facts())
    except AskingOver:
        pass
    except ValidationError as error:
        tell(form, error)
        return asked(request, asking, form)
    except Refused as refusal:
        return asked_again(request, token, holder, refusal, is_typed=form.is_bound)
    return redirect(request.path)


def asked_again(
    request: Request, token: str, holder: Actor, refusal: Refused, *, is_typed: bool
) -> HttpResponse:
    """With what stands there now: the office may have written meanwhile."""
    asking = asking_behind(token)
    if asking is None:
        return over(request, None)
    typed = request.POST.copy()
    typed["seen"] = str(asking.entry.version if asking.entry else "")
    form = AnswerForm(typed if is_typed else None, asking=asking, actor=holder)
    return asked(request, asking, form, refused=str(refusal))


def asked(
    request: Request, asking: Asking, form: AnswerForm, *, refused: str = "", wording: Entry | None = None
) -> HttpResponse:
    """`wording`: its writer asked what it lacks, which uses nothing up."""
    entry = asking.entry
    is_writing = form.is_bound or wording is not None
    coached = wording or (None if form.is_bound else entry)
    facts = {
        "is_writing": is_writing,
        "is_coached": coached is not None,
        "wanted": [hint for hint in hints_of(coached) if not hint.met] if coached else [],
        "asking": asking,
        "entry": entry,
        "form": form,
        "refused": refused,
        "phone": masked("contact_phone", entry.contact_phone) if entry else "",
        "may_confirm": entry is not None and entry.state != Entry.State.RETURNED,
        "may_correct": entry is None or entry.state != Entry.State.MATCHING,
    }
    return bare(render(request, "lists/asking_open.html", facts))


def answered(request: Request, asking: Asking) -> HttpResponse:
    entry = asking.entry
    facts = {
        "asking": asking,
        "entry": entry,
        "phone": masked("contact_phone", entry.contact_phone) if entry else "",
    }
    return bare(render(request, "lists/asking_answered.html", facts))


def over(request: Request, asking: Asking | None, *, too_often: bool = False) -> HttpResponse:
    """The same for a link that never was: whoever tries addresses learns nothing."""
    status = 429 if too_often else 410
    response = render(
        request, "lists/asking_over.html", {"asking": asking, "too_often": too_often}, status=status
    )
    if too_often:
        response.headers["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
    return bare(response)


def bare(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def holder_of(asking: Asking, actor: Actor) -> Actor:
    """Nobody by name, for one organisation on one chain, whoever else is logged in at this browser."""
    with override(settings.LANGUAGE_CODE):
        said = _("填报链接 #%(number)s（%(organisation)s）")
        name = said % {"number": asking.pk, "organisation": asking.organisation.name}
    return Actor(
        role=PUBLIC,
        name=name,
        organisation_id=asking.organisation_id,
        chains=frozenset({asking.chain_id}),
        request_id=actor.request_id,
        network=actor.network,
    )
