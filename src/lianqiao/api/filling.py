"""The same forms as the pages: a call fills in what it gives, the rest stays as it stands now."""

from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

Form = TypeVar("Form", bound=forms.BaseForm)


def filled(form: type[Form], given: dict[str, Any], **options: Any) -> Form:
    """The valid form. Raises ValidationError."""
    blank = form(**options)
    stands = {bound.name: bound.value() for bound in blank}
    told = {name: blank.fields[name].prepare_value(value) for name, value in given.items()}
    posted = form(stands | told, **options)
    if not posted.is_valid():
        raise ValidationError(posted.errors.as_data())
    return posted
