"""What of the lists exists for a person. Pages, API, exports, search and counts all start here."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from lianqiao.accounts.queries import digest_of
from lianqiao.core.actor import COMMAND, OFFICE, Actor, Role
from lianqiao.core.models import AuditEntry
from lianqiao.lists.models import (
    Asking,
    Attachment,
    Category,
    Comment,
    Entry,
    EntryMerge,
    FreshnessRule,
    Kind,
    PublicList,
    SavedFilter,
    Wish,
)
from lianqiao.lists.models.habits import USUAL, Term
from lianqiao.lists.terms import CONTACT, Audience
from lianqiao.registry.models import Chain, Organisation
from lianqiao.registry.queries import chains_for

SEES_ALL = (Role.AUDITOR, COMMAND)
OWNERS = (Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR)
State = Entry.State
# What others of the chain see; anything else is between the asker and the office.
OPEN = (State.PUBLISHED, State.MATCHING)
PUBLIC_ENTRIES = Q(kind__in=[Kind.NEED, Kind.RESOURCE], state__in=OPEN, audience=Audience.PUBLIC)
ANSWERS_OF = timedelta(days=91)
MOST_ANSWERS = 1000
MOST_DRAFTS = 20
# Not in a list until somebody asks for it.
OVER = (State.FULFILLED, State.WITHDRAWN, State.MERGED)
# What a person of the office has to do with still; the rest is history.
LIVE = (State.SUBMITTED, State.RETURNED, State.PUBLISHED, State.MATCHING, State.EXPIRED)


# What was deleted can be given back for this long; then the clock deletes it for good.
KEPT_DELETED = timedelta(days=30)


def entries_for(actor: Actor) -> QuerySet[Entry]:
    return whole_entries().filter(reached_by(actor))


def whole_entries() -> QuerySet[Entry]:
    """With all that a page shows of them, for ids that were found among the rows of a person: asked for a second
    time, what a person reaches keeps SQLite from beginning with the ids."""
    rows = Entry.objects.select_related("chain", "category", "organisation", "unit", "segment")
    # The terms are longer than everything else together, and for the index alone.
    return rows.defer("search_text")


def reached_by(actor: Actor) -> Q:
    if actor.role in SEES_ALL:
        return Q(discarded_at=None)
    here = Q(chain__in=actor.chains)
    if actor.role in OFFICE:
        # Half a sentence that was kept while somebody typed has not been said to the office yet.
        return here & (~Q(state=State.DRAFT) | own_entries(actor))
    if actor.role in (Role.LEADER, Role.LIAISON):
        said = here & ~Q(state=State.DRAFT) & ~Q(audience=Audience.OFFICE)
        return said | own_entries(actor) if actor.role == Role.LIAISON else said
    opened = here & Q(state__in=OPEN) & ~Q(audience=Audience.OFFICE)
    if actor.role in (*OWNERS, Role.COLLEGE_CONTACT):
        return own_entries(actor) | opened
    if actor.role in (Role.MENTOR, Role.STUDENT):
        return opened & Q(kind__in=[Kind.RESOURCE, Kind.SERVICE])
    if actor.role == Role.SYSTEM_ADMIN:
        return Q(pk__in=[])
    return Q(chain__public_list__state=PublicList.State.OPEN) & PUBLIC_ENTRIES


def own_entries(actor: Actor) -> Q:
    """Those that the actor's own place asked or offered, and those that it wrote for somebody."""
    return written_by(actor) & Q(discarded_at=None)


def written_by(actor: Actor) -> Q:
    if not actor.organisation_id:
        return Q(pk__in=[])
    if actor.role == Role.COLLEGE_CONTACT:
        return Q(organisation=actor.organisation_id, unit=actor.unit_id)
    own = Q(organisation=actor.organisation_id)
    if actor.role in OFFICE or actor.role == Role.LIAISON:
        return Q(chain__in=actor.chains) & (own | Q(registered_by=actor.organisation_id))
    # A draft is its writer's: what the office notes down about somebody is not theirs to see before it is said.
    return own & (~Q(state=State.DRAFT) | Q(registered_by=actor.organisation_id))


def discarded_by(actor: Actor) -> QuerySet[Entry]:
    """Own drafts that were deleted and can be given back still."""
    return Entry.objects.filter(written_by(actor), discarded_at__gt=timezone.now() - KEPT_DELETED)


# What else makes drafts: they wait where they were made.
MADE_ELSEWHERE = (Entry.Source.WORKBOOK, Entry.Source.TEXT, Entry.Source.LINK, Entry.Source.API)


def unsent_draft(actor: Actor, kind: str) -> Entry | None:
    """The last one that this person began in the form and did not submit; a colleague's is not theirs to go on with."""
    rows = entries_for(actor).filter(own_entries(actor), kind=kind, state=State.DRAFT)
    begun = AuditEntry.objects.filter(
        subject_type=Entry._meta.label_lower, action="lists.add_entry", person_id=actor.person_id
    )
    mine = rows.exclude(source__in=MADE_ELSEWHERE).order_by("-changed_at", "-pk")[:MOST_DRAFTS]
    by_id = {str(row.pk): row for row in mine}
    known = set(begun.filter(subject_id__in=by_id).values_list("subject_id", flat=True))
    return next((row for pk, row in by_id.items() if pk in known), None)


def listed_entries(actor: Actor) -> QuerySet[Entry]:
    """Those a list shows: without what was merged away."""
    return entries_for(actor).exclude(state=State.MERGED)


def waiting_for(actor: Actor) -> QuerySet[Entry]:
    """What the office has to answer, the oldest first."""
    rows = entries_for(actor).filter(state=State.SUBMITTED)
    return rows.order_by("submitted_at", "pk") if actor.role in OFFICE else rows.none()


def answer_times(actor: Actor) -> list[tuple[datetime, datetime]]:
    """(submitted, first answered) of what was answered lately."""
    since = timezone.now() - ANSWERS_OF
    rows = entries_for(actor).filter(answered_at__gte=since).order_by("-answered_at")
    times = rows.values_list("submitted_at", "answered_at")[:MOST_ANSWERS]
    return [(submitted, answered) for submitted, answered in times if submitted and answered]


def categories_for(actor: Actor) -> QuerySet[Category]:
    return Category.objects.filter(chain__in=chains_for(actor)).select_related("chain")


def comments_for(actor: Actor) -> QuerySet[Comment]:
    """Between the asker and the office; others read the entry only."""
    return comments_ever_for(actor).filter(state=Comment.State.SHOWN)


def comments_ever_for(actor: Actor) -> QuerySet[Comment]:
    """Also those that were taken away: that it happened is told, and whoever did it may undo it."""
    rows = Comment.objects.select_related("person", "entry", "removed_by")
    return rows.filter(of_relation("entry", confided_to(actor)))


def attachments_for(actor: Actor) -> QuerySet[Attachment]:
    """Of entries that the actor reaches; which of them it reads, `shown.files_shown` says."""
    return attachments_ever_for(actor).filter(detached_at=None)


def attachments_ever_for(actor: Actor) -> QuerySet[Attachment]:
    return Attachment.objects.filter(of_relation("entry", reached_by(actor))).select_related("entry")


def wishes_for(actor: Actor) -> QuerySet[Wish]:
    return Wish.objects.filter(of_relation("entry", confided_to(actor))).select_related("organisation")


def wished_organisations(named: Mapping[str, Iterable[int]]) -> dict[str, list[Organisation]]:
    """By the ids that the trail kept; what was merged away meanwhile is left out."""
    return {kind: list(Organisation.objects.filter(pk__in=named.get(kind, []))) for kind in Wish.Kind.values}


def confided_to(actor: Actor) -> Q:
    """Entries of which the actor sees everything."""
    reached = reached_by(actor)
    return reached if actor.role in OFFICE or actor.role in SEES_ALL else reached & own_entries(actor)


def merges_for(actor: Actor) -> QuerySet[EntryMerge]:
    reached = reached_by(actor)
    rows = EntryMerge.objects.filter(of_relation("kept", reached), of_relation("gone", reached))
    return rows.select_related("gone", "kept")


def of_relation(name: str, asked: Q) -> Q:
    """The same question of a row that is reached through a relation: a join, where `in` would read the whole list."""
    moved = Q(_connector=asked.connector, _negated=asked.negated)
    children: list[Any] = asked.children
    moved.children = [
        of_relation(name, child) if isinstance(child, Q) else (f"{name}__{child[0]}", child[1])
        for child in children
    ]
    return moved


# They tell of what hangs on an entry or was told of it, and leave the entry as it was.
BESIDE = (
    "lists.comment", "lists.attach", "lists.detach", "lists.reattach", "lists.remind", "lists.forget", "lists.wish",
    "refused",
)  # fmt: skip


def events_about(entry: Entry) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(subject_type=Entry._meta.label_lower, subject_id=str(entry.pk))


def last_event(entry: Entry) -> AuditEntry | None:
    return events_about(entry).exclude(action__in=BESIDE).order_by("-id").first()


def saved_filters_for(actor: Actor) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.filter(person=actor.person_id)


def term_of(chain_id: int, kind: str) -> Term:
    """How long an entry of this list counts as true, as its office settled it."""
    rule = FreshnessRule.objects.filter(chain=chain_id, kind=kind).first()
    return Term(rule.days, rule.remind_days, rule.answer_days) if rule else USUAL[Kind(kind)]


def entries_of_chain(chain_id: int) -> QuerySet[Entry]:
    """For the engine, which prepares one list for all who belong to the chain; what it finds is asked of
    `entries_for` before anybody sees it."""
    return Entry.objects.filter(chain=chain_id).exclude(audience=Audience.OFFICE)


def last_changes(chain_id: int, kinds: Iterable[str]) -> tuple[datetime | None, ...]:
    """When the newest entry of each list was changed, whatever its state: one look into the index for each."""
    rows = Entry.objects.filter(chain=chain_id).order_by("-changed_at", "-pk")
    return tuple(rows.filter(kind=kind).values_list("changed_at", flat=True).first() for kind in kinds)


def lists_in_use() -> list[tuple[int, str]]:
    """(chain, kind) of which there are open entries."""
    rows = Entry.objects.filter(state__in=OPEN).order_by().values_list("chain", "kind").distinct()
    return [(chain, kind) for chain, kind in rows]


def entries_to_expire(today: date) -> QuerySet[Entry]:
    """For the clock: open entries that nobody has confirmed in time, or that are over by their own date."""
    over = Q(fresh_until__lt=today) | Q(ends_on__lt=today)
    return Entry.objects.filter(state__in=OPEN).filter(over).order_by("pk")


def entries_to_remind(last: date) -> QuerySet[Entry]:
    """For the clock: open entries that end by `last` at the latest, whose askers were not told yet."""
    rows = Entry.objects.filter(state__in=OPEN, reminded_at=None)
    return rows.filter(Q(fresh_until__lte=last) | Q(ends_on__lte=last)).select_related(
        "chain", "organisation"
    )


def public_lists_for(actor: Actor) -> QuerySet[PublicList]:
    return PublicList.objects.filter(chain__in=chains_for(actor)).select_related("chain")


def public_entries_of(chain: Chain) -> QuerySet[Entry]:
    """What everybody would read of this chain, whether its list is open or not yet."""
    return Entry.objects.filter(PUBLIC_ENTRIES, chain=chain)


def is_any_list_public() -> bool:
    return PublicList.objects.filter(state=PublicList.State.OPEN).exists()


def attachments_to_forget(since: datetime) -> QuerySet[Attachment]:
    return Attachment.objects.filter(detached_at__lt=since).select_related("entry").order_by("pk")


def drafts_to_forget(since: datetime) -> QuerySet[Entry]:
    return Entry.objects.filter(discarded_at__lt=since).order_by("pk")


def askings_for(actor: Actor) -> QuerySet[Asking]:
    rows = Asking.objects.select_related("chain", "organisation", "entry", "sender")
    if actor.role in SEES_ALL:
        return rows
    return rows.filter(chain__in=actor.chains) if actor.role in OFFICE else rows.none()


def open_askings(now: datetime) -> QuerySet[Asking]:
    return Asking.objects.filter(used_at=None, revoked_at=None, expires_at__gt=now)


def asking_behind(token: str) -> Asking | None:
    """For whoever holds the link, which is the only thing that opens it."""
    rows = Asking.objects.select_related(
        "chain__office", "organisation", "entry__category", "entry__merged_into"
    )
    return rows.filter(digest=digest_of(token), entry__discarded_at=None).first()


def contacts_known(chain: Chain, organisations: Iterable[Organisation]) -> dict[int, dict[str, str]]:
    """Whom each named last in an entry of its own on this chain."""
    said = Entry.objects.filter(chain=chain, organisation__in=list(organisations))
    named = said.exclude(contact_name="", contact_phone="", contact_email="")
    rows = named.order_by("changed_at", "pk").values("organisation_id", *CONTACT)
    return {row.pop("organisation_id"): row for row in rows}
