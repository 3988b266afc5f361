"""Tell a workbook as JSON, one object a line: `python -m lianqiao_engine.sheets read FILE TODAY [REMEMBERED]`.

`read` tells `sheet`, `remark` and then `line` objects; `cells` tells each sheet's rows as they stand, for who gives
the same workbook back. A program of its own, so that whoever starts it can bound what a file from outside may take.
The last line is `{"end": …}`; a file that is not read at all is `{"refused": …}` and exit code 2.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from lianqiao_engine.values import Amount, Period

from .model import BadWorkbook, Line, Remembered, Value
from .opening import open_book
from .reader import read_lists

BATCH = 2000


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
    for line in lists.lines:
        yield {"line": plain(line)}


def cells(path: Path) -> Iterator[dict[str, Any]]:
    for table in open_book(path).tables:
        yield {"sheet": {"name": table.name, "hidden": table.hidden, "top": table.top, "left": table.left}}
        for row in table.rows:
            yield {"row": [as_text(cell) for cell in row]}


def plain(line: Line) -> list[Any]:
    """The texts as they stood only where they are not the value."""
    values = {key: value if value.__class__ is str else as_json(value) for key, value in line.values.items()}
    stood = {key: text for key, text in line.shown.items() if line.values.get(key) != text}
    return [line.kind, line.sheet, line.row, values, stood, dict(line.others)]


def as_json(value: Value) -> Any:
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
    verb, file, *more = sys.argv[1:]
    told = read(Path(file), *more) if verb == "read" else cells(Path(file))
    count, waiting = 0, []
    try:
        for one in told:
            count += 1
            waiting.append(json.dumps(one, ensure_ascii=False, separators=(",", ":"), default=str))
            if len(waiting) >= BATCH:
                print("\n".join(waiting))
                waiting.clear()
    except BadWorkbook as bad:
        print(json.dumps({"refused": bad.what, "where": str(bad.where)}, ensure_ascii=False))
        return 2
    print("\n".join([*waiting, json.dumps({"end": count})]))
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")  # type: ignore[union-attr]
    sys.exit(main())
