"""What an organisation is by its name, how its name is shortened, and when two names mean one organisation."""

import re
from dataclasses import replace

from lianqiao_engine.names.lexicon import words_of
from lianqiao_engine.names.parts import parts_of

from .lexicon import rows_of
from .mentions import GENERIC, Mention, all_fields, is_college, place_of


def kind_of(name: str) -> str:
    """What an organisation is by the end of its name; a name that does not say is a firm's."""
    for ending, kind in sorted(rows_of("endings.tsv"), key=lambda row: -len(row[0])):
        if name.endswith(ending):
            return "college" if kind == "school" and is_college(name) else kind
    return "enterprise"


def as_schools(found: list[Mention], places: frozenset[str]) -> list[Mention]:
    """江南物流学院 is a school when other names begin with 江南 too, or with a place of this text."""
    begins = {
        one.name[:2]
        for one in found
        if one.kind in ("enterprise", "office", "school", "association", "chain_party")
    }
    hosts = {one.host for one in found if one.kind == "college"}
    others = {
        one.name
        for one in found
        if one.kind == "school"
        and (not one.name.endswith("学院") or len(one.name) > 8 or re.search("职业|师范|技师|技术", one.name))
    }

    def kind(one: Mention) -> str:
        placed = one.name[:2] in begins or bool(place_of(one.name)) or one.name[:2] in places
        if one.kind == "college" and not one.host and (one.name in hosts or (placed and len(one.name) > 4)):
            return "school"
        # 江淮珠宝学院, in a text that has no other school, is one.
        if (
            one.kind == "college"
            and not one.host
            and not others
            and len(one.name) > 5
            and not all_fields(one.name.removesuffix("学院"))
        ):
            return "school"
        if (
            one.kind == "school"
            and one.name.endswith("学院")
            and others - {one.name}
            and not placed
            and len(one.name) <= 8
        ):
            return "school" if re.search("职业|师范|技师", one.name) else "college"
        return one.kind

    return [replace(one, kind=kind(one)) for one in found]


def means(short: str, full: str) -> bool:
    """Whether the longer name says the same with its place or its school before it."""
    if full.endswith(short) and len(short) >= (3 if short.endswith("学院") else 4):
        return True
    one, other = parts_of(short), parts_of(full)
    return bool(one.core) and one.core == other.core and one.kind == other.kind


def same_brand(one: str, other: str) -> bool:
    first, second = _brand_of(one), _brand_of(other)
    return bool(first) and first == second


def _brand_of(name: str) -> str:
    bare = name[len(place_of(name)) :]
    parts = parts_of(bare)
    return parts.core[parts.brand_start : parts.brand_end]


def short_forms(name: str, kind: str) -> list[str]:
    """博智公司, 博智工程咨询, 博智咨询 of 江苏博智工程咨询有限公司; 食品城管理处 of its full name."""
    if kind == "enterprise":
        parts = parts_of(name)
        core, brand = parts.core, parts.core[parts.brand_start : parts.brand_end]
        bare = core[parts.brand_start :]
        if not 2 <= len(brand) <= 4:
            place = place_of(core)
            bare = core[len(place) :]
            brand = bare[:2] if len(bare) >= 4 else ""
        forms = [core, bare, name.removeprefix(core[: len(core) - len(bare)])]
        if brand:
            rest = bare[len(brand) :]
            forms += [brand + "公司", brand + "集团", brand, brand + rest[:2], brand + rest[-2:]]
        return [form for form in forms if len(form) >= 2 and form != name]
    if kind in ("office", "association"):
        bare = name[len(place_of(name)) :]
        return [bare] if len(bare) >= 4 and bare != name and bare not in GENERIC else []
    if kind == "school":
        bare = name[len(place_of(name)) :]
        return [bare] if len(bare) >= 5 and bare != name else []
    return []


def letters_of(school: str, text: str) -> list[str]:
    """江苏建院, 南湖工大: letters of the name in their order, the first among them."""
    found = []
    for match in re.finditer(r"(?=([\u4e00-\u9fff]{2,5}[院大校]))", text):
        form = match[1]
        for start in range(len(form) - 2):
            short = form[start:]
            if (
                (
                    3 <= len(short) <= 6
                    and short[0] == school[0]
                    and short[-1] in "院大校"
                    and _in_order(short, school)
                )
                and short not in school
                and short[:2] == school[:2]
            ):
                found.append(short)
    return found


def _in_order(short: str, full: str) -> bool:
    letters = iter(full)
    return all(char in letters for char in short)


def trade_at_end(words: str) -> bool:
    trades = words_of("trades.tsv")
    return len(words) >= 4 and any(words.endswith(word) for word in trades if len(words) - len(word) >= 2)
