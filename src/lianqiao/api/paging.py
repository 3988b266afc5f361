"""Lists come in pages: `limit`, `offset` in; `items`, `total`, `next` out."""

from typing import Any

from django.db.models import QuerySet
from ninja import Field, Schema
from pydantic import create_model

from lianqiao.api.fields import PageOffset, PageSize
from lianqiao.core.request import Request


class Paging(Schema):
    limit: PageSize = 50
    offset: PageOffset = 0


def page_of(item: type[Schema]) -> type[Schema]:
    """The schema of one page of these items."""
    return create_model(
        f"{item.__name__}Page",
        __base__=Schema,
        items=(list[item], ...),  # type: ignore[valid-type]
        total=(int, ...),
        next=(str | None, Field(description="The address of the next page")),
    )


def paged(rows: QuerySet, asked: Paging, request: Request) -> dict[str, Any]:
    total = rows.count()
    end = asked.offset + asked.limit
    return {"items": list(rows[asked.offset : end]), "total": total, "next": address(request, end, total)}


def address(request: Request, offset: int, total: int) -> str | None:
    if offset >= total:
        return None
    query = request.GET.copy()
    query["offset"] = str(offset)
    return f"{request.path}?{query.urlencode()}"
