"""Finding what a call names. Not yours and not there look the same, here as on the pages."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

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
        raise ValidationError({field: ValidationError(_("没有编号为 %(id)s 的记录。"), params={"id": pk})})
    return row
