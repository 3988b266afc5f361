"""Whom a round tells what concerns them."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format

from lianqiao.matching.models import Match, Round
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
            url=reverse("entry_list"),
            round=row.title,
            count=concerned[pk],
            day=date_format(day),
        )
