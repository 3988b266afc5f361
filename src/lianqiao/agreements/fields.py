"""The fields of an agreement: what they are called in a template, what fills them, and where each value came from."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqiao.agreements.word.grammar import TEXTS

Field = dict[str, Any]  # {"value", "origin", "id"}

# untranslated: the names that stand in Word templates and in clauses
SIDES = ("甲方", "乙方", "丙方", "丁方")
# untranslated: as above, of the agreement as a whole
OWN = {
    "title": "协议名称", "number": "协议编号", "chain": "产业链", "office": "管理部门", "starts_on": "生效日期",
    "ends_on": "到期日期", "term": "期限", "scope": "合作内容", "dimensions": "产学研训创", "copies": "份数",
    "all": "各方",
}  # fmt: skip
# untranslated: as above, of one party, after its side or, in the list of the parties, by itself
OF_PARTY = {
    "code": "信用代码", "head": "法定代表人", "branch": "党组织", "address": "地址", "business": "主营业务",
    "liaison": "联络人",
}  # fmt: skip
# untranslated: the lists of a template and what their items have
LISTS = {
    "条款": {"序号": "", "标题": "", "段落": TEXTS},
    "签署方": dict.fromkeys(["称谓", "名称", *OF_PARTY.values()], ""),
}
# untranslated: without these a document would not be that agreement
REQUIRED = ["协议名称", "条款", "签署方"]
# untranslated: for a field of which nothing is known, a line to write on
BLANK = "＿＿＿＿"
# Whoever only reads of an agreement is not told whom to call.
PERSONAL = frozenset(f"{side}{OF_PARTY['liaison']}" for side in SIDES)

ORIGINS: dict[str, str | Promise] = {
    "organisation": _("单位档案"),
    "branch": _("党组织记录"),
    "party_organisation": _("产业链党组织"),
    "chain": _("产业链"),
    "match": _("对接商定的内容"),
    "agreement": _("本协议"),
    "earlier": _("以前的协议"),
    "counted": _("按各方数目"),
    "typed": _("手工填写"),
    "": _("尚未填写"),
}


def of_party(side: int, what: str) -> str:
    """The name of a field of the party at that position, which counts from 1."""
    return f"{SIDES[side - 1]}{OF_PARTY[what]}"


def field(value: object, origin: str, pk: int | None = None) -> Field:
    return {"value": str(value or ""), "origin": origin if value else "", "id": pk}


def value(fields: dict[str, Field], name: str) -> str:
    return str(fields.get(name, {}).get("value", ""))


def every_name(asks: Iterable[str] = ()) -> frozenset[str]:
    """What may stand in a template or a clause; `asks` are those that a kind of agreement asks a person for."""
    parties = {f"{side}{name}" for side in SIDES for name in ("", *OF_PARTY.values())}
    return frozenset({*OWN.values(), *parties, *asks})


def sides_of(fields: dict[str, Field]) -> list[int]:
    return [number for number, side in enumerate(SIDES, start=1) if value(fields, side)]


def shown_fields(fields: dict[str, Field], hidden: Iterable[str]) -> dict[str, Field]:
    """With the names of people hidden but for the first character."""
    return fields | {
        name: fields[name] | {"value": masked(value(fields, name))} for name in hidden if name in fields
    }


def masked(name: str) -> str:
    return f"{name[:1]}**" if name else ""
