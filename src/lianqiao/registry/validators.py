import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength
from stdnum.exceptions import ValidationError as NotANumber


def validate_credit_code(code: str) -> None:
    """GB 32100-2015. Says which of length, characters and check digit is wrong."""
    try:
        uscc.validate(code)
    except InvalidLength as error:
        raise ValidationError(
            _("填了 %(count)s 位，统一社会信用代码应为 18 位。"), code="length", params={"count": len(code)}
        ) from error
    except InvalidChecksum as error:
        raise ValidationError(
            _("校验码不符：第 18 位应与前 17 位对应，请对照营业执照核对。"), code="checksum"
        ) from error
    except NotANumber as error:
        raise ValidationError(
            _("含有不该出现的字符：只用数字和大写字母，不用 I、O、S、V、Z。"), code="characters"
        ) from error


def normal_code(text: str) -> str:
    """A code as it was meant: half width, capitals, no blanks or dashes."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in folded if not character.isspace() and character != "-")
