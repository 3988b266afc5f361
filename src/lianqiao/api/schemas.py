"""What several resources share."""

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from lianqiao.api.fields import Count


class Given(Schema):
    """What comes in: an unknown name is a mistake, not something to pass over."""

    model_config = ConfigDict(extra="forbid")


def without_defaults(schema: dict[str, Any]) -> None:
    for told in schema["properties"].values():
        told.pop("default", None)


class Change(Given):
    """Only what is given changes: what is left out stays, so the schema promises no defaults."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=without_defaults)
    seen: Count | None = Field(
        None, description="The `version` that was read; 409 when somebody changed it since"
    )


class Named(Schema):
    """Another record, by number and name."""

    id: int
    name: str
