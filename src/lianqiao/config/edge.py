"""The one edge where a refusal becomes a sentence for the operator and an exit code."""

import click
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, ProgrammingError

from lianqiao.config.database import waiting_migrations
from lianqiao.core.refusals import Refused


def refuse(error: Exception) -> None:
    """Raise what the operator is told of `error`; return when it is nothing that an operator could do about."""
    if isinstance(error, Refused):
        raise click.ClickException(str(error)) from error
    if isinstance(error, ValidationError):
        raise click.ClickException(sentences(error)) from error
    if isinstance(error, OperationalError | InterfaceError | ProgrammingError):
        raise click.ClickException(why(error)) from error
    if isinstance(error, OSError):
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
