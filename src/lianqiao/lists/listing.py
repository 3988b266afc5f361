"""Pages of a list that may hold hundreds of thousands of rows: counted as far as anybody reads, fetched by id."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianqiao.core.listing import PER_PAGE, Listing
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import entries_for
from lianqiao.registry.queries import organisations_for

MOST_COUNTED = 1000


class LongPaginator(Paginator):
    """`whole` are the rows with all that a page shows of them."""

    def __init__(self, rows: QuerySet[Entry], per_page: int, whole: QuerySet[Entry]) -> None:
        super().__init__(rows, per_page)
        self.rows, self.whole = rows, whole

    @cached_property
    def counted(self) -> int:
        return capped_count(self.rows)

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
        ids = list(self.rows[first : first + self.per_page].values_list("pk", flat=True))
        rows = self.whole.in_bulk(ids)
        page.object_list = [rows[pk] for pk in ids if pk in rows]
        return page


def capped_count(rows: QuerySet[Entry]) -> int:
    return rows.order_by()[: MOST_COUNTED + 1].count()


def capped(count: int) -> str:
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


class EntryListing(Listing):
    """The tab is no chip: whoever clears the filters stays in the list."""

    @cached_property
    def page(self) -> Any:
        pages = LongPaginator(self.rows, PER_PAGE, entries_for(self.request.actor))
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
