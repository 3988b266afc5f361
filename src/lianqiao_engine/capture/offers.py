"""Clauses that promise or offer something to hold in the hand: what is had is a resource, what is done a service."""

import re
from functools import cache
from typing import Literal

from lianqiao_engine.lexicon import concepts
from lianqiao_engine.text.phrases import Phrases

from .layout import Line
from .lexicon import any_of, patterns_of, rows_of

WAS = re.compile(
    r"费[^，。]{0,8}(?:全免|自理|免收)|已(?!毕业)|先后|累计|曾|近年来|多年来|去年|一直以来|拥有|荣获|获得|位居|位列|[设建]有|办了|展了|供了|派了|立了|建了|织了|决了|签[订署约]|开展深入|与会|了解到|深入了解|实地|通过配置|现场参观"
)
NOT_OURS = re.compile(
    "征集(?!令)|^关于|^(?:感谢|谢谢|欢迎大家|请大家|请各|请有|各单位|各部门|各企业|参会企业|会议|大家|要(?!求)|希望|务必|严禁|不得|如何|怎样|为了|为(?:进一步|深入|贯彻|落实|促进|推动|加强|全面)|[谁哪])|洽谈|商谈|磋商|[？?]|要求各|须|应当|(?<![主需重])要(?:高度|切实|进一步|认真|充分|加强|坚持|强化|从|以|把|做好|严格)"
)
OBJECT_ENDS = re.compile(
    "(?:到|进(?!行|一步|修)|为|对(?!接)|做(?!优|强|好)|进行|用于|供(?!需|应)|给(?!予)|参与|深入(?!推)|担任|赴|开展(?=服务|指导|活动|技术))"
)
ABSTRACT = re.compile(
    "保障|支撑|动力|遵循|借鉴|可能|机遇|便利$|帮助$|支持$|平台$|基础$|条件$|空间$|经验|信心|力量|思路$|样板|示范|方向|引领|发展$|提升$|转型$|共赢|融合|合作$"
)
# 提供建模服务: whatever stands before it, a service is done; what is said after 每年 or 用于 does not count.
DONE = re.compile("(?:服务|辅导|咨询|指导|诊断|培训|帮助|方案|对接|讲解|维修|检测|减免|优惠)$")
LENDABLE = re.compile(
    "^(?:也|还|都|均|全部|下月|每年|每周|每月|周末|\\d+月(?:份|起|底)?)*(?:有空|空着|闲置|可以?|能够?|将|随时|免费|愿意|向|对)"
)
LENT_FOR = re.compile(
    "用|做(?=.)|当(?=.)|开放|授权|共享|借|租|到岗|上岗|面试|驻|预约|约|接待|接单|实习|就业|参观|展"
)
FREE = ("有空", "空着", "闲置")
LENT = re.compile("提供|开放|共享|派|接收|接纳|拿出|出借|约")
LIST_END = re.compile(
    r"等(?:方面)?(?:的)?(?:活动|服务|工作|业务|项目|事项|培训|课程|内容|支持|设备|资源|措施)?$"
)


def offered(clause: str, line: Line, *, promising: bool) -> Literal["resource", "service"] | None:
    """What kind of offer a clause is, if it is one; `promising` says that its sentence is about what will be done."""
    if WAS.search(clause) or NOT_OURS.search(clause) or _is_empty(clause):
        return None
    if not (
        promising
        or promises(clause)
        or clause.startswith("由")
        or clause.endswith(FREE)
        or line.section in ("resource", "service")
    ):
        return None
    if _is_lent(clause):
        return "resource"
    named = things_in(clause)
    if line.section == "resource" and named and named[-1][1] == "resource" and not is_done(clause):
        return "resource"
    verb = _does().search(clause)
    if not verb:
        return None
    if not things_in(clause):
        firm = _firm().search(clause)
        held = clause[firm.end() :].strip("了过出好") if firm else ""
        if firm is None or len(held) < 3 or ABSTRACT.search(held):
            return None
        return "resource" if LENT.search(firm.group()) and not is_done(clause) else "service"
    return _kind(clause, verb.start())


def _is_lent(clause: str) -> bool:
    """仿真软件也可以免费给企业用, 40名学生下月可到岗: the thing is the subject."""
    for match in _things().finditer(clause):
        if _lists()[match.group()][0] == "resource" and (lendable := LENDABLE.match(clause[match.end() :])):
            rest = clause[match.end() + lendable.end() :]
            return lendable.group().endswith(FREE) or bool(LENT_FOR.search(rest))
    return False


def is_done(clause: str) -> bool:
    return bool(DONE.search(clause)) and not re.search("派|安排[^，]*[名位]|接收", clause)


def promises(clause: str) -> bool:
    return bool(_will().search(clause))


def listed_kind(clause: str) -> Literal["resource", "service"]:
    """What an item without a verb is, under a heading that says no more than that it is offered."""
    found = things_in(clause)
    return "resource" if found and found[-1][1] == "resource" else "service"


def things_in(clause: str) -> list[tuple[int, str, str]]:
    """Where the clause names what can be offered: place, list, category."""
    found: list[tuple[int, str, str]] = []
    for match in _things().finditer(clause):
        found.append((match.start(), *_lists()[match.group()]))
    return found


def names_trade(text: str) -> bool:
    """Whether the words name work or a field of study that the lexicon knows."""
    return next(iter(_trades().apart(text)), None) is not None


def category_of(text: str) -> str:
    """The category of the last thing that a text names: 食品检测实验室 is 设备."""
    found = things_in(text)
    return found[-1][2] if found else ""


def _kind(clause: str, verb: int) -> Literal["resource", "service"]:
    if is_done(clause):
        return "service"
    lends = any(match.start() >= 0 for match in _lends().finditer(clause[verb:]))
    behind = clause[verb + 1 :]
    end = OBJECT_ENDS.search(behind, 1)
    things = things_in(behind[: end.start()] if end else behind)
    # 模具实验室向企业开放: the thing stands before the verb.
    if not things:
        things = things_in(clause[:verb]) or things_in(clause)
    return "resource" if lends and things[-1][1] == "resource" else "service"


def parted(clause: str) -> list[tuple[int, int]]:
    """The items of a list that each name a thing of their own (支持课题研究、项目申报), else the clause as one."""
    whole = [(0, len(clause))]
    if "、" not in clause or re.search(r"方面|各\d|[（“][^”）]*、[^“（]*[”）]", clause):
        return whole
    end = LIST_END.search(clause)
    stop = end.start() if end else len(clause)
    items, at = [], 0
    for match in re.finditer("、|以及|(?<=.{4})及(?=.{4})", clause[:stop]):
        items.append((at, match.start()))
        at = match.end()
    items.append((at, stop))
    # The verb belongs to the first item; what is left of it must still be a thing.
    if (
        len(items) < 2
        or "等" in clause[items[-1][0] : stop]
        or any(last - first < 4 or not things_in(clause[first:last]) for first, last in items)
    ):
        return whole
    if (
        OBJECT_ENDS.search(clause[items[-1][0] + 1 : items[-1][1]])
        or "的" in clause[items[-1][0] : items[-1][1]]
    ):
        return whole
    return items


def _is_empty(clause: str) -> bool:
    return any(name == "offer" and pattern.search(clause) for name, pattern in patterns_of("empty.tsv"))


@cache
def _trades() -> Phrases:
    return Phrases({word for one in concepts() for word in one.work + one.study if len(word) > 1})


@cache
def _will() -> re.Pattern[str]:
    return any_of("offers.tsv", "will")


@cache
def _does() -> re.Pattern[str]:
    return any_of("offers.tsv", "does")


@cache
def _firm() -> re.Pattern[str]:
    return any_of("offers.tsv", "firm")


@cache
def _lends() -> re.Pattern[str]:
    return any_of("offers.tsv", "lends")


@cache
def _lists() -> dict[str, tuple[str, str]]:
    lists: dict[str, tuple[str, str]] = {}
    for kind, category, words in rows_of("things.tsv"):
        for word in words.split():
            lists.setdefault(word, (kind, category))
    return lists


@cache
def _things() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_lists(), key=len, reverse=True)))
