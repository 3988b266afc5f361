"""Forms whose values an action takes, and whose fields its refusals come back to."""

from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from lianqiao.registry.forms.fields import not_yet_told, say_unchosen


class ActionForm:
    """`refused_at`: the code of a refusal, or the name of a constraint of the model, and the field it is told at."""

    refused_at: ClassVar[dict[str, str]] = {}
    constrained_by: ClassVar[type[Model] | None] = (
        None  # a form that is no ModelForm says whose constraints it meets
    )
    fields: dict[str, Any]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_unchosen(self.fields)

    def facts(self) -> dict[str, Any]:
        """What the action takes; `seen` goes beside it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def add_error(self, field: str | None, error: Any) -> None:
        found = error if isinstance(error, ValidationError) else ValidationError(error)
        if hasattr(found, "error_dict"):
            for name, errors in not_yet_told(self, found.error_dict).items():
                self.add_error(None if name == NON_FIELD_ERRORS else name, errors)
            return
        for each in found.error_list:
            at = field or self.field_of(each)
            super().add_error(at if at in self.fields else None, each)  # type: ignore[misc]

    def field_of(self, error: ValidationError) -> str | None:
        if error.code in self.refused_at:
            return self.refused_at[error.code]
        # A constraint has no code of its own; its sentence is what tells it from others.
        model = self.constrained_by or getattr(getattr(self, "_meta", None), "model", None)
        for constraint in model._meta.constraints if model else []:
            if constraint.get_violation_error_message() == error.message:
                return self.refused_at.get(constraint.name)
        return None
