"""Readable text: what may be typed, and how it is compared. The one door to the engine's text module."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqiao_engine.text.normalise import looks_damaged, normalise
from lianqiao_engine.text.sounds import initials, pinyin, syllables

__all__ = ["initials", "looks_damaged", "normalise", "pinyin", "syllables", "validate_plain", "validate_text"]


def validate_plain(text: str) -> None:
    """One line of readable text: no control, direction or private characters, no damaged encoding."""
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            raise ValidationError(
                _("含有不可见或无法识别的字符（%(code)s），请删去后重新填写。"),
                code="control_character",
                params={"code": f"U+{ord(character):04X}"},
            )
    if looks_damaged(text):
        raise ValidationError(_("文字编码已损坏，请从原文重新复制。"), code="damaged")


def validate_text(text: str) -> None:
    """The same for text of several lines."""
    validate_plain(re.sub(r"[\r\n\t]", " ", text))
