"""How a page hands a form to an action and brings its refusal back to the fields."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from lianqiao.core.refusals import NotPermitted, Refused


def carried_out(form: forms.BaseForm, action: Callable[..., Any], *args: Any, **facts: Any) -> Any:
    """Run the action; a refusal becomes the form's error and the answer is None.

    A missing permission is not the form's business and goes on to the 403 page.
    """
    try:
        return action(*args, **facts)
    except NotPermitted:
        raise
    except Refused as refusal:
        form.add_error(None, ValidationError(str(refusal), code=refusal.code))
    except ValidationError as error:
        tell(form, error)
    return None


def tell(form: forms.BaseForm, error: ValidationError) -> None:
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)
