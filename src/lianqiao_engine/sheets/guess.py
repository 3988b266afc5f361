"""Which field a column holds where its head says nothing: by what stands in its cells."""

import re
from collections.abc import Sequence
from datetime import date

from lianqiao_engine.values import Cell, Period, read_period, read_phones

from .model import Kind
from .recognise import Found

SAMPLE = 60
COMPANY = re.compile("公司|集团|厂$|企业$|合作社$|商行$|事务所$|经营部$|中心$")
UNIT = re.compile("学院|大学|学校|系$|局$|委员会|办公室|研究院|研究所|中心$|医院|协会|支部|公司$|银行")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def by_cells(
    found: list[Found],
    cells: Sequence[Sequence[Cell]],
    texts: Sequence[tuple[str, ...]],
    kind: Kind,
    today: date,
) -> list[Found]:
    """Columns that their heads leave open, told by what stands in them, where that is certain enough."""
    taken = {key for key, _ in found}
    result = list(found)
    for number, (key, certainty) in enumerate(found):
        if (
            key is None
            and not certainty
            and (guess := _guess(cells[number], any(texts[number]), kind, taken, today))
        ):
            result[number] = (guess, 0.5)
            taken.add(guess)
    return result


def _guess(
    column: Sequence[Cell], headed: bool, kind: Kind, taken: set[str | None], today: date
) -> str | None:
    sample = [cell for cell in column if cell != ""][:SAMPLE]
    if len(sample) < 2:
        return None
    texts = [str(cell).strip() for cell in sample]

    def most(count: int) -> bool:
        return count * 10 >= len(sample) * 7

    if "phone" not in taken and most(
        sum(
            isinstance(read_phones(cell), tuple) and len(text) >= 7
            for cell, text in zip(sample, texts, strict=True)
        )
    ):
        return "phone"
    if "email" not in taken and most(sum(bool(EMAIL.fullmatch(text)) for text in texts)):
        return "email"
    if "number" not in taken and not headed and texts == [str(float(n)) for n in range(1, len(texts) + 1)]:
        return "number"
    unit = "enterprise" if kind == "need" else "provider"
    if unit not in taken and most(
        sum(bool((COMPANY if kind == "need" else UNIT).search(text)) and len(text) <= 40 for text in texts)
    ):
        return unit
    day = "due" if kind == "need" else "valid_until"
    if day not in taken and most(sum(_is_day(cell, today) for cell in sample)):
        return day
    if headed:
        return None
    length = sum(map(len, texts)) / len(texts)
    if "content" not in taken and length >= 15:
        return "content"
    if "name" not in taken and 4 <= length < 15 and len(set(texts)) * 2 > len(texts):
        return "name"
    return None


def _is_day(cell: Cell, today: date) -> bool:
    if isinstance(cell, int | float):
        return False
    return isinstance(read_period(cell, today=today), Period) and len(str(cell)) >= 5
