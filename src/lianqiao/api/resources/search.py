from typing import Any

from ninja import Query, Router, Schema
from pydantic import Field

from lianqiao.api.fields import Line
from lianqiao.api.operation import operation
from lianqiao.core.actor import POSITIONS
from lianqiao.core.request import Request
from lianqiao.portal.search import found_for

router = Router(tags=["search"])


class HitOut(Schema):
    """`kind` in the reader's language; `url` is the page."""

    kind: str
    name: str
    note: str
    url: str

    @staticmethod
    def resolve_kind(hit: Any) -> str:
        return str(hit.kind)


class SearchQuery(Schema):
    q: Line = Field(min_length=1, max_length=100)


@operation(router, "get", "/search", allow=POSITIONS, answer=list[HitOut])
def search(request: Request, asked: Query[SearchQuery]) -> list[Any]:
    """By name, pinyin, initials and code over all you may see; at most 20 of each kind."""
    return found_for(request.actor, asked.q)
