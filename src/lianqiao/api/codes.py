from django.core.exceptions import ValidationError

from lianqiao.registry.forms.fields import CodesField


def known_codes(kind: str, codes: list[str], field: str) -> list[str]:
    """The codes as the pages' field takes them. Raises ValidationError at `field` for an unknown one."""
    try:
        return list(CodesField(kind).clean(" ".join(codes)))
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error
