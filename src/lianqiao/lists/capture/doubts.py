"""Why a find is sure or should be looked at: codes, of which the page makes sentences."""

from typing import Any

from lianqiao.lists.imports.names import How

PLACES = {How.LIKELY: "likely_name", How.UNKNOWN: "unknown_name"}


def doubts_of(said: dict[str, Any], place: dict[str, Any] | None, *, has_similar: bool) -> list[str]:
    """`nobody`, `group`, `vague` of the words; `likely_name`, `unknown_name` of the register; `similar`; `proposed`."""
    doubts = ["proposed"] if said["proposed"] else []
    doubts += said["doubts"]
    if place is None and said["who"] and not doubts:
        doubts.append("unknown_name")
    elif place is not None and (doubt := PLACES.get(How(place["how"]))):
        doubts.append(doubt)
    return [*doubts, "similar"] if has_similar else doubts
