"""Where a text names organisations: a name ends as the law and custom have it, and begins after what cannot be in it."""

import re
from dataclasses import dataclass
from functools import cache

from lianqiao_engine.names.lexicon import letters_of_places, words_of
from lianqiao_engine.names.parts import ADMINISTRATIVE
from lianqiao_engine.text.segment import boundaries

from .lexicon import any_of, rows_of, words_in

NAME_CHARS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fffA-Za-z0-9·&〇○×*X]|[（(][\u4e00-\u9fff]{2,6}[）)]")
LONGEST_NAME = 36
# 该公司, 各学院, 我们学校: they point at a name and are none; so do 本科院校 and 高等学校.
POINTING = re.compile(
    r".{0,8}(?:该|本|各|我|我们|你们|他们|咱们|贵|这家|那家|多家|几家|每家|哪个|哪家|哪所|任何|所有|全体|有关|相关|参会|链上|会员|成员|[一二两三四五六七八九十]所|[一二两三四五六七八九十]家)"
    r"|某.{0,3}|(?:职业|高等|中等|普通|高职|本科|专科|二级|上市|龙头|骨干|重点|下属|子|母|分|总|外地|本地|外省|民营|国有|物业|建筑|食品|物流|机械|建材|结对|对口|合作|园区|开发区|两|三|一|产业|行业|企业|银行|商业|专业)"
)
STREET_ENDS = re.compile(
    r"[-—\s，。、；：）]|$|党工委|副?主任|书记|负责|相关|将|为|已|表示|工作|联合|组织|与|和"
)
GENERIC = words_in("leads.tsv", "generic")
# Once a place has opened a name, these are part of it: 江苏联合建设有限公司, 南乡森和木业有限公司.
INSIDE = words_in("leads.tsv", "inside")
SPEECH = re.compile(
    "知道|不|没|可以|也|并|想|一下|把|给|去|来|我|你|他|这|那|请|派|做|说|好|有|要|会|能|很|都|还|驻|进|到|出|为"
)
# 酒店管理有限公司: what looks like an end goes on to the end that the law knows.
GOES_ON = re.compile(r"(?![与和、及])[\u4e00-\u9fff]{0,6}?(?:股份有限公司|有限责任公司|有限公司)")
OF_NAMES = frozenset("和同为中有是经据并且比等含到至即请邀")
BEGINS_PLACE = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:省|市|区|县|镇|乡|街道|州)")
AFTER = re.compile(r"^(长|房|区|家|里|址|牌|庆|训|园|友|舍|服|车|子|际|级|地|商)")
DEPARTMENT = re.compile(
    r"(?:党委)?(?:组织部|宣传部|科技处|科研处|就业处|学工处|教务处|校企合作处|产教融合办公室|党政办公室|招生就业处|团委|后勤处|国资处|人事处|科|办公室)(?=部长|处长|主任|副|负责|相关|老师|书记|工作|[：，、。]|$)"
)


@dataclass(frozen=True)
class Mention:
    """text[begin:end] names an organisation; `name` is what to call it, `host` the mention it is a part of."""

    begin: int
    end: int
    name: str
    kind: str
    host: str = ""


def mentions_in(text: str, begin: int, end: int, places: frozenset[str] = frozenset()) -> list[Mention]:
    """Every full name in text[begin:end], by place; a college of a school and a branch of a firm know their host.

    `places` are the places of the whole text (see `places_in`), known beside those of the table.
    """
    found: list[Mention] = []
    at = begin
    for match in _endings().finditer(text, begin, end):
        if match.start() < at:
            continue
        kind, ending, stop = _kinds()[match.group()], match.group(), match.end()
        if (
            (
                kind != "party_branch"
                and not ending.endswith("公司")
                and (longer := GOES_ON.match(text, stop, end))
            )
            and not _leads().search(longer.group())
            and not _leading_place(longer.group(), places)
        ):
            kind, ending, stop = "enterprise", text[match.start() : longer.end()], longer.end()
        before = found[-1] if found and found[-1].end == match.start() else None
        if before and kind == "party_branch" and text.startswith(("书记", "副书记", "委员"), match.end()):
            at = match.end()
            continue
        if before and kind == "party_branch":
            branch = Mention(before.begin, match.end(), before.name + match.group(), kind, before.name)
            # 街道党工委 and 管理处党委 speak for the office itself.
            found.append(branch)
            at = match.end()
            continue
        start = _start(text, at, match.start(), bool(found) and found[-1].end == at, places)
        if ending == "学院":
            start = _with_first_field(text, at, start)
        name = text[start:stop]
        if not _is_name(name, ending, text[stop : stop + 4], places, bool(found) and found[-1].end == start):
            continue
        found.append(_placed(found, start, stop, name, kind))
        at = stop
    return found


def _with_first_field(text: str, floor: int, start: int) -> int:
    """烹饪与营养学院: 与 between two fields joins them."""
    before = re.search(
        r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2,4})[与和]$", text[max(floor, start - 6) : start]
    )
    return start - len(before.group()) if before and before[1] in _fields() else start


def _placed(found: list[Mention], start: int, end: int, name: str, kind: str) -> Mention:
    host = found[-1] if found and found[-1].end == start else None
    if host and host.kind in ("school", "college") and kind in ("school", "institute"):
        return Mention(host.begin, end, host.name + name, "college", host.name)
    if kind == "school":
        kind = "college" if is_college(name) else "school"
    return Mention(start, end, name, kind)


def is_college(name: str) -> bool:
    """Whether a 学院 is part of a school: it is called after what it teaches, or says no more than that."""
    if not name.endswith("学院") or re.search("职业|师范|高等专科|职工|党校|干部", name):
        return False
    field = name.removesuffix("学院")
    if field in _fields() or field.removesuffix("工程") in _fields() or field.removesuffix("与") in _fields():
        return True
    if _leading_place(name) or re.search("(科技|理工|工程|工学|技术|工业)$", field):
        return bool(re.search("(?:与|和)", field)) or all_fields(field)
    return all_fields(field) or len(field) <= 4


def all_fields(field: str) -> bool:
    """建筑与艺术, 信息工程, 机电汽车: fields put together."""
    rest = re.sub("与|和|工程|科学|技术|现代", "", field)
    while rest:
        size = next((size for size in range(min(6, len(rest)), 0, -1) if rest[:size] in _fields()), 0)
        if not size:
            return False
        rest = rest[size:]
    return True


def _is_name(name: str, ending: str, after_all: str, places: frozenset[str], hosted: bool) -> bool:
    rest = name[: -len(ending)]
    if ending == "学院" and rest in _fields():
        return True
    if not rest or name in GENERIC or POINTING.fullmatch(rest) or re.search("[各某]|^[上中下]旬", rest):
        return False
    if ending in ("厂", "集团", "公司", "学校", "联盟", "工作室", "学会", "管理局") and AFTER.match(
        after_all
    ):
        return ending == "厂" and after_all[:1] == "长" and len(rest) >= 3
    if ending in ("厂", "学校", "超市", "酒店", "商场", "农场", "饭店", "联盟", "药房", "工作室"):
        opened = _leading_place(name, places)
        return len(rest) >= 3 and (
            opened or not (SPEECH.search(rest) or re.match("[一二三四五六七八九十几多\\d]", rest))
        )
    if ending == "服务中心" and re.search("党群|便民|政务|游客|志愿|社区|街道$|售后|客户|会议", rest):
        return False
    if ending == "街道" and (SPEECH.search(rest) or not STREET_ENDS.match(after_all)):
        return False
    if re.match(r"[\d一二两三四五六七八九十多几]+[家个所名]", rest):
        return False
    if ending == "党工委" and rest in GENERIC:
        return False
    if ending == "办公室":
        return len(rest) >= 3
    if ending in ("党委", "党组织", "党组", "党支部", "党总支"):
        return len(rest) >= 4 and not re.search("链上|企业$|非公|基层|各|两个", rest)
    if ending == "学会":
        return len(rest) >= 3
    if hosted and ending == "学院":
        return True
    return len(rest) >= 2 or bool(re.match("[区市县省]", rest))


def _start(text: str, floor: int, end: int, follows_name: bool, places: frozenset[str]) -> int:
    """Where the name that ends at `end` may begin: not before `floor`."""
    at = end
    while at > max(floor, end - LONGEST_NAME):
        if NAME_CHARS.match(text[at - 1]):
            at -= 1
        elif bracket := re.search(r"[（(][\u4e00-\u9fff]{2,6}[）)]$", text[max(floor, at - 8) : at]):
            at -= len(bracket.group())
        else:
            break
    stretch = text[at:end]
    return at + _cut(stretch, follows_name and at == floor, places)


def _cut(stretch: str, follows_name: bool, places: frozenset[str]) -> int:
    """How much of the stretch stands before the name."""
    edges = boundaries(stretch) if stretch else frozenset()
    start = 0
    for match in _leads().finditer(stretch):
        first, last = match.span()
        # 和润食品: what opens the stretch may be the name's own, unless a name ended right there.
        # 三家企业和某学院: after a word for people or firms 和 joins.
        joins = stretch[:first].endswith(("企业", "单位", "代表", "老师", "同志", "负责人"))
        if first == start and match.group() in OF_NAMES and not (follows_name and first == 0) and not joins:
            continue
        opened = first > start and _leading_place(stretch[start:], places)
        if (
            opened
            and (match.group() in OF_NAMES or match.group() in INSIDE)
            and not _leading_place(stretch[last:], places)
        ):
            continue
        if match.group() in INSIDE and last == len(stretch) and first > start:
            continue
        if {first, last} <= edges or (first == start and match.group() in "由与"):
            start = last
    for day in re.finditer(r"[日月年号时点分]|\d+[名家个位]", stretch[start:]):
        if re.match(r"\d", stretch[max(0, start + day.start() - 1) :]):
            start += day.end()
            break
    place = _first_place(stretch, start, places)
    return place if place is not None else start


def _first_place(stretch: str, start: int, places: frozenset[str]) -> int | None:
    """A known place opens a name; a word of two or three characters before it may be the name's own."""
    for at in range(start, max(start, len(stretch) - 3)):
        if _leading_place(stretch[at:], places) and stretch[at - 1 : at] not in "（(":
            # 牵手山河农林大学: a place of this very text opens the name, whatever stands before it.
            own = any(stretch[at : at + size] in places for size in (2, 3))
            if at - start in (2, 3, 4) and not own and _is_brand(stretch[start:at]):
                return None
            return at
    return None


def _is_brand(words: str) -> bool:
    return not re.search("现场|会上|期间|活动|全国|目前", words)


def _leading_place(name: str, places: frozenset[str] = frozenset()) -> bool:
    letters = letters_of_places()
    return any(name[:size] in letters or name[:size] in places for size in range(2, 5))


def places_in(text: str) -> frozenset[str]:
    """Places that the text itself calls 区, 县, 市, 镇: its firms and schools are named after them."""
    found = re.findall(
        r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2,3})(?:区|县|市|镇|新城|开发区)(?!域|级|场|民|政|长|委|内|别|分|间)",
        text,
    )
    return frozenset(found)


def place_of(name: str) -> str:
    """The words of place that open a name: 江苏省徐州市, 云岭区."""
    at = 0
    letters = letters_of_places()
    while size := next((size for size in range(4, 1, -1) if name[at : at + size] in letters), 0):
        at += size
        at += next((len(end) for end in ADMINISTRATIVE if name.startswith(end, at)), 0)
    if not at and (found := BEGINS_PLACE.match(name)):
        at = found.end()
    return name[:at]


@cache
def _endings() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_kinds(), key=len, reverse=True)))


@cache
def _kinds() -> dict[str, str]:
    return {row[0]: row[1] for row in rows_of("endings.tsv")}


@cache
def _leads() -> re.Pattern[str]:
    return any_of("leads.tsv", "cut")


@cache
def _fields() -> frozenset[str]:
    trades = {word for word, kind in words_of("trades.tsv").items() if kind == "trade"}
    return frozenset(word for (word,) in rows_of("fields.tsv")) | trades
