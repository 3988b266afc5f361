"""What a login name and a telephone number may be."""

import re
import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

USERNAME = re.compile(r"[\w.@+-]{2,40}")


def validate_username(text: str) -> None:
    if not USERNAME.fullmatch(text):
        raise ValidationError(_("登录名为 2 至 40 个字，可用汉字、字母、数字和 . @ + - _。"), code="username")
    if text.isdigit():
        # Else somebody could take another's telephone number as a name, and shut its owner out.
        raise ValidationError(_("登录名不能全是数字，以免与手机号相混。"), code="username_digits")


def validate_phone(text: str) -> None:
    normal_phone(text)


def normal_phone(text: str) -> str:
    """The number as digits alone (`13912345678`, `0516…` without dashes). Raises ValidationError."""
    folded = unicodedata.normalize("NFKC", text)
    try:
        number = phonenumbers.parse(folded, "CN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        digits = sum(character.isdigit() for character in folded)
        raise ValidationError(
            _("不是有效的电话号码：填了 %(digits)s 位数字，手机号应为 11 位。"),
            code="phone",
            params={"digits": digits},
        )
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return re.sub(r"\D", "", national)
