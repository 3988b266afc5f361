"""The office's pages of one-time links: whom to ask, the links to send, what became of them."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from lianqiao.accounts.second_factor import qr_image
from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.core.audit import record
from lianqiao.core.choosing import MOST, Choice, TooManyChosen, every_row, is_every_row
from lianqiao.core.forms import carried_out
from lianqiao.core.history import history_of
from lianqiao.core.listing import Column, Listing
from lianqiao.core.permissions import may
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.core.spreadsheet import workbook
from lianqiao.lists.actions.asking import Made, ask_about, ask_for_needs, renew_asking, revoke_asking
from lianqiao.lists.forms.asking import AskingFilters, AskingForm, ChosenForm
from lianqiao.lists.models import Asking
from lianqiao.lists.queries import asking_behind, askings_for, entries_for
from lianqiao.lists.tasks import mail_asking
from lianqiao.registry.forms.organisations import OrganisationFilters
from lianqiao.registry.forms.rows import ROW_ID
from lianqiao.registry.models import Organisation
from lianqiao.registry.pages.reach import within_reach
from lianqiao.registry.queries import listed_organisations, with_segments

State = Asking.State
TONES = {
    State.SENT: "blue",
    State.OPENED: "blue",
    State.USED: "green",
    State.EXPIRED: "amber",
    State.REVOKED: "red",
}
MOST_PICTURES = 12  # of a hundred codes nobody finds the right one; the sheet has the links
COLUMNS = [
    Column(
        "organisation",
        gettext_lazy("单位"),
        lambda a: a.organisation.label,
        url=lambda a: reverse("asking_detail", args=[a.pk]),
    ),
    Column("purpose", gettext_lazy("用途"), lambda a: a.get_purpose_display()),
    Column("entry", gettext_lazy("清单条目"), lambda a: str(a.entry or "")),
    Column(
        "state",
        gettext_lazy("状态"),
        lambda a: a.state(timezone.now()).label,
        tone=lambda a: TONES[a.state(timezone.now())],
    ),
    Column("answer", gettext_lazy("答复"), lambda a: a.get_answer_display()),
    Column("made_at", gettext_lazy("发出时间"), lambda a: a.made_at, sort="made_at"),
    Column("expires_at", gettext_lazy("有效期至"), lambda a: a.expires_at, sort="expires_at"),
    Column("used_at", gettext_lazy("答复时间"), lambda a: a.used_at, sort="used_at", shown=False),
    Column("sender", gettext_lazy("发出人"), lambda a: a.sender.name if a.sender else "", shown=False),
]


@page(read=OFFICE | {Role.AUDITOR})
def asking_list(request: Request) -> HttpResponse:
    listing = Listing("asking_list", request, askings_for(request.actor), COLUMNS, AskingFilters)
    facts = {"listing": listing, "may_ask": may(request.actor, "lists.make_asking")}
    return listing.export() or render(request, "lists/asking_list.html", facts)


@page(read=OFFICE | {Role.AUDITOR})
def asking_detail(request: Request, pk: int) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    asking = get_object_or_404(askings_for(actor), pk=pk)
    state = asking.state(now)
    facts = {
        "asking": asking,
        "state": state,
        "tone": TONES[state],
        "may_revoke": asking.is_open(now) and may(actor, "lists.revoke_asking", asking),
        "may_renew": state != State.USED and may(actor, "lists.make_asking", asking),
        "history": history_of(asking, actor),
    }
    return render(request, "lists/asking_detail.html", facts)


@page(read=OFFICE)
def asking_choose(request: Request) -> HttpResponse:
    """The organisations of the chain, to be ticked."""
    columns = [
        Column(
            "name",
            gettext_lazy("单位名称"),
            lambda o: o.label,
            url=lambda o: reverse("organisation_detail", args=[o.pk]),
            sort="name",
        ),
        Column("kind", gettext_lazy("单位性质"), lambda o: o.get_kind_display(), sort="kind"),
        Column("size", gettext_lazy("规模"), lambda o: o.get_size_display()),
    ]
    rows = with_segments(askable(request.actor), request.actor)
    listing = Listing("asking_choose", request, rows, columns, OrganisationFilters)
    return render(request, "lists/asking_choose.html", {"listing": listing})


@page(write=OFFICE)
@never_cache
def asking_add(request: Request) -> HttpResponse:
    """A link for each organisation chosen. Asks for the days when they have not been said."""
    actor, choice = request.actor, organisations_chosen(request)
    asked = "days" in request.POST and not choice.changed
    meant = request.POST.dict() | {"chosen": [row.pk for row in choice.rows]}
    form = ChosenForm(request.POST if asked else None, initial=meant, actor=actor)
    if form.is_valid():
        made = carried_out(
            form,
            ask_for_needs,
            form.cleaned_data["chosen"],
            chain=form.cleaned_data["chain"],
            by=actor,
            now=timezone.now(),
            **form.asked(),
        )
        if made is not None:
            return links_made(request, made, mails=form.cleaned_data.get("mail", False))
    return render(request, "lists/asking_add.html", {"form": form, "choice": choice})


def askable(actor: Actor) -> Any:
    return listed_organisations(actor).filter(state=Organisation.State.ACTIVE)


def organisations_chosen(request: Request) -> Choice:
    """Raises TooManyChosen."""
    rows = askable(request.actor)
    if is_every_row(request):
        return every_row(request, rows, OrganisationFilters)
    ticked = [pk for pk in request.POST.getlist("chosen") if ROW_ID.fullmatch(pk)]
    if len(ticked) > MOST:
        raise TooManyChosen(most=MOST, count=len(ticked))
    return Choice(list(rows.filter(pk__in=ticked)), shown=len(ticked))


@page(read=OFFICE, write=OFFICE)
@never_cache
def asking_confirm(request: Request, pk: int) -> HttpResponse:
    """A link by which its organisation confirms or corrects one entry."""
    actor = request.actor
    entry = within_reach(entries_for(actor), pk, actor, "lists.edit_entry")
    form = AskingForm(request.POST if request.method == "POST" else None, actor=actor)
    if form.is_valid():
        made = carried_out(form, ask_about, entry, by=actor, now=timezone.now(), **form.asked())
        if made is not None:
            return links_made(request, [made], mails=form.cleaned_data.get("mail", False))
    return render(request, "lists/asking_confirm.html", {"form": form, "entry": entry})


@page(write=OFFICE)
@never_cache
def asking_renew(request: Request, pk: int) -> HttpResponse:
    """Another link: the one before is kept nowhere and cannot be shown again."""
    asking = within_reach(askings_for(request.actor), pk, request.actor, "lists.make_asking")
    return links_made(request, [renew_asking(asking, by=request.actor, now=timezone.now())], mails=False)


@page(write=OFFICE)
def asking_revoke(request: Request, pk: int) -> HttpResponse:
    asking = within_reach(askings_for(request.actor), pk, request.actor, "lists.revoke_asking")
    revoke_asking(asking, by=request.actor, now=timezone.now())
    messages.success(request, _("链接已作废。"))
    return redirect("asking_detail", pk=pk)


def links_made(request: Request, made: list[Made], *, mails: bool) -> HttpResponse:
    """The links in the answer itself: they are kept nowhere and cannot be shown again."""
    mailed = [asking for asking, _token in made if mails and asking.contact_email and settings.EMAIL_HOST]
    for asking in mailed:
        mail_asking(asking.pk, request.build_absolute_uri("/"), request.actor.facts())
    shown = [(asking, token) for asking, token in made if asking not in mailed]
    pictured = len(shown) <= MOST_PICTURES
    links = [
        {"asking": asking, "token": token, "link": link, "qr": qr_image(link) if pictured else ""}
        for asking, token in shown
        for link in [address_of(request, token)]
    ]
    return render(request, "lists/asking_links.html", {"links": links, "mailed": mailed})


@page(write=OFFICE)
@never_cache
def asking_sheet(request: Request) -> HttpResponse:
    """The links that the page before has shown, as a table to send by hand. What it is not given it cannot know."""
    actor, now = request.actor, timezone.now()
    seen = askings_for(actor)
    rows = []
    for token in request.POST.getlist("token")[:MOST]:
        asking = asking_behind(token)
        if asking and asking.is_open(now) and seen.filter(pk=asking.pk).exists():
            rows.append((asking, address_of(request, token)))
    heads = [_("单位"), _("联系人"), _("链接"), _("有效期至"), _("咨询联系人")]
    lines = ([a.organisation.label, a.contact_name, link, a.expires_at, a.ask] for a, link in rows)
    title = str(Asking._meta.verbose_name)
    record(actor, "export", after={"rows": len(rows)}, about=title)
    return HttpResponse(
        workbook(title, heads, lines),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={
            "Content-Disposition": content_disposition_header(True, f"{title}_{timezone.localdate()}.xlsx")
        },
    )


def address_of(request: Request, token: str) -> str:
    return request.build_absolute_uri(reverse("asking_open", args=[token]))
