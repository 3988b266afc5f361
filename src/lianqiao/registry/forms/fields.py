"""Fields that many forms of the registry share."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqiao.core.text import validate_plain
from lianqiao.registry.forms.pick import CodesInput, codes_in
from lianqiao.registry.queries import names_of


class NamesField(forms.CharField):
    """Several names in one box, separated by 、 ， ； or a new line."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("多个名称用顿号或逗号隔开。"))
        super().__init__(required=False, max_length=500, **options)

    def clean(self, value: Any) -> list[str]:
        names = [name.strip() for name in re.split(r"[、，,;；\n]+", super().clean(value)) if name.strip()]
        for name in names:
            validate_plain(name)
        return names

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value


class CodesField(forms.CharField):
    """Codes of a reference table, separated by blanks or commas; an unknown code is named."""

    def __init__(self, kind: str, **options: Any) -> None:
        self.kind = kind
        options.setdefault("help_text", _("填代码，多个用空格隔开，例如 4710 5011。"))
        super().__init__(required=False, max_length=300, widget=CodesInput(kind), **options)

    def clean(self, value: Any) -> list[str]:
        codes = codes_in(super().clean(value))
        known = names_of(self.kind, codes)
        if unknown := [code for code in codes if code not in known]:
            raise ValidationError(
                _("参照表里没有这些代码：%(codes)s。"),
                code="unknown_code",
                params={"codes": " ".join(unknown)},
            )
        return codes

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SeenForm(forms.ModelForm):
    """A form that remembers which version of the row its reader had."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"].initial = self.instance.version
        for field in self.fields.values():
            choices: Any = getattr(field, "choices", ())
            if isinstance(field, forms.TypedChoiceField) and choices[0][0] == "":
                field.choices = [("", _("未选")), *choices[1:]]
