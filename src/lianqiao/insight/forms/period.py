from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqiao.insight.models import AnalysisRule
from lianqiao.insight.period import Every, Period, period_of
from lianqiao.registry.forms.acting import ActionForm
from lianqiao.registry.forms.fields import DayField, SeenForm
from lianqiao.registry.models.chain import DATES_IN_ORDER

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


class PeriodForm(forms.Form):
    """Which days: without anything the running quarter."""

    every = forms.ChoiceField(
        label=_("周期"), choices=Every.choices, required=False, initial=Every.QUARTER,
        help_text=_("选“起止日期”时填写从哪天到哪天；选其他周期时填写其中任意一天，不填就是现在这一期。"),
    )  # fmt: skip
    day = DayField(label=_("周期中的一天"), required=False)
    first = DayField(label=_("从"), required=False)
    last = DayField(label=_("到"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in ("day", "first", "last"):
            if said.get(name) and not EARLIEST <= said[name] <= LATEST:
                self.add_error(name, ValidationError(_("请填写 2000 年以后的日期。")))
        if said.get("every") != Every.ANY or self.errors:
            return said
        if not said.get("first") or not said.get("last"):
            raise ValidationError(_("请填写起止日期。"))
        if said["last"] < said["first"]:
            self.add_error("last", DATES_IN_ORDER)
        return said

    def period(self, today: date) -> Period:
        """The running quarter where what was typed makes no period."""
        said = self.cleaned_data if self.is_valid() else {}
        every = said.get("every") or Every.QUARTER
        if every == Every.ANY:
            return Period(every, said["first"], said["last"])
        return period_of(every, said.get("day") or today)


class AnalysisRuleForm(ActionForm, SeenForm):
    class Meta:
        model = AnalysisRule
        fields = ["few_members", "least_needs", "unmatched_share", "least_outside"]
