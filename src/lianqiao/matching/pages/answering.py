"""The page behind a one-time link of a match, the page that makes such links, and how long sides have to answer.

As in `lists.pages.answering`: whoever holds the link may answer, and no cookie gives any right.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from lianqiao.accounts.limits import asks_too_often
from lianqiao.accounts.second_factor import qr_image
from lianqiao.core.actor import EVERYONE, OFFICE, PUBLIC, Actor
from lianqiao.core.forms import carried_out, tell
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.refusals import Refused, StateMoved
from lianqiao.core.request import Request
from lianqiao.lists.pages.answering import LARGEST, bare
from lianqiao.lists.pages.entries import place_of
from lianqiao.matching.actions.answering import (
    LinkOver,
    accept_by_link,
    decline_by_link,
    make_match_link,
    note_link_opened,
    rescope_by_link,
)
from lianqiao.matching.actions.clock import settle_answer_term
from lianqiao.matching.forms.matches import AnswerTermForm, DeclineForm, MatchLinkForm, RescopeForm
from lianqiao.matching.models import Match, MatchLink, Side, Unfit
from lianqiao.matching.queries.matches import link_behind, matches_for
from lianqiao.matching.queries.rounds import answer_term
from lianqiao.matching.shown import MatchShown
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.pages.undoing import UNDO, just_done, still_there, told
from lianqiao.registry.queries import chains_for

Says = tuple[Callable[..., MatchLink], type[forms.Form] | None]
SAYS: dict[str, Says] = {
    Match.Said.ACCEPT: (accept_by_link, None),
    Match.Said.DECLINE: (decline_by_link, DeclineForm),
    Match.Said.RESCOPE: (rescope_by_link, RescopeForm),
}


@page(read=EVERYONE, write=EVERYONE, largest=LARGEST)
@csrf_exempt
@never_cache
def match_open(request: Request, token: str) -> HttpResponse:
    now = timezone.now()
    link = link_behind(token)
    if link is None:
        return over(request, None, too_often=asks_too_often("match", request.actor.network, now=now))
    holder = holder_of(link, request.actor)
    if link.used_at and now < link.expires_at:
        return bare(render(request, "matching/match_answered.html", facts_of(link, holder)))
    if not link.is_open(now):
        return over(request, link)
    if not MatchShown(link.match, holder).is_mine_to_answer:
        return over(request, link, ended=True)
    if request.method != "POST":
        if request.method == "GET":
            note_link_opened(link, by=holder, now=now)
        return asked(request, link, holder)
    if asks_too_often("match_answer", str(link.pk), now=now):
        return over(request, link, too_often=True)
    return answer(request, link, holder, token)


def answer(request: Request, link: MatchLink, holder: Actor, token: str) -> HttpResponse:
    """What is sent twice is shown as it was said first: the redirect leads to what the link now has to tell."""
    said = request.POST.get("answer", "")
    if said not in SAYS:
        return asked(request, link, holder)
    say, made = SAYS[said]
    form = made(request.POST) if made else None
    if form is not None and not form.is_valid():
        return asked(request, link, holder, {said: form})
    try:
        say(link, by=holder, now=timezone.now(), **(form.facts() if form else {}))  # type: ignore[attr-defined]
    except (LinkOver, StateMoved):
        pass
    except ValidationError as error:
        if form is None:
            raise
        tell(form, error)
        return asked(request, link, holder, {said: form})
    except Refused as refusal:
        return asked(request, link_behind(token) or link, holder, refused=str(refusal))
    return redirect(request.path)


def asked(
    request: Request,
    link: MatchLink,
    holder: Actor,
    typed: dict[str, forms.Form] | None = None,
    *,
    refused: str = "",
) -> HttpResponse:
    typed = typed or {}
    facts = facts_of(link, holder) | {
        "decline": typed.get(Match.Said.DECLINE, DeclineForm()),
        "rescope": typed.get(Match.Said.RESCOPE, RescopeForm(initial={"scope": link.match.scope})),
        "reasons": Unfit.choices,
        "refused": refused,
    }
    return bare(render(request, "matching/match_open.html", facts))


def facts_of(link: MatchLink, holder: Actor) -> dict[str, Any]:
    match, shown = link.match, MatchShown(link.match, holder)
    pair = (shown.need, shown.offer)
    mine, theirs = pair if link.side == Side.NEED else pair[::-1]
    return {
        "link": link,
        "asking": {"ask": link.ask, "chain": match.chain},
        "shown": shown,
        "mine": mine,
        "theirs": theirs,
        "place": place_of(mine.entry),
        "other_place": place_of(theirs.entry),
    }


def over(
    request: Request, link: MatchLink | None, *, too_often: bool = False, ended: bool = False
) -> HttpResponse:
    """The same for a link that never was: whoever tries addresses learns nothing."""
    asking = {"ask": link.ask, "chain": link.match.chain} if link else None
    facts = {"asking": asking, "too_often": too_often, "ended": ended}
    response = render(request, "matching/match_over.html", facts, status=429 if too_often else 410)
    if too_often:
        response.headers["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
    return bare(response)


def holder_of(link: MatchLink, actor: Actor) -> Actor:
    """Nobody by name, for one side of one match, whoever else is logged in at this browser."""
    match = link.match
    who = match.enterprise if link.side == Side.NEED else match.giver
    with override(settings.LANGUAGE_CODE):
        said = _("答复链接 #%(number)s（%(organisation)s）")
        name = said % {"number": link.pk, "organisation": who.name}
    return Actor(
        role=PUBLIC,
        name=name,
        organisation_id=who.pk,
        chains=frozenset({match.chain_id}),
        request_id=actor.request_id,
        network=actor.network,
    )


@page(read=OFFICE, write=OFFICE)
@never_cache
def match_link(request: Request, pk: int) -> HttpResponse:
    """A link by which one side answers; it stands in the answer itself and is kept nowhere."""
    actor = request.actor
    match = within_reach(matches_for(actor), pk, actor, "matching.make_match_link")
    form = MatchLinkForm(request.POST if request.method == "POST" else None, actor=actor)
    facts: dict[str, Any] = {"form": form, "match": match}
    if form.is_valid():
        said = form.facts()
        side = Side(said.pop("side"))
        made = carried_out(form, make_match_link, match, side, by=actor, now=timezone.now(), **said)
        if made is not None:
            row, token = made
            link = request.build_absolute_uri(reverse("match_open", args=[token]))
            place = place_of(match.need if side == Side.NEED else match.offer)
            facts |= {"made": row, "link": link, "qr": qr_image(link), "place": place}
    return render(request, "matching/match_link.html", facts)


@page(read=OFFICE)
def answer_term_list(request: Request) -> HttpResponse:
    actor = request.actor
    terms = [answer_term(chain.pk) for chain in chains_for(actor)]
    facts = {
        "terms": [(term, may(actor, "matching.settle_answer_term", term)) for term in terms],
        "done": just_done(request),
    }
    return render(request, "matching/answer_term_list.html", facts)


@page(read=OFFICE, write=OFFICE)
def answer_term_edit(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    chain = get_object_or_404(chains_for(actor), pk=pk)
    term = answer_term(chain.pk)
    before = {"days": term.days, "remind_days": term.remind_days}
    form = AnswerTermForm(request.POST if request.method == "POST" else None, instance=term)
    if form.is_valid() and carried_out(form, settle_answer_term, chain, by=actor, **form.facts()):
        sentence = _("已保存。对之后发出的对接生效。")
        return told(
            request, reverse("answer_term_list"), sentence, "answer_term_settled", pk=pk, before=before
        )
    return render(request, "matching/answer_term_edit.html", {"form": form, "chain": chain})


def undo_answer_term_settled(actor: Actor, pk: int, before: dict[str, int]) -> None:
    settle_answer_term(still_there(chains_for(actor), pk), by=actor, **before)


UNDO["answer_term_settled"] = undo_answer_term_settled
