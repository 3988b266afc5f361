"""Tell a workbook as JSON, one object a line: `python -m lianqiao_engine.sheets read FILE TODAY [REMEMBERED]`.

`read` tells `sheet`, `remark` and then `lines` objects, which are pieces of tables column by column; `cells` tells each
sheet's rows as they stand, for who gives the same workbook back. A program of its own, so that whoever starts it can bound what a file from outside may take.
The last line is `{"end": …}`; a file that is not read at all is `{"refused": …}` and exit code 2.
"""

import gc
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from lianqiao_engine.values import Amount, Period

from .model import BadWorkbook, Block, Remembered, Value
from .opening import open_book
from .reader import read_lists

BATCH = 2000
PIECE = 4000
# Of a column with fewer different values than a fourth of its rows each is told once.
REPEATED = 4


def read(path: Path, today: str, remembered: str = "{}") -> Iterator[dict[str, Any]]:
    known = json.loads(remembered)
    memory = Remembered(known.get("heads", {}), known.get("kinds", {}))
    lists = read_lists(path, today=date.fromisoformat(today), remembered=memory)
    for sheet in lists.sheets:
        columns = [(column.letter, column.head, column.key, column.certainty) for column in sheet.columns]
        told = {"name": sheet.name, "kind": sheet.kind, "heads": sheet.head_rows, "hidden": sheet.hidden}
        yield {"sheet": told | {"columns": columns}}
    for said in lists.remarks:
        yield {"remark": [said.sheet, said.cell, said.key, said.what, said.value, said.grave]}
    for block in (block for table in lists.tables for block in table):
        for begin in range(0, len(block.rows), PIECE):
            yield {"lines": piece(block, slice(begin, begin + PIECE))}


def cells(path: Path) -> Iterator[dict[str, Any]]:
    for table in open_book(path).tables:
        yield {"sheet": {"name": table.name, "hidden": table.hidden, "top": table.top, "left": table.left}}
        for row in table.rows:
            yield {"row": [as_text(cell) for cell in row]}


def piece(block: Block, part: slice) -> dict[str, Any]:
    """Some lines of a table: each column of `values`; the texts as they stood only where they are not the values."""
    values = {key: column[part] for key, column in block.values.items()}
    stood = {key: column[part] for key, column in block.texts.items()}
    others = {head: column[part] for head, column in block.others.items()}
    differing = {key: column for key, column in stood.items() if column != values.get(key)}
    return {
        "kind": block.kind,
        "sheet": block.sheet,
        "rows": block.rows[part],
        "values": {key: column_told(column) for key, column in values.items()},
        "stood": {key: column_told(column) for key, column in differing.items()},
        "others": {head: column_told(column) for head, column in others.items() if any(column)},
    }


def column_told(column: Sequence[Value | None]) -> dict[str, list[Any]]:
    """`of` are the values; `at`, where many are the same, tells for each row which."""
    different = dict.fromkeys(column)
    if len(different) * REPEATED > len(column):
        return {"of": [value if value.__class__ is str else as_json(value) for value in column]}
    places = {value: place for place, value in enumerate(different)}
    return {"of": [as_json(value) for value in different], "at": [places[value] for value in column]}


def as_json(value: Value | None) -> Any:
    if isinstance(value, Period):
        return {"period": [day and day.isoformat() for day in (value.first, value.last)]}
    if isinstance(value, tuple):
        return [amount(one) if isinstance(one, Amount) else one for one in value]
    return value


def amount(one: Amount) -> list[str | None]:
    low, high = (None if figure is None else str(figure) for figure in (one.low, one.high))
    return [low, high, one.unit]


def as_text(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, datetime | date | time) else cell


def main() -> int:
    # Cells and columns hold no circles; to look for them again and again takes a tenth of the time.
    gc.disable()
    verb, file, *more = sys.argv[1:]
    told = read(Path(file), *more) if verb == "read" else cells(Path(file))
    count, waiting = 0, []
    try:
        for one in told:
            count += 1
            waiting.append(json.dumps(one, ensure_ascii=False, separators=(",", ":"), default=str))
            if len(waiting) >= BATCH or "lines" in one:
                # Who reads along need not wait for the rest.
                print("\n".join(waiting), flush=True)
                waiting.clear()
    except BadWorkbook as bad:
        print(json.dumps({"refused": bad.what, "where": str(bad.where)}, ensure_ascii=False))
        return 2
    print("\n".join([*waiting, json.dumps({"end": count})]))
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")  # type: ignore[union-attr]
    sys.exit(main())
