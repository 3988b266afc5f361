"""Open entries of a chain by segment and by trade, over the whole list: for the clock, and for pages of small chains."""

from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef

from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.queries import OPEN
from lianqiao.matching.models import Match

Counts = dict[int | None, int]


def open_by_segment(chain_id: int) -> tuple[Counts, Counts, Counts]:
    """(needs, needs without an accepted match, resources and services)."""
    rows = Entry.objects.filter(chain=chain_id, state__in=OPEN).order_by()
    needs = rows.filter(kind=Kind.NEED)
    matched = Match.objects.filter(need=OuterRef("pk"), state=Match.State.ACCEPTED)
    parts = (needs, needs.filter(~Exists(matched)), rows.exclude(kind=Kind.NEED))
    one, two, three = (dict(part.values_list("segment").annotate(n=Count("pk"))) for part in parts)
    return one, two, three


def industries_asked(chain_id: int) -> Iterator[tuple[int, list[str]]]:
    """The newest first, so that examples are what people remember."""
    rows = Entry.objects.filter(chain=chain_id, kind=Kind.NEED, state__in=OPEN).exclude(industries=[])
    yield from rows.order_by("-pk").values_list("pk", "industries")
