import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.renderers import JSONRenderer


class ReadableRenderer(JSONRenderer):
    """Chinese as Chinese, for whoever reads an answer with curl."""

    json_dumps_params = {"ensure_ascii": False}


class StrictParser(Parser):
    """JSON in UTF-8 only; `NaN` and `Infinity`, which Python would take, are no JSON."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body.decode("utf-8-sig"), parse_constant=refuse)


def refuse(constant: str) -> None:
    raise ValueError(constant)
