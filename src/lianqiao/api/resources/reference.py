from datetime import date
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from lianqiao.api.fields import Among, Line
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.core.actor import SIGNED_IN
from lianqiao.core.request import Request
from lianqiao.registry.models import Edition
from lianqiao.registry.queries import containing, reference_for

router = Router(tags=["reference"])
Kind = Annotated[str, Among(Edition.Kind)]


class ReferenceItemOut(Schema):
    code: str
    name: str
    parent: str
    level: str
    valid_from: date
    valid_to: date | None


class ReferenceQuery(Paging):
    q: Line = Field("", max_length=100)


@operation(router, "get", "/reference/{kind}", allow=SIGNED_IN, answer=page_of(ReferenceItemOut))
def reference_list(request: Request, kind: Kind, asked: Query[ReferenceQuery]) -> dict[str, Any]:
    """Codes of a reference table; `q` finds codes, names and pinyin."""
    return paged(containing(reference_for(request.actor, kind), asked.q), asked, request)
