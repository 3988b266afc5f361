"""Which matches, answers and dismissals exist for a person, and for which side of a match somebody stands."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lianqiao.accounts.models import Person
from lianqiao.accounts.queries import digest_of
from lianqiao.core.actor import COMMAND, OFFICE, PUBLIC, Actor, Role
from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.models import Wish as SidesWish
from lianqiao.lists.queries import OPEN, entries_for, of_relation, own_entries
from lianqiao.lists.terms import Audience
from lianqiao.matching.models import Answer, Dismissal, Match, MatchLink, Side
from lianqiao.matching.queries.rounds import LIVE
from lianqiao.registry.models import Position
from lianqiao.registry.queries import held_on

SEES_ALL = (Role.AUDITOR, COMMAND)
SIDES = frozenset({Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR, Role.COLLEGE_CONTACT})
READERS = OFFICE | SIDES | {Role.AUDITOR, Role.LEADER, Role.LIAISON}
State, Said = Match.State, Match.Said
# How these ended is told to nobody but the office.
UNTOLD = (State.DECLINED, State.LAPSED, State.WITHDRAWN)
OVER = (*UNTOLD, State.FAILED)
# Who said yes, to what the entries say or to another scope.
AGREED: tuple[str, ...] = (Said.ACCEPT, Said.RESCOPE)
LATELY = timedelta(days=7)
ENTRIES = tuple(
    f"{side}__{name}"
    for side in ("need", "offer")
    for name in ("organisation", "unit", "category", "segment")
)
AROUND = ("chain", "round", "pairing", "enterprise", "giver", "unit", *ENTRIES)


def matches_for(actor: Actor) -> QuerySet[Match]:
    rows = Match.objects.select_related(*AROUND).defer("need__search_text", "offer__search_text")
    if actor.role in SEES_ALL:
        return rows
    if actor.role in OFFICE:
        return rows.filter(chain__in=actor.chains)
    # What is planned is the office's own until it is published.
    told = rows.exclude(state=State.PLANNED)
    if actor.role in SIDES:
        return told.filter(of_own_side(actor))
    if actor.role in (Role.LEADER, Role.LIAISON):
        confided = Q(need__audience=Audience.OFFICE) | Q(offer__audience=Audience.OFFICE)
        return told.filter(chain__in=actor.chains).exclude(confided)
    return rows.none()


def listed_matches(actor: Actor) -> QuerySet[Match]:
    """Those a list shows: what is planned stands in its round."""
    return matches_for(actor).exclude(state=State.PLANNED)


def of_own_side(actor: Actor) -> Q:
    return on_need_side(actor) | on_offer_side(actor)


def on_need_side(actor: Actor) -> Q:
    own = Q(enterprise=actor.organisation_id or 0)
    return own & Q(need__unit=actor.unit_id) if actor.role == Role.COLLEGE_CONTACT else own


def on_offer_side(actor: Actor) -> Q:
    own = Q(giver=actor.organisation_id or 0)
    return own & Q(unit=actor.unit_id) if actor.role == Role.COLLEGE_CONTACT else own


def side_of(actor: Actor, match: Match) -> Side | None:
    """For which side the actor answers: a contact, or whoever holds a link of that side."""
    if actor.role not in (*SIDES, PUBLIC) or not actor.organisation_id:
        return None
    whole = actor.role != Role.COLLEGE_CONTACT
    if match.enterprise_id == actor.organisation_id and (whole or match.need.unit_id == actor.unit_id):
        return Side.NEED
    if match.giver_id == actor.organisation_id and (whole or match.unit_id == actor.unit_id):
        return Side.OFFER
    return None


def said_by(match: Match, side: Side) -> str:
    return match.need_said if side == Side.NEED else match.offer_said


def other_side(side: Side) -> Side:
    return Side.OFFER if side == Side.NEED else Side.NEED


def waiting_for_answer(actor: Actor) -> QuerySet[Match]:
    """What the actor's own side has not answered yet, the nearest day first."""
    if actor.role not in SIDES:
        return Match.objects.none()
    unsaid = (on_need_side(actor) & Q(need_said="")) | (on_offer_side(actor) & Q(offer_said=""))
    return matches_for(actor).filter(unsaid, state=State.OFFERED).order_by("answer_by", "pk")


def unheard(now: datetime) -> Q:
    """Sides that have not answered, have nobody with an account and no link that is open: only the office reaches them."""
    found = Q(pk__in=[])
    for side, organisation, unit in ((Side.NEED, "enterprise", "need__unit"), (Side.OFFER, "giver", "unit")):
        whole = Q(role__in=[Role.ENTERPRISE_CONTACT, Role.SCHOOL_COORDINATOR])
        own = whole | Q(role=Role.COLLEGE_CONTACT, unit=OuterRef(unit))
        people = Position.objects.filter(
            own, organisation=OuterRef(organisation), person__state=Person.State.ACTIVE
        )
        links = MatchLink.objects.filter(match=OuterRef("pk"), side=side, used_at=None, revoked_at=None)
        heard = Exists(held_on(people, timezone.localdate(now))) | Exists(links.filter(expires_at__gt=now))
        found |= Q(**{f"{side}_said": ""}) & ~heard
    return found


def unheard_matches(actor: Actor, now: datetime) -> QuerySet[Match]:
    """For the office, which can send them a link."""
    rows = listed_matches(actor).filter(unheard(now), state=State.OFFERED)
    return rows if actor.role in OFFICE else rows.none()


def lapsed_lately(actor: Actor, today: date) -> QuerySet[Match]:
    """For the office: what nobody answered in the last week, and was not begun again."""
    again = Match.objects.filter(need=OuterRef("need"), offer=OuterRef("offer"), pk__gt=OuterRef("pk"))
    rows = listed_matches(actor).filter(state=State.LAPSED, settled_at__date__gt=today - LATELY)
    return rows.filter(~Exists(again))


def matches_of(entry: Entry, actor: Actor) -> QuerySet[Match]:
    return listed_matches(actor).filter(Q(need=entry) | Q(offer=entry))


def answers_for(actor: Actor) -> QuerySet[Answer]:
    """What the own side said, and of the other side what is meant for both: a refusal stays with who said it."""
    rows = Answer.objects.select_related("match", "person")
    if actor.role in SEES_ALL:
        return rows
    if actor.role in OFFICE:
        return rows.filter(match__chain__in=actor.chains)
    if actor.role not in SIDES:
        return rows.none()
    own = (Q(side=Side.NEED) & of_relation("match", on_need_side(actor))) | (
        Q(side=Side.OFFER) & of_relation("match", on_offer_side(actor))
    )
    open_to_both = of_relation("match", of_own_side(actor)) & (Q(said__in=AGREED) | Q(is_shared=True))
    return rows.filter(own | open_to_both)


def dismissals_for(actor: Actor) -> QuerySet[Dismissal]:
    """By the own side; the office knows those of its chain. Nobody else ever learns of one."""
    rows = Dismissal.objects.select_related("entry", "other__organisation", "other__unit")
    if actor.role in SEES_ALL:
        return rows
    if actor.role in OFFICE:
        return rows.filter(entry__chain__in=actor.chains)
    return rows.filter(of_relation("entry", own_entries(actor))) if actor.role in SIDES else rows.none()


def links_for(actor: Actor) -> QuerySet[MatchLink]:
    rows = MatchLink.objects.select_related("match", "sender")
    if actor.role in SEES_ALL:
        return rows
    return rows.filter(match__chain__in=actor.chains) if actor.role in OFFICE else rows.none()


def link_behind(token: str) -> MatchLink | None:
    """For whoever holds the link, which is the only thing that opens it."""
    named = [f"match__{name}" for name in ("chain__office", "enterprise", "giver", "unit", *ENTRIES)]
    return MatchLink.objects.select_related(*named).filter(digest=digest_of(token)).first()


def open_links(match: Match, side: str, now: datetime) -> QuerySet[MatchLink]:
    return MatchLink.objects.filter(match=match, side=side, used_at=None, revoked_at=None, expires_at__gt=now)


def places_taken(entry: Entry, states: Iterable[str] = LIVE, *, but: int | None = None) -> int:
    """How often an entry is promised already; `but` is a match that is not counted."""
    rows = Match.objects.filter(Q(need=entry) | Q(offer=entry), state__in=states)
    return (rows.exclude(pk=but) if but else rows).count()


def is_unwanted(need: Entry, offer: Entry) -> bool:
    """Whether either side wants it on no account."""
    pair = ((need, offer), (offer, need))
    wished = Q()
    dismissed = Q()
    for entry, other in pair:
        wished |= Q(entry=entry, organisation=other.organisation_id)
        dismissed |= Q(entry=entry, other=other)
    return (
        SidesWish.objects.filter(wished, kind=SidesWish.Kind.NEVER).exists()
        or Dismissal.objects.filter(dismissed, for_good=True).exists()
    )


def to_lapse(today: date) -> QuerySet[Match]:
    return Match.objects.filter(state=State.OFFERED, answer_by__lt=today).order_by("pk")


def to_withdraw() -> QuerySet[Match]:
    """Offered still, though one of the entries is not there any more."""
    gone = ~Q(need__state__in=OPEN) | ~Q(offer__state__in=OPEN)
    return Match.objects.filter(gone, state=State.OFFERED).order_by("pk")


def to_remind(chain_id: int, today: date, last: date) -> QuerySet[Match]:
    soon = Q(answer_by__range=(today, last), reminded_at=None)
    rows = Match.objects.filter(soon, chain=chain_id, state=State.OFFERED)
    return rows.select_related(*AROUND).order_by("pk")


def chains_with_offers() -> list[int]:
    rows = Match.objects.filter(state=State.OFFERED).order_by().values_list("chain", flat=True).distinct()
    return list(rows)


def accepted_between(actor: Actor, entry: Entry) -> bool:
    """Whether the actor's own side and this entry came together."""
    if actor.role not in SIDES:
        return False
    rows = Match.objects.filter(state=State.ACCEPTED)
    theirs = (on_need_side(actor) & Q(offer=entry)) | (on_offer_side(actor) & Q(need=entry))
    return rows.filter(theirs).exists()


def needs_to_bring_together(actor: Actor) -> QuerySet[Entry]:
    """For the office's desk: open needs, those without anybody first, then the longest waiting."""
    live = Count("matches_as_need", filter=Q(matches_as_need__state__in=LIVE), distinct=True)
    rows = entries_for(actor).filter(kind=Kind.NEED, state__in=OPEN, organisation__isnull=False)
    return rows.exclude(audience=Audience.OFFICE).annotate(live=live).order_by("live", "published_at", "pk")


def newest_match(chain_id: int) -> tuple[datetime | None, int]:
    """Changes when any match of the chain does."""
    row = Match.objects.filter(chain=chain_id).order_by("-changed_at").values_list("changed_at", "pk").first()
    return row or (None, 0)
