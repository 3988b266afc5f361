"""Pages of people: who they are to the reader, their accounts, and how they come in."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from lianqiao.accounts.actions import edit_person, end_sessions, lifecycle, resume, reveal_phone
from lianqiao.accounts.forms import PersonForm
from lianqiao.accounts.models import ApiToken, Person
from lianqiao.accounts.queries import factors_of, lock_outs, tokens_for
from lianqiao.accounts.second_factor import qr_image
from lianqiao.core.actor import OFFICE, POSITIONS, Actor, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.history import history_of
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may, require
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.registry.actions.people import remove_factors, reset_password, suspend_person
from lianqiao.registry.actions.positions import invite, invite_again
from lianqiao.registry.forms.people import InvitationForm, PersonFilters
from lianqiao.registry.models import Position
from lianqiao.registry.queries import held_on, people_for, positions_for


def in_full(position: Position) -> str:
    """The role with organisation and unit; `str` names only the nearest place."""
    organisation, unit, chain = position.organisation, position.unit, position.chain
    places = [organisation.label if organisation else "", unit.label if unit else ""]
    if not any(places) and chain:
        places = [chain.label]
    return " · ".join([str(position.get_role_display()), *filter(None, places)])


APPOINTERS = OFFICE | {Role.SYSTEM_ADMIN, Role.SCHOOL_COORDINATOR}
LOOKS_AFTER_ACCOUNTS = frozenset({Role.SYSTEM_ADMIN})
EDITORS = frozenset({Role.SYSTEM_ADMIN, Role.OFFICE_ADMIN})
TONES = {Person.State.INVITED: "amber", Person.State.ACTIVE: "green", Person.State.SUSPENDED: "red"}
COLUMNS = [
    Column(
        "name",
        gettext_lazy("姓名"),
        lambda p: p.name,
        url=lambda p: reverse("person_detail", args=[p.pk]),
        sort="name",
    ),
    Column("phone", gettext_lazy("手机号"), lambda p: p.masked_phone),
    Column("positions", gettext_lazy("现任身份"), lambda p: "；".join(in_full(held) for held in p.held)),
    Column(
        "state",
        gettext_lazy("状态"),
        lambda p: p.get_state_display(),
        tone=lambda p: TONES[p.state],
        sort="state",
    ),
]
LAST_LOGIN = Column(
    "last_login", gettext_lazy("上次登录"), lambda p: p.last_login, sort="last_login", shown=False
)
# When somebody is at work is between that person and those who look after accounts or audit.
SEES_LOGINS = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR})
LOGINS = ("login", "logout", "login_failed", "accounts.prefer", "accounts.switch_position")


def with_held(people: QuerySet[Person], actor: Actor) -> QuerySet[Person]:
    held = held_on(positions_for(actor), timezone.localdate()).select_related("organisation", "unit", "chain")
    return people.prefetch_related(Prefetch("positions", queryset=held, to_attr="held"))


@page(read=APPOINTERS | {Role.AUDITOR})
def person_list(request: Request) -> HttpResponse:
    rows = with_held(people_for(request.actor), request.actor)
    columns = [*COLUMNS, LAST_LOGIN] if request.actor.role in SEES_LOGINS else COLUMNS
    listing = Listing("person_list", request, rows, columns, PersonFilters)
    facts = {"listing": listing, "may_invite": may(request.actor, "accounts.invite_person")}
    return listing.export() or render(request, "registry/person_list.html", facts)


@page(read=POSITIONS)
def person_detail(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(people_for(request.actor), pk=pk)
    return render(request, "registry/person_detail.html", facts_of(person, request.actor))


@page(write=OFFICE | LOOKS_AFTER_ACCOUNTS)
@never_cache
def person_phone(request: Request, pk: int) -> HttpResponse:
    """The same page with the number in full; each look is audited."""
    person = get_object_or_404(people_for(request.actor), pk=pk)
    phone = reveal_phone(person, by=request.actor)
    return render(request, "registry/person_detail.html", facts_of(person, request.actor) | {"phone": phone})


def facts_of(person: Person, actor: Actor) -> dict[str, Any]:
    now = timezone.now()
    today = timezone.localdate(now)
    locks = [lock for lock in lock_outs(actor, now=now) if lock.person == person]
    return {
        "person": person,
        "positions": [
            {
                "row": position,
                "held": position.is_held(today),
                "begins": position.starts_on > today,
                "may_end": (position.ends_on is None or position.ends_on >= today)
                and may(actor, "registry.end_position", position),
                "may_extend": position.ends_on is not None
                and may(actor, "registry.extend_position", position),
                "may_withdraw": position.starts_on >= today
                and may(actor, "registry.withdraw_position", position),
            }
            for position in positions_for(actor).filter(person=person)
        ],
        "may_list": actor.role in APPOINTERS | {Role.AUDITOR},
        "lock": locks[0] if locks else None,
        "may_unlock": may(actor, "accounts.unlock", person),
        "moves": lifecycle.available(person, actor),
        "history": history_of(person, actor, without=() if actor.role in SEES_LOGINS else LOGINS),
        "is_me": person.pk == actor.person_id,
        "factors": factors_of(person) if actor.role in LOOKS_AFTER_ACCOUNTS else None,
        "may_see_login": actor.role in SEES_LOGINS or person.pk == actor.person_id,
        "tokens": live_tokens(person, actor) if actor.role in LOOKS_AFTER_ACCOUNTS else [],
        "may_edit": may(actor, "accounts.edit_person", person),
        "may_reveal": bool(person.phone) and may(actor, "accounts.reveal_phone", person),
        "may_grant": may(actor, "registry.grant_position") and person.pk != actor.person_id,
        "may_invite_again": may(actor, "registry.invite_again", person),
        "may_reset": may(actor, "accounts.reset_password", person),
        "may_end_sessions": actor.role in LOOKS_AFTER_ACCOUNTS and person.pk != actor.person_id,
        "may_remove_factors": may(actor, "accounts.remove_factors", person),
    }


def live_tokens(person: Person, actor: Actor) -> QuerySet[ApiToken]:
    today = timezone.localdate()
    return tokens_for(actor).filter(person=person, revoked_at=None, expires_on__gte=today)


@page(read=EDITORS, write=EDITORS)
def person_edit(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(people_for(request.actor), pk=pk)
    require(request.actor, "accounts.edit_person", person)
    if request.method == "GET" and person.phone:
        reveal_phone(person, by=request.actor)  # the form shows it
    form = PersonForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid() and carried_out(form, edit_person, person, by=request.actor, **form.cleaned_data):
        messages.success(request, _("已保存。"))
        return redirect("person_detail", pk=pk)
    return render(request, "registry/person_edit.html", {"form": form, "person": person})


@page(read=APPOINTERS, write=APPOINTERS)
@never_cache
def person_invite(request: Request) -> HttpResponse:
    form = InvitationForm(request.POST if request.method == "POST" else None, actor=request.actor)
    if form.is_valid():
        made = carried_out(form, invite, by=request.actor, now=timezone.now(), **form.cleaned_data)
        if made:
            position, token = made
            if token:
                return one_time_link(request, position.person, token, "invitation")
            told = _("%(name)s 已有账号，已授予身份“%(position)s”，无需邀请链接。")
            if position.person.state == Person.State.INVITED:
                told = _(
                    "%(name)s 已登记但尚未激活，已授予身份“%(position)s”。原来的邀请链接已失效，请由系统管理员重新生成。"
                )
            messages.success(request, told % {"name": position.person, "position": position})
            return redirect("person_detail", pk=position.person_id)
    return render(request, "registry/person_invite.html", {"form": form})


def one_time_link(request: Request, person: Person, token: str, kind: str) -> HttpResponse:
    """The link in the answer itself: it is kept nowhere and cannot be shown again."""
    link = request.build_absolute_uri(reverse("link_open", args=[token]))
    facts = {"person": person, "kind": kind, "link": link, "qr": qr_image(link)}
    return render(request, "registry/person_link.html", facts)


@page(write=APPOINTERS)
@never_cache
def person_invite_again(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(people_for(request.actor), pk=pk)
    token = invite_again(person, by=request.actor, now=timezone.now())
    return one_time_link(request, person, token, "invitation")


@page(write=LOOKS_AFTER_ACCOUNTS)
@never_cache
def person_reset(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(people_for(request.actor), pk=pk)
    token = reset_password(person, by=request.actor, now=timezone.now())
    return one_time_link(request, person, token, "reset")


@page(write=LOOKS_AFTER_ACCOUNTS)
def person_suspend(request: Request, pk: int) -> HttpResponse:
    return done(request, pk, suspend_person, _("%(name)s 的账号已停用，登录全部结束；可在本页恢复。"))


@page(write=LOOKS_AFTER_ACCOUNTS)
def person_resume(request: Request, pk: int) -> HttpResponse:
    return done(request, pk, resume, _("%(name)s 的账号已恢复，可以重新登录。"))


@page(write=LOOKS_AFTER_ACCOUNTS)
def person_end_sessions(request: Request, pk: int) -> HttpResponse:
    return done(request, pk, end_sessions, _("%(name)s 的登录已全部结束，需要重新登录。"))


@page(read=LOOKS_AFTER_ACCOUNTS, write=LOOKS_AFTER_ACCOUNTS)
def person_remove_factors(request: Request, pk: int) -> HttpResponse:
    if request.method == "POST":
        return done(
            request, pk, remove_factors, _("%(name)s 的双重验证已清除，下次只凭密码登录，请尽快重新设置。")
        )
    person = get_object_or_404(people_for(request.actor), pk=pk)
    return render(request, "registry/person_remove_factors.html", {"person": person})


def done(request: Request, pk: int, action: Callable[..., Any], told: str) -> HttpResponse:
    person = get_object_or_404(people_for(request.actor), pk=pk)
    action(person, by=request.actor)
    messages.success(request, told % {"name": person})
    return redirect("person_detail", pk=pk)
