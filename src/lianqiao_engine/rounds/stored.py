"""A round in a file: all that went in and all that came out, so that it can be explained and checked a year later."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from lianqiao_engine.records import BadRecords
from lianqiao_engine.sheets import Remark

from .entries import Need, Offer
from .result import Result
from .rules import Rules

LARGEST = 200_000_000  # bytes


@dataclass(frozen=True)
class Stored:
    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    rules: Rules
    result: Result
    titles: Mapping[str, str] = field(default_factory=dict)  # id -> what an entry is called
    remarks: tuple[Remark, ...] = ()  # what the workbook made somebody look at
    format: Literal["lianqiao plan 1"] = "lianqiao plan 1"


def round_as_json(stored: Stored) -> bytes:
    """The same round gives the same bytes, in any process."""
    return _adapter().dump_json(stored, indent=1)


def round_from_json(content: bytes) -> Stored:
    """Read what `round_as_json` gave. Raises pydantic's ValidationError."""
    return _adapter().validate_json(content)


def write_round(stored: Stored, out: Path) -> None:
    """Write JSON; the same round gives the same bytes."""
    out.write_bytes(round_as_json(stored))


def read_round(path: Path) -> Stored:
    """Read what `write_round` wrote. Raises BadRecords, and OSError for a file that cannot be opened."""
    if path.stat().st_size > LARGEST:
        raise BadRecords("too large", path)
    try:
        return round_from_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadRecords("not a plan", path, field=".".join(map(str, first["loc"]))) from error


@cache
def _adapter() -> TypeAdapter[Stored]:
    return TypeAdapter(Stored)
