"""Fields that many forms of the registry share."""

import re
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from lianqiao.core.days import DayField
from lianqiao.core.text import validate_plain
from lianqiao.registry.forms.pick import CodeInput, CodesInput, codes_in
from lianqiao.registry.models import Edition
from lianqiao.registry.queries import names_of

__all__ = ["CodesField", "DayField", "NamesField", "RegionField", "SeenForm", "not_yet_told", "say_unchosen"]


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


class RegionField(forms.CharField):
    """One code of the table of regions."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("行政区划代码"))
        super().__init__(required=False, max_length=6, widget=CodeInput(Edition.Kind.REGION), **options)

    def clean(self, value: Any) -> str:
        code = str(super().clean(value))
        if code and code not in names_of(Edition.Kind.REGION, [code]):
            message = _("行政区划表里没有 %(code)s。")
            raise ValidationError(message, code="unknown_code", params={"code": code})
        return code


def say_unchosen(fields: dict[str, Any]) -> None:
    """The first line of a list says what it means, not dashes."""
    for field in fields.values():
        if isinstance(field, forms.ModelChoiceField) and field.empty_label is not None:
            field.empty_label = _("请选择") if field.required else _("未选")
        elif isinstance(field, forms.TypedChoiceField):
            choices: Any = field.choices
            if choices and choices[0][0] == "":
                field.choices = [("", _("未选")), *choices[1:]]


def not_yet_told(form: Any, found: dict[str, Any]) -> dict[str, Any]:
    """What the model finds wrong, without the fields that the form has called wrong already."""
    return {name: said for name, said in found.items() if name == NON_FIELD_ERRORS or name not in form.errors}


class SeenForm(forms.ModelForm):
    """A form that remembers which version of the row its reader had."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"].initial = self.instance.version
        say_unchosen(self.fields)

    def add_error(self, field: str | None, error: Any) -> None:
        if field is None and hasattr(error, "error_dict"):
            error = ValidationError(not_yet_told(self, error.error_dict))
        super().add_error(field, error)
