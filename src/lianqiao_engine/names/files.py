"""Match a file of short names against a file of full names."""

import csv
from pathlib import Path

from .index import NameIndex


def write_names(full_csv: Path, short_csv: Path, out_tsv: Path, k: int = 5) -> None:
    """Write the `k` likeliest full names of every short name.

    `full_csv` has columns code and fullname, `short_csv` a column name (its code is not looked at), both UTF-8 with
    a head. `out_tsv` has no head: short name, rank from 1, code, full name, score 0..1 with six digits; the short
    names keep their order. Raises ValueError for a missing column, OSError for a file that cannot be opened.
    """
    index = NameIndex([(row["code"], row["fullname"]) for row in _rows(full_csv, {"code", "fullname"})])
    with Path(out_tsv).open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, delimiter="\t", lineterminator="\n")
        for row in _rows(short_csv, {"name"}):
            for rank, likely in enumerate(index.likely(row["name"], k), start=1):
                lines.writerow([row["name"], rank, likely.code, likely.name, f"{likely.score:.6f}"])


def _rows(path: Path, columns: set[str]) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if missing := columns - set(rows.fieldnames or ()):
            raise ValueError(f"{path}: no column {', '.join(sorted(missing))}")
        return list(rows)
