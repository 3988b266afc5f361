"""Which field a column holds: by what its head says, exactly or nearly, and by its cells where the head says nothing."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from lianqiao_engine.values import Cell, Period, read_period, read_phones

from .fields import comparable, fields, names_of
from .heads import spoken
from .model import Kind

NEARLY = 72  # percent of likeness below which a head is not understood
SAMPLE = 60
COMPANY = re.compile("公司|集团|厂$|企业$|合作社$|商行$|事务所$|经营部$|中心$")
UNIT = re.compile("学院|大学|学校|系$|局$|委员会|办公室|研究院|研究所|中心$|医院|协会|支部|公司$|银行")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
Found = tuple[str | None, float]


def by_heads(
    texts: Sequence[tuple[str, ...]], kind: Kind, remembered: Mapping[str, str | None]
) -> list[Found]:
    """The key and certainty of each column; a key is given once, to the surest column, the first of equals."""
    found = [_by_head(parts, kind, remembered) for parts in texts]
    order = sorted(range(len(found)), key=lambda number: (-found[number][1], number))
    taken: set[str] = set()
    for number in order:
        key, _ = found[number]
        if key in taken:
            found[number] = _another(texts[number], kind, taken)
            key = found[number][0]
        if key:
            taken.add(key)
    return found


def _by_head(parts: tuple[str, ...], kind: Kind, remembered: Mapping[str, str | None]) -> Found:
    names = names_of(kind)
    said = [form for text in spoken(parts) for form in comparable(text)]
    for form in said:
        if form in remembered:
            return remembered[form], 1.0
    for form in said:
        if form in names:
            return names[form]
    return _nearly(said, kind, frozenset())


def _another(parts: tuple[str, ...], kind: Kind, taken: set[str]) -> Found:
    """A second column of one name may be another field: 时间 twice, 单位 beside 提供单位."""
    said = [form for text in spoken(parts) for form in comparable(text)]
    for form in said:
        key, certainty = names_of(kind).get(form, (None, 0.0))
        if key and key not in taken:
            return key, certainty
    return None, 0.0


def _nearly(said: list[str], kind: Kind, taken: frozenset[str]) -> Found:
    said = [form for form in said if 2 <= len(form) <= 40]
    if not said:
        return None, 0.0
    # Loaded only when a head is not known as it stands.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    best: Found = (None, 0.0)
    names = {name: key for name, (key, _) in names_of(kind).items() if len(name) > 1}
    for form in said:
        for name, score, _ in process.extract(
            form, names.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=NEARLY - 30
        ):
            # Chinese heads end in their noun: 企业联系电话 is a 联系电话, 电话费 is none.
            inside = len(name) >= 2 and (form.endswith(name) or (len(name) >= 4 and name in form))
            certainty = 0.85 if inside else score / 100 * 0.9
            if certainty > best[1] and (inside or score >= NEARLY):
                best = (names[name], certainty)
        ending = max((name for name in names if len(name) >= 2 and form.endswith(name)), key=len, default="")
        if ending and best[1] < 0.8:
            best = (names[ending], 0.8 if len(ending) * 2 >= len(form) else 0.65)
    return best


def by_cells(
    found: list[Found], cells: Sequence[Sequence[Cell]], texts: Sequence[tuple[str, ...]], kind: Kind, today
) -> list[Found]:
    """Columns that their heads leave open, told by what stands in them, where that is certain enough."""
    taken = {key for key, _ in found}
    result = list(found)
    for number, (key, _) in enumerate(found):
        if key is None and (guess := _guess(cells[number], any(texts[number]), kind, taken, today)):
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


def known_keys() -> frozenset[str]:
    return frozenset(fields())
