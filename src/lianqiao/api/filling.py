"""The same forms as the pages: a call fills in what it gives, the rest stays as it stands now."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

from lianqiao.api.sentences import SENTENCES
from lianqiao.core.forms import tell

Form = TypeVar("Form", bound=forms.BaseForm)
Result = TypeVar("Result")


def filled(form: type[Form], given: dict[str, Any], **options: Any) -> Form:
    """The valid form. Raises ValidationError."""
    blank = form(**options)
    stands = {bound.name: bound.value() for bound in blank}
    told = {name: as_typed(blank.fields.get(name), value) for name, value in given.items()}
    posted = form(stands | told, **options)
    # A form leaves out what this person may not say here: that is refused, not passed over.
    missing = [name for name, value in given.items() if value is not None and name not in posted.fields]
    if missing:
        raise ValidationError(dict.fromkeys(missing, SENTENCES["extra_forbidden"]))
    refuse_invalid(posted)
    return posted


def as_typed(field: forms.Field | None, value: Any) -> Any:
    return field.prepare_value(value) if field else value


def written(form: forms.BaseForm, action: Callable[..., Result], *rows: Any, **facts: Any) -> Result:
    """Run the action; what it finds wrong is told at the field where the page tells it. Raises ValidationError."""
    try:
        return action(*rows, **facts)
    except ValidationError as error:
        tell(form, error)
        refuse_invalid(form)
        raise


def refuse_invalid(form: forms.BaseForm) -> None:
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
