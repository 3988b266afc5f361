"""How late milestones are in working days, with one look into the calendar for all of them."""

from collections.abc import Iterable
from datetime import date, timedelta

from lianqiao.projects.models import Milestone
from lianqiao.registry.workdays import calendar_days, is_workday


def workdays_late(milestones: Iterable[Milestone], today: date) -> dict[int, int]:
    """Of the open ones whose day is over: id -> working days since, at least one: the day itself was the last."""
    late = [row for row in milestones if row.state == Milestone.State.OPEN and row.due_on < today]
    if not late:
        return {}
    first = min(row.due_on for row in late)
    calendar = calendar_days(first, today)
    days = [first + timedelta(days=n) for n in range(1, (today - first).days + 1)]
    work = [day for day in days if is_workday(day, calendar)]
    return {row.pk: sum(day > row.due_on for day in work) for row in late}
