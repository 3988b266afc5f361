"""Whom a round tells what concerns them."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format

from lianqiao.lists.telling import people_of_office
from lianqiao.matching.models import Match, Pairing, Round, Side
from lianqiao.matching.queries.sides import contacts_of
from lianqiao.notices.sending import send


def tell_sides(row: Round, matches: Iterable[Match], day: date) -> None:
    """Once each, with how many of the matches concern them."""
    counts: Counter[tuple[int, int | None]] = Counter()
    for match in matches:
        counts[match.enterprise_id, None] += 1
        counts[match.giver_id, match.unit_id] += 1
    concerned: Counter[int] = Counter()
    people = {}
    for place, person in contacts_of(counts):
        concerned[person.pk] += counts[place]
        people[person.pk] = person
    for pk, person in sorted(people.items()):
        send(
            person,
            "round_published",
            url=f"{reverse('match_list')}?turn=mine",
            round=row.title,
            count=concerned[pk],
            day=date_format(day),
        )


def tell_side(match: Match, side: str, template: str, **facts: object) -> None:
    """Those who stand for one side; the office where nobody has an account, which can send a link."""
    need, offer = match.need, match.offer
    place = (match.enterprise_id, need.unit_id) if side == Side.NEED else (match.giver_id, match.unit_id)
    told = {"need": need.title, "offer": offer.title}
    url = reverse("match_detail", args=[match.pk])
    people = [person for _place, person in contacts_of([place])]
    for person in people:
        send(person, template, url=url, **told, **facts)
    if not people and template == "match_offered":
        who = match.enterprise if side == Side.NEED else match.giver
        for person in people_of_office(match.chain):
            send(person, "match_unheard", url=url, who=who, **told)


def tell_pair(pairing: Pairing, template: str, *, but: str | None = None, **facts: object) -> None:
    """Both sides and the office, but for the side that did it."""
    places = {
        Side.OFFER: (pairing.giver_id, pairing.unit_id),
        Side.NEED: (pairing.enterprise_id, None),
    }
    asked = [place for side, place in places.items() if side != but]
    people = {person.pk: person for _place, person in contacts_of(asked)}
    people |= {person.pk: person for person in people_of_office(pairing.chain)}
    for person in people.values():
        send(person, template, url=reverse("pairing_detail", args=[pairing.pk]), pairing=pairing, **facts)
