"""Selects made in Python are those of Django's templates."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from lianqiao.core.rendering import Renderer

CHOICES = [
    ("", "---"),
    (1, _("全部")),
    ('"><b>', "<b>&"),
    (mark_safe("a&amp;b"), mark_safe("<i>x</i>")),
    ("组", [("x", "甲"), ("y", "乙")]),
]


def squeezed(html):
    return re.sub(r"\s*\n\s*", "", html).strip()


@pytest.mark.parametrize("value", ["", "1", '"><b>', "y", "none of them"])
@pytest.mark.parametrize("attrs", [{}, {"class": 'a"b', "required": True, "disabled": False, "data-n": 3}])
def test_select_is_what_the_template_makes(value, attrs):
    widget = forms.Select(choices=CHOICES)

    made, expected = (
        widget.render("名<", value, attrs, renderer=one()) for one in (Renderer, DjangoTemplates)
    )

    assert squeezed(made) == squeezed(expected)


def test_select_of_several_is_what_the_template_makes():
    widget = forms.SelectMultiple(choices=CHOICES)

    made, expected = (widget.render("n", ["1", "x"], renderer=one()) for one in (Renderer, DjangoTemplates))

    assert squeezed(made) == squeezed(expected)
