"""Forms as HTML: Django's own templates, but for selects, each option of which is a template there."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from lianqiao.core.cells import escaped

SELECT = "django/forms/widgets/select.html"


class Renderer(DjangoTemplates):
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == SELECT:
            return select(context["widget"])
        return super().render(template_name, context, request)


def select(widget: Mapping[str, Any]) -> SafeString:
    """As the template has it, groups included."""
    inside = "".join(group(name, options) for name, options, _index in widget["optgroups"])
    opening = f'<select name="{conditional_escape(widget["name"])}"{attributes(widget["attrs"])}>'
    return mark_safe(f"{opening}{inside}</select>")  # noqa: S308 - every value was escaped


def group(name: str | None, options: list[Mapping[str, Any]]) -> str:
    inside = "".join(
        f'<option value="{conditional_escape(str(one["value"]))}"{attributes(one["attrs"])}>'
        f"{escaped(one['label'])}</option>"
        for one in options
    )
    return f'<optgroup label="{conditional_escape(name)}">{inside}</optgroup>' if name else inside


def attributes(given: Mapping[str, Any]) -> str:
    return "".join(told(given))


def told(given: Mapping[str, Any]) -> Iterator[str]:
    for name, value in given.items():
        if value is not False:
            yield f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
