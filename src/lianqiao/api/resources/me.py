from datetime import date
from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema

from lianqiao.api.fields import Among
from lianqiao.api.operation import operation
from lianqiao.api.resources.positions import PositionOut
from lianqiao.api.schemas import Named
from lianqiao.core.actor import SIGNED_IN, Role
from lianqiao.core.request import Request
from lianqiao.registry.queries import chains_for, positions_held

router = Router(tags=["me"])


class MeOut(Schema):
    """Who calls, and in which position. The phone is masked."""

    id: int
    name: str
    phone: str
    role: Annotated[str, Among(Role)] | None
    position: int | None
    label: str
    scopes: list[str]
    chains: list[Named]


@operation(router, "get", "/me", allow=SIGNED_IN, answer=MeOut)
def me(request: Request) -> dict[str, Any]:
    """Who calls, in which position, and which chains that reaches."""
    actor = request.actor
    return {
        "id": actor.person_id,
        "name": actor.name,
        "phone": actor.person.masked_phone,
        "role": actor.role if actor.position_id else None,
        "position": actor.position_id,
        "label": actor.position_label,
        "scopes": sorted(actor.scopes),
        "chains": list(chains_for(actor)),
    }


@operation(router, "get", "/me/positions", allow=SIGNED_IN, answer=list[PositionOut])
def me_positions(request: Request) -> list[Any]:
    """Every position you hold today."""
    today: date = timezone.localdate()
    return positions_held(request.actor.person, today)
