"""Words put beside each other, as the reader's language does it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def listed(words: Iterable[object]) -> str:
    return _("、").join(str(word) for word in words)
