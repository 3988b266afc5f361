"""The rows of a list as HTML, made in Python: fifty rows of eight cells in a template take as long as everything else."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]
from django.utils.translation import gettext


def row_cells(cells: Iterable[Mapping[str, Any]]) -> SafeString:
    """The first is the head of its row; each has `label`, `value`, `style`, `url` and `tone`."""
    first, *others = cells
    told = [f'<th scope="row">{inside(first)}</th>']
    for cell in others:
        style = f' class="{cell["style"]}"' if cell["style"] else ""
        told.append(f'<td data-label="{escaped(cell["label"])}"{style}>{inside(cell)}</td>')
    return mark_safe("".join(told))  # noqa: S308 - every value was escaped


def inside(cell: Mapping[str, Any]) -> str:
    words = escaped(cell["value"])
    if cell["url"]:
        return f'<a href="{escaped(cell["url"])}">{words}</a>'
    if cell["tone"]:
        return f'<span class="lq-badge lq-badge-{cell["tone"]}">{words}</span>'
    return words


def escaped(value: Any) -> str:
    """As a template prints it."""
    if type(value) is str:
        return escape(value)
    return conditional_escape(localize(template_localtime(value), use_l10n=True))


def choose_cell(row: Any) -> SafeString:
    words = gettext("选择 %(name)s") % {"name": row}
    return format_html(
        '<td class="lq-select"><label><input type="checkbox" name="chosen" value="{}" data-choose>'
        '<span class="lq-only-read">{}</span></label></td>',
        row.pk,
        words,
    )
