"""The office's own three sheets: their heads, and an entry as a row of them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from lianqiao.lists.imports import wording
from lianqiao.lists.imports.pieces import SOURCES
from lianqiao.lists.imports.rows import PEOPLE
from lianqiao.lists.models import Entry, Kind
from lianqiao.lists.shown import Shown

# untranslated: the heads that the offices' own workbooks have
SHEETS: dict[str, tuple[str, dict[str, str]]] = {
    Kind.RESOURCE: (
        "资源清单",
        {
            "number": "序号", "provider": "提供单位", "category": "资源类别", "name": "资源名称",
            "content": "内容说明", "when": "可用时段", "capacity": "容量/次数", "audience": "适用对象",
            "conditions": "条件与费用", "contact": "联系人", "phone": "联系电话", "valid_until": "有效期",
            "note": "备注",
        },
    ),
    Kind.SERVICE: (
        "服务清单",
        {
            "number": "序号", "provider": "责任单位", "name": "服务事项", "content": "服务内容",
            "audience": "服务对象", "how": "办理方式", "time_limit": "时限", "capacity": "次数上限",
            "contact": "联系人", "phone": "联系电话", "valid_until": "有效期",
        },
    ),
    Kind.NEED: (
        "需求清单",
        {
            "number": "序号", "enterprise": "企业名称", "segment": "链上环节", "category": "需求类别",
            "content": "需求描述", "urgency": "紧急程度", "due": "期望完成时间", "cooperation": "期望合作方式",
            "offered": "可投入(万元/人)", "contact": "联系人", "phone": "联系电话", "source": "来源",
            "collector": "收集人", "collected_on": "收集日期", "taken_by": "承接单位", "progress": "对接进展",
            "result": "办理结果", "satisfaction": "满意度",
        },
    ),
}  # fmt: skip
# untranslated: as above
KEY_HEAD, NAME_HEAD, REASON_HEAD = "链桥编号", "需求名称", wording.REASON_HEAD
# untranslated: as above
URGENCY = {"high": "紧急", "normal": "一般", "low": "不急"}
SOURCE = {source: word for word, source in reversed(SOURCES.items())}
SIGN = "LQ"
TEN_THOUSAND = Decimal(10_000)
AND = "、"  # untranslated: between two amounts
MILLION = "万元"  # untranslated: the unit of the head


def heads_of(kind: str, entries: Iterable[Entry | Shown] = ()) -> dict[str, str]:
    """With a column for the names of needs only where their texts do not begin with them."""
    heads = dict(SHEETS[kind][1])
    if kind == Kind.NEED and any(row.title != wording.title_of(content_of(row)) for row in entries):
        at = list(heads).index("content")
        parts = list(heads.items())
        heads = dict([*parts[:at], ("name", NAME_HEAD), *parts[at:]])
    return heads | {"entry": KEY_HEAD}


def content_of(entry: Entry | Shown) -> str:
    return wording.apart(entry.description, wording.PUBLIC)[0]


def cells_of(entry: Entry | Shown) -> dict[str, Any]:
    """By key, what the row of this entry says in every column that there could be; nothing is ''."""
    content, said = wording.apart(entry.description, wording.PUBLIC)
    _, noted = wording.apart(entry.source_sentence, wording.OFFICE)
    whose = " ".join(row.name for row in (entry.organisation, entry.unit) if row) or entry.organisation_name
    cells: dict[str, Any] = {
        "entry": key_of(entry),
        "number": entry.number or "",
        "provider": whose,
        "enterprise": whose,
        "category": entry.category.name if entry.category else "",
        "segment": entry.segment.name if entry.segment else "",
        "name": entry.title,
        "content": content,
        "capacity": "" if entry.capacity is None else entry.capacity,
        "partners_wanted": "" if entry.partners_wanted is None else entry.partners_wanted,
        "conditions": entry.conditions,
        "cooperation": entry.cooperation,
        "contact": entry.contact_name,
        "phone": entry.contact_phone,
        "email": entry.contact_email,
        "address": entry.place,
        "valid_from": entry.starts_on or "",
        "valid_until": entry.ends_on or "",
        "due": entry.due_on or "",
        "urgency": URGENCY[entry.urgency],
        "offered": offered(entry),
        "source": SOURCE.get(entry.source, ""),
    }
    return cells | said | noted


def offered(entry: Entry | Shown) -> str:
    parts = []
    if entry.money is not None:
        figure = format((entry.money / TEN_THOUSAND).normalize(), "f")
        parts.append(f"{figure}{MILLION}")
    if entry.people is not None:
        parts.append(f"{entry.people}{PEOPLE}")
    return AND.join(parts)


def key_of(entry: Entry | Shown) -> str:
    """Which entry, in which version: so that a change since the export is noticed."""
    return f"{SIGN}-{entry.pk}-{entry.version}"


def read_key(text: str) -> tuple[int, int] | None:
    sign, _, rest = text.partition("-")
    pk, _, version = rest.partition("-")
    is_key = sign == SIGN and pk.isdecimal() and version.isdecimal() and len(pk) < 19 and len(version) < 10
    return (int(pk), int(version)) if is_key else None
