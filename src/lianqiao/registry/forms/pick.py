"""Choosing by typing. The widgets here work as they stand; pick.js makes them search while one types.

A code is a text field that keeps codes. An organisation is a plain list to choose from as long as a list can be read;
a longer register is a text field that takes a name or a credit code, with or without JavaScript, and says what it could
not find. The server cannot know whether scripts run, so there is one field for both.
"""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.models import Person
from lianqiao.core.text import initials, normalise, pinyin
from lianqiao.registry.forms.rows import label_of, row_id
from lianqiao.registry.models import Organisation
from lianqiao.registry.queries import containing, names_of

MOST_LISTED = 300  # beyond this nobody reads a list
MOST_NAMED = 5
MOST_SAID = 60
LONGEST = 250  # an English name, a blank and an id
PICKED = re.compile(r"(?P<label>.+) #(?P<pk>[0-9]{1,18})", re.DOTALL)
SEPARATOR = re.compile(r"[\s、，,;；]+")


def codes_in(text: str) -> list[str]:
    return list(dict.fromkeys(code for code in SEPARATOR.split(text.upper()) if code))


def picked_as(row: Organisation) -> str:
    """How a choice stands in a text field: its name for the reader, its id because two may bear one name."""
    return f"{row.label} #{row.pk}"


def picked_id(value: object) -> int | None:
    """The id of what a list or a text field of organisations says is chosen."""
    picked = PICKED.fullmatch(str(value).strip())
    return row_id(picked["pk"] if picked else value)


def sounds_of(person: Person) -> str:
    return f"{pinyin(person.name)}\n{initials(person.name)}"


class PickSelect(forms.Select):
    """A list whose entries carry what else they are found by."""

    def __init__(self, found_by: Callable[[Any], str], attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-pick": ""} | (attrs or {}))
        self.found_by = found_by

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        if row := getattr(value, "instance", None):
            option["attrs"]["data-search"] = self.found_by(row)
        return option


class PickText(forms.TextInput):
    """A text field that asks an address while one types, and knows the names of what it holds."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        asks = {"data-pick": "", "data-lookup": self.address(), "autocomplete": "off"}
        if named := self.names(str(value or "")):
            asks["data-names"] = json.dumps(named, ensure_ascii=False)
        return super().get_context(name, value, (attrs or {}) | asks)

    def address(self) -> str:
        raise NotImplementedError

    def names(self, value: str) -> dict[str, str]:
        raise NotImplementedError


class CodeInput(PickText):
    """One code of a reference table."""

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.kind = kind

    def address(self) -> str:
        return reverse("lookup_codes", args=[self.kind])

    def names(self, value: str) -> dict[str, str]:
        codes = codes_in(value)
        return {code: f"{code} {name}" for code, name in names_of(self.kind, codes).items()} if codes else {}


class CodesInput(CodeInput):
    """Several codes, separated by blanks."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind, {"data-many": ""})


class OrganisationInput(PickText):
    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__({"maxlength": LONGEST})
        self.facts = facts

    def address(self) -> str:
        return f"{reverse('lookup_organisations')}?{urlencode(self.facts)}"

    def names(self, value: str) -> dict[str, str]:
        picked = PICKED.fullmatch(value)
        return {value: picked["label"]} if picked else {}


class OrganisationField(forms.ModelChoiceField):
    """One organisation of those that the form offers."""

    typed = False
    default_error_messages = {
        "none": _("没有找到“%(text)s”，请填写单位全称、简称或统一社会信用代码。"),
        "many": _("符合“%(text)s”的单位不止一个，如：%(names)s。请照抄其中一个（连同编号），或填写全称。"),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("empty_label", _("请选择"))
        super().__init__(None, widget=PickSelect(lambda row: row.search_text), **options)

    def offer(self, rows: QuerySet[Organisation], chosen: object = None, **asked: object) -> None:
        """`asked` is what the lookup is told, so that it offers no row that the form would refuse."""
        self.queryset = rows
        self.typed = rows.count() > MOST_LISTED
        self.initial = chosen
        if self.typed:
            self.widget = OrganisationInput(asked)
            self.widget.is_required = self.required
            row = rows.filter(pk=row_id(chosen) or 0).first()
            self.initial = picked_as(row) if row else None

    def label_from_instance(self, obj: Any) -> str:
        return label_of(obj)

    def to_python(self, value: Any) -> Any:
        # A program gives the id as a number; what a person typed is text.
        if not self.typed or self.queryset is None or isinstance(value, int) or value in self.empty_values:
            return super().to_python(value)
        return self.meant(str(value).strip(), self.queryset)

    def meant(self, text: str, rows: QuerySet[Organisation]) -> Organisation:
        """The one row that this text names: as the list wrote it, else exactly, else in part."""
        ProhibitNullCharactersValidator()(text)
        if len(text) > LONGEST or not normalise(text):
            raise self.wrong("none", text)
        if picked := PICKED.fullmatch(text):
            row = rows.filter(pk=picked["pk"]).first()
            # The name must still be there: whoever types another over it means another.
            if row and picked["label"].strip() in (row.name, row.name_en):
                return row
        exact = rows.filter(Q(name=text) | Q(credit_code=text.upper()))
        found = list(exact[: MOST_NAMED + 1]) or list(containing(rows, text)[: MOST_NAMED + 1])
        if len(found) == 1:
            return found[0]
        raise self.wrong("many" if found else "none", text, found)

    def wrong(self, code: str, text: str, found: list[Organisation] | None = None) -> ValidationError:
        names = "、".join(picked_as(row) for row in (found or [])[:MOST_NAMED])
        said = {"text": text[:MOST_SAID], "names": names}
        return ValidationError(self.error_messages[code], code=code, params=said)


class LookupForm(forms.Form):
    q = forms.CharField(required=False, max_length=100)


class OrganisationLookupForm(LookupForm):
    state = forms.ChoiceField(required=False, choices=Organisation.State.choices)
    but = forms.IntegerField(required=False, min_value=1, max_value=10**18)

    def narrow(self, rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
        asked = self.cleaned_data
        if asked["state"]:
            rows = rows.filter(state=asked["state"])
        if asked["but"]:
            rows = rows.exclude(pk=asked["but"])
        return rows
