"""Every row of a list's filter, chosen at once: the filter comes with the form, the rows are read anew."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lianqiao.core.listing import narrowed
from lianqiao.core.refusals import Refused
from lianqiao.core.request import Request

MOST = 500


class TooManyChosen(Refused):
    code = "too_many_chosen"
    sentence = _("一次最多办理 %(most)s 条，这个筛选现在有 %(count)s 条。请返回一览，先缩小筛选范围。")


@dataclass(frozen=True)
class Choice:
    """`shown`: of how many rows the reader was told; `changed`: these are not the rows that the reader chose."""

    rows: list[Any]
    shown: int
    changed: bool = False


def is_every_row(request: Request) -> bool:
    return bool(request.POST.get("every"))


def every_row(request: Request, rows: QuerySet, form: Callable[..., Any]) -> Choice:
    """`rows` are what the person may see; the reader chose by a count in the list, or by names when asked again.

    Raises TooManyChosen.
    """
    query = QueryDict(request.POST.get("query", ""))
    found = narrowed(rows, form(query or None, actor=request.actor))
    some = list(found[: MOST + 1])
    if len(some) > MOST:
        raise TooManyChosen(most=MOST, count=found.count())
    if (shown := request.POST.get("shown", "")).isdecimal():
        return Choice(some, int(shown[:9]), int(shown[:9]) != len(some))
    named = set(request.POST.getlist("chosen"))
    return Choice(some, len(named), named != {str(row.pk) for row in some})
