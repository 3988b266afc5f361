"""What the JSON columns of an entry may hold."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lianqiao.lists.terms import HIDEABLE, Audience

WEEK = re.compile(r"20[0-9]{2}-W(0[1-9]|[1-4][0-9]|5[0-3])")
MOST_WEEKS = 260
MOST_A_WEEK = 100_000


def validate_calendar(calendar: Any) -> None:
    """ISO week -> how often or how many that week."""
    if not isinstance(calendar, dict) or len(calendar) > MOST_WEEKS:
        raise ValidationError(_("每周可用的写法不对。"), code="calendar")
    for week, count in calendar.items():
        is_count = isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MOST_A_WEEK
        if not WEEK.fullmatch(str(week)) or not is_count:
            message = _("“%(week)s”不是一周，应写成 2026-W48，后面跟次数。")
            raise ValidationError(message, code="calendar", params={"week": str(week)[:20]})


def validate_audiences(visibility: Any) -> None:
    if not isinstance(visibility, dict) or set(visibility) - set(HIDEABLE):
        raise ValidationError(_("这一项不能单独设定公开范围。"), code="visibility")
    if set(map(str, visibility.values())) - set(Audience.values):
        raise ValidationError(_("公开范围只能是公开、本链或管理处。"), code="visibility")
