"""The types of what comes in. Nothing is guessed: "1" is no number in a body, 20241024 is no date."""

import re
from datetime import date
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from ninja import Field
from pydantic import AfterValidator, BeforeValidator, StrictBool, StrictInt, StrictStr, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from lianqiao.core.text import validate_plain, validate_text

LARGEST_ID = 2**63 - 1
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)


def digits(value: Any) -> Any:
    """A number of a URL is written in digits; pydantic would also take `1_0`, ` 1` and `1.0`."""
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,20}", value):
        raise PydanticCustomError("int_parsing", "not digits")
    return value


def day(value: Any) -> date:
    if not (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        raise PydanticCustomError("day", "not a date")
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("day", "no such day") from error
    if not EARLIEST <= found <= LATEST:
        raise PydanticCustomError("day", "out of range")
    return found


def plain(text: str) -> str:
    return readable(text, validate_plain)


def several_lines(text: str) -> str:
    return readable(text, validate_text)


def readable(text: str, validate: Any) -> str:
    try:
        validate(text)
    except ValidationError as error:
        raise PydanticCustomError("unreadable", "{sentence}", {"sentence": error.messages[0]}) from error
    return text


class Among:
    """One of the choices of a model. As a literal: an enum named Kind of one model would hide that of another."""

    def __init__(self, choices: type[TextChoices], *, or_empty: bool = False) -> None:
        self.values = [""] * or_empty + [str(value) for value in choices.values]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> CoreSchema:
        # The library would say "'a', 'b' or 'c'", in English whatever the reader's language.
        expected = ", ".join(value for value in self.values if value)
        return core_schema.custom_error_schema(
            core_schema.literal_schema(self.values),
            custom_error_type="among",
            custom_error_message="not one of them",
            custom_error_context={"expected": expected},
        )


Id = Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(digits)]
GivenId = Annotated[StrictInt, Field(ge=1, le=LARGEST_ID)]
Count = Annotated[StrictInt, Field(ge=0, le=2_147_483_647)]
Day = Annotated[date, BeforeValidator(day)]
Yes = StrictBool
Line = Annotated[StrictStr, StringConstraints(strip_whitespace=True), AfterValidator(plain)]
Lines = Annotated[StrictStr, StringConstraints(strip_whitespace=True), AfterValidator(several_lines)]
Codes = Annotated[list[Line], Field(max_length=20)]
PageSize = Annotated[int, Field(ge=1, le=200), BeforeValidator(digits)]
PageOffset = Annotated[int, Field(ge=0, le=1_000_000), BeforeValidator(digits)]
