"""A list page: filters and columns from the URL, sorting, paging, and the export of exactly what is shown."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import unquote_plus

from django import forms
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from lianqiao.core.audit import record
from lianqiao.core.cells import choose_cell, row_cells
from lianqiao.core.refusals import Refused
from lianqiao.core.request import Request
from lianqiao.core.spreadsheet import workbook

PER_PAGE = 50
LARGEST_EXPORT = 20_000
LONG_NUMBER = re.compile(r"\d(?=\d{4})")


class TooManyRows(Refused):
    code = "too_many_rows"
    sentence = _("一次最多导出 %(most)s 行，请先用筛选缩小范围。")


@dataclass(frozen=True)
class Column:
    """`value` gives what is shown and exported; `url` links it, `tone` makes it a badge, `sort` orders by a field."""

    name: str
    label: str | Promise
    value: Callable[[Any], Any]
    url: Callable[[Any], str] | None = None
    tone: Callable[[Any], str] | None = None
    sort: str = ""
    shown: bool = True
    number: bool = False


class Listing:
    """One list as one person sees it now. `form` narrows the rows: it has `narrow(rows)`."""

    def __init__(
        self,
        name: str,
        request: Request,
        rows: QuerySet,
        columns: Iterable[Column],
        form: Callable[..., Any] | None = None,
    ) -> None:
        self.name, self.request = name, request
        self.every_column = list(columns)
        self.form = form(request.GET or None, actor=request.actor) if form else None
        self.rows = self.sorted(narrowed(rows, self.form))

    def sorted(self, rows: QuerySet) -> QuerySet:
        key = self.request.GET.get("sort", "")
        column = next((c for c in self.every_column if c.sort and c.name == key.lstrip("-")), None)
        if column is None:
            return rows
        # What is empty comes last either way, on both databases.
        if key.startswith("-"):
            return rows.order_by(F(column.sort).desc(nulls_last=True), "-pk")
        return rows.order_by(F(column.sort).asc(nulls_last=True), "pk")

    @cached_property
    def columns(self) -> list[Column]:
        person = self.request.actor.person
        kept = person.preferences.get("columns", {}).get(self.name) if person else None
        wanted = self.request.GET.getlist("columns") or kept
        chosen = [c for c in self.every_column if (c.name in wanted if wanted else c.shown)]
        return chosen or [c for c in self.every_column if c.shown]

    @cached_property
    def page(self) -> Any:
        return Paginator(self.rows, PER_PAGE).get_page(self.request.GET.get("page"))

    @property
    def table(self) -> list[tuple[Any, list[dict[str, Any]]]]:
        """Each row with its cells."""
        columns = [(column, str(column.label)) for column in self.columns]
        return [
            (row, [cell_of(column, label, row) for column, label in columns]) for row in self.page.object_list
        ]

    @property
    def lines(self) -> list[tuple[SafeString, SafeString]]:
        """The box that chooses each row, and its cells."""
        return [(choose_cell(row), row_cells(cells)) for row, cells in self.table]

    @property
    def heads(self) -> list[dict[str, Any]]:
        now = self.request.GET.get("sort", "")
        return [
            {
                "column": c,
                "url": self.url(sort=f"-{c.name}" if now == c.name else c.name, page=None) if c.sort else "",
                "direction": {c.name: "ascending", f"-{c.name}": "descending"}.get(now, ""),
            }
            for c in self.columns
        ]

    @property
    def choice(self) -> list[dict[str, Any]]:
        return [{"name": c.name, "label": c.label, "chosen": c in self.columns} for c in self.every_column]

    @property
    def chips(self) -> list[dict[str, Any]]:
        if self.form is None or not self.form.is_bound or not self.form.is_valid():
            return []
        return [
            {
                "label": field.label,
                "value": shown(field, self.form.cleaned_data[field.name]),
                "url": self.url(**{field.name: None}, page=None),
            }
            for field in self.form
            if self.form.cleaned_data.get(field.name)
        ]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chips) or bool(self.form and self.form.is_bound and self.form.errors)

    @property
    def query(self) -> str:
        """What a bulk form sends along, to mean all rows of this filter."""
        return self.request.GET.urlencode()

    @property
    def clear_url(self) -> str:
        """The list without any filter."""
        return self.request.path

    @property
    def export_url(self) -> str:
        return self.url(export="xlsx", page=None)

    def url(self, **changes: str | None) -> str:
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def export(self) -> HttpResponse | None:
        """The workbook of what is shown, over all pages, when the URL asks for it."""
        if self.request.GET.get("export") != "xlsx":
            return None
        rows = list(self.rows[: LARGEST_EXPORT + 1])
        if len(rows) > LARGEST_EXPORT:
            raise TooManyRows(most=LARGEST_EXPORT)
        title = str(self.rows.model._meta.verbose_name)
        labels = [str(c.label) for c in self.columns]
        body = workbook(title, labels, ([c.value(row) for c in self.columns] for row in rows))
        # Somebody may have searched for a telephone number; the trail keeps its last digits only.
        query = LONG_NUMBER.sub("*", unquote_plus(self.request.GET.urlencode()))
        record(self.request.actor, "export", after={"rows": len(rows), "query": query}, about=title)
        filename = f"{title}_{timezone.localdate():%Y-%m-%d}.xlsx"
        return HttpResponse(
            body,
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            headers={"Content-Disposition": content_disposition_header(True, filename)},
        )


def cell_of(column: Column, label: str, row: Any) -> dict[str, Any]:
    value = column.value(row)
    style = "lq-number" if column.number else "lq-nowrap" if isinstance(value, date) else ""
    return {
        "label": label,
        "value": "" if value is None else value,
        "style": style,
        "url": column.url(row) if column.url and value != "" else "",
        "tone": column.tone(row) if column.tone and value else "",
    }


def narrowed(rows: QuerySet, form: Any) -> QuerySet:
    if form is None or not form.is_bound:
        return rows
    return form.narrow(rows) if form.is_valid() else rows.none()


def shown(field: forms.BoundField, value: Any) -> str:
    choices = dict(getattr(field.field, "choices", []) or [])
    return str(choices.get(value, value))
