"""What pick.js asks while somebody types: the few rows that fit best, of those that this person may see."""

from django import forms
from django.db.models import Case, Q, QuerySet, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Length
from django.http import Http404, JsonResponse
from django.utils import timezone

from lianqiao.core.actor import OFFICE, Role
from lianqiao.core.policy import page
from lianqiao.core.request import Request
from lianqiao.core.text import normalise
from lianqiao.registry.forms.pick import LookupForm, OrganisationLookupForm, picked_as
from lianqiao.registry.levels import level_label
from lianqiao.registry.models import Edition, Organisation, ReferenceItem
from lianqiao.registry.queries import containing, listed_organisations, names_of, reference_for

SHOWN = 20
TABLES = {Edition.Kind.INDUSTRY, Edition.Kind.MAJOR, Edition.Kind.OCCUPATION, Edition.Kind.REGION}
# Those whose forms ask for an organisation or a code. The others who have such a form choose from a short list.
CHOOSE_ORGANISATIONS = OFFICE | {Role.SYSTEM_ADMIN}
FILL_IN_CODES = OFFICE | {Role.SYSTEM_ADMIN, Role.SCHOOL_COORDINATOR, Role.COLLEGE_CONTACT}


@page(read=CHOOSE_ORGANISATIONS)
def lookup_organisations(request: Request) -> JsonResponse:
    form = OrganisationLookupForm(request.GET)
    if not form.is_valid():
        return refused(form)
    rows = nearest(form.narrow(listed_organisations(request.actor)), form.cleaned_data["q"], "name", "pk")
    return answer(
        [{"value": picked_as(row), "label": row.label, "note": known_by(row)} for row in rows[:SHOWN]],
        more=len(rows) > SHOWN,
    )


@page(read=FILL_IN_CODES)
def lookup_codes(request: Request, kind: str) -> JsonResponse:
    if kind not in TABLES:
        raise Http404
    form = LookupForm(request.GET)
    if not form.is_valid():
        return refused(form)
    in_force = Q(valid_to=None) | Q(valid_to__gte=timezone.localdate())
    # A class often bears its group's name, and the class is what a record carries: the longest codes first.
    order = (Length("code").desc(), "code")
    rows = nearest(reference_for(request.actor, kind).filter(in_force), form.cleaned_data["q"], *order)
    above = names_of(kind, [row.parent for row in rows])
    return answer(
        [
            {"value": row.code, "label": f"{row.code} {row.name}", "note": place_of(row, above)}
            for row in rows[:SHOWN]
        ],
        more=len(rows) > SHOWN,
    )


def nearest(rows: QuerySet, text: str, *order: str | OrderBy) -> list:
    """First what begins with the text, by name, sound, initials or code; one more than is shown."""
    word = normalise(text)
    begins = Q(search_text__startswith=word) | Q(search_text__contains=f"\n{word}")
    first = Case(When(begins, then=0), default=1)
    return list(containing(rows, text).order_by(first, *order)[: SHOWN + 1])


def known_by(row: Organisation) -> str:
    """What tells it from another of a similar name."""
    closed = row.get_state_display() if row.state != Organisation.State.ACTIVE else ""
    return " · ".join(
        filter(None, [*row.other_names()[:2], row.credit_code or row.get_kind_display(), closed])
    )


def place_of(row: ReferenceItem, above: dict[str, str]) -> str:
    """The same name stands in several places of a table: a district in two cities, a major at two levels."""
    return " · ".join(filter(None, [above.get(row.parent, ""), str(level_label(row.kind, row.level))]))


def answer(options: list[dict[str, str]], *, more: bool) -> JsonResponse:
    return JsonResponse(
        {"options": options, "more": more},
        json_dumps_params={"ensure_ascii": False},
        headers={"Cache-Control": "no-store"},
    )


def refused(form: forms.Form) -> JsonResponse:
    return JsonResponse({"errors": form.errors}, status=400, json_dumps_params={"ensure_ascii": False})
