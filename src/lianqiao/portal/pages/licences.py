"""The licences of what the product is made with."""

import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from lianqiao.core.actor import EVERYONE
from lianqiao.core.policy import page
from lianqiao.core.request import Request


@page(read=EVERYONE)
def licences(request: Request) -> HttpResponse:
    return render(request, "portal/licences.html", {"packages": packages()})


@lru_cache(maxsize=1)
def packages() -> list[dict[str, Any]]:
    """Front-end packages as their set-up wrote them down; none when the front end was not fetched."""
    file = settings.SERVED / "vendor" / "licences.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
