"""The one field for a day. The browser's own would write it in the browser's order, whatever the page's language."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# untranslated: as people write a day
WRITTEN = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{2})([0-9]{2})|年([0-9]{1,2})月([0-9]{1,2})[日号]?)"
)


class DayInput(forms.DateInput):
    """A text box alone, for pages without scripts."""

    def __init__(self, placeholder: Any = "") -> None:
        attrs = {
            "inputmode": "numeric",
            "autocomplete": "off",
            "placeholder": placeholder or _("年-月-日"),
            "maxlength": 20,
        }
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DayPicker(DayInput):
    """Where scripts run, its button opens the browser's calendar (days.js)."""

    template_name = "core/day_picker.html"


class DayField(forms.DateField):
    """A day as an office writes one; a year that nobody can mean is a slip of the keyboard."""

    EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
    widget = DayPicker
    default_error_messages = {
        "invalid": _("无法识别日期，请写成 2026-11-23 或 20261123。"),
        "no_such_day": _("没有这一天，请核对月份和日期。"),
        "no_such_year": _("年份不对，请填写 1900 年至 2199 年之间的日期。"),
    }

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        found = WRITTEN.fullmatch("".join(unicodedata.normalize("NFKC", str(value)).split()))
        if not found:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        year, month, day = (int(part) for part in found.groups() if part and part.isdigit())
        try:
            return date(year, month, day)
        except ValueError as error:
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day") from error

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not self.EARLIEST <= value <= self.LATEST:
            raise ValidationError(self.error_messages["no_such_year"], code="no_such_year")
