from typing import Annotated

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from lianqiao.api.fields import GivenId, Id
from lianqiao.api.lookup import all_named, found
from lianqiao.api.operation import operation
from lianqiao.api.schemas import Given
from lianqiao.core.actor import OFFICE
from lianqiao.core.request import Request
from lianqiao.registry.actions.placing import Placement, place_members
from lianqiao.registry.models import Organisation
from lianqiao.registry.queries import listed_organisations, segments_for

router = Router(tags=["memberships"])


class PlacementOut(Schema):
    """Memberships: those that were on the chain already, and those that came to it with this."""

    moved: list[int]
    joined: list[int]

    @staticmethod
    def resolve_moved(placement: Placement) -> list[int]:
        return [pk for pk, _version in placement.moved]

    @staticmethod
    def resolve_joined(placement: Placement) -> list[int]:
        return [pk for pk, _version in placement.joined]


class PlaceGiven(Given):
    organisations: Annotated[list[GivenId], Field(min_length=1, max_length=200)]


@operation(
    router,
    "post",
    "/segments/{pk}/place",
    allow=OFFICE,
    permission="registry.add_membership",
    answer=PlacementOut,
)
def members_place(request: Request, pk: Id, given: PlaceGiven) -> Placement:
    """All of them or none. Who is not on the chain joins it today; who stands there already is left alone."""
    actor = request.actor
    segment = found(segments_for(actor), pk=pk)
    active = listed_organisations(actor).filter(state=Organisation.State.ACTIVE)
    organisations = all_named(active, given.organisations, "organisations")
    return place_members(organisations, segment, starts_on=timezone.localdate(), by=actor)
