"""The one edge where a refusal becomes a sentence for the operator and an exit code."""

from collections.abc import Callable
from typing import Any

import click
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, ProgrammingError

from lianqiao.config.database import waiting_migrations
from lianqiao.core.refusals import Refused


def run(invoke: Callable[[click.Context], Any], ctx: click.Context) -> Any:
    try:
        return invoke(ctx)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except ValidationError as error:
        raise click.ClickException(sentences(error)) from error
    except (OperationalError, InterfaceError, ProgrammingError) as error:
        raise click.ClickException(why(error)) from error
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{where}{error.strerror or error}") from error


def why(error: Exception) -> str:
    """A table that is missing is missing because nobody migrated; anything else, the database says itself."""
    try:
        waiting = waiting_migrations()
    except (OperationalError, InterfaceError):
        waiting = []
    if waiting:
        return f"{len(waiting)} migrations are waiting. Run `lianqiao migrate` first."
    if isinstance(error, ProgrammingError):
        raise error
    return f"The database does not answer: {str(error).strip()}"


def sentences(error: ValidationError) -> str:
    """What is wrong, each line with the name of its field where it has one."""
    fields = error.message_dict if hasattr(error, "error_dict") else {}
    lines = [f"{name}: {text}" for name, texts in fields.items() for text in texts]
    return "\n".join(lines or error.messages)
