"""What upper apps add to the pages of lower ones: a lower page never knows who stands above it.

An upper app registers in its `AppConfig.ready`; the page asks `around(...)` and prints what comes back.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lianqiao.core.request import Request

Area = Literal["main", "side"]


@dataclass(frozen=True)
class Part:
    """`facts` gives the template's context for this reader and row, or None where there is nothing to say."""

    template: str
    facts: Callable[[Request, Any], dict[str, Any] | None]
    area: Area


PARTS: defaultdict[str, list[Part]] = defaultdict(list)


def add_around(
    page: str, template: str, facts: Callable[[Request, Any], dict[str, Any] | None], area: Area = "side"
) -> None:
    """Show `template` on the page of that URL name; parts stand in the order in which they were added."""
    PARTS[page].append(Part(template, facts, area))


def around(page: str, request: Request, row: Model) -> dict[str, list[SafeString]]:
    """{"main": [html], "side": [html]} of what the apps above have to say about `row`."""
    found: dict[str, list[SafeString]] = {"main": [], "side": []}
    for part in PARTS[page]:
        if (facts := part.facts(request, row)) is not None:
            found[part.area].append(render_to_string(part.template, facts, request))
    return found
