import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lianqiao.registry.models import Chain, Organisation, Segment, Unit

# What a database takes as an id; Django hands anything longer on, and the database refuses it with an error.
ROW_ID = re.compile(r"[0-9]{1,18}")


def row_id(typed: object) -> int | None:
    """The id that was typed or came in the address, if it can be one."""
    return int(str(typed)) if ROW_ID.fullmatch(str(typed)) else None


def label_of(row: Chain | Organisation | Segment | Unit) -> str:
    return row.label


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows; a number that no row can have is no valid choice."""

    def clean(self, value: Any) -> Any:
        for typed in value or []:
            if not ROW_ID.fullmatch(str(typed)):
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params={"pk": typed})
        return super().clean(value)
