"""What waits for a person, as data with a link; the sentences are made in the template."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from lianqiao.agreements.queries import agreements_for, agreements_waiting, owed_by
from lianqiao.core.actor import OFFICE, Actor, Role
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import OPEN, entries_for, own_entries, term_of, waiting_for
from lianqiao.matching.queries.matches import lapsed_lately, unheard_matches, waiting_for_answer
from lianqiao.matching.queries.pairings import waiting_for_confirmation
from lianqiao.projects.waiting import waits_for
from lianqiao.registry.models import Organisation
from lianqiao.registry.queries import (
    branches_for,
    listed_organisations,
    live_memberships,
    people_for,
    positions_ending,
    segments_for,
    workday_end,
)
from lianqiao.registry.workdays import Count, workdays_between

SOON = timedelta(days=30)
ASKERS = (Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR, Role.COLLEGE_CONTACT)
NAMED = 5


@dataclass(frozen=True)
class Todo:
    """`code` names the sentence, `count` and `name` fill it, `due` sorts it."""

    code: str
    url: str
    count: int = 1
    name: str = ""
    due: date | None = None

    @cached_property
    def left(self) -> Count | None:
        """Working days until it is due, negative when it is overdue."""
        return workdays_between(timezone.localdate(), self.due) if self.due else None

    @property
    def overdue(self) -> int:
        return -self.left.days if self.left else 0


def todos_for(actor: Actor) -> list[Todo]:
    """Nearest deadline on top, then what has no date."""
    today = timezone.localdate()
    found: list[Todo] = []
    if actor.role in OFFICE:
        found += office_todos(actor, today)
    if actor.role in ASKERS:
        found += entry_todos(actor, today)
        found += match_todos(actor)
    if actor.role in OFFICE or actor.role in ASKERS:
        found += agreement_todos(actor, today)
    if actor.role in (Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR):
        found += own_organisation_todos(actor)
    if actor.role == Role.LIAISON:
        found += liaison_todos(actor)
    if actor.role == Role.SYSTEM_ADMIN:
        found += administrator_todos(actor, today)
    found += [Todo(*waiting) for waiting in waits_for(actor, today)]
    return sorted(found, key=lambda todo: todo.due or date.max)


def entry_todos(actor: Actor, today: date) -> Iterator[Todo]:
    """What the office returned, what has to be confirmed, and what was written and never submitted."""
    own = entries_for(actor).filter(own_entries(actor))
    for entry in own.filter(state=Entry.State.RETURNED).order_by("answered_at")[:NAMED]:
        yield Todo("entry_returned", reverse("entry_edit", args=[entry.pk]), name=entry.title)
    for entry in own.filter(state=Entry.State.EXPIRED).order_by("fresh_until")[:NAMED]:
        yield Todo("entry_expired", reverse("entry_detail", args=[entry.pk]), name=entry.title)
    for entry in own.filter(state__in=OPEN).order_by("fresh_until")[:NAMED]:
        remind = timedelta(days=term_of(entry.chain_id, entry.kind).remind_days)
        if entry.fresh_until and entry.fresh_until <= today + remind:
            url = reverse("entry_detail", args=[entry.pk])
            yield Todo("entry_to_confirm", url, name=entry.title, due=entry.fresh_until)
    if count := own.filter(state=Entry.State.DRAFT).count():
        yield Todo("entry_drafts", f"{reverse('entry_list')}?state=draft&whose=own", count)


def agreement_todos(actor: Actor, today: date) -> Iterator[Todo]:
    """Texts to answer, papers to sign, promises to keep, and what ends."""
    for agreement, code in agreements_waiting(actor)[:NAMED]:
        yield Todo(code, reverse("agreement_detail", args=[agreement.pk]), name=agreement.title)
    for date_owed in owed_by(actor).filter(due_on__lte=today + SOON)[:NAMED]:
        url = reverse("obligation_detail", args=[date_owed.pk])
        yield Todo("obligation_due", url, name=date_owed.obligation.what, due=date_owed.due_on)
    ending = agreements_for(actor).filter(state="signed", ends_on__range=(today, today + SOON))
    for agreement in ending.order_by("ends_on")[:NAMED]:
        url = reverse("agreement_detail", args=[agreement.pk])
        yield Todo("agreement_ends", url, name=agreement.title, due=agreement.ends_on)


def match_todos(actor: Actor) -> Iterator[Todo]:
    waiting = waiting_for_answer(actor)
    for match in waiting[:NAMED]:
        url = reverse("match_detail", args=[match.pk])
        yield Todo("match_to_answer", url, name=str(match), due=match.answer_by)
    if (count := waiting.count()) > NAMED:
        yield Todo("matches_to_answer", f"{reverse('match_list')}?turn=mine", count - NAMED)
    yield from pairing_todos(actor)


def pairing_todos(actor: Actor) -> Iterator[Todo]:
    for pairing in waiting_for_confirmation(actor)[:NAMED]:
        yield Todo("pairing_to_confirm", reverse("pairing_detail", args=[pairing.pk]), name=str(pairing))


def office_todos(actor: Actor, today: date) -> Iterator[Todo]:
    waiting = waiting_for(actor)
    if count := waiting.count():
        first = waiting.order_by("promised_on").values_list("promised_on", flat=True).first()
        yield Todo("entries_waiting", reverse("review_queue"), count, due=first)
    if count := lapsed_lately(actor, today).count():
        yield Todo("matches_lapsed", f"{reverse('match_list')}?state=lapsed", count)
    if count := unheard_matches(actor, timezone.now()).count():
        yield Todo("matches_unheard", f"{reverse('match_list')}?turn=unheard", count)
    yield from pairing_todos(actor)
    for position in positions_ending(actor, today, today + SOON, NAMED):
        yield Todo(
            "position_ends",
            reverse("position_extend", args=[position.pk]),
            name=f"{position.person} · {position}",
            due=position.ends_on,
        )
    members = live_memberships(today).filter(chain__in=actor.chains)
    unplaced = members.filter(segments=None, organisation__kind=Organisation.Kind.ENTERPRISE)
    if count := unplaced.values("organisation").distinct().count():
        yield Todo("unplaced", f"{reverse('organisation_list')}?kind=enterprise&segment=none", count)
    enterprises = listed_organisations(actor).filter(
        pk__in=members.values("organisation"), kind=Organisation.Kind.ENTERPRISE
    )
    unknown = enterprises.exclude(pk__in=branches_for(actor).values("organisation"))
    if count := unknown.count():
        yield Todo("branch_unknown", reverse("organisation_list") + "?kind=enterprise&lacks=branch", count)
    planned = branches_for(actor).filter(kind="none", planned_on__lte=today + SOON)
    for branch in planned.order_by("planned_on")[:5]:
        yield Todo(
            "branch_due",
            reverse("branch_detail", args=[branch.pk]),
            name=branch.organisation.label,
            due=branch.planned_on,
        )
    if count := enterprises.filter(Q(credit_code=None) | Q(credit_code="")).count():
        yield Todo("no_code", reverse("organisation_list") + "?kind=enterprise&lacks=code", count)
    empty = segments_for(actor).exclude(pk__in=members.exclude(segments=None).values("segments"))
    for segment in empty[:5]:
        yield Todo("segment_empty", reverse("chain_detail", args=[segment.chain_id]), name=segment.label)


def own_organisation_todos(actor: Actor) -> Iterator[Todo]:
    own = listed_organisations(actor).filter(pk__in=[actor.organisation_id]).first()
    if own and not (own.business and own.size and own.address):
        yield Todo("describe_own", reverse("organisation_describe", args=[own.pk]), name=own.label)
    if own and not branches_for(actor).filter(organisation=own, unit=None).exists():
        yield Todo("own_branch_unknown", f"{reverse('branch_add')}?organisation={own.pk}", name=own.label)


def liaison_todos(actor: Actor) -> Iterator[Todo]:
    mine = branches_for(actor).filter(instructor=actor.person_id, kind="none")
    for branch in mine.order_by("planned_on"):
        yield Todo(
            "branch_due",
            reverse("branch_detail", args=[branch.pk]),
            name=branch.organisation.label,
            due=branch.planned_on,
        )


def administrator_todos(actor: Actor, today: date) -> Iterator[Todo]:
    if not listed_organisations(actor).exists():
        yield Todo("no_office", reverse("organisation_add"))
    if count := people_for(actor).filter(state="invited").count():
        yield Todo("invited", f"{reverse('person_list')}?state=invited", count)
    end = workday_end(actor)
    if end and end < today + timedelta(days=90):
        yield Todo("calendar_ends", reverse("reference_list"), due=end)
