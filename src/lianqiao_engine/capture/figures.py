"""What a sentence says in figures, days and places, under the names that the lists have for it."""

import re
from collections.abc import Iterator
from datetime import date

from lianqiao_engine.values import Amount, Period, Refused, read_amount, read_money, read_period

from .activities import place_in
from .model import EntryKind, Figure
from .said import COUNT, MONEY, RECURRING, SPAN, period_in

# Money that somebody is ready to put in; wages, loans and what is short are none.
PUT_IN = re.compile(
    "预算|经费|出资|(?:愿|愿意|可以?|能够?|准备|打算|计划)(?:拿|出|投)[出入资]?|拿出|投入|投资|费用|课题费|悬赏|奖金"
)
NOT_PUT_IN = re.compile(
    "薪|工资|待遇|贷|授信|差|缺|产值|营收|销售|补贴|申请|损失|欠|年产|资金(?:缺口|周转)|收费|每次|每台|每人"
)
OF_PEOPLE = ("人", "名", "位")
WANTS_PEOPLE = re.compile("招|聘|缺|需|补充|引进|急用|培训|取证|徒弟|输送|派|安排|想要|要[^，。]{0,6}$")
HAS_PEOPLE = re.compile("现有|共有|拥有|已有|在职|员工|职工|党员|老师傅|会员|接待")
WANTS_PARTNERS = re.compile("找|寻|求|邀|对接|联系|希望|想|需要|推荐")
PARTNER = re.compile(
    r"(?P<count>\d+|[一二两三四五六七八九十]+)(?:到[\d一二两三四五六七八九十]+)?[家所个](?:有[^，。]{1,6}的)?[^，。、]{0,6}?(?:院校|高校|学校|学院|企业|厂家|供应商|机构|单位|伙伴|团队|合作方)"
)
HOLDS = re.compile("容纳|接待|接收|接纳|每[期批场次届年周]|能力|限|开放|派|提供|安排|共|可|有|台|间|套")
# 9月底前, 年底前出结果, 在6月完成: until when it is wanted.
DUE = re.compile("前$|内$")
DUE_AFTER = re.compile("^[^，。]{0,6}(?:完成|到位|交付|出结果|出方案|解决|上岗|到岗|投产|用上)")
WITHIN = re.compile(r"(?:[一二两三四五六七八九十\d]+|半)个?(?:天|日|周|星期|月|年)(?:之内|以内|内)")
VALID = re.compile("有效期?(?:限)?[^，。]{0,4}$|截[止至][^，。]{0,4}$|[至到]$")


def figures_in(kind: EntryKind, words: str, today: date) -> tuple[Figure, ...]:
    """What `words` say of the entry's own fields, each once, with the words that say it."""
    found: dict[str, Figure] = {}
    finders = [_money, _people, _partners, _due] if kind == "need" else [_capacity, _dates]
    for figure in (one for finder in finders for one in finder(words, today)):
        found.setdefault(figure.field, figure)
    if place := place_in(words):
        found["place"] = Figure("place", place, place)
    return tuple(found.values())


def _money(words: str, today: date) -> Iterator[Figure]:
    for match in MONEY.finditer(words):
        clause = (
            re.split("[，。；]", words[: match.start()])[-1] + re.split("[，。；]", words[match.end() :])[0]
        )
        amount = read_money(match.group())
        if not isinstance(amount, Amount) or not PUT_IN.search(clause) or NOT_PUT_IN.search(clause):
            continue
        if (number := amount.high or amount.low) is not None:
            yield Figure("money", number, match.group())


def _people(words: str, today: date) -> Iterator[Figure]:
    for match, number in _counts(words):
        before = re.split("[，。；]", words[: match.start()])[-1]
        after = re.split("[，。；、]", words[match.end() :])[0]
        unit = re.sub("(?:左右|以上|以内)$", "", match.group())[-1]
        person = unit in OF_PEOPLE or (unit == "个" and re.search("工|员|师|学生|徒弟|人", after[:8]))
        if not person or HAS_PEOPLE.search(before + after[:4]):
            continue
        if WANTS_PEOPLE.search(before) or re.fullmatch(r"[^，。]{2,12}", before) or before == "":
            yield Figure("people", number, match.group())


def _partners(words: str, today: date) -> Iterator[Figure]:
    for match in PARTNER.finditer(words):
        number = _number(match["count"])
        if number and WANTS_PARTNERS.search(re.split("[，。；]", words[: match.start()])[-1]):
            yield Figure("partners_wanted", number, match.group())


def _due(words: str, today: date) -> Iterator[Figure]:
    for match in [*SPAN.finditer(words), *WITHIN.finditer(words)]:
        if DUE.search(match.group()) or DUE_AFTER.match(words[match.end() :]):
            period = _read(match.group(), today)
            if period and period.last and period.last >= today:
                yield Figure("due_on", period.last, match.group())


def _capacity(words: str, today: date) -> Iterator[Figure]:
    for match, number in _counts(words):
        before = re.split("[，。；]", words[: match.start()])[-1]
        if re.search("限$|收费|每$|第$", before) or re.match("[^，。]{0,2}元", words[match.end() :]):
            continue
        if HOLDS.search(before + match.group()) or match.start() == 0:
            yield Figure("capacity", number, match.group())


def _dates(words: str, today: date) -> Iterator[Figure]:
    match = next((one for one in SPAN.finditer(words) if not words[: one.start()].endswith("每")), None)
    if match is None:
        if not RECURRING.search(words) and (period := period_in(words, today, months_back=0)):
            yield from _both(period, words)
        return
    period = _read(match.group(), today)
    if period is None:
        return
    if VALID.search(words[: match.start()]) and period.last:
        yield Figure("ends_on", period.last, match.group())
    elif words.startswith(("起", "开始", "以后", "之后"), match.end()) and period.first:
        yield Figure("starts_on", period.first, match.group())
    else:
        yield from _both(period, match.group())


def _both(period: Period, words: str) -> Iterator[Figure]:
    if period.first:
        yield Figure("starts_on", period.first, words)
    if period.last:
        yield Figure("ends_on", period.last, words)


def _counts(words: str) -> Iterator[tuple[re.Match[str], int]]:
    for match in COUNT.finditer(words):
        amount = read_amount(match.group())
        if not isinstance(amount, Amount) or not amount.unit:
            continue
        if (end := amount.high or amount.low) and end == int(end) and end > 0:
            yield match, int(end)


def _number(words: str) -> int | None:
    amount = read_amount(words)
    return None if isinstance(amount, Refused) or amount.low is None else int(amount.low)


def _read(words: str, today: date) -> Period | None:
    period = read_period(words, today=today, months_back=0)
    return period if isinstance(period, Period) else None
