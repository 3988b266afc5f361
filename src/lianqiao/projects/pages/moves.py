"""Events of a project: published, claimed, handed over, delivered, accepted, stopped."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.forms import carried_out
from lianqiao.core.policy import page
from lianqiao.core.refusals import NotPermitted, Refused
from lianqiao.core.request import Request
from lianqiao.projects.actions import moves
from lianqiao.projects.actions.claims import claim, give_up, queue_again
from lianqiao.projects.forms.projects import ClaimForm, LeaveForm, ReasonForm
from lianqiao.projects.models import Claim, Project
from lianqiao.projects.pages.facts import PRESSES, back_to
from lianqiao.projects.pages.projects import TAKES_PART
from lianqiao.projects.queries import claims_for, projects_for
from lianqiao.registry.models import Organisation, Unit
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, still_there, told
from lianqiao.registry.queries import listed_organisations, units_for

SENTENCES: dict[str, str | Promise] = {
    "publish_project": gettext_lazy("“%(title)s”已发布。"),
    "unpublish": gettext_lazy("“%(title)s”已撤回为草稿。"),
    "open_to_all": gettext_lazy("“%(title)s”已转为公开认领，本链各单位都能看到。"),
    "deliver": gettext_lazy("“%(title)s”已交付，等待验收。"),
    "take_back_delivery": gettext_lazy("“%(title)s”的交付已撤回。"),
    "accept_work": gettext_lazy("“%(title)s”已验收通过。"),
    "resume_project": gettext_lazy("“%(title)s”已恢复。"),
    "stop_project": gettext_lazy("“%(title)s”已中止。"),
    "send_back": gettext_lazy("“%(title)s”已退回修改，原因已告知承接单位。"),
    "decline_asking": gettext_lazy("已答复不承接，管理处会另找；原因只有管理处能看到。"),
}
# The press that takes the other back.
OPPOSITE = {
    "publish_project": "unpublish",
    "unpublish": "publish_project",
    "deliver": "take_back_delivery",
    "stop_project": "resume_project",
}
TIMED = ("publish_project", "deliver", "accept_work")


def pressed(name: str, project: Project, by: Actor, **facts: Any) -> Project:
    run: Callable[..., Project] = getattr(moves, name)
    return run(project, by=by, **facts, **({"now": timezone.now()} if name in TIMED else {}))


@page(write=TAKES_PART)
def project_move(request: Request, pk: int, move: str) -> HttpResponse:
    if move not in PRESSES:
        raise Http404
    project = within_reach(projects_for(request.actor), pk, request.actor, f"projects.{move}")
    sentence = _(str(SENTENCES[move])) % {"title": project.title}
    try:
        pressed(move, project, request.actor)
    except NotPermitted:
        raise
    except (Refused, ValidationError) as refusal:
        said = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        messages.error(request, " ".join(said))
        return redirect("project_detail", pk=pk)
    return answered(request, project, move, sentence)


def answered(request: Request, project: Project, move: str, sentence: str) -> HttpResponse:
    if move in OPPOSITE:
        return told(
            request, back_to(project.pk), sentence, "project_moved", pk=project.pk, move=OPPOSITE[move]
        )
    messages.success(request, sentence)
    # Who said no does not see it any more.
    return redirect("project_list") if move == "decline_asking" else redirect("project_detail", pk=project.pk)


def undo_project_moved(actor: Actor, pk: int, move: str) -> None:
    pressed(move, still_there(projects_for(actor), pk), actor)


def asked(request: Request, pk: int, move: str) -> HttpResponse:
    project = within_reach(projects_for(request.actor), pk, request.actor, f"projects.{move}")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carried_out(form, pressed, move, project, request.actor, **form.facts()):
        return answered(request, project, move, _(str(SENTENCES[move])) % {"title": project.title})
    return render(request, TEMPLATES[move], {"form": form, "project": project})


TEMPLATES = {
    "send_back": "projects/project_send_back.html",
    "stop_project": "projects/project_stop.html",
    "decline_asking": "projects/project_decline.html",
}


@page(read=TAKES_PART, write=TAKES_PART)
def project_send_back(request: Request, pk: int) -> HttpResponse:
    return asked(request, pk, "send_back")


@page(read=TAKES_PART, write=TAKES_PART)
def project_stop(request: Request, pk: int) -> HttpResponse:
    return asked(request, pk, "stop_project")


@page(read=TAKES_PART, write=TAKES_PART)
def project_decline(request: Request, pk: int) -> HttpResponse:
    return asked(request, pk, "decline_asking")


@page(read=TAKES_PART, write=TAKES_PART)
def project_claim(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    project = within_reach(projects_for(actor), pk, actor, "projects.claim")
    form = ClaimForm(request.POST if request.method == "POST" else None, places=places_for(actor, project))
    if form.is_valid():
        facts = {"by": actor, "now": timezone.now()} | form.facts()
        if row := carried_out(form, claim, project, **facts):
            is_held = row.state == Claim.State.HELD
            messages.success(
                request, _("已认领，请安排节点。") if is_held else _("已有单位在做，贵单位已列入候补。")
            )
            return redirect("project_detail", pk=pk)
    return render(request, "projects/project_claim.html", {"form": form, "project": project})


def places_for(actor: Actor, project: Project) -> list[tuple[Organisation, Unit | None]]:
    """For whom this person may claim: where somebody is asked, for that one only."""
    if actor.role in OFFICE:
        rows = listed_organisations(actor).exclude(pk=project.sponsor_id)
        places: list[tuple[Organisation, Unit | None]] = [(row, None) for row in rows]
    else:
        places = [(row, None) for row in listed_organisations(actor).filter(pk__in=[actor.organisation_id])]
    units = units_for(actor).filter(organisation__in=[row.pk for row, _unit in places])
    if actor.role == Role.COLLEGE_CONTACT:
        places, units = [], units.filter(pk__in=[actor.unit_id])
    places += [(unit.organisation, unit) for unit in units]
    if project.asked_id:
        wanted = (project.asked_id, project.asked_unit_id)
        places = [(o, u) for o, u in places if (o.pk, u.pk if u else None) == wanted]
    return places


@page(read=TAKES_PART, write=TAKES_PART)
def claim_give_up(request: Request, pk: int) -> HttpResponse:
    row = within_reach(claims_for(request.actor), pk, request.actor, "projects.give_up")
    is_held = row.state == Claim.State.HELD
    form = LeaveForm(request.POST if request.method == "POST" else None, is_held=is_held)
    if form.is_valid():
        facts = {"by": request.actor, "now": timezone.now()} | form.facts()
        if left := carried_out(form, give_up, row, **facts):
            return gone(request, left, is_held)
    return render(request, "projects/claim_give_up.html", {"form": form, "claim": row, "is_held": is_held})


def gone(request: Request, left: Claim, was_held: bool) -> HttpResponse:
    seen = projects_for(request.actor).filter(pk=left.project_id).exists()
    url = back_to(left.project_id) if seen else redirect("project_list").url
    if not was_held and not left.given_up_reason:
        return told(request, url, _("已退出候补。"), "claim_left", pk=left.pk)
    is_handed = left.state == Claim.State.HANDED_OVER
    messages.success(
        request, _("已放弃，项目已转给候补的单位。") if is_handed else _("已放弃，管理处和服务对象已知道。")
    )
    return redirect(url)


def undo_claim_left(actor: Actor, pk: int) -> None:
    queue_again(still_there(claims_for(actor), pk), by=actor)


UNDO |= {"project_moved": undo_project_moved, "claim_left": undo_claim_left}
