"""The one edge where what the engine will not work on becomes a sentence and exit code 2."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from lianqiao_engine.records import BadRecords

SENTENCES = {
    "encoding": "the text is not UTF-8",
    "too long": "the line is longer than a record may be",
    "not an object": "this is no JSON object",
    "no id": "the record has no id",
    "id twice": "this id stood on an earlier line",
    "not text": "a field holds a text or a list of texts",
    "not facets": "facets is an object of texts or lists of texts",
    "too large": "the file is too large",
    "not a plan": "this is no plan as `lianqiao plan --json` writes it",
    "no records": "the file holds no records",
}


class Unusable(click.ClickException):
    exit_code = 2


@contextmanager
def refusals() -> Iterator[None]:
    """Tell what is wrong with a file."""
    try:
        yield
    except BadRecords as error:
        where = f"{error.path}:{error.line}" if error.line else str(error.path)
        field = f" ({error.field})" if error.field else ""
        raise Unusable(f"{where}: {SENTENCES[error.what]}{field}") from error
    except OSError as error:
        raise Unusable(f"{error.filename}: {error.strerror or error}") from error
    except ValueError as error:
        raise Unusable(str(error)) from error


@contextmanager
def whole(out: Path) -> Iterator[Path]:
    """A path beside `out` to write to. It becomes `out` when all is written; what was there stays until then."""
    part = out.with_name(f".{out.name}.part")
    try:
        yield part
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
