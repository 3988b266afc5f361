"""What the sentence of a line says of the entry's own fields, as fields of the form."""

from typing import Any

from django import forms
from django.forms.models import fields_for_model

from lianqiao.lists.models import Entry
from lianqiao.registry.forms.fields import DayField

# In the order of the entry's own form.
DAYS = ("due_on", "starts_on", "ends_on")
NAMES = (*DAYS, "money", "people", "partners_wanted", "capacity", "place")


def figure_fields(said: dict[str, Any]) -> dict[str, forms.Field]:
    """Only what was said is asked, each with the words that say it; the rest can be added to the entry."""
    told = {one["field"]: one for one in said["figures"]}
    names = [name for name in NAMES if name in told]
    fields: dict[str, forms.Field] = fields_for_model(
        Entry, fields=names, field_classes=dict.fromkeys(DAYS, DayField)
    )
    for name, field in fields.items():
        field.initial, field.help_text = told[name]["value"], f"“{told[name]['words']}”"
    return fields
