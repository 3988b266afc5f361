"""The registry's names from a CSV, and what was found as JSON."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from lianqiao_engine.values import Amount, Period

from .model import Captured, Figure, Known, OrganisationKind

HEADS: Mapping[str, frozenset[str]] = {
    "name": frozenset(["name", "fullname", "名称", "单位名称", "企业名称", "单位", "全称", "组织名称"]),
    "code": frozenset(["code", "代码", "统一社会信用代码", "信用代码"]),
    "kind": frozenset(["kind", "类型", "类别", "单位类型"]),
}
KINDS: Mapping[str, str] = {
    "企业": "enterprise",
    "院校": "school",
    "学校": "school",
    "二级学院": "college",
    "学院": "college",
    "管理部门": "office",
    "社会组织": "association",
    "产业链党组织": "chain_party",
    "党组织": "party_branch",
}
LARGEST = 64 * 2**20  # bytes


def read_known(path: Path) -> list[Known]:
    """Read organisations: a column of names, and where there are such, of codes and kinds.

    Raises ValueError for a file that is too large, is not UTF-8, has no column of names or an unknown kind.
    """
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path}: the file is too large")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            heads = {key: _head(reader.fieldnames or [], words) for key, words in HEADS.items()}
            if not heads["name"]:
                raise ValueError(f"{path}: no column name")
            return [
                _known(path, {key: (row.get(head) or "").strip() for key, head in heads.items() if head})
                for row in reader
                if (row.get(heads["name"]) or "").strip()
            ]
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: the text is not UTF-8") from error
    except csv.Error as error:
        raise ValueError(f"{path}: {error}") from error


def _head(names: Any, words: frozenset[str]) -> str:
    return next((name for name in names if name and name.strip().lower() in words), "")


def _known(path: Path, row: Mapping[str, str]) -> Known:
    kind = KINDS.get(row.get("kind", ""), row.get("kind", ""))
    if kind and kind not in get_args(OrganisationKind):
        raise ValueError(f"{path}: no such kind of organisation: {kind}")
    return Known(row["name"], row.get("code", ""), kind)


def write_captured(found: Captured, path: Path) -> None:
    path.write_text(json.dumps(as_json(found), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def as_json(found: Captured) -> dict[str, Any]:
    return {
        "format": "lianqiao capture 1",
        "organisations": [
            {
                "name": one.name,
                "kind": one.kind,
                "forms": list(one.forms),
                "of": one.of,
                "known": one.known,
                "code": one.code,
                "certainty": one.certainty,
                "offset": one.offset,
            }
            for one in found.organisations
        ],
        "entries": [
            {
                "kind": one.kind,
                "text": one.text,
                "sentence": one.sentence,
                "offset": one.offset,
                "who": one.who,
                "category": one.category,
                "period": _period(one.period),
                "amounts": [_amount(amount) for amount in one.amounts],
                "figures": [_figure(figure) for figure in one.figures],
                "sign": one.sign,
                "doubts": list(one.doubts),
                "proposed": one.proposed,
            }
            for one in found.entries
        ],
        "agreements": [
            {
                "parties": list(one.parties),
                "kinds": list(one.kinds),
                "pairs": [{"unit": pair.unit, "enterprise": pair.enterprise} for pair in one.pairs],
                "date": _day(one.period),
                "sentence": one.sentence,
                "offset": one.offset,
            }
            for one in found.agreements
        ],
        "pairs": [{"unit": pair.unit, "enterprise": pair.enterprise} for pair in found.pairs],
        "activities": [
            {
                "name": one.name,
                "kind": one.kinds[0] if one.kinds else "",
                "kinds": list(one.kinds),
                "date": _day(one.period),
                "period": _period(one.period),
                "place": one.place,
                "participants": list(one.participants),
                "sentence": one.sentence,
                "offset": one.offset,
            }
            for one in found.activities
        ],
    }


def _day(period: Period | None) -> str | None:
    return period.first.isoformat() if period and period.first else None


def _period(period: Period | None) -> dict[str, str | None] | None:
    if period is None:
        return None
    return {name: day.isoformat() if (day := getattr(period, name)) else None for name in ("first", "last")}


def _figure(figure: Figure) -> dict[str, Any]:
    value = figure.value
    told = value if isinstance(value, int | str) else str(value)
    return {"field": figure.field, "value": told, "words": figure.words}


def _amount(amount: Amount) -> dict[str, Any]:
    ends = {"low": amount.low, "high": amount.high}
    return {name: None if end is None else float(end) for name, end in ends.items()} | {
        "unit": amount.unit,
        "rough": amount.rough,
    }
