"""What several resources share."""

from ninja import Schema
from pydantic import ConfigDict


class Given(Schema):
    """What comes in: an unknown name is a mistake, not something to pass over."""

    model_config = ConfigDict(extra="forbid")


class Named(Schema):
    """Another record, by number and name."""

    id: int
    name: str
