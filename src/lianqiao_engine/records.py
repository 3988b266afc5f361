"""Records in files: one JSON object a line (JSONL)."""

import json
from pathlib import Path
from typing import Any

from lianqiao_engine.score import Record

LONGEST = 1_000_000  # characters of a line


class BadRecords(ValueError):
    """A file of records that cannot be read: `what` is wrong in `line` (from 1) of `path`, in `field` if in one.

    `what` is one of: encoding, too long, not an object, no id, id twice, not text, not facets, no records;
    and for a stored round: too large, not a plan.
    """

    def __init__(self, what: str, path: Path, line: int = 0, field: str = "") -> None:
        super().__init__(f"{path}:{line}: {what}" + (f" ({field})" if field else ""))
        self.what, self.path, self.line, self.field = what, path, line, field


def read_records(path: Path) -> list[Record]:
    """Read needs or offers: `id`, any fields that hold a text or a list of texts, and `facets`, an object of such.

    Null counts as absent, empty lines are passed over. Raises BadRecords for the first line that is no such record, before any work, and
    OSError for a file that cannot be opened.
    """
    records: dict[str, Record] = {}
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if len(line) > 4 * LONGEST:
                raise BadRecords("too long", path, number)
            if line.strip():
                record = _record(line, path, number)
                if record.id in records:
                    raise BadRecords("id twice", path, number, record.id)
                records[record.id] = record
    if not records:
        raise BadRecords("no records", path)
    return list(records.values())


def _record(line: bytes, path: Path, number: int) -> Record:
    try:
        read = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadRecords("encoding", path, number) from None
    except (ValueError, RecursionError):
        raise BadRecords("not an object", path, number) from None
    if not isinstance(read, dict):
        raise BadRecords("not an object", path, number)
    name = read.pop("id", None)
    if not isinstance(name, str | int) or isinstance(name, bool) or str(name).strip() == "":
        raise BadRecords("no id", path, number)
    facets = read.pop("facets", None) or {}
    if not isinstance(facets, dict):
        raise BadRecords("not facets", path, number, "facets")
    texts, values = (
        {field: _text(value, path, number, field) for field, value in of.items() if value is not None}
        for of in (read, facets)
    )
    return Record(str(name), texts, {of: (it,) if isinstance(it, str) else it for of, it in values.items()})


def _text(value: Any, path: Path, number: int, field: str) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise BadRecords("not text", path, number, field)
