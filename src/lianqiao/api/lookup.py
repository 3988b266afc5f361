"""Finding what a call names. Not yours and not there look the same, here as on the pages."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

NO_ROW = _("没有编号为 %(id)s 的记录。")
Row = TypeVar("Row", bound=Model)


def found(rows: QuerySet[Row], **key: Any) -> Row:
    """The row that the address names. Raises Http404."""
    row = rows.filter(**key).first()
    if row is None:
        raise Http404
    return row


def named(rows: QuerySet[Row], pk: int, field: str) -> Row:
    """The row that a field of the body names. Raises ValidationError at that field."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise ValidationError({field: ValidationError(NO_ROW, params={"id": pk})})
    return row


def all_named(rows: QuerySet[Row], pks: list[int], field: str) -> list[Row]:
    """The rows that a list in the body names. Raises ValidationError at the first place that names none."""
    there = rows.in_bulk(pks)
    for place, pk in enumerate(pks):
        if pk not in there:
            raise ValidationError({f"{field}.{place}": ValidationError(NO_ROW, params={"id": pk})})
    return list(there.values())
