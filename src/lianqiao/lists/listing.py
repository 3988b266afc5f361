"""Pages of a list that may hold hundreds of thousands of rows: counted as far as anybody reads, fetched by id."""

from functools import cached_property
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import F, OrderBy, QuerySet
from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import Actor, Role
from lianqiao.core.listing import PER_PAGE, Listing
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import LIVE, OPEN, OWNERS, own_entries, whole_entries
from lianqiao.registry.queries import organisations_for

MOST_COUNTED = 1000
MOST_PARTS = 30


class LongPaginator(Paginator):
    """`rows` are what a person reaches, narrowed."""

    def __init__(
        self, rows: QuerySet[Entry], per_page: int, actor: Actor | None = None, *, is_whole: bool = False
    ) -> None:
        super().__init__(rows, per_page)
        self.rows, self.actor, self.is_whole = rows, actor, is_whole

    @cached_property
    def counted(self) -> int:
        if self.actor is None:
            return capped_count(self.rows)
        return open_count(self.rows, self.actor) if self.is_whole else len(self.first_ids)

    @cached_property
    def first_ids(self) -> list[int]:
        """Of what was looked for, as many as are counted: to find them is to count them."""
        return self.ids(MOST_COUNTED + 1)

    @property
    def count(self) -> int:
        return min(self.counted, MOST_COUNTED)

    @property
    def is_capped(self) -> bool:
        return self.counted > MOST_COUNTED

    def page(self, number: Any) -> Page:
        page = super().page(number)
        first = (page.number - 1) * self.per_page
        # What is sorted is narrow this way: a sort that no index serves would carry every text along.
        until = first + self.per_page
        ids = (self.ids(until) if self.is_whole or self.actor is None else self.first_ids)[first:until]
        rows = whole_entries().in_bulk(ids)
        page.object_list = [rows[pk] for pk in ids if pk in rows]
        return page

    def ids(self, most: int) -> list[int]:
        """The first in their order. Chains are asked one by one, because an index is sorted within a chain only;
        what is empty is asked after the rest, because PostgreSQL reads an index backwards with it in front."""
        first: Any = next(iter(self.rows.query.order_by), None)
        sorting: Any = first if isinstance(first, OrderBy) else OrderBy(F("changed_at"), descending=True)
        field, descending = sorting.expression.name, sorting.descending
        sign = "-" if descending else ""
        found = [
            list(
                part.exclude(**{field: None})
                .order_by(f"{sign}{field}", f"{sign}pk")
                .values_list(field, "pk")[:most]
            )
            for part in (parts_of(self.rows, self.actor) if self.actor else [self.rows])
        ]
        ids = [pk for _, pk in sorted(chain.from_iterable(found), reverse=descending)[:most]]
        if len(ids) < most and self.rows.model._meta.get_field(field).null:
            empty = self.rows.filter(**{field: None}).order_by(f"{sign}pk").values_list("pk", flat=True)
            ids += empty[: most - len(ids)]
        return ids


def parts_of(rows: QuerySet[Entry], actor: Actor) -> list[QuerySet[Entry]]:
    """Together the same rows: by chain, and what is somebody's own on a chain that the position does not reach."""
    if len(actor.chains) > MOST_PARTS:
        return [rows]
    return [*(rows.filter(chain=each) for each in sorted(actor.chains)), *elsewhere(rows, actor)] or [rows]


def elsewhere(rows: QuerySet[Entry], actor: Actor) -> list[QuerySet[Entry]]:
    if actor.role not in (*OWNERS, Role.COLLEGE_CONTACT):
        return []
    return [rows.filter(own_entries(actor)).exclude(chain__in=actor.chains)]


def open_count(rows: QuerySet[Entry], actor: Actor) -> int:
    """Of a whole list of one kind: what everybody sees first, which an index tells, then what most may not see."""
    count = 0
    for states in (OPEN, [state for state in LIVE if state not in OPEN], [Entry.State.DRAFT]):
        if count <= MOST_COUNTED:
            count += count_for(rows.filter(state__in=states), actor)
    return count


def count_for(rows: QuerySet[Entry], actor: Actor) -> int:
    """In two parts where the OR of what is one's own and what is everybody's would keep the indexes out, all of which
    begin with the chain."""
    parts = [rows.filter(chain__in=actor.chains), *elsewhere(rows, actor)] if actor.chains else [rows]
    return sum(map(capped_count, parts))


def capped_count(rows: QuerySet[Entry]) -> int:
    return rows.order_by()[: MOST_COUNTED + 1].count()


def capped(count: int) -> str:
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


class EntryListing(Listing):
    """The tab is no chip: whoever clears the filters stays in the list."""

    @cached_property
    def page(self) -> Any:
        actor = self.request.actor
        pages = LongPaginator(self.rows, PER_PAGE, actor, is_whole=not self.is_narrowed)
        return pages.get_page(self.request.GET.get("page"))

    @property
    def clear_url(self) -> str:
        kind = self.request.GET.get("kind")
        return f"{self.request.path}?{urlencode({'kind': kind})}" if kind else self.request.path

    @property
    def chips(self) -> list[dict[str, Any]]:
        if self.form is None or not self.form.is_bound or not self.form.is_valid():
            return []
        chips = super().chips
        shown = [field for field in self.form if self.form.cleaned_data.get(field.name)]
        told = []
        for field, chip in zip(shown, chips, strict=True):
            if field.name == "organisation":
                row = organisations_for(self.request.actor).filter(pk=chip["value"]).first()
                chip |= {"label": _("单位"), "value": row.label if row else chip["value"]}
            if field.name != "kind":
                told.append(chip)
        return told
