"""A day as people write it, in one kind of field all over the product."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import get_resolver
from django.utils import translation

from lianqiao.core.days import DayField, DayInput


class OneDay(forms.Form):
    day = DayField()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03", "2026/11/03", "2026.11.03", "2026-11-3", "20261103", "2026年11月3日", "2026年11月03号",
        "2026年11月3", " 2026-11-03\t", "２０２６－１１－０３", "２０２６年１１月３日", "2026 年 11 月 3 日", "2026／11／3",
    ],
)  # fmt: skip
def test_day_field_reads_a_day_as_people_write_it(text, language):
    with translation.override(language):
        assert DayField().clean(text) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-02-30", "no_such_day"),
        ("20261301", "no_such_day"),
        ("0000-01-01", "no_such_day"),
        ("1899-12-31", "no_such_year"),
        ("22000101", "no_such_year"),
        ("2026113", "invalid"),
        ("2026-11/03", "invalid"),
        ("11/03/2026", "invalid"),
        ("26-11-03", "invalid"),
        ("2026年11月", "invalid"),
        ("明天", "invalid"),
        ("٢٠٢٦-١١-٠٣", "invalid"),
        ("2026-11-03\0", "invalid"),
        ("", "required"),
    ],
)
def test_day_field_refuses_what_is_no_day_and_says_why(text, code):
    with pytest.raises(ValidationError) as refused:
        DayField().clean(text)

    assert refused.value.code == code


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_day_field_shows_a_day_as_the_product_writes_it_in_both_languages(language):
    with translation.override(language):
        shown = str(OneDay(initial={"day": date(2026, 11, 3)})["day"])

    assert 'value="2026-11-03"' in shown
    assert 'inputmode="numeric"' in shown


def test_day_field_keeps_what_was_typed_when_it_is_wrong():
    assert 'value="2026-02-30"' in str(OneDay({"day": "2026-02-30"})["day"])


def test_day_field_written_in_another_way_is_no_change():
    assert not OneDay({"day": "2026年11月3日"}, initial={"day": date(2026, 11, 3)}).has_changed()


def test_every_date_field_of_every_form_is_a_day_field():
    len(get_resolver().reverse_dict)  # imports all pages, and with them their forms
    others = [
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in below(forms.BaseForm)
        if form.__module__.startswith("lianqiao.")
        for name, field in form.base_fields.items()
        if isinstance(field, forms.DateField) and not isinstance(field.widget, DayInput)
    ]

    assert others == []


def below(form):
    for each in form.__subclasses__():
        yield each
        yield from below(each)
